"""Silent hours: from 20 h to 7 h and on Sundays, on the clock of the Département, what can wait waits (docs/adr/0022).

The hour is written on the letter (`next_attempt_at`), so that the outbox stays one indexed query. What was to leave before
and did not (the worker was stopped, the server said "later") is put off when its turn comes.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from dialogue.mailer.kinds import Mode
from dialogue.mailer.models import Letter, LetterStage, Rhythm

#: The hours of the wall clock between which mail may leave, and the day on which none does (Monday is 0).
OPENS, CLOSES, SILENT_DAY = time(7), time(20), 6
#: A letter about something so near leaves at once.
NEAR = timedelta(hours=24)


def opening(moment: datetime) -> datetime:
    """`moment` itself when mail may leave, else the next time when it may. Both are real time."""
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    day = local.date()
    if OPENS <= local.time() < CLOSES and day.weekday() != SILENT_DAY:
        return moment
    if local.time() >= CLOSES:
        day += timedelta(days=1)
    if day.weekday() == SILENT_DAY:
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, tzinfo=local.tzinfo)


def departure(letter: Letter, moment: datetime) -> datetime:
    """When this letter, queued at `moment`, may leave. No query outside silent hours."""
    if not settings.QUIET_HOURS or letter.mandatory or letter.urgent or letter.automatic:
        return moment
    opens = opening(moment)
    return moment if opens == moment or not is_kept_for(letter.person) else opens


def is_kept_for(person: Any) -> bool:
    """Whether this person (or a plain address, None) keeps silent hours: yes, unless they said no."""
    return person is None or not Rhythm.objects.filter(person=person, quiet=False).exists()


def put_off(moment: datetime) -> int:
    """During silent hours, move what is due and can wait to the next opening. Returns how many."""
    opens = opening(moment)
    if not settings.QUIET_HOURS or opens == moment:
        return 0
    return can_wait().filter(next_attempt_at__lte=moment).update(next_attempt_at=opens)


def release(person: Any, moment: datetime) -> int:
    """Someone keeps silent hours no more: what waited for the morning leaves now. Returns how many."""
    waiting = Letter.objects.filter(person=person, stage=LetterStage.QUEUED, mode=Mode.IMMEDIATE, attempts=0)
    return waiting.filter(next_attempt_at__gt=moment).update(next_attempt_at=moment)


def can_wait() -> QuerySet[Letter]:
    """Queued letters that keep silent hours."""
    rows = Letter.objects.filter(stage=LetterStage.QUEUED, mode=Mode.IMMEDIATE, mandatory=False, urgent=False, automatic=False)
    at_any_hour = Rhythm.objects.filter(quiet=False).values("person_id")
    return rows.filter(Q(person=None) | ~Q(person_id__in=at_any_hour))
