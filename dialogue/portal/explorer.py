"""Finding a chantier: a selection kept in the URL, counts beside each choice, a list and a theme × territory matrix."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import ShownState
from dialogue.language.text import normalise
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.territories.models import Territory, Theme

#: The 26 of 2017 stand on one page, as in the design.
PER_PAGE = 30
#: Characters and words of a search that are read: the rest is left aside.
MAX_TEXT, MAX_WORDS = 200, 12
VIEWS = ("liste", "matrice")
#: What a selection can choose in, by the name of the parameter.
FACETS = ("territoire", "theme", "etat")
#: The order of the tide on the home page: the seven states of the design, then those that are met at the ends of a life.
TIDE = [
    ShownState.CONSTITUTION, ShownState.ROADMAP, ShownState.MEETINGS, ShownState.DELIVERABLE, ShownState.PROPOSITIONS,
    ShownState.PACT, ShownState.PAUSED,
]
OTHER_STATES = [ShownState.COMPLETED, ShownState.ABANDONED, ShownState.PROPOSED]


@dataclass(frozen=True)
class Selection:
    """What a reader chose. Unknown codes are kept out by `Explorer`, never an error."""

    q: str = ""
    view: str = "liste"
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict) -> Selection:
        text = " ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_TEXT]
        view = query.get("vue", "liste")
        chosen = {name: tuple(dict.fromkeys(filter(None, query.getlist(name))))[:MAX_WORDS] for name in FACETS}
        return cls(q=text, view=view if view in VIEWS else "liste", chosen=chosen)

    @property
    def words(self) -> str:
        """The text to search, cut to a number of words that any database accepts."""
        return " ".join(list(dict.fromkeys(normalise(self.q).split()))[:MAX_WORDS])

    @property
    def is_empty(self) -> bool:
        return not self.q and not any(self.chosen.values())

    def url(self, *, without: tuple[str, str] | None = None) -> str:
        """The query string of this selection, less one choice (parameter, value)."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FACETS for value in self.chosen.get(name, ())]
        pairs = [pair for pair in pairs if pair != without]
        if self.view != "liste":
            pairs.append(("vue", self.view))
        return f"?{urlencode(pairs)}"


@dataclass(frozen=True)
class Option:
    code: str
    label: Any
    count: int
    chosen: bool


@dataclass
class Explorer:
    """All that the page shows; `everything` is what the reader may see that matches the text, before the choices."""

    selection: Selection
    everything: list[Chantier]
    territories: list[Territory]
    themes: list[Theme]
    found: list[Chantier] = field(init=False)

    def __post_init__(self) -> None:
        known = {
            "territoire": {t.code for t in self.territories},
            "theme": {t.code for t in self.themes},
            "etat": {s.code for s in ShownState},
        }
        chosen = {name: tuple(c for c in self.selection.chosen.get(name, ()) if c in known[name]) for name in FACETS}
        self.selection = Selection(self.selection.q, self.selection.view, chosen)
        self.found = self._matching()

    def _codes(self, chantier: Chantier, name: str) -> set[str]:
        if name == "territoire":
            return {t.code for t in chantier.territories.all()}
        return {chantier.theme.code if name == "theme" else chantier.shown_state.code}

    def _matching(self, *, aside: str = "") -> list[Chantier]:
        """Those of the selection; `aside`: a facet left out, so that its own counts say what each choice would give."""
        wanted = {name: set(values) for name, values in self.selection.chosen.items() if values and name != aside}
        return [c for c in self.everything if all(self._codes(c, name) & values for name, values in wanted.items())]

    def options(self, name: str) -> list[Option]:
        """The choices of a facet with their counts. A state that no chantier is in is not offered, unless of the tide."""
        counts: dict[str, int] = defaultdict(int)
        for chantier in self._matching(aside=name):
            for code in self._codes(chantier, name):
                counts[code] += 1
        if name == "etat":
            rare = [s for s in OTHER_STATES if counts[s.code] or s.code in self.selection.chosen[name]]
            labels = [(s.code, s.label) for s in [*TIDE, *rare]]
        else:
            rows: list[Any] = self.territories if name == "territoire" else self.themes
            labels = [(row.code, row.name if name == "territoire" else row.short_name) for row in rows]
        chosen = self.selection.chosen[name]
        # A list shows one choice; the others, given by the URL, stand as pills (see `pills`).
        return [Option(code, label, counts[code], code in chosen[:1]) for code, label in labels]

    def facets(self) -> dict[str, list[Option]]:
        return {name: self.options(name) for name in FACETS}

    def pills(self) -> list[tuple[Any, str]]:
        """The choices made, as (label, address of the page without this one)."""
        labels = {("territoire", t.code): t.name for t in self.territories}
        labels |= {("theme", t.code): t.short_name for t in self.themes}
        labels |= {("etat", s.code): s.label for s in ShownState}
        pairs = [(name, code) for name in FACETS for code in self.selection.chosen[name]]
        found = [(labels[pair], self.selection.url(without=pair)) for pair in pairs]
        if self.selection.q:
            found.insert(0, (f"« {self.selection.q} »", self.selection.url(without=("q", self.selection.q))))
        return found

    def extra(self) -> list[tuple[str, str]]:
        """Second choices of a facet, carried by hidden fields."""
        return [(name, code) for name in FACETS for code in self.selection.chosen[name][1:]]

    def matrix(self) -> Matrix:
        return Matrix.of(self.found, self.themes, self.territories)


@dataclass(frozen=True)
class Matrix:
    """Theme × territory: each cell holds the chantiers of that pair (often one, or none)."""

    territories: list[Territory]
    rows: list[tuple[Theme, list[list[Chantier]], int]]
    column_totals: list[int]
    total: int

    @classmethod
    def of(cls, chantiers: list[Chantier], themes: list[Theme], territories: list[Territory]) -> Matrix:
        cells: dict[tuple[int, int], list[Chantier]] = defaultdict(list)
        for chantier in chantiers:
            for territory in chantier.territories.all():
                cells[chantier.theme_id, territory.pk].append(chantier)
        rows = []
        for theme in themes:
            line = [cells[theme.pk, territory.pk] for territory in territories]
            rows.append((theme, line, len({c.pk for cell in line for c in cell})))
        totals = [len({c.pk for theme in themes for c in cells[theme.pk, t.pk]}) for t in territories]
        return cls(territories, rows, totals, len(chantiers))


def explore(reader: Any, selection: Selection) -> Explorer:
    """Reads what `reader` may see (4 queries)."""
    rows = Chantier.objects.visible_to(reader).matching(selection.words).for_list().defer("search_text", "reason_text", "motive")
    return Explorer(selection, list(rows), list(Territory.objects.all()), list(Theme.objects.all()))


def next_meetings(chantiers: list[Chantier], reader: Any, now: datetime) -> dict[int, Meeting]:
    """The next meeting of each of these chantiers, by chantier id (1 query)."""
    rows = Meeting.objects.visible_to(reader).filter(
        chantier__in=[c.pk for c in chantiers], starts_at__gte=now, stage=MeetingStage.CONVENED
    )
    found: dict[int, Meeting] = {}
    for meeting in rows.order_by("starts_at", "pk"):
        found.setdefault(meeting.chantier_id, meeting)
    return found


def tide(chantiers: list[Chantier]) -> list[tuple[ShownState, list[Chantier]]]:
    """The chantiers by shown state, in the order of their life; the rare states only when they hold someone."""
    by_state: dict[ShownState, list[Chantier]] = defaultdict(list)
    for chantier in sorted(chantiers, key=lambda c: c.number):
        by_state[chantier.shown_state].append(chantier)
    return [(s, by_state[s]) for s in TIDE] + [(s, by_state[s]) for s in OTHER_STATES if by_state[s]]
