"""Periodic work: each room's `tasks.py` declares its functions, the worker runs them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from dialogue.mailer.models import PeriodicRun

logger = logging.getLogger(__name__)

#: How long after a failure, or the death of the worker, a function is tried again.
RETRY = timedelta(hours=1)

Work = Callable[[datetime], object]
W = TypeVar("W", bound=Work)


@dataclass(frozen=True)
class Periodic:
    """A function `(now)`, `now` being domain time, to run once a period."""

    name: str
    work: Work
    period: timedelta


REGISTRY: dict[str, Periodic] = {}


def every(*, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0) -> Callable[[W], W]:
    """Declare a periodic function. It may be run twice: it must be idempotent; less than ten `seconds` mean: at each
    round of the worker. Raises ValueError when the name is taken."""

    def declare(work: W) -> W:
        name = f"{work.__module__}.{getattr(work, '__qualname__', 'work')}"
        if name in REGISTRY:
            raise ValueError(f"{name} is declared twice")
        REGISTRY[name] = Periodic(name, work, timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days))
        return work

    return declare


def run_due(moment: datetime, now: datetime) -> list[str]:
    """Run every function whose period has passed; `moment` is real time, `now` domain time. Returns their names.

    Of two workers only one runs it: the conditional UPDATE decides. What failed, or was cut short by a death, is tried
    again after an hour (or its period, if that is shorter).
    """
    return [item.name for item in REGISTRY.values() if _claim(item, moment) and _run(item, now)]


def _claim(item: Periodic, moment: datetime) -> bool:
    PeriodicRun.objects.get_or_create(name=item.name)
    again = min(RETRY, item.period)
    due = Q(last_at=None) | Q(last_at__lte=moment - item.period)
    cut_short = (Q(done_at=None) | Q(done_at__lt=F("last_at"))) & Q(last_at__lte=moment - again)
    return PeriodicRun.objects.filter(due | cut_short, name=item.name).update(last_at=moment) == 1


def _run(item: Periodic, now: datetime) -> bool:
    try:
        item.work(now)
    except Exception:  # one room's failure must not stop the others
        logger.exception("periodic work failed: %s", item.name)
        return False
    PeriodicRun.objects.filter(name=item.name).update(done_at=timezone.now())
    return True


def discover() -> None:
    """Import the `tasks` of every installed room, which declare their functions."""
    autodiscover_modules("tasks")
