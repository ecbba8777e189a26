"""The story of the demonstration: events in the order of time, each of which calls the real acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogue.mailer import outbox

#: What a demonstration shows of the mail it would have sent.
MAIL_KEPT = timedelta(days=35)
PARIS = ZoneInfo("Europe/Paris")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An aware datetime, Paris time."""
    return datetime.combine(day, time(hour, minute), PARIS)


@dataclass(order=True)
class Event:
    """Something that happens `at` a moment; `rank` keeps the order in which equal moments were told."""

    at: datetime
    rank: int
    happen: Callable[[datetime], object] = field(compare=False)


class Story:
    """Collects events, then plays those that come before a date."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, moment: datetime, happen: Callable[[datetime], object]) -> None:
        """`happen(now)` is called with `moment`."""
        self.events.append(Event(moment, len(self.events), happen))

    def play(self, until: datetime) -> int:
        """Plays the events up to `until`, in order; returns how many. Letters of before the last weeks are not written."""
        told = sorted(event for event in self.events if event.at <= until)
        for event in told:
            with nullcontext() if event.at > until - MAIL_KEPT else outbox.unwritten():
                event.happen(event.at)
        return len(told)
