"""In whose name letters are written. The room that knows the site gives its source; without one, a plain name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sender:
    """What a reader sees of the sender: the site's name and signature, and whom to write to."""

    name: str = "Dialogue territorial"
    tagline: str = ""
    service: str = ""
    email: str = ""


Source = Callable[[], Sender | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Have `source` asked, each time a letter is written or sent."""
    _sources[:] = [source]


def current() -> Sender:
    for source in _sources:
        if found := source():
            return found
    return Sender()
