"""The turns of a proposition that its page offers: each says its consequence, asks what it needs, then calls its act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from dialogue.assembly.acts import fate, instruction
from dialogue.assembly.acts import propositions as acts
from dialogue.assembly.forms.propositions import AdoptForm, MotiveForm, NothingForm, SubmitForm
from dialogue.assembly.letters import told_of
from dialogue.assembly.models import Proposition, Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.pages import meetings_of
from dialogue.chantiers.views.space import space_of
from dialogue.ledger.acts import Act, Refused
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import PAST

S = PropositionStage


def always(_proposition: Proposition, _reports: list[Resolution]) -> bool:
    return True


@dataclass(frozen=True)
class Move:
    """A button: the act, its words, what it entails; `told`: the group hears of it."""

    code: str
    act: Act
    label: str | Promise
    consequence: str | Promise
    form: type[forms.Form] = NothingForm
    told: bool = False
    #: Whether it shows besides permission and stage.
    when: Callable[[Proposition, list[Resolution]], bool] = always


def _is_narrow(proposition: Proposition, _reports: list[Resolution]) -> bool:
    return proposition.circle != "public" and proposition.chantier.circle == "public"


def _came_back(proposition: Proposition, reports: list[Resolution]) -> bool:
    return bool(reports) and proposition.stage in {S.UNDER_REVIEW, S.ADJOURNED, S.REFERRED_BACK}


def _untouched(_proposition: Proposition, reports: list[Resolution]) -> bool:
    return not reports


_ALL = [
    Move(
        "adopter", acts.adopt_by_group, gettext_lazy("Enregistrer l’adoption par le groupe"),
        gettext_lazy("Le texte ne changera plus. Tous les partenaires pourront le lire."), AdoptForm, told=True,
    ),
    Move(
        "transmettre", instruction.submit, gettext_lazy("Transmettre à l’instruction"),
        gettext_lazy("La coordination et les services du Département l’examinent avant l’assemblée."), SubmitForm, told=True,
    ),
    Move(
        "reprendre-la-redaction", acts.back_to_drafting, gettext_lazy("Remettre en rédaction"),
        gettext_lazy("Le groupe pourra de nouveau changer le texte. Il devra l’adopter à une autre séance. Seul le groupe la lira."),
        when=_untouched,
    ),
    Move(
        "nouveau-texte", acts.redraft, gettext_lazy("Écrire un nouveau texte"),
        gettext_lazy(
            "Une nouvelle proposition reprend ce texte. "
            "Celle-ci sera retirée quand le groupe aura adopté la nouvelle ; elle restera lisible."
        ),
        when=_came_back,
    ),
    Move(
        "rendre-publique", acts.widen_circle, gettext_lazy("Rendre publique dès maintenant"),
        gettext_lazy("Tout le monde lira cette proposition, avant même son inscription à une séance."), when=_is_narrow,
    ),
    Move(
        "instruire-de-nouveau", instruction.return_to_instruction, gettext_lazy("Remettre à l’instruction"),
        gettext_lazy("Les services peuvent donner un nouvel avis. Elle pourra être inscrite à une autre séance."),
    ),
    Move(
        "sans-suite", fate.no_follow_up, gettext_lazy("Classer sans suite"),
        gettext_lazy("L’assemblée l’a votée, mais elle n’entrera pas dans le pacte. La page dira pourquoi. C’est définitif."),
        MotiveForm, told=True,
    ),
    Move(
        "retirer", acts.withdraw, gettext_lazy("Retirer la proposition"),
        gettext_lazy("Le groupe y renonce. La page le dira, avec le motif. C’est définitif."), MotiveForm, told=True,
    ),
]  # fmt: skip
MOVES = {move.code: move for move in _ALL}


def offered_to(reader: Any, proposition: Proposition, reports: list[Resolution]) -> list[Move]:
    """What the page offers to `reader` now; guards may still hold it back."""
    found = []
    for move in _ALL:
        may = move.act.offered(reader, proposition) if move.act is not acts.redraft else acts.redraft.allows(reader, proposition)
        if may and move.when(proposition, reports):
            found.append(move)
    return found


def _form(request: HttpRequest, move: Move, proposition: Proposition) -> Any:
    data = request.POST if request.method == "POST" else None
    if move.form is AdoptForm:
        rows = Meeting.objects.filter(chantier=proposition.chantier, stage__in=PAST, starts_at__lte=request.now)
        labels = {line.number: line.label for line in meetings_of(proposition.chantier)}
        meetings = [(row.pk, labels.get(row.number, str(row.number))) for row in rows.order_by("-starts_at")]
        return AdoptForm(data, meetings=meetings, initial={"revision": proposition.revision})
    return move.form(data)


def _facts(move: Move, data: dict[str, Any]) -> dict[str, Any]:
    if move.form is AdoptForm:
        return {"meeting": Meeting.objects.get(pk=data["meeting"]), "revision": data["revision"]}
    return data


def proposition_of(request: HttpRequest, slug: str, number: int) -> Proposition:
    """A proposition of the group whose space is asked."""
    chantier = space_of(request, slug)
    rows = Proposition.objects.visible_to(request.user).select_related(
        "session__calendar_date", "resolution", "adopted_at_meeting", "edited_by", "replaces"
    )
    found = get_object_or_404(rows, chantier=chantier, number=number)
    found.chantier = chantier
    return found


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str, number: int, code: str) -> HttpResponse:
    """A page that says the consequence and who is told, then the act."""
    proposition = proposition_of(request, slug, number)
    if code not in MOVES:
        raise Http404
    chosen = MOVES[code]
    if not chosen.act.allows(request.user, proposition):
        raise PermissionDenied
    form = _form(request, chosen, proposition)
    if request.method == "POST" and form.is_valid():
        try:
            result = chosen.act(proposition, by=request.user, now=request.now, **_facts(chosen, form.cleaned_data))
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("« %(what)s » : c’est fait.") % {"what": chosen.label})
            made = result if isinstance(result, Proposition) else proposition
            return redirect("assembly:edit" if made is not proposition else "assembly:work", slug=slug, number=made.number)
    context = {
        "chantier": proposition.chantier,
        "here": "propositions",
        "proposition": proposition,
        "move": chosen,
        "form": form,
        "told": _told(proposition) if chosen.told else "",
        "missing": chosen.act.obstacles(proposition, by=request.user, now=request.now) if request.method == "GET" else [],
    }
    return render(request, "assembly/move.html", context, status=422 if form.is_bound else 200)


def _told(proposition: Proposition) -> str:
    people = told_of(proposition)
    return ngettext("%(n)d personne du groupe sera prévenue.", "Les %(n)d personnes du groupe seront prévenues.", people) % {
        "n": people
    }
