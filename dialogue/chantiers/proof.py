"""The evidence of a candidate: numbers that stand alone, computed anew until a council decides, frozen from then on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from dialogue.analysis import reasons
from dialogue.chantiers import choosing
from dialogue.chantiers.models import Candidate
from dialogue.chantiers.stages import Reason
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import STANDING

#: The name of the organisation that a contribution speaks for, if any.
SPEAKER = Coalesce("organisation__name", NullIf("organisation_name", Value("")))


@dataclass(frozen=True)
class Basis:
    """Of the contributions that a candidate rests on: the whole cell, or those that a person chose."""

    texts: int = 0
    authors: int = 0
    communes: int = 0
    organisations: int = 0


@dataclass(frozen=True)
class Proof:
    """`authors`, `expected`, `ratio` and its 95 % bounds are those of the whole cell; the basis may be a choice within it."""

    authors: int
    expected: float
    ratio: float
    lower: float
    upper: float
    territory_authors: int
    theme_authors: int
    all_authors: int
    rank: int
    themes: int
    texts: int
    basis_texts: int = 0
    basis_authors: int = 0
    communes: int = 0
    organisations: int = 0

    @property
    def share(self) -> float:
        """Of the authors of the territory, 0 to 1."""
        return self.authors / self.territory_authors if self.territory_authors else 0.0

    @property
    def overall_share(self) -> float:
        return self.theme_authors / self.all_authors if self.all_authors else 0.0

    def as_json(self) -> dict[str, Any]:
        """`observed` is the name that `authors` has in analysis.reasons.Evidence, which pages above read."""
        numbers = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return numbers | {"observed": self.authors}


def from_json(stored: dict[str, Any]) -> Proof | None:
    """A frozen proof; None when nothing was frozen, or by other hands."""
    names = {f.name for f in fields(Proof)}
    try:
        return Proof(**{name: value for name, value in stored.items() if name in names})
    except TypeError:
        return None


def of_cell(counts: choosing.Counts, theme: int, territory: int, basis: Basis = Basis()) -> Proof:
    """No query."""
    found = reasons.judge(counts.authors(theme, territory), counts.expected(theme, territory), is_priority=False)
    return Proof(
        authors=found.observed,
        expected=found.expected,
        ratio=found.ratio,
        lower=found.lower,
        upper=found.upper,
        territory_authors=counts.sum(territory=territory),
        theme_authors=counts.sum(theme=theme),
        all_authors=counts.sum(),
        rank=counts.rank(theme, territory),
        themes=len({on for on, at in counts.cells if at == territory and on is not None} | {theme}),
        texts=counts.texts(theme, territory),
        basis_texts=basis.texts,
        basis_authors=basis.authors,
        communes=basis.communes,
        organisations=basis.organisations,
    )


MEASURES = {
    "texts": Count("pk", distinct=True),
    "authors": Count("author_key", distinct=True),
    "communes": Count("commune", distinct=True),
    "organisations": Count(SPEAKER, distinct=True),
}


def basis_of(rows: QuerySet[Contribution]) -> Basis:
    """One query."""
    return Basis(**rows.aggregate(**MEASURES))


def contributions_of(candidate: Candidate) -> QuerySet[Contribution]:
    """What it rests on: those that a person chose for a structuring project, else the whole cell."""
    if candidate.reason == Reason.STRUCTURING:
        return Contribution.objects.standing().filter(candidates=candidate).order_by("number")
    return choosing.ALL.of(candidate.theme_id, candidate.territory_id).order_by("number")


def prove(candidate: Candidate) -> Proof:
    """Computed now (2 queries)."""
    return of_cell(choosing.count(), candidate.theme_id, candidate.territory_id, basis_of(contributions_of(candidate)))


def proofs(candidates: Iterable[Candidate]) -> dict[int, Proof]:
    """The proof of each by its id: frozen where a council decided, else computed (3 queries, however many)."""
    candidates = list(candidates)
    found = {c.pk: proof for c in candidates if (proof := from_json(c.evidence)) is not None}
    open_ones = [c for c in candidates if c.pk not in found]
    if not open_ones:
        return found
    counts, cells, chosen = choosing.count(), _cells(open_ones), _chosen(open_ones)
    for c in open_ones:
        basis = chosen.get(c.pk) if c.reason == Reason.STRUCTURING else cells.get((c.theme_id, c.territory_id))
        found[c.pk] = of_cell(counts, c.theme_id, c.territory_id, basis or Basis())
    return found


def _cells(candidates: list[Candidate]) -> dict[tuple[int, int], Basis]:
    pairs = Q(pk__in=[])
    for c in candidates:
        pairs |= Q(theme=c.theme_id, territory=c.territory_id)
    rows = Contribution.objects.standing().filter(pairs).order_by().values("theme_id", "territory_id").annotate(**MEASURES)
    return {(row.pop("theme_id"), row.pop("territory_id")): Basis(**row) for row in rows}


def _chosen(candidates: list[Candidate]) -> dict[int, Basis]:
    mine = Contribution.candidates.through.objects.filter(
        candidate__in=[c.pk for c in candidates], contribution__stage__in=STANDING
    ).order_by()
    speaker = Coalesce("contribution__organisation__name", NullIf("contribution__organisation_name", Value("")))
    rows = mine.values(on=F("candidate_id")).annotate(
        texts=Count("contribution", distinct=True),
        authors=Count("contribution__author_key", distinct=True),
        communes=Count("contribution__commune", distinct=True),
        organisations=Count(speaker, distinct=True),
    )
    return {row.pop("on"): Basis(**row) for row in rows}
