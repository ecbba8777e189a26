"""Writing the index: a thing is told again, and written only if it says something else. Everything here can be run twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils import translation

from dialogue.fulltext.stems import joined, stems_of
from dialogue.search.kinds import KINDS, PAGE, Kind, Telling, pages
from dialogue.search.models import SearchEntry

#: Things told, and rows written, at a time: what bounds the memory.
CHUNK = 200
#: Signs of a text that are kept for the snippet.
MOST_KEPT = 200_000
_FIELDS = [
    "thing_type", "chantier_id", "territory_id", "circle", "at", "title", "text", "title_stems", "stems", "path", "path_outside",
    "seal",
]  # fmt: skip


def entry_of(kind: str, thing_type: str, thing_id: int, telling: Telling) -> SearchEntry:
    """The row of one thing; not saved. Phrases do not run from the title into the text: a full stop parts them."""
    told = SearchEntry(
        kind=kind,
        thing_type=thing_type,
        thing_id=thing_id,
        chantier_id=telling.chantier_id,
        territory_id=telling.territory_id,
        circle=telling.circle,
        at=telling.at,
        title=telling.title.replace("\x00", " ")[:300],
        text=telling.text.replace("\x00", " ")[:MOST_KEPT],
        title_stems=stems_of(telling.title),
        path=telling.path,
        path_outside=telling.path_outside,
    )
    told.stems = joined(told.title_stems, stems_of(telling.text), stems_of(telling.also))
    told.seal = hashlib.sha256(json.dumps([str(getattr(told, name)) for name in _FIELDS[:-1]]).encode()).hexdigest()
    return told


def refresh(kind: Kind, ids: Iterable[int]) -> int:
    """Tells these things again; those that can no longer be found leave the index. Returns how many rows changed."""
    wanted, changed = sorted(set(ids)), 0
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        changed += _replace(kind, list(kind.rows().filter(pk__in=some)), {"thing_id__in": some})
    return changed


def rebuild(kind: Kind) -> int:
    """Tells every thing of a kind, a chunk at a time. Returns how many rows changed."""
    changed, low = 0, 0
    for things in _chunks(kind):
        high = things[-1].pk
        changed += _replace(kind, things, {"thing_id__gt": low, "thing_id__lte": high})
        low = high
    return changed + _remove(kind.code, {"thing_id__gt": low})


def rebuild_pages() -> int:
    with translation.override("fr"):
        told = [entry_of(PAGE, "", n, pages.tell(page)) for n, page in enumerate(pages.REGISTRY, start=1)]
    return _write(PAGE, told, {})


def rebuild_all() -> dict[str, int]:
    """Kind → rows that changed. Kinds that are no longer declared leave the index."""
    changed = {code: rebuild(kind) for code, kind in KINDS.items()}
    changed[PAGE] = rebuild_pages()
    SearchEntry.objects.exclude(kind__in=changed).delete()
    return changed


def _chunks(kind: Kind) -> Iterator[list[Any]]:
    """By primary key: no cursor is held open while rows are written."""
    low = 0
    while things := list(kind.rows().filter(pk__gt=low).order_by("pk")[:CHUNK]):
        yield things
        low = things[-1].pk


def _replace(kind: Kind, things: list[Any], among: dict[str, Any]) -> int:
    with translation.override("fr"):
        told = [entry_of(kind.code, kind.thing_type, thing.pk, kind.tell(thing)) for thing in things]
    return _write(kind.code, told, among)


def _write(code: str, told: list[SearchEntry], among: dict[str, Any]) -> int:
    """Makes the entries of this kind that stand `among` equal to `told`."""
    with transaction.atomic():
        standing = dict(SearchEntry.objects.filter(kind=code, **among).order_by().values_list("thing_id", "seal"))
        changed = [entry for entry in told if standing.get(entry.thing_id) != entry.seal]
        SearchEntry.objects.bulk_create(
            changed, batch_size=CHUNK, update_conflicts=True, unique_fields=["kind", "thing_id"], update_fields=_FIELDS
        )
        gone = standing.keys() - {entry.thing_id for entry in told}
        return len(changed) + (_remove(code, {"thing_id__in": gone}) if gone else 0)


def _remove(code: str, among: dict[str, Any]) -> int:
    return SearchEntry.objects.filter(kind=code, **among).delete()[0]
