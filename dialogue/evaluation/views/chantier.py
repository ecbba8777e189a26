"""The evaluation of one chantier: written in the group's space, read where the chantier is read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.chantiers.views.space import space_of
from dialogue.evaluation import pages, pdf
from dialogue.evaluation.acts import evaluation as acts
from dialogue.evaluation.baseline import Baseline, baseline_of
from dialogue.evaluation.content import content_of
from dialogue.evaluation.forms import CircleForm, PublishForm, SheetForm
from dialogue.evaluation.models import Evaluation, EvaluationVersion
from dialogue.evaluation.stages import OPEN_STAGES, EvaluationStage
from dialogue.formats.json import is_whole
from dialogue.ledger.acts import Refused

LONGEST_NUMBER = 9


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """One screen: each promise with its rating, then the summary. Saved by its button, and as one goes where there is JavaScript."""
    chantier = space_of(request, slug)
    baseline = baseline_of(chantier)
    evaluation = Evaluation.objects.visible_to(request.user).filter(chantier=chantier).first()
    if evaluation:
        evaluation.chantier = chantier
    form = _sheet(request, chantier, baseline, evaluation)
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("L’évaluation de ce chantier n’est pas ouverte à l’écriture."))
    if form is not None and form.is_bound:
        as_one_goes = "HX-Request" in request.headers
        saved = (form.is_valid() or as_one_goes) and _save(request, chantier, evaluation, form)
        if as_one_goes:
            return render(request, "evaluation/_saved.html", {"form": form, "at": request.now, "changes": form.changes()})
        if saved:
            messages.success(request, _("L’évaluation est enregistrée."))
            return redirect("evaluation:write", slug=slug)
    context = {"chantier": chantier, "here": "settings", **pages.sheet_page(request, chantier, baseline, evaluation, form)}
    return render(request, "evaluation/write.html", context, status=422 if form is not None and form.is_bound else 200)


def _sheet(
    request: HttpRequest, chantier: Chantier, baseline: Baseline | None, evaluation: Evaluation | None
) -> SheetForm | None:
    """The form, for those who write, while it is time to write."""
    is_open = chantier.stage == Stage.COMPLETED and (evaluation is None or evaluation.stage in OPEN_STAGES)
    if baseline is None or not is_open or not acts.start_evaluation.allows(request.user, chantier):
        return None
    data = request.POST if request.method == "POST" else None
    return SheetForm(data, baseline=baseline, evaluation=evaluation, today=request.today)


def _save(request: HttpRequest, chantier: Chantier, evaluation: Evaluation | None, form: SheetForm) -> bool:
    if not form.is_valid() and not form.changes():
        return False
    facts: dict[str, Any] = {"by": request.user, "now": request.now}
    try:
        sheet = evaluation or acts.start_evaluation(chantier, **facts)
        sheet.chantier = chantier
        acts.save_draft(sheet, changes=form.changes(), **facts)
    except acts.Overtaken as overtaken:
        for name, theirs in overtaken.fields.items():
            said = _("Quelqu’un vient d’écrire ici : « %(text)s ». Réunissez les deux textes, puis enregistrez.")
            form.add_error(name, said % {"text": pages.shown_value(form, name, theirs)})
        form.take_theirs(overtaken.fields)
        return False
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    return True


def _of(request: HttpRequest, slug: str, act: Any) -> tuple[Chantier, Evaluation]:
    chantier = space_of(request, slug)
    evaluation = get_object_or_404(Evaluation.objects.visible_to(request.user), chantier=chantier)
    evaluation.chantier = chantier
    if not act.allows(request.user, evaluation):
        raise PermissionDenied
    return chantier, evaluation


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be read, by whom, and who is told; then the act."""
    chantier, evaluation = _of(request, slug, acts.publish_evaluation)
    corrects = evaluation.stage == EvaluationStage.CORRECTING
    form = PublishForm(request.POST or None, chantier=chantier, corrects=corrects, initial={"circle": evaluation.circle})
    if request.method == "POST" and form.is_valid():
        try:
            acts.publish_evaluation(evaluation, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’évaluation est publiée."))
            return redirect("evaluation:chantier", slug=slug)
    content = content_of(evaluation, request.today)
    context = {
        "chantier": chantier, "here": "settings", "evaluation": evaluation, "form": form, "corrects": corrects,
        "missing": acts.publish_evaluation.obstacles(evaluation, by=request.user, now=request.now),
        "content": content, "page": pages.read_page(content),
    }  # fmt: skip
    return render(request, "evaluation/publish.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    chantier, evaluation = _of(request, slug, acts.correct_evaluation)
    if request.method == "POST":
        try:
            acts.correct_evaluation(evaluation, by=request.user, now=request.now)
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, _("L’évaluation est rouverte : corrigez-la, puis publiez la nouvelle version."))
        return redirect("evaluation:write", slug=slug)
    context = {
        "title": _("Corriger l’évaluation"), "about": chantier.title, "button": _("Rouvrir pour corriger"),
        "consequence": _(
            "Les appréciations pourront de nouveau changer. La version publiée reste en ligne jusqu’à la suivante, qui dira ce qui change."
        ),
        "back_url": reverse("evaluation:write", args=[slug]),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def circle(request: HttpRequest, slug: str) -> HttpResponse:
    """Who reads the published versions."""
    chantier, evaluation = _of(request, slug, acts.change_circle)
    form = CircleForm(request.POST or None, chantier=chantier, initial={"circle": evaluation.circle})
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_circle(evaluation, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Les lecteurs de l’évaluation ont changé."))
            return redirect("evaluation:chantier", slug=slug)
    context = {
        "title": _("Qui lit l’évaluation"), "about": chantier.title, "button": _("Changer les lecteurs"), "form": form,
        "consequence": _("Toutes les versions publiées changent de lecteurs, aussitôt."),
        "back_url": reverse("evaluation:write", args=[slug]),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context, status=422 if form.is_bound else 200)


# Published ---------------------------------------------------------------------------------------------------------


def _published(request: HttpRequest, slug: str) -> tuple[Evaluation, list[EvaluationVersion], EvaluationVersion]:
    """The evaluation, its versions (latest first) and the one that `?version=` asks for, else the last."""
    rows = Evaluation.objects.published_to(request.user).select_related("chantier__theme")
    evaluation = get_object_or_404(rows, chantier__slug=slug)
    versions = list(evaluation.versions.all())
    asked = request.GET.get("version", "")
    if not asked:
        return evaluation, versions, versions[0]
    number = int(asked) if asked.isdecimal() and len(asked) <= LONGEST_NUMBER else 0
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise Http404
    return evaluation, versions, found


@require_GET
def published(request: HttpRequest, slug: str) -> HttpResponse:
    """A frozen version. A chantier that is not evaluated yet says so, and what will be measured."""
    chantier = get_object_or_404(
        Chantier.objects.visible_to(request.user).select_related("theme").prefetch_related("territories"), slug=slug
    )
    if not Evaluation.objects.published_to(request.user).filter(chantier=chantier).exists():
        return render(request, "evaluation/waiting.html", {"chantier": chantier, "is_over": chantier.stage == Stage.COMPLETED})
    evaluation, versions, version = _published(request, slug)
    context = {
        "chantier": chantier, "evaluation": evaluation, "versions": versions, "version": version, "content": version.content,
        "page": pages.read_page(version.content), "is_last": version.number == versions[0].number,
        "is_whole": is_whole(version.content, version.sha256, version),
    }  # fmt: skip
    return render(request, "evaluation/chantier.html", context)


@require_GET
def as_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same version, tagged; the same version gives the same bytes."""
    _evaluation, _versions, version = _published(request, slug)
    etag = f'"{version.sha256[:32]}-{version.number}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(pdf.of_version(version), content_type="application/pdf")
    response["Content-Language"] = settings.LANGUAGE_CODE
    response["Content-Disposition"] = f'inline; filename="evaluation-{slug}-v{version.number}.pdf"'
    response["ETag"] = etag
    return response
