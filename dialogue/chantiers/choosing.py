"""Contributions against declared priorities, counted in one query (the guide, "Comment ont été choisis les thèmes des chantiers ?").

Authors are counted apart in each cell: whoever posts a hundred times counts once there. Totals are sums of cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.analysis import reasons
from dialogue.chantiers.models import Candidate, Chantier
from dialogue.chantiers.stages import CandidateStage, Reason, Stage
from dialogue.contributions.models import Campaign, Contribution
from dialogue.territories.acts.priorities import priorities_now
from dialogue.territories.models import Territory, Theme

Pair = tuple[int, int]
#: Shades of the matrix, as shares of its fullest cell.
SHADES = (0.1, 0.25, 0.45, 0.7)


@dataclass(frozen=True)
class Scope:
    """Which contributions count: those of one campaign or all; `suggested`: a machine's theme where nobody said one."""

    campaign: Campaign | None = None
    suggested: bool = False

    def contributions(self) -> QuerySet[Contribution]:
        rows = Contribution.objects.standing().order_by()
        if self.campaign is not None:
            rows = rows.filter(campaign=self.campaign)
        theme: Any = Coalesce("theme_id", "suggested_theme_id") if self.suggested else F("theme_id")
        return rows.annotate(on=theme)

    def of(self, theme: Any, territory: Any) -> QuerySet[Contribution]:
        return self.contributions().filter(on=theme, territory=territory)

    @property
    def query(self) -> str:
        """What addresses carry along."""
        facts = {"campagne": self.campaign.slug if self.campaign else "", "suggestions": "1" if self.suggested else ""}
        return urlencode({key: value for key, value in facts.items() if value})


ALL = Scope()


@dataclass(frozen=True)
class Counts:
    """Authors and texts by (theme, territory); None on either side: nobody said it."""

    cells: Mapping[tuple[int | None, int | None], tuple[int, int]]

    def authors(self, theme: int, territory: int) -> int:
        return self.cells.get((theme, territory), (0, 0))[0]

    def texts(self, theme: int, territory: int) -> int:
        return self.cells.get((theme, territory), (0, 0))[1]

    def sum(self, *, theme: int | None = None, territory: int | None = None) -> int:
        """Authors of the cells that have both; of a theme, of a territory, or all."""
        return sum(
            authors
            for (on, at), (authors, _texts) in self.cells.items()
            if on is not None and at is not None and theme in (None, on) and territory in (None, at)
        )

    def expected(self, theme: int, territory: int) -> float:
        """What the territory would have if the theme weighed there as it does everywhere."""
        total = self.sum()
        return self.sum(territory=territory) * self.sum(theme=theme) / total if total else 0.0

    def rank(self, theme: int, territory: int) -> int:
        """1: the theme that the territory speaks of most; equals share a rank."""
        mine = self.authors(theme, territory)
        return 1 + sum(1 for (on, at), (n, _t) in self.cells.items() if at == territory and on is not None and n > mine)

    @property
    def unplaced(self) -> tuple[int, int]:
        """Texts without a theme, texts without a territory: always shown beside the matrix."""
        without_theme = sum(texts for (on, _at), (_n, texts) in self.cells.items() if on is None)
        return without_theme, sum(texts for (_on, at), (_n, texts) in self.cells.items() if at is None)


def count(scope: Scope = ALL) -> Counts:
    """One grouped query, whatever the number of contributions."""
    rows = scope.contributions().values_list("on", "territory_id").annotate(n=Count("author_key", distinct=True), texts=Count("pk"))
    return Counts({(on, at): (n, texts) for on, at, n, texts in rows})


@dataclass(frozen=True)
class Cell:
    """One theme in one territory."""

    theme: Theme
    territory: Territory
    texts: int
    evidence: reasons.Evidence
    is_priority: bool
    statement: str = ""
    shade: int = 1
    chantiers: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def authors(self) -> int:
        return self.evidence.observed

    @property
    def reason(self) -> Reason | None:
        return Reason(self.evidence.reason.value) if self.evidence.reason else None

    @property
    def title(self) -> str:
        """"94 auteurs, 120 contributions, priorité, chantier n° 1"."""
        parts = [
            ngettext("%(n)d auteur", "%(n)d auteurs", self.authors) % {"n": self.authors},
            ngettext("%(n)d contribution", "%(n)d contributions", self.texts) % {"n": self.texts},
            _("priorité du pacte") if self.is_priority else "",
            *(_("chantier n° %(n)d") % {"n": number} for number, _slug, _title in self.chantiers),
        ]
        return ", ".join(part for part in parts if part)

    @property
    def css(self) -> str:
        marks = [f"p{self.shade}", "pr" if self.is_priority else "", "ch" if self.chantiers else ""]
        return " ".join(mark for mark in marks if mark)


@dataclass(frozen=True)
class Matrix:
    territories: list[Territory]
    rows: list[tuple[Theme, list[Cell], int]]
    totals: list[int]
    total: int
    #: The first number of the shades 2 to 5.
    steps: list[int]
    unplaced: tuple[int, int]

    @property
    def cells(self) -> list[Cell]:
        return [cell for _theme, cells, _total in self.rows for cell in cells]


def matrix(scope: Scope = ALL) -> Matrix:
    """Every theme × every territory (5 queries)."""
    territories, themes = list(Territory.objects.all()), list(Theme.objects.all())
    counts, stands, open_ones = count(scope), priorities_now(), living_chantiers()
    most = max([n for (on, at), (n, _t) in counts.cells.items() if on is not None and at is not None], default=0)
    steps = [max(place, round(most * share)) for place, share in enumerate(SHADES, start=2)]
    columns = {t.pk: counts.sum(territory=t.pk) for t in territories}
    total = counts.sum()
    rows = []
    for theme in themes:
        line, theme_total = [], counts.sum(theme=theme.pk)
        for territory in territories:
            pair = (territory.pk, theme.pk)
            expected = columns[territory.pk] * theme_total / total if total else 0.0
            authors = counts.authors(theme.pk, territory.pk)
            evidence = reasons.judge(authors, expected, pair in stands)
            shade = 1 + sum(authors >= step for step in steps)
            texts, chantiers = counts.texts(theme.pk, territory.pk), open_ones.get(pair, [])
            line.append(Cell(theme, territory, texts, evidence, pair in stands, stands.get(pair, ""), shade, chantiers))
        rows.append((theme, line, theme_total))
    return Matrix(territories, rows, list(columns.values()), total, steps, counts.unplaced)


def living_chantiers() -> dict[Pair, list[tuple[int, str, str]]]:
    """(territory, theme) → number, slug and title of the chantiers that were not abandoned: the coordination's view (1 query)."""
    rows = Chantier.objects.exclude(stage=Stage.ABANDONED).order_by("number")
    found: dict[Pair, list[tuple[int, str, str]]] = {}
    for theme, territory, number, slug, title in rows.values_list("theme_id", "territories", "number", "slug", "title"):
        found.setdefault((territory, theme), []).append((number, slug, title))
    return found


def suggested(found: Matrix, candidates: list[Candidate]) -> list[Cell]:
    """What the counts suggest and no person has put yet; a theme that already has its chantier there, or that a council set
    aside for this reason, is not suggested again. The strongest first."""
    said = {(c.theme_id, c.territory_id, c.reason) for c in candidates if c.stage != CandidateStage.OPENED}
    rows = [cell for cell in found.cells if cell.reason and not cell.chantiers]
    rows = [cell for cell in rows if (cell.theme.pk, cell.territory.pk, cell.reason) not in said]
    return sorted(rows, key=lambda cell: cell.evidence.upper if cell.reason == Reason.FEW else -cell.evidence.lower)


def announced(reader: Any) -> list[tuple[Reason, list[Candidate]]]:
    """What `reader` may know of the choice, by reason: for the public page of the contributions (1 query).

    Those to examine that the coordination announced, and what councils said of the others."""
    rows = Candidate.objects.visible_to(reader).filter(Q(is_announced=True) | ~Q(stage=CandidateStage.TO_EXAMINE))
    found = list(rows.select_related("theme", "territory", "council", "chantier"))
    return [(reason, [c for c in found if c.reason == reason]) for reason in Reason]
