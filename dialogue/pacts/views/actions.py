"""The coordination's screens of one action: added, changed, moved on; and the contribution that an action takes up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dialogue.contributions.models import Contribution
from dialogue.ledger.acts import Act, Refused
from dialogue.ledger.doing import done
from dialogue.pacts.acts import actions as acts
from dialogue.pacts.acts import contributions as tying
from dialogue.pacts.forms.actions import ActionForm, DoneForm, DropForm, LinkForm
from dialogue.pacts.forms.editions import proposed_year
from dialogue.pacts.models import PactAction
from dialogue.pacts.stages import Origin
from dialogue.pacts.views.doors import UNFIT, action_of, for_pilots, pact_of, say, status_of


@for_pilots
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    pact = pact_of(request, code)
    initial = {"entered_year": proposed_year(request.today), "origin": Origin.CONTRIBUTION}
    form = ActionForm(request.POST or None, pact=pact, reader=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            action = acts.add_action(pact, by=request.user, now=request.now, **form.facts)
        except Refused as refusal:
            say(form, refusal, _field_of(form))
        else:
            messages.success(
                request, _("L’action n° %(n)d est ajoutée. Elle sera publiée avec le prochain pacte.") % {"n": action.number}
            )
            return redirect("pacts:pilot_pact", code=code)
    context = {"form": form, "pact": pact, "territory": pact.territory, "action": None}
    return render(request, "pacts/action_form.html", context, status=status_of(form))


def _field_of(form: ActionForm) -> str | None:
    """What is most often missing belongs to the origin that was chosen."""
    wanted = {Origin.CONTRIBUTION: "contributions", Origin.PROPOSITION: "proposition", Origin.OTHER: "origin_words"}
    name = wanted.get(Origin(form.cleaned_data["origin"]))
    return name if name and not form.cleaned_data.get(name) else None


@for_pilots
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Its words, what may be done with it, the contributions tied to it."""
    action = action_of(request, number)
    known = PactAction.objects.get(pk=action.pk)
    form = ActionForm(request.POST or None, instance=known, pact=action.pact, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_action(action, by=request.user, now=request.now, **form.facts)
        except Refused as refusal:
            say(form, refusal, _field_of(form))
            form.data = form.data.copy()
            form.data["revision"] = str(PactAction.objects.values_list("revision", flat=True).get(pk=action.pk))
        else:
            messages.success(request, _("L’action n° %(n)d est à jour.") % {"n": number})
            return redirect("pacts:pilot_pact", code=action.pact.territory.code)
    links = action.contribution_links.select_related("contribution").order_by("contribution__number")
    context = {
        "form": form,
        "pact": action.pact,
        "territory": action.pact.territory,
        "action": action,
        "links": list(links),
        "moves": [(slug, label) for slug, (act, label, _kind) in MOVES.items() if act.offered(request.user, action)],
        "may_remove": not acts.remove_action.obstacles(action, by=request.user, now=request.now),
    }
    return render(request, "pacts/action_form.html", context, status=status_of(form))


#: Moves of an action: name in the address → act, button, form.
MOVES: dict[str, tuple[Act, Any, Any]] = {
    "commencer": (acts.start_action, gettext_lazy("Elle commence"), None),
    "realiser": (acts.complete_action, gettext_lazy("Elle est réalisée"), DoneForm),
    "abandonner": (acts.drop_action, gettext_lazy("L’abandonner"), DropForm),
    "reprendre": (acts.resume_action, gettext_lazy("La reprendre"), None),
}


@for_pilots
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: int, move: str) -> HttpResponse:
    """A page that says the consequence, then the act; `retirer` takes away what was never adopted."""
    action = action_of(request, number)
    if move not in {*MOVES, "retirer"}:
        raise Http404
    act, _label, kind = MOVES.get(move, (acts.remove_action, "", None))
    initial = {"done_on": request.today} if kind is DoneForm else None
    form = kind(request.POST or None, initial=initial) if kind else None
    code = action.pact.territory.code
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(action, by=request.user, now=request.now, **(form.cleaned_data if form else {}))
        except Refused as refusal:
            if form is None:
                messages.error(request, " ".join(map(str, refusal.reasons)))
                return redirect("pacts:edit_action", number=number)
            say(form, refusal)
        else:
            messages.success(request, _said(move, action))
            return redirect("pacts:pilot_pact", code=code)
    title, consequence, button = _question(move, action)
    context = {"title": title, "about": action.title, "consequence": consequence, "button": button, "form": form}
    context["back_url"] = reverse("pacts:edit_action", args=[number])
    return render(request, "ui/confirm.html", context, status=UNFIT if form is not None and form.is_bound else 200)


def _said(move: str, action: PactAction) -> str:
    said = {
        "commencer": _("L’action n° %(n)d est en cours."),
        "realiser": _("L’action n° %(n)d est réalisée."),
        "abandonner": _("L’action n° %(n)d est abandonnée, avec son motif."),
        "reprendre": _("L’action n° %(n)d est de nouveau en cours."),
        "retirer": _("L’action n° %(n)d est retirée."),
    }
    return said[move] % {"n": action.number}


def _question(move: str, action: PactAction) -> tuple[str, str, str]:
    """Title, consequence, button."""
    seen = _("Tout le monde le lit dès maintenant.") if action.published_on else _("L’action n’est pas encore publiée.")
    words = {
        "commencer": (_("Cette action commence ?"), _("Elle passera de « Prévue » à « En cours »."), _("Oui, elle commence")),
        "realiser": (
            _("Cette action est réalisée ?"),
            _("Le prochain pacte le dira dans son bilan."),
            _("Oui, elle est réalisée"),
        ),
        "abandonner": (
            _("Abandonner cette action ?"),
            _("Le motif sera lu sur sa page, et dans le prochain bilan."),
            _("Abandonner l’action"),
        ),
        "reprendre": (
            _("Reprendre cette action ?"),
            _("Elle sera de nouveau « En cours » ; sa date ou son motif est effacé."),
            _("Reprendre l’action"),
        ),
        "retirer": (_("Retirer cette action ?"), _("Elle n’a jamais été adoptée : elle disparaît."), _("Retirer l’action")),
    }
    title, consequence, button = words[move]
    return title, consequence if move == "retirer" else f"{consequence} {seen}", button


# Contributions ---------------------------------------------------------------------------------------------------------


@for_pilots
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, number: int) -> HttpResponse:
    """An end of the sorting of a contribution: the action of the pact that takes it up."""
    rows = Contribution.objects.visible_to(request.user).select_related("campaign", "territory", "theme")
    contribution = get_object_or_404(rows, number=number)
    asks_answer = contribution.stage in tying.READ
    form = LinkForm(request.POST or None, contribution=contribution, reader=request.user, asks_answer=asks_answer)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = {"contribution": contribution, "answer": data.get("answer", "")}
        try:
            tying.link_contribution(data["action"], by=request.user, now=request.now, **facts)
        except Refused as refusal:
            say(form, refusal)
        else:
            said = _("La contribution n° %(n)d est rattachée à l’action n° %(a)d.") % {"n": number, "a": data["action"].number}
            messages.success(request, " ".join((said, _("La réponse attend d’être envoyée."))) if asks_answer else said)
            return redirect("contributions:file", number=number)
    context = {"form": form, "contribution": contribution, "asks_answer": asks_answer}
    return render(request, "pacts/link.html", context, status=status_of(form))


@for_pilots
@require_http_methods(["GET", "POST"])
def detach(request: HttpRequest, number: int, contribution: int) -> HttpResponse:
    action = action_of(request, number)
    row = get_object_or_404(Contribution.objects.visible_to(request.user).filter(pact_links__action=action), number=contribution)
    if request.method == "POST":
        said = _("La contribution n° %(n)d est détachée.") % {"n": contribution}
        done(request, tying.unlink_contribution, action, said, contribution=row)
        return redirect("pacts:edit_action", number=number)
    context = {
        "title": _("Détacher cette contribution ?"),
        "about": row.title,
        "consequence": _("Si rien d’autre ne la reprend, elle attendra de nouveau une suite. Son auteur n’en est pas prévenu."),
        "button": _("Détacher la contribution"),
        "back_url": reverse("pacts:edit_action", args=[number]),
    }
    return render(request, "ui/confirm.html", context)
