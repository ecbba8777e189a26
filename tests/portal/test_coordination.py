"""My space, the dashboard, the register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dialogue.chantiers.acts.life import open_chantier, suspend
from dialogue.chantiers.stages import RoadmapStage, Role, Stage, Weather
from dialogue.ledger.acts import SYSTEM
from dialogue.ledger.models import Entry
from dialogue.people.stages import OrganisationStage
from dialogue.portal import register
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_deliverable,
    make_department,
    make_meeting,
    make_member,
    make_newcomer,
    make_organisation,
    make_person,
    make_request,
    make_roadmap,
    make_step,
    make_weather,
)
from tests.factories_assembly import make_proposition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_sixth_of_november(settings):
    settings.CLOCK_OFFSET = NOW - timezone.now()
    make_department()


def healthy(**fields):
    """A chantier of which nothing is stuck."""
    chantier = make_chantier(**{"stage": Stage.WORKING, "first_meeting_at": NOW - timedelta(days=90)} | fields)
    make_member(chantier, role=Role.SPONSOR)
    make_member(chantier, role=Role.LEAD)
    make_weather(chantier, at=NOW - timedelta(days=2))
    make_meeting(chantier, starts_at=NOW + timedelta(days=3))
    return chantier


def alerts(client, query=""):
    page = client.get("/pilotage/" + query).context["page"]
    return {alert.code: [line.chantier for line in alert.lines] for alert in page.alerts}


def test_a_chantier_without_trouble_raises_no_alert(client_for):
    healthy()
    assert alerts(client_for(make_coordinator())) == {}


def test_each_trouble_raises_its_own_alert(client_for):
    late, gale, stale, asked = (healthy() for _ in range(4))
    roadmap = make_roadmap(late, stage=RoadmapStage.ADOPTED)
    make_step(roadmap, due_on=TODAY - timedelta(days=1))
    make_step(roadmap, due_on=TODAY)
    make_step(roadmap, due_on=TODAY - timedelta(days=9), done_on=TODAY)
    make_deliverable(roadmap, due_on=TODAY - timedelta(days=1))
    make_weather(gale, weather=Weather.GALE, sentence="Un local.")
    stale.weather_reports.all().delete()
    make_weather(stale, at=NOW - timedelta(days=30))
    make_request(asked, sent_at=NOW - timedelta(days=6))
    bare = make_chantier(stage=Stage.OPEN)
    make_weather(bare)
    paused = make_chantier(stage=Stage.SUSPENDED, suspended_from=Stage.WORKING, motive="Pause.")
    silent, voted = healthy(), healthy()
    make_meeting(silent, number=7, stage="held", starts_at=NOW - timedelta(days=32), held_at=NOW - timedelta(days=32))
    make_meeting(silent, number=8, stage="held", starts_at=NOW - timedelta(days=6), held_at=NOW - timedelta(days=6))
    make_proposition(voted, stage="adopted")
    voted.meetings.exclude(stage="convened").update(starts_at=NOW - timedelta(days=6, hours=2), ends_at=NOW - timedelta(days=6))
    idle = healthy()
    idle.meetings.all().delete()
    assert alerts(client_for(make_coordinator())) == {
        "retard": [late], "vent": [gale], "meteo": [stale], "demandes": [asked], "sans-elu": [bare], "sans-direction": [bare],
        "sans-seance": [bare], "sans-date": [idle], "pause": [paused], "compte-rendu": [silent], "pacte": [voted],
    }
    page = client_for(make_coordinator()).get("/pilotage/").context["page"]
    assert page.late_steps == 2
    details = {a.code: a.detail for a in page.alerts}
    assert "6 jours" in details["demandes"]
    assert details["compte-rendu"] == "1 séance sans compte-rendu publié ; la plus ancienne a 32 jours"


def test_an_alert_filters_the_table_and_its_export(client_for):
    healthy(title="Sans souci")
    gale = healthy(title="=cmd() dans la tempête")
    make_weather(gale, weather=Weather.GALE, sentence="Un local.")
    client = client_for(make_coordinator())
    assert [line.chantier for line in client.get("/pilotage/?alerte=vent").context["page"].shown] == [gale]
    lines = b"".join(client.get("/pilotage/chantiers.csv?alerte=vent").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("numero;titre;theme;")
    assert ";'=cmd() dans la tempête;" in lines[1]


def test_accounts_and_organisations_that_wait_are_counted(client_for):
    make_newcomer(asked_at=NOW)
    make_newcomer()  # has not proven the address yet
    make_organisation(stage=OrganisationStage.PROPOSED)
    page = client_for(make_coordinator()).get("/pilotage/").context["page"]
    assert (page.accounts_waiting, page.organisations_waiting) == (1, 1)


@pytest.mark.parametrize("many", [1, 3])
def test_the_dashboard_asks_a_constant_number_of_queries(client_for, django_assert_num_queries, many):
    for _ in range(many):
        make_request(healthy())
    client = client_for(make_coordinator())
    with django_assert_num_queries(13):
        client.get("/pilotage/")


def test_my_space_says_to_a_newcomer_that_the_account_waits(client_for):
    html = client_for(make_newcomer()).get("/mon-espace/").content.decode()
    assert "Votre compte attend d’être validé" in html


def test_my_space_gathers_my_groups_my_dates_and_my_requests(client_for):
    chantier = healthy(title="Mon groupe")
    person = make_member(chantier).person
    make_request(make_chantier(title="Ailleurs"), person=person)
    page = client_for(person).get("/mon-espace/").context["page"]
    assert [g.chantier.title for g in page.groups] == ["Mon groupe"]
    assert [row.place for row in page.dates] == ["Salle des fêtes"]
    assert [r.chantier.title for r in page.requests] == ["Ailleurs"]
    assert (page.to_answer, page.stale) == ([], [])


def test_my_space_tells_the_lead_officer_what_waits(client_for):
    chantier = make_chantier(stage=Stage.WORKING)
    lead = make_member(chantier, role=Role.LEAD).person
    make_weather(chantier, at=NOW - timedelta(days=40))
    demand = make_request(chantier)
    page = client_for(lead).get("/mon-espace/").context["page"]
    assert page.to_answer == [demand]
    assert [s.chantier for s in page.stale] == [chantier]


@pytest.mark.parametrize("many", [1, 3])
def test_my_space_asks_a_bounded_number_of_queries(client_for, django_assert_max_num_queries, many):
    lead = make_person()
    for _ in range(many):
        chantier = make_chantier(stage=Stage.WORKING)
        make_member(chantier, role=Role.LEAD, person=lead, organisation=make_organisation())
        make_meeting(chantier)
        make_request(chantier)
    client = client_for(lead)
    with django_assert_max_num_queries(13):
        client.get("/mon-espace/")


@pytest.fixture
def history():
    alice, bob = make_coordinator(name="Alice Registre"), make_coordinator(name="Bob Registre")
    first = make_chantier(title="Cantines", slug="cantines", stage=Stage.PROPOSED, opened_on=None)
    second = make_chantier(title="Crèche", slug="creche", stage=Stage.PROPOSED, opened_on=None)
    open_chantier(first, by=alice, now=NOW - timedelta(days=10))
    open_chantier(second, by=bob, now=NOW - timedelta(days=5))
    suspend(second, by=bob, now=NOW, motive="Un motif qui ne doit pas sortir d’ici")
    return first, second


def told(client, query=""):
    return [(line.who, line.act, line.space) for line in client.get("/pilotage/registre/" + query).context["lines"]]


def test_the_register_tells_who_did_what_from_which_stage_to_which(history, client_for):
    line = client_for(make_coordinator()).get("/pilotage/registre/").context["lines"][0]
    assert (line.who, line.sentence, line.space, line.stage_from, line.stage_to) == (
        "Bob Registre", "a mis le chantier en pause", "Crèche", "Ouvert", "Suspendu",
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3), ("?personne=alice", 1), ("?chantier=creche", 2), ("?acte=chantiers.open", 2), ("?salle=chantiers", 3),
        ("?salle=people", 0), (f"?du={TODAY.isoformat()}", 1), (f"?au={(TODAY - timedelta(days=5)).isoformat()}", 2),
        ("?du=2017-11-01&au=2017-11-01", 1), ("?personne=Zoé", 0), ("?acte=inconnu", 3),
    ],
)
def test_the_register_filters(history, client_for, query, count):
    assert len(told(client_for(make_coordinator()), query)) == count


def test_the_export_holds_the_same_selection_and_no_free_text(history, client_for):
    response = client_for(make_coordinator()).get(reverse("portal:register_csv") + "?chantier=creche")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    assert "Bob Registre;chantiers.suspend;a mis le chantier en pause" in text
    assert "Un motif" not in text


def test_the_platform_and_an_act_that_no_room_tells_are_readable():
    entry = Entry(act="archives.close_box", actor=Entry.Actor.SYSTEM, at=NOW)
    line = register.Teller().lines([entry])[0]
    assert line.who == "La plateforme"
    assert line.sentence == "a fait l’acte « close box » (archives)"
    assert str(SYSTEM) == "SYSTEM"


def test_every_act_of_the_house_has_its_phrase():
    assert sorted(set(register.REGISTRY) - set(register.sentences())) == []


def test_fifty_acts_to_a_page_in_a_constant_number_of_queries(client_for, django_assert_max_num_queries):
    by = make_coordinator()
    for n in range(60):
        open_chantier(make_chantier(stage=Stage.PROPOSED, opened_on=None), by=make_coordinator(), now=NOW + timedelta(minutes=n))
    client = client_for(by)
    with django_assert_max_num_queries(12):
        assert len(client.get("/pilotage/registre/").context["lines"]) == 50
    assert len(client.get("/pilotage/registre/?page=2").context["lines"]) == 10
    assert date(2017, 11, 6) == TODAY
