"""Exploring the contributions: a selection kept in the URL, and the rows that it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from dialogue.chantiers.models import Chantier
from dialogue.contributions.models import Campaign, Cluster, Contribution
from dialogue.contributions.stages import TAKEN_UP, Nature, Outcome, ThemeSource
from dialogue.fulltext.query import MAX_TEXT, Query, parse
from dialogue.people.stages import Circle
from dialogue.territories.models import Commune, Territory, Theme

#: What a selection can choose in, by the name of the parameter; the team's own come after.
FACETS = ("territoire", "theme", "nature", "campagne", "etat")
TEAM_FACETS = ("source", "cercle")
#: Several choices of one facet add up; more of them than this are left aside.
MOST_CHOICES = 30
#: The code of what has no territory, theme or nature.
NONE = "aucun"
STATES = {"reprise": Outcome.LINKED, "attente": None}
SOURCES = {"auteur": ThemeSource.AUTHOR, "fichier": ThemeSource.FILE, "equipe": ThemeSource.AGENT, NONE: ThemeSource.NONE}
NATURES = {"initiative": Nature.INITIATIVE, "besoin": Nature.NEED, "idee": Nature.IDEA, NONE: ""}
CIRCLES = {"public": Circle.PUBLIC, "partenaires": Circle.PARTNERS, "groupe": Circle.GROUP}
SORTS = ("pertinence", "date")


#: A number with more figures is none of ours, and no database takes it.
_FIGURES = 9


def number_in(typed: str) -> str:
    """`typed` when it may be the number of something, else ""."""
    return typed if typed.isdecimal() and len(typed) <= _FIGURES else ""


def is_team(reader: Any) -> bool:
    return bool(getattr(reader, "is_coordination", False))


@dataclass(frozen=True)
class Selection:
    """What a reader chose. Unknown codes are kept out by `Scope`, never an error."""

    q: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chantier: str = ""
    commune: str = ""
    cluster: str = ""
    #: Themes that the machine suggests, which nobody confirmed, are counted too (the coordination's choice).
    suggested: bool = False
    sort: str = ""

    @classmethod
    def read(cls, query: QueryDict, reader: Any) -> Selection:
        def one(name: str) -> str:
            return " ".join(query.get(name, "").replace("\x00", " ").split())[:MAX_TEXT]

        names = (*FACETS, *TEAM_FACETS) if is_team(reader) else FACETS
        chosen = {
            name: tuple(dict.fromkeys(code[:80] for code in query.getlist(name) if code and "\x00" not in code))[:MOST_CHOICES]
            for name in names
        }
        sort = one("tri")
        return cls(
            q=one("q"),
            chosen=chosen,
            chantier=one("chantier"),
            commune=one("commune"),
            cluster=one("regroupement"),
            suggested=is_team(reader) and bool(one("suggeres")),
            sort=sort if sort in SORTS else "",
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, in an order of their own."""
        one = [("q", self.q), ("chantier", self.chantier), ("commune", self.commune), ("regroupement", self.cluster)]
        found = [pair for pair in one if pair[1]]
        found += [(name, code) for name, codes in self.chosen.items() for code in codes]
        found += [("suggeres", "1")] if self.suggested else []
        return found + ([("tri", self.sort)] if self.sort else [])

    def url(self, *, without: tuple[str, str] | None = None) -> str:
        """The query string of this selection, less one choice (parameter, value)."""
        query = urlencode([pair for pair in self.pairs() if pair != without])
        return f"?{query}" if query else ""

    def carried(self, *names: str) -> str:
        """What the addresses of the matrix go on with: the selection less these parameters, each after a "&"."""
        return "".join(f"&{urlencode([pair])}" for pair in self.pairs() if pair[0] not in names)

    @property
    def is_empty(self) -> bool:
        """Nothing is chosen: neither text nor facet."""
        return not (self.q or self.chantier or self.commune or self.cluster or any(self.chosen.values()))


class Scope:
    """A selection, understood for a reader: its words, what it is limited to, the codes that mean something."""

    def __init__(self, reader: Any, selection: Selection) -> None:
        self.reader, self.query = reader, parse(selection.q)
        self.territories = {row.pk: row for row in Territory.objects.all()}
        self.themes = {row.pk: row for row in Theme.objects.all()}
        self.campaigns = {row.pk: row for row in Campaign.objects.visible_to(reader).only("slug", "title")}
        self.chantier = self._one(Chantier.objects.visible_to(reader), slug=selection.chantier)
        self.commune = self._one(Commune.objects.all(), insee_code=selection.commune)
        self.cluster = self._one(Cluster.objects.visible_to(reader), number=number_in(selection.cluster))
        known = self.values
        self.selection = replace(
            selection,
            chosen={name: tuple(code for code in codes if code in known[name]) for name, codes in selection.chosen.items()},
            chantier=self.chantier.slug if self.chantier else "",
            commune=self.commune.pk if self.commune else "",
            cluster=str(self.cluster.number) if self.cluster else "",
        )

    @staticmethod
    def _one(rows: Any, **where: str) -> Any:
        return rows.filter(**where).first() if all(where.values()) else None

    @property
    def facets(self) -> tuple[str, ...]:
        return (*FACETS, *TEAM_FACETS) if is_team(self.reader) else FACETS

    @cached_property
    def values(self) -> dict[str, dict[str, Any]]:
        """For each facet, its codes and what they are in the database."""
        return {
            "territoire": {row.code: pk for pk, row in self.territories.items()} | {NONE: None},
            "theme": {row.code: pk for pk, row in self.themes.items()} | {NONE: None},
            "nature": NATURES,
            "campagne": {row.slug: pk for pk, row in self.campaigns.items()},
            "etat": STATES,
            "source": SOURCES,
            "cercle": CIRCLES,
        }

    @property
    def has_text(self) -> bool:
        return not self.query.is_empty

    @property
    def key(self) -> tuple[Any, ...]:
        """Two scopes with the same key have the same rows, for readers of the same kind."""
        words: Query | None = self.query if self.has_text else None
        terms = (words.needed, words.phrases, words.without, words.phrases_without) if words else ()
        return (kind_of(self.reader), terms, *(getattr(row, "pk", None) for row in (self.chantier, self.commune, self.cluster)))

    def everything(self, *, row_by_row: bool = False) -> Any:
        """What the reader may read of the text, the chantier, the commune, the cluster; the facets are not applied.

        `row_by_row`: see `fulltext.query.Terms`.
        """
        rows = Contribution.objects.published_to(self.reader)
        if self.has_text:
            rows = rows.matching(self.query, row_by_row=row_by_row)
        if self.chantier:
            rows = rows.filter(chantier_links__chantier=self.chantier)
        if self.commune:
            rows = rows.filter(commune=self.commune)
        return rows.filter(cluster=self.cluster) if self.cluster else rows

    def rows(self, *, row_by_row: bool = False) -> Any:
        """The contributions of the selection."""
        rows = self.everything(row_by_row=row_by_row)
        for name, codes in self.selection.chosen.items():
            if codes:
                rows = rows.filter(self._wanted(name, [self.values[name][code] for code in codes]))
        return rows

    def _wanted(self, name: str, values: list[Any]) -> Q:
        if name == "etat":
            taken = Q(outcome__in=TAKEN_UP)
            return Q() if len(values) == len(STATES) else taken if values[0] else ~taken
        path = {"territoire": "territory", "theme": "theme", "nature": "nature", "campagne": "campaign", "source": "theme_source",
                "cercle": "circle"}[name]  # fmt: skip
        given = [value for value in values if value is not None]
        wanted = Q(**{f"{path}__in": given}) if given else Q(pk__in=[])
        if name == "theme" and self.selection.suggested:
            wanted |= Q(theme=None, suggested_theme__in=given) if given else Q()
            return wanted | Q(theme=None, suggested_theme=None) if None in values else wanted
        return wanted | Q(**{path: None}) if None in values else wanted


def kind_of(reader: Any) -> str:
    """Readers of one kind are published the same contributions (`Contribution.objects.published_to`)."""
    if is_team(reader):
        return "team"
    return "partner" if getattr(reader, "is_partner", False) else "public"
