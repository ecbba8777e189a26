"""What rooms above append to, in their `AppConfig.ready()` (docs/adr/0011)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class FollowUp:
    """One step of what became of a contribution: a sentence, its day, the page that shows it."""

    sentence: str | Promise
    on: date | None = None
    url: str = ""
    icon: str = "fl"


#: `(contribution, reader) -> list[FollowUp]`: the steps that a room above knows of, oldest first (chantier, decision, vote…).
followups: list[Callable[[Any, Any], list[FollowUp]]] = []
