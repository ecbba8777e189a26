"""Published minutes on the pages of the portal: listed for those who may read them, told as news to everyone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from dialogue.chantiers.models import Chantier
from dialogue.meetings.acts import minutes as path
from dialogue.people.stages import Circle
from dialogue.portal import news
from tests.factories import NOW, make_person
from tests.meetings.test_group_at_work import DAY, group, reviewed  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def published(chantier, people, circle):
    minutes, _item = reviewed(chantier, people)
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=circle)
    return minutes


def links(client, chantier):
    return f"/chantiers/{chantier.slug}/seances/1/compte-rendu/" in client.get(f"/chantiers/{chantier.slug}/").content.decode()


def told():
    rows = Chantier.objects.visible_to(AnonymousUser())
    return [(str(item.headline), item.url) for item in news.latest(rows, 10)]


def test_the_page_of_a_chantier_lists_the_minutes_that_its_reader_may_read(group, client_for):  # noqa: F811
    chantier, people = group
    reviewed(chantier, people)
    assert not links(client_for(people["anne"]), chantier)
    minutes = chantier.minutes.get()
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=Circle.PARTNERS)
    assert links(client_for(make_person()), chantier)
    assert not links(client_for(), chantier)
    path.change_circle(minutes, by=people["lead"], now=NOW + 9 * DAY, circle=Circle.GROUP)
    assert links(client_for(people["anne"]), chantier)
    assert not links(client_for(make_person()), chantier)


def test_public_minutes_are_news_and_others_are_not(group):  # noqa: F811
    chantier, people = group
    minutes = published(chantier, people, Circle.PUBLIC)
    address = f"/chantiers/{chantier.slug}/seances/1/compte-rendu/"
    assert told() == [("Le compte-rendu de la 1re séance est publié", address)]
    path.change_circle(minutes, by=people["lead"], now=NOW + 9 * DAY, circle=Circle.PARTNERS)
    assert told() == []


def test_the_feed_leads_to_the_minutes(group, client_for):  # noqa: F811
    chantier, people = group
    published(chantier, people, Circle.PUBLIC)
    feed = client_for().get("/actualites.atom").content.decode()
    assert f"/chantiers/{chantier.slug}/seances/1/compte-rendu/" in feed
