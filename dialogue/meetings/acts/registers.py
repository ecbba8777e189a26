"""The registers: where a decision stands, what became of an action. Open to the end, long after the meeting."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.models import Action, Decision
from dialogue.meetings.stages import DecisionState


@act("meetings.settle_decision", record=("state",))
def settle_decision(
    decision: Decision, *, by: Any, now: datetime, state: DecisionState, note: str = "", replaced_by: Decision | None = None
) -> None:
    """Where a decision stands: applied, replaced by another, dropped with a word of why."""
    if state == DecisionState.DROPPED and not note.strip():
        raise Refused(_("Dites pourquoi la décision est abandonnée."))
    if state == DecisionState.REPLACED and (
        replaced_by is None or replaced_by.chantier_id != decision.chantier_id or replaced_by == decision
    ):
        raise Refused(_("Choisissez la décision qui la remplace."))
    Decision.objects.filter(pk=decision.pk).update(
        state=state, state_note=note.strip()[:300], replaced_by=replaced_by if state == DecisionState.REPLACED else None
    )
    decision.refresh_from_db()


@act("meetings.complete_action", record=("done_on",))
def complete_action(action: Action, *, by: Any, now: datetime, done_on: date, note: str = "") -> None:
    if not action.is_open:
        raise Refused(_("Cette action n’est plus en cours."))
    if done_on > now.date():
        raise Refused(_("Une action faite l’est aujourd’hui au plus tard."))
    Action.objects.filter(pk=action.pk).update(done_on=done_on, done_note=note.strip()[:300])
    action.refresh_from_db()


@act("meetings.reopen_action")
def reopen_action(action: Action, *, by: Any, now: datetime) -> None:
    if action.is_open:
        raise Refused(_("Cette action est déjà en cours."))
    Action.objects.filter(pk=action.pk).update(done_on=None, done_note="", dropped_motive="")
    action.refresh_from_db()


@act("meetings.drop_action")
def drop_action(action: Action, *, by: Any, now: datetime, motive: str) -> None:
    if not motive.strip():
        raise Refused(_("Dites pourquoi l’action est abandonnée."))
    if not action.is_open:
        raise Refused(_("Cette action n’est plus en cours."))
    Action.objects.filter(pk=action.pk).update(dropped_motive=motive.strip()[:300])
    action.refresh_from_db()


@act("meetings.remind_action")
def remind_action(action: Action, *, by: Any, now: datetime, event: str) -> None:
    """Near, or late: those who speak for the owner, and nobody else; once each."""
    from dialogue.meetings.letters.registers import tell_action

    tell_action(action, event, now=now)
