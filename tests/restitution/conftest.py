"""A territory with three chantiers: one at work, one at work for partners alone, one paused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Role, Stage, Weather
from dialogue.people.models import Person
from dialogue.people.stages import Circle
from dialogue.restitution.acts import points
from dialogue.restitution.models import PointLine, PointVersion, ProgressPoint
from dialogue.restitution.stages import Where
from dialogue.territories.models import Territory
from dialogue.territories.stages import Precision
from tests import factories as make


@dataclass
class Place:
    """`facts`: who acts and when."""

    territory: Territory
    open: Chantier
    reserved: Chantier
    paused: Chantier
    desk: Person
    member: Person

    @property
    def facts(self) -> dict[str, Any]:
        return {"by": self.desk, "now": make.NOW}

    def draft(self, **fields: Any) -> ProgressPoint:
        return points.draft_point(self.territory, **self.facts, **{"kind": Where.COUNCIL, "series": 6} | fields)

    def publish(self, point: ProgressPoint | None = None, **freezing: Any) -> PointVersion:
        point = point or self.draft()
        points.freeze_point(point, **self.facts, **freezing)
        return points.publish_point(point, **self.facts)

    def line(self, point: ProgressPoint, chantier: Chantier) -> PointLine:
        return PointLine.objects.select_related("chantier", "point").get(point=point, chantier=chantier)


@pytest.fixture
def place(db: Any) -> Place:
    make.make_department()
    territory = make.make_territory(name="Sud Gironde", code="sud-gironde")
    make.make_date(
        territory=territory, series=6, starts_on=date(2017, 11, 20), precision=Precision.DAY, title="Conseil du Sud Gironde"
    )
    where = {"territories": [territory], "stage": Stage.WORKING}
    open_ = make.make_chantier(slug="manger-local", title="Manger local", number=2, **where)
    reserved = make.make_chantier(slug="en-interne", title="En interne", number=3, circle=Circle.PARTNERS, **where)
    paused = make.make_chantier(
        slug="un-lieu", title="Un lieu", number=4, **where | {"stage": Stage.SUSPENDED},
        suspended_from=Stage.WORKING, motive="Aucun local.",
    )  # fmt: skip
    member = make.make_member(open_, role=Role.PARTNER).person
    lead = make.make_member(open_, role=Role.LEAD).person
    roadmap = make.make_roadmap(open_, version=1, stage="adopted", circle=Circle.PARTNERS, adopted_on=date(2017, 5, 23))
    make.make_step(roadmap, title="Visiter les cantines", due_on=date(2017, 6, 30), done_on=date(2017, 6, 28))
    make.make_step(roadmap, title="Écrire le guide", due_on=date(2017, 10, 27))
    make.make_meeting(
        open_, number=1, stage="held", starts_at=make.NOW - timedelta(days=20), held_at=make.NOW - timedelta(days=20)
    )
    make.make_meeting(open_, number=2, starts_at=make.NOW + timedelta(days=9))
    make.make_weather(open_, weather=Weather.CLOUDY, sentence="Il manque un relais.", at=make.NOW - timedelta(days=40), by=lead)
    return Place(territory, open_, reserved, paused, make.make_coordinator(), member)
