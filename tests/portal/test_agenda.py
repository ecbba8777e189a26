"""The agenda, and the calendars to subscribe to: exact dates, and nothing of the group outside the group."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from dialogue.meetings.stages import MeetingStage
from dialogue.people.acts import renew_calendar_key
from dialogue.people.stages import Circle
from dialogue.territories.stages import DateKind, Precision
from tests.factories import (
    NOW,
    make_chantier,
    make_coordinator,
    make_date,
    make_department,
    make_meeting,
    make_member,
    make_newcomer,
    make_person,
    make_territory,
)

pytestmark = pytest.mark.django_db
ALL, PERSONAL = "/agenda.ics", "portal:personal_ics"


@pytest.fixture(autouse=True)
def on_the_sixth_of_november(settings):
    settings.CLOCK_OFFSET = NOW - timezone.now()
    make_department()


def titles(client, query=""):
    return [row.title for row in client.get(f"/agenda/{query}").context["page"]]


def events(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(e["SUMMARY"]): e for e in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}


@pytest.fixture
def world():
    medoc = make_territory(name="Médoc", code="medoc")
    chantier = make_chantier(title="Cantines", slug="cantines", territories=[medoc])
    make_meeting(chantier, number=1, starts_at=datetime(2017, 10, 3, 8, 0, tzinfo=UTC), stage=MeetingStage.HELD)
    make_meeting(
        chantier, number=2, starts_at=datetime(2017, 11, 7, 13, 30, tzinfo=UTC), place="Salle secrète",
        online_url="https://visio.example/abc", sequence=3,
    )
    make_meeting(chantier, number=3, starts_at=datetime(2017, 12, 7, 13, 30, tzinfo=UTC), stage=MeetingStage.CANCELLED)
    make_date(title="Conseil du Médoc", territory=medoc, starts_on=date(2017, 11, 14), starts_at=time(18), precision=Precision.TIME,
              place="Lesparre", sequence=1)
    make_date(title="Conférence", kind=DateKind.CONFERENCE, starts_on=date(2018, 3, 1), precision=Precision.MONTH, series=3)
    make_date(title="Réunion interne", circle=Circle.PARTNERS, starts_on=date(2017, 11, 20))
    make_date(title="Conseil n° 5", starts_on=date(2017, 3, 20), series=5)
    return chantier


def test_the_agenda_shows_what_comes_then_in_its_archive_what_was(world, client_for):
    assert titles(client_for()) == ["Cantines : séance n° 2", "Conseil du Médoc", "Conférence"]
    assert titles(client_for(), "?periode=passees") == ["Cantines : séance n° 1", "Conseil n° 5"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?nature=seance", ["Cantines : séance n° 2"]),
        ("?nature=conseil", ["Conseil du Médoc"]),
        ("?nature=conference", ["Conférence"]),
        ("?territoire=medoc", ["Cantines : séance n° 2", "Conseil du Médoc"]),
        ("?chantier=cantines", ["Cantines : séance n° 2"]),
        ("?chantier=inconnu&nature=bal", ["Cantines : séance n° 2", "Conseil du Médoc", "Conférence"]),
    ],
)
def test_the_agenda_filters(world, client_for, query, expected):
    assert titles(client_for(), query) == expected


def test_dates_are_gathered_by_month(world, client_for):
    months = client_for().get("/agenda/").context["months"]
    assert [(month, len(rows)) for month, rows in months] == [(date(2017, 11, 1), 2), (date(2018, 3, 1), 1)]


def test_partners_see_the_dates_of_partners(world, client_for):
    assert "Réunion interne" in titles(client_for(make_person()))
    assert "Réunion interne" not in titles(client_for(make_newcomer()))


def test_only_the_group_reads_where_it_meets(world, client_for):
    member = make_member(world).person
    for person in (None, make_person(), make_newcomer()):
        html = client_for(person).get("/agenda/").content.decode()
        assert "Salle secrète" not in html
        assert "visio.example" not in html
    assert "Salle secrète" in client_for(member).get("/agenda/").content.decode()


def test_the_calendar_of_the_process_holds_exactly_the_public_dates(world, client_for):
    found = events(client_for().get(ALL))
    assert set(found) == {"Cantines : séance n° 1", "Cantines : séance n° 2", "Cantines : séance n° 3", "Conseil du Médoc",
                          "Conférence", "Conseil n° 5"}
    council = found["Conseil du Médoc"]
    assert council["DTSTART"].dt.isoformat() == "2017-11-14T18:00:00+01:00"
    assert (str(council["LOCATION"]), int(council["SEQUENCE"])) == ("Lesparre", 1)
    conference = found["Conférence"]
    assert (conference["DTSTART"].dt, conference["DTEND"].dt) == (date(2018, 3, 1), date(2018, 4, 1))
    assert str(conference["DESCRIPTION"]) == "Le jour sera précisé."


def test_a_meeting_in_a_public_calendar_is_a_date_without_place_or_link(world, client_for):
    raw = client_for().get(ALL).content
    meeting = events(client_for().get(ALL))["Cantines : séance n° 2"]
    assert meeting["DTSTART"].dt.isoformat() == "2017-11-07T14:30:00+01:00"
    assert meeting["DTEND"].dt.isoformat() == "2017-11-07T16:30:00+01:00"
    assert (int(meeting["SEQUENCE"]), str(meeting["STATUS"])) == (3, "CONFIRMED")
    assert "LOCATION" not in meeting
    assert str(meeting["DESCRIPTION"]) == "Séance réservée au groupe."
    assert b"Salle" not in raw
    assert b"visio" not in raw
    assert str(events(client_for().get(ALL))["Cantines : séance n° 3"]["STATUS"]) == "CANCELLED"


def test_the_calendars_of_a_territory_and_of_a_chantier_hold_their_own_dates(world, client_for):
    make_meeting(make_chantier(title="Ailleurs"))
    client = client_for()
    mine = {f"Cantines : séance n° {n}" for n in (1, 2, 3)}
    assert set(events(client.get("/territoires/medoc/agenda.ics"))) == mine | {"Conseil du Médoc"}
    assert set(events(client.get("/chantiers/cantines/agenda.ics"))) == mine


def test_the_personal_calendar_gives_the_place_without_signing_in_until_its_address_changes(world, client_for):
    person = make_member(world).person
    make_meeting(make_chantier(title="Autre groupe"), place="Ailleurs")
    url = reverse(PERSONAL, args=[person.calendar_key])
    found = events(client_for().get(url))
    assert set(found) == {f"Cantines : séance n° {n}" for n in (1, 2, 3)}
    assert str(found["Cantines : séance n° 2"]["LOCATION"]) == "Salle secrète"
    assert "https://visio.example/abc" in str(found["Cantines : séance n° 2"]["DESCRIPTION"])
    assert "private" in client_for().get(url)["Cache-Control"]
    renew_calendar_key(person, by=person, now=NOW)
    assert client_for().get(url).status_code == 404
    person.refresh_from_db()
    assert client_for().get(reverse(PERSONAL, args=[person.calendar_key])).status_code == 200


def test_who_leaves_a_group_no_longer_reads_its_places(world, client_for):
    speaks = make_member(world)
    url = reverse(PERSONAL, args=[speaks.person.calendar_key])
    etag = client_for().get(url)["ETag"]
    type(speaks).objects.filter(pk=speaks.pk).update(until=date(2017, 11, 5))
    response = client_for().get(url, headers={"If-None-Match": etag})
    assert events(response) == {}


def test_a_person_without_a_validated_account_has_no_calendar(client_for):
    assert client_for().get(reverse(PERSONAL, args=[make_newcomer().calendar_key])).status_code == 404


def test_who_has_the_calendar_already_is_not_sent_it_again(world, client_for):
    client = client_for()
    first = client.get(ALL)
    same = client.get(ALL, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert client.get(ALL, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    make_date(title="Nouvelle date", starts_on=date(2017, 12, 1))
    assert client.get(ALL, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_subscription_page_gives_the_addresses(world, client_for):
    html = client_for().get("/agenda/abonnement/?chantier=cantines").content.decode()
    assert "http://localhost:8000/agenda.ics" in html
    assert "webcal://localhost:8000/chantiers/cantines/agenda.ics" in html
    assert "/agenda/personnel/" not in html
    member = make_member(world).person
    assert reverse(PERSONAL, args=[member.calendar_key]) in client_for(member).get("/agenda/abonnement/").content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_agenda_asks_a_constant_number_of_queries(client_for, django_assert_num_queries, many):
    for _ in range(many):
        chantier = make_chantier()
        make_meeting(chantier)
        make_date(starts_on=date(2017, 11, 20), territory=chantier.territories.get())
    visitor, coordinator = client_for(), client_for(make_coordinator())
    with django_assert_num_queries(8):
        visitor.get("/agenda/")
    with django_assert_num_queries(3):
        visitor.get(ALL)
    coordinator.get("/agenda/")


def test_a_date_that_lasts_is_in_the_archive_only_when_over(client_for):
    make_date(title="Séances", kind=DateKind.PHASE, starts_on=date(2017, 6, 1), ends_on=NOW.date() + timedelta(days=1))
    assert titles(client_for()) == ["Séances"]
