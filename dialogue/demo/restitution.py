"""The councils n° 6 are prepared, told to each territory, then gathered for the conference of March 2018."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from typing import Any

from dialogue.demo.cast import DATA, Cast
from dialogue.demo.story import Story, at
from dialogue.restitution.acts import conferences, points
from dialogue.restitution.models import Conference, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from dialogue.territories.models import Territory

COUNCIL, CONFERENCE = 6, 3
#: Published in advance, for two territories; prepared already for four others; the rest is not begun at the demonstration's date.
IN_ADVANCE = {"medoc": date(2017, 11, 2), "libournais": date(2017, 11, 3)}
PREPARED = {"sud-gironde", "bordeaux", "haute-gironde", "graves"}
#: Half read over on the demonstration's date.
READ_OVER = {"sud-gironde"}
CONFERENCE_DAY = date(2018, 3, 30)


def lines() -> dict[str, Any]:
    """What the coordination writes (data/restitution.toml)."""
    with (DATA / "restitution.toml").open("rb") as file:
        return tomllib.load(file)


def tell(story: Story, cast: Cast, councils: dict[str, int]) -> None:
    """`councils`: the day of November 2017 of each territory's council."""
    desk = Desk(cast, lines())
    for code, day in councils.items():
        held = date(2017, 11, day)
        if code in IN_ADVANCE:
            story.tell(at(IN_ADVANCE[code], 10), lambda now, code=code: desk.draft(code, now))
            story.tell(at(IN_ADVANCE[code], 16, 30), lambda now, code=code: desk.publish(code, now))
            continue
        begins = date(2017, 11, 3) if code in PREPARED else held - timedelta(days=9)
        story.tell(at(begins, 11, day), lambda now, code=code: desk.draft(code, now))
        if code in READ_OVER:
            story.tell(at(begins, 15), lambda now, code=code: desk.read_over(code, now, only=1))
        story.tell(at(held, 8, 15), lambda now, code=code: desk.publish(code, now, refresh=True))
    story.tell(at(date(2017, 11, 6), 8, 20), lambda now: desk.correct("libournais", now))
    _tell_conference(story, desk)


def _tell_conference(story: Story, desk: Desk) -> None:
    for n, territory in enumerate(Territory.objects.all()):
        story.tell(at(date(2018, 3, 12), 9, 30 + n), lambda now, code=territory.code: desk.draft(code, now, Where.CONFERENCE))
        story.tell(at(date(2018, 3, 26), 9, n), lambda now, code=territory.code: desk.publish_later(code, now))
    story.tell(at(CONFERENCE_DAY - timedelta(days=2), 10), desk.assemble)
    story.tell(at(CONFERENCE_DAY, 8, 30), desk.publish_conference)


class Desk:
    """The coordination at work."""

    def __init__(self, cast: Cast, said: dict[str, Any]) -> None:
        self.by, self.said = cast.coordination, said

    def draft(self, code: str, now: datetime, kind: Where = Where.COUNCIL) -> None:
        series = COUNCIL if kind == Where.COUNCIL else CONFERENCE
        points.draft_point(Territory.objects.get(code=code), by=self.by, now=now, kind=kind, series=series)

    def point(self, code: str, kind: Where = Where.COUNCIL) -> ProgressPoint:
        return ProgressPoint.objects.select_related("territory").get(territory__code=code, kind=kind)

    def read_over(self, code: str, now: datetime, *, only: int = 0, kind: Where = Where.COUNCIL) -> ProgressPoint:
        """The steps that only partners read are taken up, what is asked is written, each chantier is marked as read over."""
        point = self.point(code, kind)
        rows = list(point.lines.select_related("chantier").order_by("order"))[: only or None]
        for line in rows:
            if line.data and "roadmap" in line.reserved:
                points.use_steps(line, by=self.by, now=now)
        point.refresh_from_db()
        later = kind == Where.CONFERENCE
        first = self.said["later_introduction" if later else "introduction"]
        opening = point.introduction if first in point.introduction else f"{point.introduction}\n\n{first}"
        words = {"introduction": opening, "conclusion": self.said["later_conclusion" if later else "conclusion"]}
        written = {line.pk: self._words(line.chantier.number, later=later) | {"is_ready": True} for line in rows}
        points.edit_point(point, by=self.by, now=now, revision=point.revision, values=words, lines=written)
        return point

    def _words(self, number: int, *, later: bool) -> dict[str, Any]:
        if later:
            return {}
        found = {"asked": self.said["asked"].get(str(number), "")}
        call = self.said["calls"].get(str(number))
        return found | ({"call": call} if call else {})

    def publish(self, code: str, now: datetime, *, refresh: bool = False, kind: Where = Where.COUNCIL) -> None:
        point = self.point(code, kind)
        if refresh:
            points.refresh_point(point, by=self.by, now=now)
        point = self.read_over(code, now, kind=kind)
        points.freeze_point(point, by=self.by, now=now)
        points.publish_point(point, by=self.by, now=now)

    def publish_later(self, code: str, now: datetime) -> None:
        self.publish(code, now, refresh=True, kind=Where.CONFERENCE)

    def correct(self, code: str, now: datetime) -> None:
        """Something was missing: a second version, with what changed in sight."""
        point = self.point(code)
        points.correct_point(point, by=self.by, now=now)
        values = {"introduction": point.introduction, "conclusion": self.said["corrected"]}
        points.edit_point(point, by=self.by, now=now, revision=point.revision, values=values)
        points.freeze_point(point, by=self.by, now=now, note=self.said["correction"])
        points.publish_point(point, by=self.by, now=now)

    def assemble(self, now: datetime) -> None:
        paper = conferences.draft_conference(None, by=self.by, now=now, series=CONFERENCE)
        values = {"introduction": self.said["conference_introduction"], "conclusion": self.said["conference_conclusion"]}
        conferences.edit_conference(paper, by=self.by, now=now, revision=paper.revision, values=values)

    def publish_conference(self, now: datetime) -> None:
        paper = Conference.objects.get(series=CONFERENCE)
        assert paper.stage == PaperStage.DRAFTING  # noqa: S101  (the story itself is checked)
        conferences.refresh_figures(paper, by=self.by, now=now)
        conferences.freeze_conference(paper, by=self.by, now=now)
        conferences.publish_conference(paper, by=self.by, now=now)
