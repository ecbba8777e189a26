"""The register of acts as the feed of changes: what an act named since the last look is told again to the index.

Acts that run together on PostgreSQL are not committed in the order of their numbers: an entry may appear behind one that was
read already. So entries are read again for `OVERLAP` after they were written, those that were handled being remembered; an
act whose transaction lasts longer is caught by the daily check of everything.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q

from dialogue.ledger.models import Entry
from dialogue.search.index import rebuild, refresh
from dialogue.search.kinds import KINDS, Kind
from dialogue.search.models import SearchProgress

#: How long a transaction may last and still be seen; entries handled at one look, so that letters do not wait for us.
OVERLAP = timedelta(minutes=10)
MOST = 500
Named = dict[str, set[int]]


def catch_up(moment: datetime, most: int = MOST) -> int:
    """Handles the acts that were not; `moment` is real time. Returns how many entries were read, 0 when nothing is new."""
    progress = SearchProgress.objects.first()
    if progress is None:
        return 0  # everything is to be read first (`start`)
    seen = set(progress.seen)
    after = Entry.objects.filter(pk__gt=progress.floor).order_by("pk")
    rows = after.values_list("pk", "recorded_at", "act", "thing_type", "thing_id", "facts")
    fresh = list(islice((row for row in rows.iterator() if row[0] not in seen), most))
    if not fresh:
        return 0
    named, acts = _named(fresh)
    for kind in KINDS.values():
        _tell(kind, named, acts)
    _remember(progress, seen | {row[0] for row in fresh}, moment)
    return len(fresh)


def start(moment: datetime) -> None:
    """What was done until now is in the index, or about to be: called before everything is told."""
    recent = Entry.objects.filter(recorded_at__gt=moment - OVERLAP).order_by("pk")
    seen = list(recent.values_list("pk", flat=True))
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    floor = min(seen) - 1 if seen else newest
    SearchProgress.objects.update_or_create(singleton=True, defaults={"floor": floor, "seen": seen})


def _remember(progress: SearchProgress, seen: set[int], moment: datetime) -> None:
    old = Entry.objects.filter(pk__gt=progress.floor, pk__in=seen, recorded_at__lt=moment - OVERLAP)
    floor = old.order_by("-pk").values_list("pk", flat=True).first() or progress.floor
    SearchProgress.objects.filter(pk=progress.pk).update(floor=floor, seen=sorted(pk for pk in seen if pk > floor))


def _named(rows: list[Any]) -> tuple[Named, set[str]]:
    """The things that these entries name, by type: what the act was about, and the rows among its facts."""
    named: Named = defaultdict(set)
    for _pk, _recorded, _act, thing_type, thing_id, facts in rows:
        if thing_id is not None:
            named[thing_type].add(thing_id)
        for value in facts.values():
            if isinstance(value, str) and ":" in value:
                label, _colon, number = value.rpartition(":")
                if number.isdigit():
                    named[label].add(int(number))
    return named, {row[2] for row in rows}


def _tell(kind: Kind, named: Named, acts: set[str]) -> None:
    if kind.wholesale & acts:
        rebuild(kind)
        return
    ids = set(named.get(kind.thing_type, ()))
    roads = [Q(**{road: sorted(named[label])}) for label, road in kind.because.items() if named.get(label)]
    for road in roads:
        ids |= set(kind.rows().filter(road).order_by().values_list("pk", flat=True))
    if ids:
        refresh(kind, ids)
