"""How many contributions, of how many authors: one grouped query serves the facets and the matrix (docs/adr/0024).

What costs little is counted anew for each page. Once a process has met `WORTH` contributions, it keeps counts in its memory for as
long as nothing changed that they count: the register of acts says so in one look (see `Version`). Nothing is written.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Case, Count, F, Func, Q, Subquery, Value, When

from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import Outcome
from dialogue.ledger.models import Entry
from dialogue.portal.contributions import NONE, Scope, is_team, kind_of

#: From so many contributions on, counts are kept in memory.
WORTH = 20_000
#: Counts that are kept; of a selection of more texts than this, the authors are not counted (fewer where words are searched for).
MOST_KEPT, MOST_AUTHORS, MOST_AUTHORS_FOUND = 24, 100_000, 20_000
#: Up to so many texts found by their words, their classifications and authors are read once, and counted here.
MOST_READ = 5_000
#: Seconds that counts are kept when, as they were made, another transaction was writing.
UNSETTLED = 5
#: Acts of these rooms change what is counted.
ROOMS = ("contributions.", "chantiers.")


class Cell(NamedTuple):
    """How many contributions share all this. `hint`: the suggested theme of those without a theme (the coordination's)."""

    theme: int | None
    territory: int | None
    nature: str
    campaign: int
    outcome: str
    n: int
    hint: int | None = None
    source: str = ""
    circle: str = ""


class _Settled(Func):
    """Whether no other transaction is writing: PostgreSQL's may end after acts with a higher number; SQLite has one writer."""

    output_field = BooleanField()

    def as_sqlite(self, *_args: Any, **_kwargs: Any) -> tuple[str, list[Any]]:
        return "1", []

    def as_postgresql(self, *_args: Any, **_kwargs: Any) -> tuple[str, list[Any]]:
        return "(pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot()))", []


@dataclass(frozen=True)
class Version:
    """What changes with the contributions: the number of the last one, of the last act in the register."""

    last: int = 0
    act: int = 0
    settled: bool = True

    @classmethod
    def now(cls) -> Version:
        """One query, two looks into primary keys."""
        act = Subquery(Entry.objects.order_by("-pk").values("pk")[:1])
        found = Contribution.objects.order_by("-pk").values_list("pk", act, _Settled())[:1]
        return next((cls(last, act or 0, bool(settled)) for last, act, settled in found), cls())

    def holds(self, now: Version) -> bool:
        """Whether what was counted at this version is still true."""
        if self.last != now.last:
            return False
        if self.act == now.act:
            return True
        acts = Entry.objects.filter(pk__gt=self.act, pk__lte=now.act)
        changed = acts.filter(Q(act__startswith=ROOMS[0]) | Q(act__startswith=ROOMS[1]))
        return not changed.exists()


class Memory:
    """Counts of this process, by what was counted. It keeps none until it has met many contributions."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, tuple[Version, float, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self.is_worth = False

    def get(self, key: Any, version: Callable[[], Version], count: Callable[[], Any]) -> Any:
        """What `count()` gives, or gave since the last change. The version is read before: counts may be newer, never older."""
        if not self.is_worth:
            return count()
        now, key = version(), (connection.settings_dict["NAME"], key)
        with self._lock:
            found = self._kept.get(key)
        if found and (found[0].settled or time.monotonic() < found[1] + UNSETTLED) and found[0].holds(now):
            return found[2]
        made = count()
        with self._lock:
            self._kept[key] = (now, time.monotonic(), made)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def met(self, number: int) -> None:
        """Says how many contributions were counted."""
        self.is_worth = self.is_worth or number >= WORTH

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self.is_worth = False


memory = Memory()


KEYS = ("theme_id", "territory_id", "nature", "campaign_id", "outcome")


def _hinted(rows: Any, reader: Any) -> Any:
    """With the suggested theme of those without a theme, for the coordination."""
    return rows.annotate(hint=Case(When(theme=None, then=F("suggested_theme_id")), default=Value(None))) if is_team(reader) else rows


def cells_of(rows: Any, reader: Any) -> list[Cell]:
    """All the counts of a page in one query."""
    rows = _hinted(rows.order_by(), reader)
    if not is_team(reader):
        return [Cell(*values) for values in rows.values_list(*KEYS).annotate(n=Count("*"))]
    found = rows.values_list(*KEYS, "hint", "theme_source", "circle").annotate(n=Count("*"))
    return [Cell(*values[:5], values[8], *values[5:8]) for values in found]


def read(rows: Any, reader: Any) -> tuple[list[Cell], list[str]] | None:
    """Of few texts: a cell for each, and the key of its author, in one query; None when they are more than `MOST_READ`."""
    keys = [*KEYS, *(["hint", "theme_source", "circle"] if is_team(reader) else []), "author_key"]
    found = list(_hinted(rows.order_by(), reader).values_list(*keys)[: MOST_READ + 1])
    if len(found) > MOST_READ:
        return None
    return [Cell(*values[:5], 1, *values[5:-1]) for values in found], [values[-1] for values in found]


def authors_of(rows: Any) -> int:
    """Distinct authors: a hash of each key, rather than a sort of them all."""
    return int(rows.order_by().values("author_key").distinct().count())


@dataclass
class Counts:
    """The numbers of a page for a scope: the selection's, those that each choice would give, theme × territory."""

    scope: Scope
    total: int = 0
    #: Of the selection, less its themes: those without a theme for which the machine suggests one.
    hinted: int = 0

    def __post_init__(self) -> None:
        scope = self.scope
        self.cells: list[Cell]
        #: For each cell, when it is a text of its own, the key of its author.
        self.keys: list[str] | None
        self.cells, self.keys = self.remembered("cells", self._count)
        self.facets: dict[str, Counter[Any]] = {name: Counter() for name in scope.facets}
        self.matrix: Counter[tuple[int | None, int | None]] = Counter()
        #: The part of the matrix that the machine suggests.
        self.hints: Counter[tuple[int | None, int | None]] = Counter()
        self.everything = sum(cell.n for cell in self.cells)
        memory.met(self.everything)
        self._add_up()

    def _count(self) -> tuple[list[Cell], list[str] | None]:
        scope = self.scope
        few = read(scope.everything(), scope.reader) if scope.has_text else None
        return few or (cells_of(scope.everything(), scope.reader), None)

    def _add_up(self) -> None:
        """One pass: a cell that misses one facet alone counts for the choices of that facet."""
        suggested = self.scope.selection.suggested
        wanted = {
            name: {self.scope.values[name][code] for code in codes} for name, codes in self.scope.selection.chosen.items() if codes
        }
        authors: set[str] = set()
        for place, cell in enumerate(self.cells):
            theme = cell.hint if suggested and cell.theme is None else cell.theme
            own = {
                "territoire": cell.territory, "theme": theme, "nature": cell.nature, "campagne": cell.campaign,
                "etat": cell.outcome if cell.outcome == Outcome.LINKED else None, "source": cell.source, "cercle": cell.circle,
            }  # fmt: skip
            missed = [name for name, values in wanted.items() if own[name] not in values]
            if not missed:
                self.total += cell.n
                if self.keys is not None:
                    authors.add(self.keys[place])
                for name, counter in self.facets.items():
                    counter[own[name]] += cell.n
            elif len(missed) == 1:
                self.facets[missed[0]][own[missed[0]]] += cell.n
            if not {*missed} - {"theme", "territoire"}:
                self.matrix[theme, cell.territory] += cell.n
                self.hints[theme, cell.territory] += cell.n if theme != cell.theme else 0
            if cell.hint is not None and not {*missed} - {"theme"}:
                self.hinted += cell.n
        if self.keys is not None:
            self.authors = len(authors)

    @cached_property
    def authors(self) -> int | None:
        """Distinct authors of the selection; None when it has too many texts to count them."""
        scope = self.scope
        most = MOST_AUTHORS_FOUND if scope.has_text else MOST_AUTHORS
        if self.total > most and not scope.selection.is_empty:
            return None
        return int(self.remembered("authors", lambda: authors_of(scope.rows()), *self.choices)) if self.total else 0

    @cached_property
    def version(self) -> Version:
        return Version.now()

    @property
    def choices(self) -> tuple[Any, ...]:
        return *sorted(self.scope.selection.chosen.items()), self.scope.selection.suggested

    def remembered(self, what: str, count: Callable[[], Any], *choices: Any) -> Any:
        """`count()`, or what it gave before, for this scope and these choices."""
        return memory.get((what, self.scope.key, choices), lambda: self.version, count)


@dataclass(frozen=True)
class Option:
    code: str
    label: Any
    count: int
    chosen: bool


def options(counts: Counts, name: str, labels: dict[str, Any]) -> list[Option]:
    """The choices of a facet that would give something, and those made; the most numerous first, what has none at the end."""
    scope, counter = counts.scope, counts.facets[name]
    chosen = scope.selection.chosen.get(name, ())
    found = [
        Option(code, labels[code], counter[value], code in chosen)
        for code, value in scope.values[name].items()
        if counter[value] or code in chosen
    ]
    if name in {"etat", "nature", "source", "cercle"}:
        return found
    return sorted(found, key=lambda option: (not option.chosen, option.code == NONE, -option.count))


def total_of(reader: Any, *, theme: int | None = None, territory: int | None = None) -> int:
    """How many contributions `reader` reads of a theme or of a territory: for the pages of these (1 query, 2 when it remembers)."""
    key = ("cells", (kind_of(reader), (), None, None, None), ())
    cells, _keys = memory.get(key, Version.now, lambda: (cells_of(Contribution.objects.published_to(reader), reader), None))
    return sum(c.n for c in cells if (theme is None or c.theme == theme) and (territory is None or c.territory == territory))
