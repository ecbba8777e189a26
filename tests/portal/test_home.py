"""The home page: tide, cartogram, dates, news."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dialogue.chantiers.acts.life import open_chantier
from dialogue.chantiers.stages import Stage
from dialogue.meetings.stages import MeetingStage
from dialogue.people.stages import Circle
from tests.factories import (
    NOW,
    make_chantier,
    make_coordinator,
    make_date,
    make_department,
    make_meeting,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db


def page_of(client, query=""):
    return client.get("/" + query).context["page"]


def test_the_home_page_says_how_far_the_chantiers_are(client_for):
    make_chantier(stage=Stage.WORKING, number=7)
    make_chantier(stage=Stage.OPEN, number=3)
    make_chantier(stage=Stage.PROPOSED, opened_on=None)
    page = page_of(client_for(make_coordinator()))
    assert {s.code: [c.number for c in cs] for s, cs in page.tide if cs} == {"constitution": [3], "seances": [7]}


def test_a_theme_lights_its_territories_without_script(client_for):
    north, south = make_territory(name="Nord"), make_territory(name="Sud")
    food = make_theme(code="alimentaire")
    make_chantier(theme=food, territories=[north])
    make_chantier(territories=[south])
    page = page_of(client_for(), "?theme=alimentaire")
    assert {tile.territory.name: tile.lit for row in page.tiles for tile in row if tile} == {"Nord": True, "Sud": False}
    assert (page.lit_count, [t.name for t in page.lit]) == (1, ["Nord"])
    assert page_of(client_for(), "?theme=rien").theme is None


def test_only_the_meetings_that_took_place_are_counted(client_for):
    chantier = make_chantier()
    make_meeting(chantier, number=1, stage=MeetingStage.HELD)
    make_meeting(chantier, number=2, stage=MeetingStage.HELD)
    make_meeting(chantier, number=3, stage=MeetingStage.CANCELLED)
    make_meeting(chantier, number=4)
    assert page_of(client_for()).meetings_held == 2


def test_an_opening_is_news_for_those_who_see_the_chantier(client_for):
    seen = make_chantier(stage=Stage.PROPOSED, opened_on=None, title="Ouvert à tous")
    hidden = make_chantier(stage=Stage.PROPOSED, opened_on=None, title="Entre partenaires", circle=Circle.PARTNERS)
    for chantier in (seen, hidden):
        open_chantier(chantier, by=make_coordinator(), now=NOW)
    assert [(n.chantier.title, str(n.headline)) for n in page_of(client_for()).news] == [("Ouvert à tous", "Le chantier est ouvert")]
    assert len(page_of(client_for(make_coordinator())).news) == 2


def test_the_next_dates_mix_councils_and_meetings_and_leave_the_past(client_for):
    today = timezone.localdate()
    make_date(title="Conseil passé", starts_on=today - timedelta(days=3))
    make_date(title="Conseil à venir", starts_on=today + timedelta(days=9))
    make_meeting(make_chantier(title="Cantines"), number=4, starts_at=timezone.now() + timedelta(days=2))
    assert [row.title for row in page_of(client_for()).dates] == ["Cantines : séance n° 4", "Conseil à venir"]


@pytest.mark.parametrize("many", [1, 3])
def test_the_home_page_asks_six_queries_of_a_visitor(client_for, django_assert_num_queries, many):
    make_department()
    for n in range(many):
        chantier = make_chantier(stage=Stage.PROPOSED, opened_on=None)
        open_chantier(chantier, by=make_coordinator(), now=NOW)
        make_meeting(chantier, starts_at=timezone.now() + timedelta(days=2 + n))
        make_date(starts_on=timezone.localdate() + timedelta(days=3), territory=chantier.territories.get())
    client = client_for()
    with django_assert_num_queries(6):
        client.get("/?theme=alimentaire")
