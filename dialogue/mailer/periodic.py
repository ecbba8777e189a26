"""Periodic work: each room's `tasks.py` declares its functions, the worker runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

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
