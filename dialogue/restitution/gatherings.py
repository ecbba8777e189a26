"""A gathering: the councils of one series, or one departmental conference. It is named by kind and number; its dates, one a
territory or one for all, are the calendar's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dialogue.restitution.stages import Where
from dialogue.territories.models import CalendarDate
from dialogue.territories.stages import Precision

SLUGS = {Where.COUNCIL: "conseils", Where.CONFERENCE: "conference"}
PATTERN = r"(?:conseils|conference)-[1-9][0-9]{0,3}"


@dataclass(frozen=True)
class Gathering:
    """`dates`: those of the calendar that the reader may know of, loaded by `known` and `one`."""

    kind: str
    series: int
    dates: tuple[CalendarDate, ...] = field(default=(), compare=False)

    @property
    def slug(self) -> str:
        return f"{SLUGS[Where(self.kind)]}-{self.series}"

    @property
    def is_conference(self) -> bool:
        return self.kind == Where.CONFERENCE

    @property
    def title(self) -> str:
        if self.is_conference:
            return _("Conférence départementale n° %(n)d") % {"n": self.series}
        return _("Conseils de territoire n° %(n)d") % {"n": self.series}

    @property
    def title_of_one(self) -> str:
        """As it is called in one territory."""
        return self.title if self.is_conference else _("Conseil de territoire n° %(n)d") % {"n": self.series}

    @property
    def first_day(self) -> date | None:
        return min((row.starts_on for row in self.dates), default=None)

    @property
    def last_day(self) -> date | None:
        return max((row.ends_on or row.starts_on for row in self.dates), default=None)

    def date_in(self, territory_id: int | None) -> CalendarDate | None:
        """That of the territory, else the one for all; the most precise of several."""
        rows = [row for row in self.dates if row.territory_id == territory_id] or [
            r for r in self.dates if r.territory_id is None
        ]
        exact = [row for row in rows if row.precision != Precision.MONTH]
        return next(iter(exact or rows), None)


def read(slug: str) -> Gathering:
    """The gathering that a slug names, without its dates. Raises ValueError for anything else."""
    if not re.fullmatch(PATTERN, slug):
        raise ValueError(slug)
    name, _dash, number = slug.rpartition("-")
    return Gathering(next(kind for kind, code in SLUGS.items() if code == name), int(number))


def known(reader: Any) -> list[Gathering]:
    """Every gathering of the calendar that `reader` may know of, latest first (1 query)."""
    rows = CalendarDate.objects.visible_to(reader).filter(kind__in=Where.values, series__isnull=False, series__gt=0)
    return _grouped(rows.select_related("territory"))


def one(reader: Any, slug: str) -> Gathering:
    """The gathering `slug` with the dates that `reader` may know of (1 query)."""
    named = read(slug)
    rows = CalendarDate.objects.visible_to(reader).filter(kind=named.kind, series=named.series)
    return Gathering(named.kind, named.series, tuple(rows.select_related("territory")))


def _grouped(rows: Iterable[CalendarDate]) -> list[Gathering]:
    groups: dict[tuple[str, int], list[CalendarDate]] = {}
    for row in rows:
        groups.setdefault((row.kind, int(row.series or 0)), []).append(row)
    found = [Gathering(kind, series, tuple(dates)) for (kind, series), dates in groups.items()]
    return sorted(found, key=lambda each: (each.first_day or date.min, each.kind, each.series), reverse=True)
