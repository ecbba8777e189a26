"""The year of the demonstration: opened with the councils n° 5, it closes after the third departmental conference."""

from __future__ import annotations

from datetime import date, datetime

from dialogue.archive.acts import open_year
from dialogue.demo.cast import Cast
from dialogue.demo.story import Story, at


def tell(story: Story, cast: Cast) -> None:
    def begin(now: datetime) -> None:
        # Its councils and its campaign are in the frame and in the story already.
        open_year(None, by=cast.coordination, now=now, year=2017, starts_on=date(2017, 3, 1), ends_on=date(2018, 3, 31))

    story.tell(at(date(2017, 4, 3), 9), begin)
