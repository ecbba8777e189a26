"""The chantiers side by side: one row each, the same on the page of today, in a frozen edition, in CSV and in XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.models.chantier import ever_opened
from dialogue.chantiers.stages import Rating, Stage
from dialogue.evaluation.content import Content
from dialogue.evaluation.models import Evaluation, EvaluationVersion
from dialogue.evaluation.results import from_content
from dialogue.evaluation.stages import FEWEST, Verdict

#: Verdict → icon, class of the chip. The word is always written.
LOOKS = {
    Verdict.KEPT: ("n6", "ok"),
    Verdict.PARTLY: ("n3", "att"),
    Verdict.NOT: ("n0", "err"),
    Verdict.WAITING: ("heure", ""),
    Verdict.RESERVED: ("cp", ""),
    Verdict.GOING_ON: ("n2", ""),
    Verdict.STOPPED: ("n0", ""),
}
#: Those that have ratings to compare.
RATED = (Verdict.KEPT, Verdict.PARTLY, Verdict.NOT)


@dataclass(frozen=True)
class Row:
    """One chantier. `objectives` and `deliverables`: how many are reached, partly, not. `delay`: the greatest number of days between
    a promise and its publication (negative when early). `agree`: percentage of the survey who found it useful, from five answers."""

    number: int
    slug: str
    title: str
    theme_code: str
    theme: str
    territories: list[list[str]]
    verdict: str
    objectives: list[int] = field(default_factory=list)
    deliverables: list[int] = field(default_factory=list)
    delay: int | None = None
    asked: int | None = None
    answered: int | None = None
    agree: int | None = None
    version: int | None = None

    @property
    def is_rated(self) -> bool:
        return self.verdict in RATED

    @property
    def label(self) -> str:
        return str(Verdict(self.verdict).label)

    @property
    def icon(self) -> str:
        return LOOKS[Verdict(self.verdict)][0]

    @property
    def css(self) -> str:
        return LOOKS[Verdict(self.verdict)][1]

    @property
    def places(self) -> str:
        return ", ".join(name for _code, name in self.territories)

    @property
    def kept(self) -> float:
        """For sorting alone: the share of what was promised that is kept, a half for a part; −1 when nothing is rated."""
        points = [a + b for a, b in zip(self.objectives or [0] * 3, self.deliverables or [0] * 3, strict=True)]
        total = sum(points)
        return (points[0] + points[1] / 2) / total if total else -1.0

    @property
    def survey_said(self) -> str:
        if self.answered is None:
            return _("pas d’enquête")
        if self.agree is None:
            return _("moins de cinq réponses") if self.answered < FEWEST else _("sans avis")
        return _("%(n)d %% le disent utile (%(answered)d réponses)") % {"n": self.agree, "answered": self.answered}


def verdict_of(content: Content) -> Verdict:
    """All reached: kept. Nothing reached, even in part: not kept. Anything else: kept in part."""
    ratings = [line["rating"] for line in (*content["objectives"], *content["deliverables"])]
    if ratings and all(rating == Rating.REACHED for rating in ratings):
        return Verdict.KEPT
    if ratings and all(rating == Rating.NOT for rating in ratings):
        return Verdict.NOT
    return Verdict.PARTLY


def rows_for(reader: Any) -> list[Row]:
    """The chantiers that `reader` may read, by number (4 queries, whatever their number)."""
    last = EvaluationVersion.objects.filter(evaluation=OuterRef("pk")).order_by("-number").values("pk")[:1]
    shown = Evaluation.objects.published_to(reader).annotate(last=Subquery(last)).values_list("chantier_id", "last")
    by_chantier = dict(shown)
    versions = EvaluationVersion.objects.in_bulk([pk for pk in by_chantier.values() if pk])
    chantiers = Chantier.objects.visible_to(reader).filter(ever_opened()).for_list()
    return [row_of(chantier, versions.get(by_chantier.get(chantier.pk))) for chantier in chantiers]


def row_of(chantier: Chantier, version: EvaluationVersion | None) -> Row:
    common = {
        "number": chantier.number,
        "slug": chantier.slug,
        "title": chantier.title,
        "theme_code": chantier.theme.code,
        "theme": chantier.theme.short_name,
        "territories": [[territory.code, territory.name] for territory in chantier.territories.all()],
    }
    if version is None:
        return Row(**common, verdict=str(_unrated(chantier)))
    content = version.content
    survey = from_content(content["survey"])
    useful = survey.questions[0].share if survey and survey.is_shown else None
    return Row(
        **common,
        verdict=str(verdict_of(content)),
        objectives=_counts(content["objectives"]),
        deliverables=_counts(content["deliverables"]),
        delay=max((line["days"] for line in content["deliverables"] if line["days"] is not None), default=None),
        asked=survey.asked if survey else None,
        answered=survey.answered if survey else None,
        agree=useful,
        version=version.number,
    )


def _unrated(chantier: Chantier) -> Verdict:
    if chantier.stage == Stage.COMPLETED:
        return Verdict.WAITING
    if chantier.stage in {Stage.EVALUATED, Stage.ARCHIVED}:
        return Verdict.RESERVED
    return Verdict.STOPPED if chantier.stage == Stage.ABANDONED else Verdict.GOING_ON


def _counts(lines: list[dict[str, Any]]) -> list[int]:
    return [sum(1 for line in lines if line["rating"] == rating) for rating in Rating]


def as_content(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def from_frozen(rows: Iterable[dict[str, Any]]) -> list[Row]:
    return [Row(**row) for row in rows]


# Choosing what is seen ---------------------------------------------------------------------------------------------

SORTS: dict[str, Any] = {
    "numero": lambda row: row.number,
    "theme": lambda row: (row.theme, row.number),
    "territoire": lambda row: (row.places, row.number),
    "promesses": lambda row: (-row.kept, row.number),
    "retard": lambda row: (row.delay is None, -(row.delay or 0), row.number),
}


@dataclass(frozen=True)
class Selection:
    """Filters and order of the table, as the address says them; what is unknown is left aside."""

    theme: str = ""
    territory: str = ""
    verdict: str = ""
    sort: str = "numero"

    @classmethod
    def of(cls, query: Any) -> Selection:
        verdict, sort = query.get("resultat", ""), query.get("tri", "")
        return cls(
            query.get("theme", "")[:80],
            query.get("territoire", "")[:80],
            verdict if verdict in Verdict.values else "",
            sort if sort in SORTS else "numero",
        )

    def apply(self, rows: Iterable[Row]) -> list[Row]:
        found = [
            row
            for row in rows
            if self.theme in {"", row.theme_code}
            and self.verdict in {"", row.verdict}
            and (not self.territory or self.territory in {code for code, _name in row.territories})
        ]
        return sorted(found, key=SORTS[self.sort])

    @property
    def is_narrow(self) -> bool:
        return bool(self.theme or self.territory or self.verdict)


def choices_of(rows: Sequence[Row]) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what there is."""
    return {
        "themes": sorted({(row.theme_code, row.theme) for row in rows}, key=lambda each: each[1]),
        "territories": sorted({(code, name) for row in rows for code, name in row.territories}, key=lambda each: each[1]),
        "verdicts": [(str(each), str(each.label)) for each in Verdict if any(row.verdict == each for row in rows)],
    }


def summary_of(rows: Sequence[Row]) -> list[tuple[str, str, str, int]]:
    """(icon, class, word, number of chantiers), for each verdict that there is."""
    counted = [(*LOOKS[each], str(each.label), sum(1 for row in rows if row.verdict == each)) for each in Verdict]
    return [line for line in counted if line[3]]


# Files -------------------------------------------------------------------------------------------------------------


def header() -> list[str]:
    return [
        _("Numéro"), _("Chantier"), _("Thème"), _("Territoires"), _("Résultat"),
        _("Objectifs atteints"), _("Objectifs atteints en partie"), _("Objectifs non atteints"),
        _("Livrables réalisés"), _("Livrables réalisés en partie"), _("Livrables non réalisés"),
        _("Plus grand écart de date (jours)"), _("Personnes interrogées"), _("Réponses à l’enquête"), _("Le disent utile (%)"),
    ]  # fmt: skip


def line_of(row: Row) -> list[Any]:
    """One line of a file: what does not apply is empty, never a zero."""
    counts = [*row.objectives, *row.deliverables] if row.is_rated else [None] * 6
    return [
        row.number, row.title, row.theme, row.places, row.label, *counts, row.delay, row.asked, row.answered, row.agree,
    ]  # fmt: skip
