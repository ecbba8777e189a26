"""Periodic work: each room's `tasks.py` declares its functions, the worker runs them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from dialogue.mailer.models import PeriodicRun

logger = logging.getLogger(__name__)

Work = Callable[[datetime], object]
F = TypeVar("F", bound=Work)


@dataclass(frozen=True)
class Periodic:
    """A function `(now)`, `now` being domain time, to run once a period."""

    name: str
    work: Work
    period: timedelta


REGISTRY: dict[str, Periodic] = {}


def every(*, minutes: int = 0, hours: int = 0, days: int = 0) -> Callable[[F], F]:
    """Declare a periodic function. It may be run twice: it must be idempotent. Raises ValueError when the name is taken."""

    def declare(work: F) -> F:
        name = f"{work.__module__}.{work.__qualname__}"
        if name in REGISTRY:
            raise ValueError(f"{name} is declared twice")
        REGISTRY[name] = Periodic(name, work, timedelta(minutes=minutes, hours=hours, days=days))
        return work

    return declare


def run_due(moment: datetime, now: datetime) -> list[str]:
    """Run every function whose period has passed; `moment` is real time, `now` domain time. Returns their names.

    Of two workers only one runs it: the conditional UPDATE decides. A function that fails is tried at its next period.
    """
    ran = []
    for item in REGISTRY.values():
        row, _made = PeriodicRun.objects.get_or_create(name=item.name)
        due = PeriodicRun.objects.filter(pk=row.pk).filter(Q(last_at=None) | Q(last_at__lte=moment - item.period))
        if due.update(last_at=moment) != 1:
            continue
        try:
            item.work(now)
        except Exception:  # one room's failure must not stop the others
            logger.exception("periodic work failed: %s", item.name)
        else:
            ran.append(item.name)
    return ran


def discover() -> None:
    """Import the `tasks` of every installed room, which declare their functions."""
    autodiscover_modules("tasks")
