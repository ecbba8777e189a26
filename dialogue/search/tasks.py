"""Periodic work of the room: the index follows the register of acts, and is checked whole once a day."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from dialogue.mailer.periodic import every
from dialogue.search import feed, index


@every(seconds=5)
def follow_the_register(now: datetime) -> int:
    """At each round of the worker (ten seconds). Returns how many acts were handled."""
    return feed.catch_up(timezone.now())


@task()
def check_everything() -> dict[str, int]:
    """Tells every thing again; writes what differs. Beside the letters, not before them."""
    feed.start(timezone.now())
    return index.rebuild_all()


@every(days=1)
def check_daily(now: datetime) -> None:
    """Also what first fills the index of an installation that had none."""
    check_everything.enqueue()
