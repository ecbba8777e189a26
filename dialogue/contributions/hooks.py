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


@dataclass(frozen=True)
class Ending:
    """Another end of the sorting, kept by a room above: what it does in a few words, and the page that does it."""

    label: str | Promise
    url: str
    icon: str = "fl"


#: `(contribution, reader) -> Ending | None`: offered by the dossier of a contribution that was read.
endings: list[Callable[[Any, Any], Ending | None]] = []

#: `(contribution, reader) -> list[FollowUp]`: the steps that a room above knows of, oldest first (chantier, decision, vote…).
followups: list[Callable[[Any, Any], list[FollowUp]]] = []
