"""Sorting: who takes a contribution, whether it can be taken, on what and where. Every step remembers what it changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from dialogue.contributions.acts.rows import index, write
from dialogue.contributions.acts.sorting_change import FREE, change, expect, not_held_by_another, restored, words
from dialogue.contributions.letters import answers as letters
from dialogue.contributions.models import Contribution, Pair, SortingChange, Support
from dialogue.contributions.rules import sorting as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.sorting_hold import ASSIGNED_FOR, moment, other_holder
from dialogue.contributions.stages import STANDING, Outcome, Stage, ThemeSource, Verdict
from dialogue.ledger.acts import Refused, act

#: Stages in which a contribution may be held, assigned and undone: all but those of its author alone.
OURS = [stage for stage in Stage if stage not in {Stage.DRAFT, Stage.WITHDRAWN}]
READABLE = [Stage.RECEIVED, Stage.ADMISSIBLE, Stage.TO_COMPLETE]
#: "Leave it as it is", where None means "nothing".
KEEP: Any = object()


@act("contributions.take_up", come_from=OURS)
def take_up(contribution: Contribution, *, by: Any, now: datetime, over: bool = False) -> None:
    """Holds it for ten minutes, renewed by activity; `over`: even from somebody who has it open."""
    at = moment()
    holder = other_holder(contribution, by, at)
    if holder is not None and not over:
        raise Refused(_("%(who)s s’en occupe.") % {"who": holder})
    keeps = contribution.held_by_id == by.pk and contribution.held_at is not None and contribution.held_at > at
    _hold(contribution, by, contribution.held_at if keeps else at)


@act("contributions.release", come_from=OURS)
def release(contribution: Contribution, *, by: Any, now: datetime) -> None:
    """Given back before the lease ends; nothing happens when someone else took it meanwhile."""
    if contribution.held_by_id == by.pk:
        _hold(contribution, None, None)


@act("contributions.assign", come_from=OURS, guards=[not_held_by_another], record=("to",))
def assign(contribution: Contribution, *, by: Any, now: datetime, to: Any) -> None:
    """Somebody of the coordination has two weeks for it."""
    if not getattr(to, "is_coordination", False):
        raise Refused(_("On confie une contribution à quelqu’un de la coordination."))
    _hold(contribution, to, moment() + ASSIGNED_FOR)


def _hold(contribution: Contribution, person: Any, at: datetime | None) -> None:
    """No revision is counted: nothing that a form shows has changed."""
    pk = getattr(person, "pk", None)
    Contribution.objects.filter(pk=contribution.pk).update(held_by_id=pk, held_at=at)
    contribution.held_by_id, contribution.held_at = pk, at


@act(
    "contributions.judge_admissible",
    come_from=[Stage.RECEIVED, Stage.TO_COMPLETE],
    guards=[not_held_by_another],
)
def judge_admissible(
    contribution: Contribution, *, by: Any, now: datetime, revision: int | None = None, group: uuid.UUID | None = None
) -> None:
    """It can be taken; its theme and place may still be said."""
    expect(contribution, revision)
    change(contribution, "contributions.judge_admissible", by=by, now=now, group=group, stage=Stage.ADMISSIBLE, motive="")


@act("contributions.ask_to_complete", come_from=[Stage.RECEIVED, Stage.ADMISSIBLE], guards=[not_held_by_another])
def ask_to_complete(
    contribution: Contribution, *, by: Any, now: datetime, motive: str, revision: int | None = None
) -> bool:
    """Something is missing, its author is asked for it. Returns whether a letter leaves (an address is known)."""
    return _sent_back("to_complete", contribution, Stage.TO_COMPLETE, by=by, now=now, motive=motive, revision=revision)


@act("contributions.judge_inadmissible", come_from=READABLE, guards=[not_held_by_another])
def judge_inadmissible(
    contribution: Contribution, *, by: Any, now: datetime, motive: str, revision: int | None = None
) -> bool:
    """It cannot be taken, and its author is told why. Returns whether a letter leaves."""
    return _sent_back("inadmissible", contribution, Stage.INADMISSIBLE, by=by, now=now, motive=motive, revision=revision)


def _sent_back(
    event: str, contribution: Contribution, stage: Stage, *, by: Any, now: datetime, motive: str, revision: int | None
) -> bool:
    expect(contribution, revision)
    motive = words(motive, 2000, _("Écrivez le motif : son auteur le lira."))
    act_name = "contributions.ask_to_complete" if stage == Stage.TO_COMPLETE else "contributions.judge_inadmissible"
    made = change(contribution, act_name, by=by, now=now, letter=event, stage=stage, motive=motive)
    return letters.tell(event, contribution, now=now, dedupe=made.letter, quote=motive) is not None


def _sorted(theme: Any, second_theme: Any, territory: Any, commune: Any, nature: Any, by: Any, now: datetime) -> dict[str, Any]:
    """The columns that say on what and where, without those to keep. The territory follows from the commune."""
    if commune not in (KEEP, None):
        territory = commune.territory
    if second_theme is not KEEP and second_theme is not None and second_theme == theme:
        raise Refused(_("Le second thème est le même que le premier : choisissez-en un autre, ou aucun."))
    given = {"second_theme": second_theme, "territory": territory, "commune": commune, "nature": nature}
    fields = {name: value for name, value in given.items() if value is not KEEP}
    if theme is not KEEP:
        fields |= {"theme": theme, "theme_source": ThemeSource.AGENT, "qualified_by_id": by.pk, "qualified_at": now}
    return fields


def _reindexed(contribution: Contribution, fields: dict[str, Any]) -> None:
    """The search finds the name of the commune too."""
    if "commune" in fields or "commune_id" in fields:
        index([contribution])


SAID = ("theme", "second_theme", "territory", "commune")


@act("contributions.qualify", come_from=READABLE, guards=[not_held_by_another], record=SAID)
def qualify(
    contribution: Contribution,
    *,
    by: Any,
    now: datetime,
    theme: Any,
    second_theme: Any = KEEP,
    territory: Any = KEEP,
    commune: Any = KEEP,
    nature: Any = KEEP,
    revision: int | None = None,
    group: uuid.UUID | None = None,
) -> None:
    """Admissible, on this theme, at this place: a person says so, and the machine learns from it."""
    expect(contribution, revision)
    fields = _sorted(theme, second_theme, territory, commune, nature, by, now)
    fields |= {"stage": Stage.QUALIFIED, "motive": ""}
    change(contribution, "contributions.qualify", by=by, now=now, group=group, **fields)
    _reindexed(contribution, fields)


@act("contributions.requalify", come_from=STANDING, guards=[not_held_by_another], record=SAID)
def requalify(
    contribution: Contribution,
    *,
    by: Any,
    now: datetime,
    theme: Any = KEEP,
    second_theme: Any = KEEP,
    territory: Any = KEEP,
    commune: Any = KEEP,
    nature: Any = KEEP,
    revision: int | None = None,
    group: uuid.UUID | None = None,
) -> None:
    """Another theme or place, at any stage; the stage stays."""
    expect(contribution, revision)
    fields = _sorted(theme, second_theme, territory, commune, nature, by, now)
    change(contribution, "contributions.requalify", by=by, now=now, group=group, **fields)
    _reindexed(contribution, fields)


def is_in_no_chantier(contribution: Contribution, *, by: Any, now: datetime) -> str | None:
    """A guard: what a chantier took cannot be taken up again under it."""
    if contribution.outcome == Outcome.LINKED:
        return _("Elle est reprise dans un chantier : retirez-la d’abord du chantier.")
    return None


@act(
    "contributions.reopen",
    come_from=[Stage.QUALIFIED, Stage.TO_COMPLETE, Stage.INADMISSIBLE, Stage.REFERRED, Stage.CLOSED, Stage.ANSWERED],
    guards=[not_held_by_another, is_in_no_chantier],
)
def reopen(contribution: Contribution, *, by: Any, now: datetime, reason: str) -> bool:
    """Back to be sorted or answered again; an author who was told otherwise is told so. Returns whether a letter leaves."""
    reason = words(reason, 2000, _("Écrivez pourquoi vous reprenez l’examen."))
    told = contribution.stage in {Stage.TO_COMPLETE, Stage.INADMISSIBLE, Stage.ANSWERED}
    if contribution.stage in {Stage.TO_COMPLETE, Stage.INADMISSIBLE}:
        stage = Stage.RECEIVED
    else:
        sorted_before = contribution.stage != Stage.QUALIFIED and contribution.qualified_at is not None
        stage = Stage.QUALIFIED if sorted_before else Stage.ADMISSIBLE
    made = change(
        contribution,
        "contributions.reopen",
        by=by,
        now=now,
        letter="reopened" if told else "",
        also={"reason": reason},
        stage=stage,
        motive="",
        outcome="",
        answered_at=None,
    )
    return told and letters.tell("reopened", contribution, now=now, dedupe=made.letter, quote=reason) is not None


def _to_compare_again(contribution: Contribution) -> None:
    """The pairs that said it is the same demand as another: that is no longer said."""
    rows = Pair.objects.filter(Q(first=contribution) | Q(second=contribution), verdict=Verdict.SAME)
    rows.update(verdict=Verdict.WAITING, judged_by=None, judged_at=None)


def last_change(contribution: Contribution) -> SortingChange | None:
    """The last step of sorting that stands, when nothing else changed the contribution since."""
    made = SortingChange.objects.filter(contribution_id=contribution.pk, undone_at=None).first()
    return made if made is not None and made.revision == contribution.revision else None


def can_be_undone(contribution: Contribution, *, by: Any, now: datetime) -> str | None:
    """A guard: the last step is still the last, and nobody was told of it."""
    made = last_change(contribution)
    if made is None:
        return _("Il n’y a rien à annuler, ou la contribution a changé depuis.")
    if letters.has_left(contribution, made.letter):
        return _("Le courriel est déjà parti à l’auteur : reprenez plutôt l’examen, il en sera prévenu.")
    return None


@act("contributions.undo_sorting", come_from=OURS, guards=[not_held_by_another, can_be_undone])
def undo_sorting(contribution: Contribution, *, by: Any, now: datetime, revision: int | None = None) -> None:
    """The last step as if it had not been done: columns, letter, pair and supports."""
    expect(contribution, revision)
    made = last_change(contribution)
    if made is None:  # the guard has said it
        raise Refused(_("Il n’y a rien à annuler."))
    fields = restored(contribution, made)
    write(contribution, **fields, **FREE)
    _reindexed(contribution, fields)
    letters.take_back(contribution, made.letter)
    if made.act == "contributions.merge":
        _to_compare_again(contribution)
    Support.objects.filter(pk__in=made.also.get("supports", [])).update(contribution=contribution)
    SortingChange.objects.filter(pk=made.pk).update(undone_at=now)
    earlier = SortingChange.objects.filter(contribution_id=contribution.pk, undone_at=None).first()
    # The step before becomes the last again: it may be undone in turn.
    if earlier is not None and earlier.revision == made.revision - 1:
        SortingChange.objects.filter(pk=earlier.pk).update(revision=contribution.revision)
