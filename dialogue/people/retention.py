"""How long accounts are kept, and who is due today. docs/retention.yaml says the same in words; a test holds them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.clock import local_date
from dialogue.people import acts
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage

UNPROVEN_DAYS = 15  # a sign-up whose address was never proven
REFUSED_DAYS = 15  # after the refusal
REMINDER_DAYS = 10  # a request that the coordination left without an answer
INACTIVE_DAYS = 730  # two years without signing in
FIRST_WARNING_DAYS = 30
SECOND_WARNING_DAYS = 7


@dataclass(frozen=True)
class Due:
    """One thing to do today: to whom, why (`reason` is also the line of docs/retention.yaml), and for which day."""

    person: Person
    reason: str
    closing_on: date | None = None
    warning: int = 0


def due(now: datetime) -> Iterator[Due]:
    """What the rules ask for today, in the order in which it is done."""
    today = local_date(now)
    old = now - timedelta(days=UNPROVEN_DAYS)
    for person in Person.objects.filter(stage=AccountStage.PENDING, asked_at=None, created_at__lte=old):
        yield Due(person, "unproven_signup")
    for person in Person.objects.filter(stage=AccountStage.REFUSED, refused_at__lte=now - timedelta(days=REFUSED_DAYS)):
        yield Due(person, "refused_signup")
    for person in Person.objects.waiting().filter(asked_at__lte=now - timedelta(days=REMINDER_DAYS)):
        yield Due(person, "waiting_reminder")
    yield from _inactive(now, today)


def _inactive(now: datetime, today: date) -> Iterator[Due]:
    """Two warnings, then the end; a sign-in in between cancels everything."""
    for person in _absent(now):
        last = _last_seen(person)
        warned = person.inactivity_warnings if person.warned_at and person.warned_at > last else 0
        end = person.closing_on
        if not warned or end is None:
            day = max(local_date(last) + timedelta(days=INACTIVE_DAYS), today + timedelta(days=FIRST_WARNING_DAYS))
            yield Due(person, "inactive_warning", day, 1)
        elif warned == 1 and today >= end - timedelta(days=SECOND_WARNING_DAYS):
            # A worker that was stopped for weeks does not shorten the notice.
            yield Due(person, "inactive_warning", max(end, today + timedelta(days=SECOND_WARNING_DAYS)), 2)
        elif warned > 1 and today >= end:
            yield Due(person, "inactive_account", end)


def _absent(now: datetime) -> QuerySet[Person]:
    limit = now - timedelta(days=INACTIVE_DAYS - FIRST_WARNING_DAYS)
    kept = Q(stage=AccountStage.VALIDATED) | Q(stage=AccountStage.PENDING, asked_at__isnull=False)
    return Person.objects.filter(kept).annotate(seen=Coalesce(F("last_login"), F("created_at"))).filter(seen__lte=limit)


def _last_seen(person: Person) -> datetime:
    return person.last_login or person.created_at


def apply(now: datetime) -> list[Due]:
    """Do what is due; returns what was done. A second call the same day finds nothing left but the reminders' dedupe."""
    done = []
    for item in list(due(now)):
        try:
            _apply(item, now)
        except Refused:
            # The last one of the coordination stays: someone must be able to open the door.
            continue
        done.append(item)
    return done


def _apply(item: Due, now: datetime) -> Any:
    if item.reason == "waiting_reminder":
        return acts.remind_waiting(item.person, by=SYSTEM, now=now)
    if item.reason == "inactive_warning":
        return acts.warn_inactive(item.person, by=SYSTEM, now=now, warning=item.warning, closing_on=item.closing_on)
    return acts.close_account(item.person, by=SYSTEM, now=now)


def forget_sessions() -> None:
    """Sessions that ended, and what allauth noted of them (address of the machine, browser)."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
