"""The results of all the chantiers: a selection kept in the address, counts beside each choice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from dialogue.deliverables.models import Deliverable
from dialogue.fulltext.stems import stems_of

PER_PAGE = 20
#: Characters and words of a search that are read.
MAX_TEXT, MAX_WORDS = 200, 12
#: What a selection can choose in, by the name of the parameter.
FACETS = ("theme", "territoire", "chantier", "annee")


@dataclass(frozen=True)
class Option:
    code: str
    label: str
    count: int
    chosen: bool


def codes_of(row: Deliverable, name: str) -> dict[str, str]:
    """The choices of a facet under which a result stands: code → label."""
    if name == "theme":
        return {row.chantier.theme.code: row.chantier.theme.short_name}
    if name == "territoire":
        return {territory.code: territory.name for territory in row.chantier.territories.all()}
    if name == "chantier":
        return {row.chantier.slug: row.chantier.title}
    year = str(row.published_on.year) if row.published_on else ""
    return {year: year}


@dataclass
class Results:
    """All that the page of results shows; `everything` is what the reader may read."""

    everything: list[Deliverable]
    q: str = ""
    chosen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = list(dict.fromkeys(stems_of(self.q).split()))[:MAX_WORDS]
        self.matching = [row for row in self.everything if all(f" {word} " in row.stems for word in words)]
        # A choice that no result offers is no choice, never an error.
        known = {name: {code for row in self.everything for code in codes_of(row, name)} for name in FACETS}
        self.chosen = {name: code for name, code in self.chosen.items() if code in known[name]}
        self.found = self._selected()

    def _selected(self, *, aside: str = "") -> list[Deliverable]:
        wanted = [(name, code) for name, code in self.chosen.items() if name != aside]
        return [row for row in self.matching if all(code in codes_of(row, name) for name, code in wanted)]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.chosen)

    def facets(self) -> dict[str, list[Option]]:
        """Each facet with its choices: those that some result offers, with how many they would give."""
        found = {}
        for name in FACETS:
            labels = {code: label for row in self.everything for code, label in codes_of(row, name).items()}
            counts = Counter(code for row in self._selected(aside=name) for code in codes_of(row, name))
            order = sorted(labels.items(), key=lambda pair: pair[1].lower(), reverse=name == "annee")
            found[name] = [Option(code, label, counts[code], self.chosen.get(name) == code) for code, label in order]
        return found

    def pills(self) -> list[tuple[str, str]]:
        """The choices made, as (label, address of the page without this one)."""
        labels = {
            (name, code): label for row in self.everything for name in FACETS for code, label in codes_of(row, name).items()
        }
        found = [(f"« {self.q} »", self.url(without="q"))] if self.q else []
        return found + [(labels[pair], self.url(without=pair[0])) for pair in self.chosen.items()]

    def url(self, *, without: str) -> str:
        pairs = [("q", self.q)] * bool(self.q) + list(self.chosen.items())
        return f"?{urlencode([pair for pair in pairs if pair[0] != without])}"


def explore(reader: Any, query: QueryDict) -> Results:
    """What `reader` may read, newest first (2 queries), and the selection of the address."""
    rows = Deliverable.objects.visible_to(reader).current().for_list().order_by("-published_on", "-number")
    text = " ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_TEXT]
    return Results(list(rows), text, {name: code for name in FACETS if (code := query.get(name, ""))})
