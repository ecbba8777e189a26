"""The agenda as it is shown: each item with its hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogue.meetings.models import AgendaItem, Meeting


@dataclass(frozen=True)
class TimedItem:
    """`number` from 1; `starts` when every item before says how long it takes."""

    item: AgendaItem
    number: int
    starts: datetime | None


def timed(meeting: Meeting) -> list[TimedItem]:
    """The items in order, with their hours when they can be told (1 query, none when prefetched)."""
    at, found = meeting.starts_at, []
    for number, item in enumerate(meeting.items.all(), 1):
        found.append(TimedItem(item, number, at))
        at = at + timedelta(minutes=item.planned_minutes) if at is not None and item.planned_minutes else None
    return found


def overrun(meeting: Meeting, items: list[TimedItem]) -> int:
    """Minutes planned beyond the end of the meeting; 0 when it fits, or has no date."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return 0
    planned = sum(timed_item.item.planned_minutes or 0 for timed_item in items)
    return max(0, planned - int((meeting.ends_at - meeting.starts_at).total_seconds() // 60))
