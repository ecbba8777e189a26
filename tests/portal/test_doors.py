"""Every page of the portal answers, whatever it is asked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dialogue.chantiers.stages import Role, Stage
from tests.factories import (
    make_chantier,
    make_commune,
    make_coordinator,
    make_date,
    make_department,
    make_meeting,
    make_member,
    make_newcomer,
    make_person,
    make_request,
    make_weather,
)

pytestmark = pytest.mark.django_db

PUBLIC = [
    "home", "chantiers", "territories", "themes", "agenda", "subscribe", "agenda_ics", "process", "help", "legal", "privacy",
    "accessibility", "site_map", "feed", "sitemap", "robots", "security",
]
ABSURD = ["page=-3", "page=9999999999999999999", "theme=nulle-part", "territoire=%00", "q=%00", "q=" + "mot%20" * 2500, "vue=carte",
          "etat=%F0%9F%A6%86", "commune=%00%00", "commune=" + "x" * 9000, "nature=%00", "chantier=%00", "periode=hier",
          "theme=%00&theme=a&theme=b", "alerte=%00", "du=hier", "au=9999-12-31", "du=0001-01-01", "personne=%00", "acte=rien", "salle=%00"]


@pytest.fixture
def world():
    make_department()
    chantier = make_chantier(stage=Stage.LAUNCHED)
    make_commune(territory=chantier.territories.get())
    make_meeting(chantier)
    make_date(territory=chantier.territories.get())
    make_weather(chantier)
    make_request(chantier)
    return chantier


def addresses(chantier):
    yield from (reverse(f"portal:{name}") for name in PUBLIC)
    territory = chantier.territories.get()
    yield from (chantier.get_absolute_url(), territory.get_absolute_url(), chantier.theme.get_absolute_url())
    yield reverse("portal:chantier_ics", args=[chantier.slug])
    yield reverse("portal:territory_ics", args=[territory.code])


def test_every_public_page_answers_a_visitor(world, client_for):
    client = client_for()
    assert {url: client.get(url).status_code for url in addresses(world)} == dict.fromkeys(addresses(world), 200)


def test_every_page_answers_a_member_and_the_coordination(world, client_for):
    lead = make_member(world, role=Role.LEAD).person
    for person in (lead, make_coordinator(), make_newcomer(), make_person()):
        client = client_for(person)
        for url in [*addresses(world), reverse("portal:my_space")]:
            assert client.get(url).status_code == 200, (url, person)
    client = client_for(make_coordinator())
    for name in ("pilot", "pilot_csv", "register", "register_csv"):
        assert client.get(reverse(f"portal:{name}")).status_code == 200


@pytest.mark.parametrize("query", ABSURD)
def test_absurd_parameters_never_break_a_page(world, client_for, query):
    visitor, coordinator = client_for(), client_for(make_coordinator())
    for name in ("home", "chantiers", "territories", "agenda", "subscribe"):
        assert visitor.get(f"{reverse(f'portal:{name}')}?{query}").status_code == 200
    for name in ("pilot", "pilot_csv", "register", "register_csv"):
        assert coordinator.get(f"{reverse(f'portal:{name}')}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/chantiers/rien/", "/territoires/rien/", "/themes/rien/", "/chantiers/rien/agenda.ics",
                                  "/territoires/rien/agenda.ics", "/agenda/personnel/rien.ics", "/chantiers/%00/",
                                  "/agenda/personnel/%00.ics"])
def test_what_does_not_exist_is_not_found(world, client_for, path):
    assert client_for().get(path).status_code == 404


@pytest.mark.parametrize("name", ["my_space", "pilot", "pilot_csv", "register", "register_csv"])
def test_a_visitor_is_asked_to_sign_in(client_for, name):
    assert client_for().get(reverse(f"portal:{name}")).status_code == 302


@pytest.mark.parametrize("name", ["pilot", "pilot_csv", "register", "register_csv"])
def test_a_partner_does_not_read_the_coordinations_pages(client_for, name):
    assert client_for(make_person()).get(reverse(f"portal:{name}")).status_code == 403


def test_pages_stand_before_any_frame_is_loaded(client_for):
    client = client_for()
    for name in PUBLIC:
        assert client.get(reverse(f"portal:{name}")).status_code == 200, name


def test_nothing_is_written_by_reading(world, client_for):
    assert client_for().post(reverse("portal:home")).status_code == 405
