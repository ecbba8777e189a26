"""Periodic work of the room, discovered by the worker. Each job can be run twice: what is done is not done again."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from dialogue.chantiers.acts.demands import REMIND_AFTER, close_request, remind_request, reminder_due
from dialogue.chantiers.acts.invitations import (
    REMIND_AFTER as REMIND_INVITATION_AFTER,
)
from dialogue.chantiers.acts.invitations import expire_invitation, forget_invitation, remind_invitation
from dialogue.chantiers.models import Invitation, JoinRequest
from dialogue.chantiers.stages import JOINABLE, InvitationStage
from dialogue.chantiers.tasks_choosing import take_up_contributions
from dialogue.chantiers.tasks_life import remind_weather
from dialogue.ledger.acts import SYSTEM, Act, Refused
from dialogue.mailer.periodic import every
from dialogue.people.stages import AccountStage

__all__ = ["forget_invitations", "remind_invitations", "remind_requests", "remind_weather", "take_up_contributions"]


def _each(act: Act, rows: list[JoinRequest] | list[Invitation], now: datetime) -> int:
    """Does `act` on each row, in its own transaction; returns how many. What somebody did meanwhile is left alone."""
    done = 0
    for row in rows:
        try:
            act(row, by=SYSTEM, now=now)
        except Refused:
            continue
        done += 1
    return done


@every(hours=1)
def remind_requests(now: datetime) -> int:
    """Requests unanswered after seven days, then fourteen; those of people who were refused or left are closed."""
    rows = JoinRequest.objects.waiting().select_related("chantier", "organisation", "person")
    gone = Q(person__stage__in=[AccountStage.REFUSED, AccountStage.CLOSED])
    _each(close_request, list(rows.filter(gone)), now)
    old = rows.exclude(gone).filter(sent_at__lte=now - REMIND_AFTER, escalated_at=None)
    return _each(remind_request, [row for row in old if reminder_due(row, now)], now)


@every(hours=1)
def remind_invitations(now: datetime) -> int:
    """The one reminder of the invitations unanswered after ten days."""
    rows = Invitation.objects.open(timezone.now()).filter(
        reminded_at=None, sent_at__lte=now - REMIND_INVITATION_AFTER, chantier__stage__in=JOINABLE
    )
    return _each(remind_invitation, list(rows.select_related("chantier", "organisation", "sent_by")), now)


@every(days=1)
def forget_invitations(now: datetime) -> int:
    """Sixty days after it was sent, the address of an invitation is forgotten, answered or not (docs/retention.yaml)."""
    over = Invitation.objects.filter(expires_at__lte=timezone.now()).exclude(email="").select_related("chantier")
    open_ones = Q(stage=InvitationStage.SENT)
    expired = _each(expire_invitation, list(over.filter(open_ones)), now)
    return expired + _each(forget_invitation, list(over.exclude(open_ones)), now)
