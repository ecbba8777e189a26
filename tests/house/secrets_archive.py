"""Who may read which text of the archives (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogue.archive.models import ProcessYear

MACHINE = {
    "archive.processyear.seal": "a hash, written on the page of the year",
    "archive.processyear.content": "what everyone could read, counted by the sweep of its own (tests/archive/test_years.py)",
}


def rules(coordination: Any) -> Iterator[tuple[Any, tuple[str, ...], Any]]:
    for year in ProcessYear.objects.filter(stage="open"):
        yield year, ("word",), coordination
