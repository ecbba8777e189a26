"""Years of the process: closed ones, frozen; and the one under way."""

from __future__ import annotations

from datetime import date
from typing import Any

from dialogue.archive import years
from dialogue.archive.models import ProcessYear
from dialogue.formats.json import seal


def build(world: Any) -> None:
    for n in range(world.size):
        make_year(2016 - n, stage="closed")
    make_year(2017)


def make_year(year: int, **fields: Any) -> ProcessYear:
    row = ProcessYear(year=year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), **fields)
    if row.stage == "closed":
        row.closed_on = row.ends_on
        row.content = years.content(row, word="Une année de rencontres.", carried=[], closed_on=row.ends_on)
        row.seal = seal(row.content)
    row.save()
    return row
