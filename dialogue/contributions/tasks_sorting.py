"""Periodic work on sorting (discovered through `tasks.py`)."""

from __future__ import annotations

from datetime import datetime

from dialogue.contributions.acts.sorting_late import remind_late as remind
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.mailer.periodic import every


@every(days=1)
def remind_late(now: datetime) -> int:
    """One letter a week to each of the coordination, while something is late. Returns how many letters."""
    try:
        return int(remind(None, by=SYSTEM, now=now))
    except Refused:
        return 0
