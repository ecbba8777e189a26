"""What a search finds for a reader: the results of a page, counts beside each choice, always in the same few queries.

The order is computed from what the index holds, not by the database's own ranking, so that SQLite and PostgreSQL give the same:
entries with more of the words in their title first, then the most recent, then by kind and number (docs/adr/0021).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.contributions.models import Contribution
from dialogue.fulltext.query import Query, Terms
from dialogue.language.snippets import Piece, Snippet, highlight, snippet
from dialogue.people.stages import Circle
from dialogue.search.kinds import FAMILIES, FAMILY_OF, KINDS
from dialogue.search.models import SearchEntry
from dialogue.territories.models import Territory

PER_PAGE = 20
#: Choices of a facet that are shown before the others are folded.
MOST_CHOICES = 8
#: Contributions found are counted no further.
MOST_CONTRIBUTIONS = 1_000
#: Codes of the periods, of which each entry has one: words, and how far back.
PERIODS: dict[str, tuple[Any, timedelta | None]] = {
    "a-venir": (_("À venir"), None),
    "30-jours": (_("Les 30 derniers jours"), timedelta(days=30)),
    "3-mois": (_("Avant, depuis 3 mois"), timedelta(days=91)),
    "12-mois": (_("Avant, depuis 12 mois"), timedelta(days=365)),
    "plus-ancien": (_("Plus ancien"), None),
    "sans-date": (_("Sans date"), None),
}
#: Codes of the circles in addresses.
CIRCLES = {"public": Circle.PUBLIC, "partenaires": Circle.PARTNERS, "groupe": Circle.GROUP}
_WIDTH = {Circle.GROUP: 0, Circle.PARTNERS: 1, Circle.PUBLIC: 2}
FACETS = ("nature", "chantier", "territoire", "periode", "cercle")
LABELS = {
    "nature": _("Nature"),
    "chantier": _("Chantier"),
    "territoire": _("Territoire"),
    "periode": _("Période"),
    "cercle": _("Qui peut lire"),
}


@dataclass(frozen=True)
class Choice:
    """What was chosen in each facet: one code, or "". Unknown codes are as good as none."""

    q: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict, typed: str) -> Choice:
        codes = {name: query.get(name, "").replace("\x00", "")[:80] for name in FACETS}
        return cls(typed, {name: code for name, code in codes.items() if code})

    def url(self, name: str, code: str = "") -> str:
        """The page with this choice instead, or without one; at its first page."""
        codes = {**self.codes, name: code}
        return "?" + urlencode([("q", self.q), *((name, codes[name]) for name in FACETS if codes.get(name))])


@dataclass(frozen=True)
class Option:
    code: str
    label: Any
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        return self.options[:MOST_CHOICES]

    @property
    def others(self) -> list[Option]:
        return self.options[MOST_CHOICES:]


@dataclass(frozen=True)
class Result:
    """One line: what kind of thing, its title and snippet with the words marked, who may read it, where it is."""

    label: Any
    icon: str
    title: tuple[Piece, ...]
    snippet: Snippet
    circle: str
    at: datetime | None
    chantier: Chantier | None
    url: str


@dataclass(frozen=True)
class Cell:
    """How many entries share all this."""

    kind: str
    chantier: int | None
    territory: int | None
    circle: str
    period: str
    count: int


class Finding:
    """The answer to `query` for `reader`, on `now` (domain time). Nothing is asked of the database for an empty query."""

    def __init__(self, reader: Any, query: Query, choice: Choice, now: datetime) -> None:
        self.reader, self.query, self.now = reader, query, now
        #: The beginning of word that was completed, when nothing had the whole word.
        self.completed = ""
        self._cells = [] if query.is_empty else self._count(query.terms())
        if not self._cells and query.may_complete and not query.is_empty:
            self._cells = self._count(query.terms(completing=True))
            self.completed = query.prefix if self._cells else ""
        slug = choice.codes.get("chantier", "")
        #: The chantier to which the search is limited, if it is one that the reader may read.
        self.within = Chantier.objects.visible_to(reader).filter(slug=slug).first() if slug else None
        known = self._known()
        self.choice = Choice(query.typed, {name: code for name, code in choice.codes.items() if code in known[name]})

    # What matches --------------------------------------------------------------------------------------------------

    def _rows(self, terms: Terms) -> Any:
        rows = SearchEntry.objects.visible_to(self.reader).filter(stems__match=terms)
        for phrase in self.query.phrases:
            rows = rows.filter(stems__contains=f" {' '.join(phrase)} ")
        for phrase in self.query.phrases_without:
            rows = rows.exclude(stems__contains=f" {' '.join(phrase)} ")
        return rows

    def _period(self) -> Case:
        back = [(code, delta) for code, (_words, delta) in PERIODS.items() if delta]
        return Case(
            When(at=None, then=Value("sans-date")),
            When(at__gt=self.now, then=Value("a-venir")),
            *(When(at__gt=self.now - delta, then=Value(code)) for code, delta in back),
            default=Value("plus-ancien"),
        )

    def _count(self, terms: Terms) -> list[Cell]:
        """All the counts of the page in one query: how many entries of each kind, chantier, territory, circle and period."""
        rows = self._rows(terms).annotate(period=self._period()).order_by()
        keys = ("kind", "chantier_id", "territory_id", "circle", "period")
        return [Cell(*values) for values in rows.values_list(*keys).annotate(n=Count("pk"))]

    @cached_property
    def chantiers(self) -> dict[int, Chantier]:
        """Those of the results, by id, with their territories (2 queries)."""
        ids = {cell.chantier for cell in self._cells if cell.chantier}
        rows = Chantier.objects.visible_to(self.reader).filter(pk__in=ids).prefetch_related("territories")
        return {row.pk: row for row in rows.only("number", "slug", "title", "circle")} if ids else {}

    @cached_property
    def territories(self) -> dict[int, Territory]:
        return {row.pk: row for row in Territory.objects.all()}

    # Facets --------------------------------------------------------------------------------------------------------

    def _of(self, cell: Cell, name: str) -> set[str]:
        """The codes that a cell has in a facet."""
        chantier = self.chantiers.get(cell.chantier or 0)
        if name == "nature":
            return {FAMILY_OF[cell.kind]}
        if name == "periode":
            return {cell.period}
        if name == "cercle":
            return {code for code, circle in CIRCLES.items() if circle == self._circle(cell.circle, chantier)}
        if name == "chantier":
            return {chantier.slug} if chantier else set()
        places = {territory.code for territory in chantier.territories.all()} if chantier else set()
        return places | ({self.territories[cell.territory].code} if cell.territory in self.territories else set())

    @staticmethod
    def _circle(circle: str, chantier: Chantier | None) -> str:
        """What is in a chantier is read no further than the chantier itself."""
        return min(circle, chantier.circle, key=lambda c: _WIDTH[Circle(c)]) if chantier else circle

    @cached_property
    def _told(self) -> list[tuple[Cell, dict[str, set[str]]]]:
        return [(cell, {name: self._of(cell, name) for name in FACETS}) for cell in self._cells]

    def _known(self) -> dict[str, Any]:
        """The codes that mean something to this reader, whether the results have them or not."""
        own = {self.within.slug} if self.within else set()
        places = {territory.code for territory in self.territories.values()}
        return {"nature": FAMILIES, "chantier": own, "territoire": places, "periode": PERIODS, "cercle": CIRCLES}

    def _chosen(self, *, aside: str = "") -> Iterable[tuple[Cell, dict[str, set[str]]]]:
        wanted = {name: code for name, code in self.choice.codes.items() if name != aside}
        return [(cell, codes) for cell, codes in self._told if all(code in codes[name] for name, code in wanted.items())]

    @cached_property
    def facets(self) -> list[Facet]:
        """Those that part the results, with what each choice would give."""
        found = []
        for name in FACETS:
            counts: Counter[str] = Counter()
            for cell, codes in self._chosen(aside=name):
                for code in codes[name]:
                    counts[code] += cell.count
            chosen, labels = self.choice.codes.get(name, ""), self._labels(name)
            counts.update({chosen: 0} if chosen else {})
            options = [
                Option(code, labels[code], counts[code], self.choice.url(name, "" if code == chosen else code), code == chosen)
                for code in self._ordered(name, counts)
            ]
            if len(options) > 1 or chosen:
                found.append(Facet(name, LABELS[name], options))
        return found

    def _ordered(self, name: str, counts: Counter[str]) -> list[str]:
        fixed: dict[str, list[str]] = {"nature": list(FAMILIES), "periode": list(PERIODS), "cercle": list(CIRCLES)}
        if name in fixed:
            return [code for code in fixed[name] if code in counts]
        return sorted(counts, key=lambda code: (-counts[code], code))

    def _labels(self, name: str) -> dict[str, Any]:
        return {
            "nature": {code: words for code, (words, _icon) in FAMILIES.items()},
            "chantier": {row.slug: row.title for row in [*self.chantiers.values(), *filter(None, [self.within])]},
            "territoire": {row.code: row.name for row in self.territories.values()},
            "periode": {code: words for code, (words, _delta) in PERIODS.items()},
            "cercle": {code: circle.label for code, circle in CIRCLES.items()},
        }[name]

    def pills(self) -> list[tuple[Any, str]]:
        """The choices made, as (words, address without this one)."""
        return [(self._labels(name)[code], self.choice.url(name)) for name, code in self.choice.codes.items()]

    # Results -------------------------------------------------------------------------------------------------------

    @cached_property
    def total(self) -> int:
        return sum(cell.count for cell, _codes in self._chosen())

    @cached_property
    def contributions(self) -> int:
        """Texts of the contributions that answer, which have an index and a page of their own (docs/adr/0024); counted up to
        `MOST_CONTRIBUTIONS` and one more (1 query). None is told in a search limited to a chantier."""
        if self.query.is_empty or self.within:
            return 0
        return Contribution.objects.published_to(self.reader).matching(self.query)[: MOST_CONTRIBUTIONS + 1].count()

    @property
    def everything(self) -> int:
        """Before the choices."""
        return sum(cell.count for cell in self._cells)

    def _narrowed(self, rows: Any) -> Any:
        """The choices, said to the database."""
        for name, code in self.choice.codes.items():
            rows = rows.filter(self._wanted(name, code))
        return rows

    def _wanted(self, name: str, code: str) -> Q:
        if name == "nature":
            return Q(kind__in=[kind for kind, family in FAMILY_OF.items() if family == code])
        if name == "periode":
            return Q(period=code)
        if name == "chantier":
            return Q(chantier__in=[pk for pk, row in self.chantiers.items() if row.slug == code])
        if name == "territoire":
            own = Q(territory__in=[pk for pk, row in self.territories.items() if row.code == code])
            there = [pk for pk, row in self.chantiers.items() if any(t.code == code for t in row.territories.all())]
            return own | Q(chantier__in=there)
        circle = CIRCLES[code]
        wider = [c for c in _WIDTH if _WIDTH[c] > _WIDTH[circle]]
        same = Q(circle=circle) & (Q(chantier=None) | Q(chantier__circle__in=[circle, *wider]))
        return same | Q(circle__in=wider, chantier__circle=circle)

    def page(self, number: Any) -> Page:
        """The results of a page, ready to be shown (1 query)."""
        terms = self.query.terms(completing=bool(self.completed))
        rows = self._narrowed(self._rows(terms).annotate(period=self._period())) if self._cells else SearchEntry.objects.none()
        page = _Counted(self._ranked(rows), PER_PAGE, self.total).get_page(number)
        inside = groups_of(self.reader)
        everywhere = bool(getattr(self.reader, "is_coordination", False))
        page.object_list = [self._result(entry, everywhere or entry.chantier_id in inside) for entry in page.object_list]
        return page

    def _ranked(self, rows: Any) -> Any:
        hits: Any = Value(0)
        for key in self.query.needed:
            hits += Case(When(title_stems__contains=f" {key} ", then=Value(1)), default=Value(0))
        rows = rows.annotate(hits=Cast(hits, IntegerField())).order_by("-hits", F("at").desc(nulls_last=True), "kind", "-thing_id")
        return rows.only("kind", "thing_id", "chantier_id", "circle", "at", "title", "text", "path", "path_outside")

    def _result(self, entry: SearchEntry, inside: bool) -> Result:
        stems, chantier = self.query.needed, self.chantiers.get(entry.chantier_id or 0)
        kind, family = KINDS.get(entry.kind), FAMILIES[FAMILY_OF[entry.kind]]
        return Result(
            label=kind.label if kind else family[0],
            icon=family[1],
            title=highlight(entry.title, stems, self.completed),
            snippet=snippet(entry.text, stems, self.completed),
            circle=self._circle(entry.circle, chantier),
            at=entry.at,
            chantier=None if entry.kind == "chantier" else chantier,
            url=entry.path if inside or not entry.path_outside else entry.path_outside,
        )


class _Counted(Paginator):
    """Pages of rows of which the number is known already."""

    def __init__(self, rows: Any, per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.count = total  # type: ignore[misc,assignment]
