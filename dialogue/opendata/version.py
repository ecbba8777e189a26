"""What changes when anything that is written changes: the key of every ETag, in one query.

Every write is an act and every act leaves a line in the register. The last lines are compared rather than the last one alone: on
PostgreSQL an act that began before another may be seen after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Max

from dialogue.ledger.models import Entry
from dialogue.opendata import sets

LAST = 32
_memories: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[..., Any]], Any]:
    """Kept in this process for the `most` last arguments, one of which names a version; cleared by `forget`."""

    def kept(made: Callable[..., Any]) -> Any:
        found = lru_cache(maxsize=most)(made)
        _memories.append(found.cache_clear)
        return found

    return kept


def forget() -> None:
    """What this process remembers; for tests, whose factories leave no line in the register."""
    for clear in _memories:
        clear()


@dataclass(frozen=True)
class Version:
    """`key` identifies the whole of what may be read; `at` is when it was last written, None when it never was."""

    key: str
    at: datetime | None


@lru_cache(maxsize=4)
def _shape(base_url: str) -> bytes:
    """Another set of fields, or another address of the site, makes other answers."""
    said = [base_url, *(f"{r.code}:{','.join(f.code for f in (*r.fields, *r.columns))}" for r in sets.ALL)]
    return hashlib.sha256("\n".join(said).encode()).digest()


def current() -> Version:
    last = list(_last.all())
    known = _shape(settings.BASE_URL) + ",".join(map(str, last)).encode()
    return Version(hashlib.sha256(known).hexdigest()[:24], _when(tuple(last)))


_last = Entry.objects.order_by("-pk").values_list("pk", flat=True)[:LAST]


@remembered(8)
def _when(last: tuple[int, ...]) -> datetime | None:
    """Read once for each change."""
    return Entry.objects.filter(pk__in=last).aggregate(at=Max("at"))["at"] if last else None
