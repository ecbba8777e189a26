"""What the rooms above say of the threads that they own: where the thing is shown, and whether one may still speak of it.

The discussion knows neither documents nor minutes (docs/adr/0011): each room registers its kind of subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dialogue.discussion.models import Thread


@dataclass(frozen=True)
class Room:
    """`url`: the page of the thing, where its thread is shown. `closed`: a sentence that says why nobody may speak of it
    any more, None while one may. `settled(comment, by=, now=)`: what follows, for that room, from the answer to a remark.
    `related`: what `url` reads, from the thread, to be joined when many threads are shown."""

    url: Callable[[Thread], str]
    closed: Callable[[Thread, datetime], str | None] = lambda _thread, _now: None
    settled: Callable[..., None] | None = None
    related: tuple[str, ...] = ()


REGISTRY: dict[str, Room] = {}


def register(subject: str, room: Room) -> None:
    """Raises ValueError when two rooms speak for the same subject."""
    if subject in REGISTRY:
        raise ValueError(f"two rooms speak for {subject}")
    REGISTRY[str(subject)] = room
