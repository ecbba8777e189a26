"""A proposition in its group: drafted from decisions, written by several people, adopted at a meeting, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from dialogue.assembly import letters
from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.acts.fate import settle_chantier
from dialogue.assembly.acts.moves import motive_of, outside, shift
from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import COMES_BACK, VOTED_FOR, PropositionStage
from dialogue.chantiers.acts.evaluation import hold
from dialogue.chantiers.acts.roadmap import Conflict
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Decision, Meeting
from dialogue.meetings.stages import PAST, DecisionState
from dialogue.people.stages import Circle

#: What a person types.
TYPED = ("title", "text", "reasons", "expected_effect", "estimated_cost")
#: When a group may propose: it works, or has delivered.
PROPOSING = [Stage.WORKING, Stage.DELIVERED]
S = PropositionStage


def text_from(decisions: Iterable[Decision]) -> str:
    """The first draft of a text: the decisions as they stand, in the order of their numbers."""
    rows = sorted(decisions, key=lambda decision: decision.number)
    return "\n\n".join(decision.text for decision in rows)


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: values[name].strip() if isinstance(values[name], str) else values[name] for name in TYPED if name in values}
    if "title" in kept:
        kept["title"] = " ".join(kept["title"].split())[:200]
    for name, sentence in (("title", _("Donnez un titre à la proposition.")), ("text", _("Écrivez ce que le groupe propose."))):
        if name in kept and not kept[name]:
            raise Refused(sentence)
    return kept


def _own(chantier: Chantier, decisions: Iterable[Decision]) -> list[Decision]:
    rows = list(decisions)
    if any(row.chantier_id != chantier.pk for row in rows):
        raise Refused(_("Une proposition s’appuie sur les décisions de son propre groupe."))
    if any(row.state in {DecisionState.DROPPED, DecisionState.REPLACED} for row in rows):
        raise Refused(_("Une décision abandonnée ou remplacée ne fonde pas une proposition."))
    return rows


@act("assembly.draft", creates=True, record=("estimated_cost",))
def draft(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    title: str,
    decisions: Iterable[Decision] = (),
    text: str = "",
    reasons: str = "",
    expected_effect: str = "",
    estimated_cost: int | None = None,
    deliverable: Any = None,
) -> Proposition:
    """P1, P2…: a proposition of the group, with the text of the chosen decisions unless `text` is given.

    `deliverable`: the line of the roadmap that it carries on. Raises Refused when the group has no work to propose from, when
    the outcome of its propositions is recorded, or for the same title twice (a form sent twice).
    """
    hold(chantier, PROPOSING)
    if chantier.no_follow_up_on:
        raise Refused(_("L’issue des propositions de ce chantier est déjà enregistrée."))
    chosen = _own(chantier, decisions)
    typed = _typed({"title": title, "text": text or text_from(chosen), "reasons": reasons, "expected_effect": expected_effect})
    if chantier.propositions.exclude(stage=S.WITHDRAWN).filter(title__iexact=typed["title"]).exists():
        raise Refused(_("Une proposition du groupe porte déjà ce titre."))
    if deliverable is not None:
        typed |= {"deliverable_key": deliverable.key, "deliverable_title": deliverable.title}
    return _numbered(chantier, chosen, by=by, now=now, estimated_cost=estimated_cost, **typed)


def _numbered(chantier: Chantier, decisions: list[Decision], *, by: Any, now: datetime, **fields: Any) -> Proposition:
    """Two groups may propose at once: the second takes the number after. Numbers are never given again: nothing is erased."""
    for _attempt in range(5):
        number = (Proposition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        common = {"chantier": chantier, "number": number, "created_at": now, "edited_by_id": by.pk, "edited_at": now}
        try:
            with transaction.atomic():
                proposition = Proposition.objects.create(**common, **fields)
        except IntegrityError:
            continue
        proposition.decisions.set(decisions)
        return proposition
    raise Refused(_("Plusieurs propositions se créent en même temps : recommencez dans un instant."))


@act("assembly.edit", come_from=[S.DRAFTING])
def edit(
    proposition: Proposition,
    *,
    by: Any,
    now: datetime,
    revision: int,
    values: dict[str, Any],
    decisions: Iterable[Decision] | None = None,
) -> None:
    """Saves what was typed if nobody saved since `revision` was read. Raises Conflict otherwise, with the other's text."""
    typed = _typed(values)
    rows = Proposition.objects.filter(pk=proposition.pk, revision=revision)
    if rows.update(**typed, revision=F("revision") + 1, edited_by_id=by.pk, edited_at=now) != 1:
        theirs = Proposition.objects.select_related("edited_by", "chantier").get(pk=proposition.pk)
        if any(getattr(theirs, name) != value for name, value in typed.items()):
            raise Conflict(theirs)
    if decisions is not None:
        proposition.decisions.set(_own(proposition.chantier, decisions))
    proposition.refresh_from_db()


def decision_is_not_cited(decision: Decision, *, by: Any, now: datetime) -> str | None:
    """Guard of `meetings.remove_decision`."""
    cited = decision.propositions.first()
    return _("La proposition n° %(n)d s’appuie sur cette décision.") % {"n": cited.number} if cited else None


# Adoption by the group --------------------------------------------------------------------------------------------


def what_is_unwritten(proposition: Proposition) -> str | None:
    """What the group, then the assembly, must be able to read; a sentence, or None."""
    needed = [(proposition.reasons, _("le pourquoi")), (proposition.expected_effect, _("l’effet attendu"))]
    missing = [words for value, words in needed if not value.strip()]
    return _("Il manque à la proposition : %(what)s.") % {"what": ", ".join(missing)} if missing else None


def is_written(proposition: Proposition, *, by: Any, now: datetime) -> str | None:
    return what_is_unwritten(proposition)


def former_is_not_at_the_assembly(proposition: Proposition, *, by: Any, now: datetime) -> str | None:
    """Of two texts on one thing, one alone goes to the vote: the one before may have gone back to a session meanwhile."""
    # Read anew: what was loaded with the proposition may be old.
    former = Proposition.objects.filter(pk=proposition.replaces_id).first()
    if former is not None and former.stage == S.TABLED:
        return _(
            "La proposition n° %(n)d, que ce texte remplace, est de nouveau inscrite à une séance : "
            "faites-la d’abord retirer de l’ordre du jour."
        ) % {"n": former.number}
    if former is not None and former.stage in {*VOTED_FOR, S.IN_PACT, S.NO_FOLLOW_UP}:
        return _("L’assemblée a voté la proposition n° %(n)d, que ce texte devait remplacer.") % {"n": former.number}
    return None


@act(
    "assembly.adopt_by_group",
    come_from=[S.DRAFTING],
    guards=[is_written, former_is_not_at_the_assembly],
    record=("meeting", "revision"),
)
def adopt_by_group(proposition: Proposition, *, by: Any, now: datetime, meeting: Meeting, revision: int | None = None) -> None:
    """The group adopted it at one of its meetings, which took place. The text no longer changes; partners read it.

    `revision`: the text that the person confirmed; Refused when it changed meanwhile.
    """
    if meeting.chantier_id != proposition.chantier_id:
        raise Refused(_("C’est une séance d’un autre groupe."))
    if meeting.stage not in PAST or meeting.starts_at is None or meeting.starts_at > now:
        raise Refused(_("Une proposition s’adopte en séance : choisissez une séance qui a eu lieu."))
    if revision is not None and revision != proposition.revision:
        raise Refused(_("Le texte a changé pendant que vous le relisiez : relisez-le avant de l’adopter."))
    day = local_date(meeting.starts_at)
    circle = outside(proposition, Circle.PARTNERS)
    shift(proposition, S.ADOPTED_BY_GROUP, adopted_at_meeting=meeting, adopted_by_group_on=day, circle=circle)
    former = Proposition.objects.filter(pk=proposition.replaces_id).select_related("chantier").first()
    if former is not None and former.stage in {S.UNDER_REVIEW, *COMES_BACK}:
        # Refused, and the adoption with it, when it is put on an agenda at this very moment.
        withdraw(former, by=by, now=now, motive=_("Reprise dans la proposition n° %(n)d.") % {"n": proposition.number})
    elif problem := former_is_not_at_the_assembly(proposition, by=by, now=now):
        raise Refused(problem)
    letters.tell_path("adopted_by_group", proposition, by=by, now=now)


def nothing_downstream(proposition: Proposition, *, by: Any, now: datetime) -> str | None:
    """Once a service gave its opinion, or a session saw it, the text that circulated stays."""
    if proposition.resolutions.exists():
        return _("L’assemblée a déjà vu cette proposition : reprenez-la dans un nouveau texte.")
    if proposition.opinions.exclude(verdict="").exists():
        return _("Un service a déjà donné son avis sur ce texte.")
    return None


@act("assembly.back_to_drafting", come_from=[S.ADOPTED_BY_GROUP, S.UNDER_REVIEW], guards=[nothing_downstream])
def back_to_drafting(proposition: Proposition, *, by: Any, now: datetime) -> None:
    """The group writes again; requests for opinions that nobody answered are taken back."""
    awaited = proposition.opinions.filter(verdict="")
    for opinion in awaited.select_related("service"):
        letters.cancel_request(opinion, by=by, now=now)
    awaited.delete()
    cleared = {"adopted_at_meeting": None, "adopted_by_group_on": None, "submitted_on": None, "opinions_due_on": None}
    shift(proposition, S.DRAFTING, circle=Circle.GROUP, **cleared)


@act("assembly.withdraw", come_from=[S.DRAFTING, S.ADOPTED_BY_GROUP, S.UNDER_REVIEW, S.TABLED, *COMES_BACK])
def withdraw(proposition: Proposition, *, by: Any, now: datetime, motive: str, withdrawn_on: date | None = None) -> None:
    """The group gives it up, and says why."""
    was_outside = proposition.stage != S.DRAFTING
    shift(proposition, S.WITHDRAWN, motive=motive_of(motive), closed_on=withdrawn_on or local_date(now))
    is_last = settle_chantier(proposition.chantier, by=by, now=now)
    if was_outside:
        letters.tell_fate("withdrawn", proposition, by=by, now=now, is_last=is_last)


@act("assembly.redraft", creates=True)
def redraft(proposition: Proposition, *, by: Any, now: datetime) -> Proposition:
    """A new draft from one that came back from the assembly; that one is withdrawn when the group adopts the new text.

    Raises Refused when it did not come back, or is being written anew already; a new text that was withdrawn counts no more.
    """
    chantier = proposition.chantier
    hold(chantier, PROPOSING)
    came_back = proposition.stage in COMES_BACK or (proposition.stage == S.UNDER_REVIEW and proposition.resolutions.exists())
    if not came_back:
        raise Refused(_("Seule une proposition revenue de l’assemblée se reprend dans un nouveau texte."))
    if Proposition.objects.new_text_of(proposition).exists():
        raise Refused(_("Un nouveau texte est déjà en cours."))
    copied = {name: getattr(proposition, name) for name in (*TYPED, "deliverable_key", "deliverable_title")}
    return _numbered(chantier, list(proposition.decisions.all()), by=by, now=now, replaces=proposition, **copied)


@act("assembly.widen_circle", come_from=[stage for stage in S if stage not in {S.DRAFTING, S.WITHDRAWN}])
def widen_circle(proposition: Proposition, *, by: Any, now: datetime) -> None:
    """Everyone reads it, before it is tabled or because the chantier became public since."""
    if proposition.chantier.circle != Circle.PUBLIC:
        raise Refused(_("Le chantier lui-même n’est pas public."))
    if Proposition.objects.filter(pk=proposition.pk).exclude(circle=Circle.PUBLIC).update(circle=Circle.PUBLIC) != 1:
        raise Refused(_("C’est déjà le cas."))
    proposition.circle = Circle.PUBLIC
