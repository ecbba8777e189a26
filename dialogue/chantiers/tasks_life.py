"""Periodic work on the life of chantiers (discovered through `tasks.py`)."""

from __future__ import annotations

from datetime import datetime

from dialogue.chantiers.acts import weather
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.mailer.periodic import every


@every(days=1)
def remind_weather(now: datetime) -> int:
    """One letter to the lead of each chantier whose météo is older than 30 days; returns how many chantiers."""
    reminded = 0
    for chantier, days in weather.stale(now):
        try:
            weather.remind_weather(chantier, by=SYSTEM, now=now, days=days)
            reminded += 1
        except Refused:
            continue
    return reminded
