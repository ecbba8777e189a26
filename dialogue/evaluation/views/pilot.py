"""The coordination's pages: what is rated, what is missing, whom to remind; the figures of governance; the edition of a year."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.chantiers.views.space import refuse
from dialogue.evaluation import pages
from dialogue.evaluation.acts import evaluation as acts
from dialogue.evaluation.acts import process as process_acts
from dialogue.evaluation.edition import edition_content
from dialogue.evaluation.forms import PeriodForm, ProcessForm, PublishProcessForm, YearForm
from dialogue.evaluation.governance import governance_figures
from dialogue.evaluation.models import ProcessEvaluation
from dialogue.evaluation.rules import may_pilot
from dialogue.evaluation.table import from_frozen, summary_of
from dialogue.ledger.acts import Refused


def _enter(request: HttpRequest) -> None:
    if not may_pilot(request.user):
        raise PermissionDenied


@login_required
@require_http_methods(["GET", "POST"])
def pilot(request: HttpRequest) -> HttpResponse:
    """Every chantier by what its evaluation waits for; the years; a form that prepares another year."""
    _enter(request)
    form = YearForm(request.POST if request.method == "POST" else None, initial={"year": request.today.year})
    if request.method == "POST" and form.is_valid():
        try:
            made = process_acts.prepare_process(by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("year", reason)
        else:
            return redirect("evaluation:year", year=made.year)
    context = {"form": form, "years": ProcessEvaluation.objects.all(), **pages.pilot_page(request.today)}
    return render(request, "evaluation/pilot.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """One click: a letter to those who speak for the lead directorate of this chantier."""
    _enter(request)
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    try:
        acts.remind_lead(chantier, by=request.user, now=request.now)
        messages.success(request, _("La direction référente est relancée : %(title)s.") % {"title": chantier.title})
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("evaluation:pilot")


@login_required
@require_http_methods(["GET", "POST"])
def remind_all(request: HttpRequest) -> HttpResponse:
    """The leads of all chantiers that wait for their evaluation, after a page that counts them."""
    _enter(request)
    waiting = list(Chantier.objects.filter(stage=Stage.COMPLETED).order_by("number"))
    if request.method == "POST":
        done = 0
        for chantier in waiting:
            try:
                acts.remind_lead(chantier, by=request.user, now=request.now)
            except Refused:
                continue
            done += 1
        said = ngettext("%(n)d direction référente est relancée.", "%(n)d directions référentes sont relancées.", done)
        messages.success(request, said % {"n": done})
        return redirect("evaluation:pilot")
    said = ngettext(
        "La direction référente de %(n)d chantier recevra un courriel qui dit ce qui manque.",
        "Les directions référentes de %(n)d chantiers recevront un courriel qui dit ce qui manque.",
        len(waiting),
    )
    context = {
        "title": _("Relancer les directions référentes"), "button": _("Envoyer les rappels"),
        "consequence": said % {"n": len(waiting)}, "back_url": reverse("evaluation:pilot"),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


@login_required
@require_http_methods(["GET"])
def governance(request: HttpRequest) -> HttpResponse:
    """The figures of a period, each with its definition; the current year unless told otherwise."""
    _enter(request)
    asked = {"du": date(request.today.year, 1, 1), "au": request.today}
    form = PeriodForm(request.GET if "du" in request.GET or "au" in request.GET else None, initial=asked)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
    figures = governance_figures(asked["du"], asked["au"])
    context = {"form": form, "figures": figures, "start": asked["du"], "end": asked["au"]}
    return render(request, "evaluation/governance.html", context, status=422 if form.errors else 200)


def _year(request: HttpRequest, year: int) -> ProcessEvaluation:
    _enter(request)
    return get_object_or_404(ProcessEvaluation.objects.visible_to(request.user), year=year)


@login_required
@require_http_methods(["GET", "POST"])
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Period and words of the next edition."""
    process = _year(request, year)
    form = ProcessForm(request.POST if request.method == "POST" else None, initial=ProcessForm.initial_of(process))
    if request.method == "POST" and form.is_valid():
        try:
            process_acts.save_process(process, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Le texte est enregistré."))
            return redirect("evaluation:year", year=year)
    context = {
        "process": process, "form": form, "editions": process.editions.all(),
        "missing": process_acts.publish_process.obstacles(process, by=request.user, now=request.now),
    }  # fmt: skip
    return render(request, "evaluation/year.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """What the edition will freeze, and who is told; then the act."""
    process = _year(request, year)
    corrects = process.editions.exists()
    form = PublishProcessForm(request.POST if request.method == "POST" else None, corrects=corrects)
    if request.method == "POST" and form.is_valid():
        try:
            process_acts.publish_process(process, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’édition est publiée."))
            return redirect("evaluation:edition", year=year)
    content = edition_content(process)
    context = {
        "process": process, "form": form, "corrects": corrects, "content": content,
        "summary": summary_of(from_frozen(content["rows"])), "told": pages.partners_count(),
        "missing": process_acts.publish_process.obstacles(process, by=request.user, now=request.now),
    }  # fmt: skip
    return render(request, "evaluation/year_publish.html", context, status=422 if form.is_bound else 200)
