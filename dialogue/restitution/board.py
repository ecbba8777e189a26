"""The territories of one gathering, each with what is ready and what is not (about fifteen queries, whatever their number)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dialogue.restitution import checks
from dialogue.restitution.checks import Check, Review
from dialogue.restitution.gatherings import Gathering
from dialogue.restitution.models import Conference, PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage
from dialogue.territories.models import CalendarDate, Territory


@dataclass(frozen=True)
class Row:
    territory: Territory
    day: CalendarDate | None
    point: ProgressPoint | None
    review: Review | None

    @property
    def total(self) -> int:
        return len(self.review.told) if self.review else 0

    @property
    def ready(self) -> int:
        return self.review.ready if self.review else 0

    @property
    def is_drafting(self) -> bool:
        return self.point is not None and self.point.stage == PaperStage.DRAFTING


@dataclass(frozen=True)
class Board:
    gathering: Gathering
    rows: list[Row]
    #: Of a conference: its document, if it was begun, and the points that it would take today.
    conference: Conference | None
    points: list[PointVersion]
    checks: list[Check]

    @property
    def published(self) -> int:
        return sum(1 for row in self.rows if row.point is not None and row.point.published_at is not None)

    @property
    def not_begun(self) -> int:
        return sum(1 for row in self.rows if row.point is None)


def board(gathering: Gathering, *, now: datetime) -> Board:
    rows = ProgressPoint.objects.filter(kind=gathering.kind, series=gathering.series).select_related("territory", "edited_by")
    points = {point.territory_id: point for point in rows}
    reviews = checks.review_all(list(points.values()), now=now)
    territories = list(Territory.objects.all())
    found = [
        Row(t, gathering.date_in(t.pk), points.get(t.pk), reviews.get(points[t.pk].pk) if t.pk in points else None)
        for t in territories
    ]
    found.sort(key=lambda row: (row.day.starts_on if row.day else date.max, row.territory.order))
    if not gathering.is_conference:
        return Board(gathering, found, None, [], [])
    paper = Conference.objects.filter(series=gathering.series).first()
    out = checks.published_points()
    told = checks.conference_checks(paper, out, territories) if paper else []
    return Board(gathering, found, paper, out, told)
