"""What the worker does every day for the people room."""

from __future__ import annotations

from datetime import datetime

from dialogue.mailer.periodic import every
from dialogue.people import retention


@every(days=1)
def purge(now: datetime) -> None:
    """Close what must not be kept, warn who must be warned (docs/retention.yaml)."""
    retention.apply(now)
    retention.forget_sessions()
