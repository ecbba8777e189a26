"""Answers ready to leave, one by one or together; the templates they are written with."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.contributions.acts import answers as acts
from dialogue.contributions.answers import filled
from dialogue.contributions.forms.answers import TemplateForm
from dialogue.contributions.letters.answers import has_address
from dialogue.contributions.models import AnswerTemplate, Contribution
from dialogue.contributions.stages import TO_ANSWER
from dialogue.contributions.views.sorting_door import for_sorters, number_in
from dialogue.ledger.acts import Refused

PER_PAGE, MOST = 25, 200


def _ready(request: HttpRequest) -> Any:
    """Written, not sent; those promised longest ago first."""
    rows = Contribution.objects.visible_to(request.user).filter(stage__in=TO_ANSWER)
    return rows.select_related("campaign", "person", "territory", "held_by").order_by(F("due_on").asc(nulls_last=True), "number")


@for_sorters
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    page = Paginator(_ready(request), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, has_address(row), row.is_late(request.today)) for row in page]
    context = {"part": "answers", "page": page, "rows": rows, "most": MOST}
    return render(request, "contributions/answers.html", context)


@for_sorters
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Those that were ticked, or all of them: how many letters first, then they leave."""
    rows = _ready(request)
    everything = request.POST.get("portee") == "tout"
    if not everything:
        numbers = [n for n in map(number_in, request.POST.getlist("numero")[:MOST]) if n is not None]
        rows = rows.filter(number__in=numbers)
    batch = list(rows[:MOST])
    if not batch:
        messages.info(request, _("Cochez les réponses à envoyer."))
        return redirect("contributions:answers")
    if request.POST.get("confirme") != "1":
        reached = sum(has_address(row) for row in batch)
        context = {
            "part": "answers",
            "numbers": [row.number for row in batch],
            "consequence": _consequence(reached, len(batch) - reached),
            "left": rows.count() - len(batch),
        }
        return render(request, "contributions/answers_send.html", context)
    _send_all(request, batch)
    return redirect("contributions:answers")


def _consequence(reached: int, unreached: int) -> str:
    mails = ngettext("%(n)d personne recevra un courriel.", "%(n)d personnes recevront un courriel.", reached) % {"n": reached}
    if not unreached:
        return mails
    rest = ngettext(
        "%(n)d contribution n’a pas d’adresse : sa réponse sera montrée sur sa page.",
        "%(n)d contributions n’ont pas d’adresse : leur réponse sera montrée sur leur page.",
        unreached,
    )
    return f"{mails} {rest % {'n': unreached}}"


def _send_all(request: HttpRequest, batch: list[Contribution]) -> None:
    group, sent, refused = uuid.uuid4(), 0, 0
    for contribution in batch:
        try:
            acts.send_answer(contribution, by=request.user, now=request.now, group=group)
            sent += 1
        except Refused as refusal:
            refused += 1
            messages.error(request, f"n° {contribution.number} : {' '.join(refusal.reasons)}")
    if sent:
        messages.success(request, ngettext("%(n)d réponse est partie.", "%(n)d réponses sont parties.", sent) % {"n": sent})


@for_sorters
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    rows = AnswerTemplate.objects.visible_to(request.user)
    return render(request, "contributions/answers_templates.html", {"part": "answers", "templates": rows})


def _template(request: HttpRequest, pk: int) -> AnswerTemplate:
    return get_object_or_404(AnswerTemplate.objects.visible_to(request.user), pk=pk)


@for_sorters
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Written or changed; « Voir un exemple » shows it for a contribution, and keeps nothing."""
    known = _template(request, pk) if pk else None
    form = TemplateForm(request.POST or None, instance=known)
    preview = ""
    if request.method == "POST" and form.is_valid():
        if request.POST.get("apercu") == "1":
            preview = _preview(request, form.cleaned_data["text"])
        elif _saved(request, form, known):
            return redirect("contributions:templates")
    context = {"part": "answers", "form": form, "template": known, "preview": preview}
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "contributions/answers_template.html", context, status=status)


def _saved(request: HttpRequest, form: TemplateForm, known: AnswerTemplate | None) -> bool:
    facts = {name: form.cleaned_data[name] for name in ("kind", "title", "text")}
    try:
        if known is None:
            acts.write_template(None, by=request.user, now=request.now, **facts)
        else:
            acts.change_template(_template(request, known.pk), by=request.user, now=request.now, **facts)
    except Refused as refusal:
        form.add_error("text", refusal.reasons)
        return False
    messages.success(request, _("Le modèle est enregistré."))
    return True


def _preview(request: HttpRequest, text: str) -> str:
    """For the contribution with the nearest date; with an example's words where there is none."""
    rows = Contribution.objects.visible_to(request.user).select_related("territory")
    example = rows.filter(territory__isnull=False).order_by("-number").first() or Contribution(title=_("Titre de la contribution"))
    return filled(text, example, chantier=_("Titre du chantier"))


@for_sorters
@require_http_methods(["GET", "HEAD", "POST"])
def delete_template(request: HttpRequest, pk: int) -> HttpResponse:
    found = _template(request, pk)
    if request.method == "POST":
        acts.delete_template(found, by=request.user, now=request.now)
        messages.success(request, _("Le modèle est supprimé."))
        return redirect("contributions:templates")
    context = {
        "title": _("Supprimer ce modèle ?"),
        "about": found.title,
        "consequence": _("« %(title)s » ne sera plus proposé. Les réponses déjà écrites ne changent pas.") % {"title": found.title},
        "button": _("Supprimer le modèle"),
        "back_url": reverse("contributions:templates"),
    }
    return render(request, "ui/confirm.html", context)
