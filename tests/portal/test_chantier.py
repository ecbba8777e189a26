"""The page of a chantier: what it tells, to whom; voir comme."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dialogue.chantiers.models import Follow
from dialogue.chantiers.stages import RoadmapStage, Role, Stage, Weather
from dialogue.people.stages import Circle
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
    make_objective,
    make_organisation,
    make_person,
    make_request,
    make_roadmap,
    make_step,
    make_weather,
)

pytestmark = pytest.mark.django_db
SECRETS = ["Salle secrète", "visio.example", "Membre Sans-Nom", "membre@partenaire.example", "Besoin d’un local"]


@pytest.fixture
def world(settings):
    # Domain time is the tests' own: the pages read it from the clock.
    settings.CLOCK_OFFSET = NOW - timezone.now()
    make_department()
    chantier = make_chantier(title="Manger local", stage=Stage.WORKING, deliverable_due_on=date(2018, 1, 31))
    make_member(chantier, role=Role.SPONSOR, person=make_person(name="Élue Porteuse"), organisation=make_organisation(name="Conseil"))
    directorate = make_organisation(name="Direction de l’agriculture", contact_email="agri@gironde.example", contact_phone="05 36 49 02 02")
    make_member(chantier, role=Role.LEAD, person=make_person(name="Pilote Caché"), organisation=directorate)
    member = make_person(name="Membre Sans-Nom", email="membre@partenaire.example", phone="06 11 22 33 44")
    make_member(chantier, person=member, organisation=make_organisation(name="Les Paniers"))
    make_meeting(chantier, place="Salle secrète", online_url="https://visio.example/abc")
    make_weather(chantier, weather=Weather.GALE, sentence="Besoin d’un local", at=NOW - timedelta(days=4))
    roadmap = make_roadmap(chantier, stage=RoadmapStage.ADOPTED, rhythm="Une séance par mois")
    make_objective(roadmap, title="Vingt cantines")
    make_deliverable(roadmap, title="Guide d’achat", due_on=date(2018, 1, 31))
    make_step(roadmap, title="Enquête", due_on=TODAY - timedelta(days=5))
    return chantier, member


def text(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_public_reads_the_promise_the_contacts_and_the_organisations(world, client_for):
    html = text(client_for(), world[0].get_absolute_url())
    for words in ("Manger local", "Approvisionner trois cantines", "Élue Porteuse", "Direction de l’agriculture", "agri@gironde.example",
                  "05 36 49 02 02", "Les Paniers", "Quarante contributions"):
        assert words in html, words


def test_the_public_never_reads_the_place_the_link_the_names_or_the_meteo(world, client_for):
    html = text(client_for(), world[0].get_absolute_url())
    assert [secret for secret in [*SECRETS, "Pilote Caché", "06 11 22 33 44", "Vingt cantines"] if secret in html] == []


def test_a_partner_outside_the_group_reads_the_meteo_with_its_age_and_the_roadmap_but_not_the_place(world, client_for):
    html = text(client_for(make_person()), world[0].get_absolute_url())
    for words in ("Avis de vent", "Besoin d’un local", "il y a 4\xa0jours", "Vingt cantines", "Enquête", "En retard de 5\xa0jours"):
        assert words in html.replace(" jours", "\xa0jours"), words
    assert [s for s in ("Salle secrète", "visio.example", "Membre Sans-Nom") if s in html] == []


def test_a_newcomer_reads_what_the_public_reads(world, client_for):
    html = text(client_for(make_newcomer()), world[0].get_absolute_url())
    assert [secret for secret in SECRETS if secret in html] == []


def test_a_member_reads_where_to_meet(world, client_for):
    chantier, member = world
    html = text(client_for(member), chantier.get_absolute_url())
    assert "Salle secrète" in html
    assert "https://visio.example/abc" in html
    assert "Demander à rejoindre" not in html


def test_one_may_ask_to_join_until_completion_and_not_twice(world, client_for):
    chantier, _member = world
    asked = make_request(chantier).person
    join = reverse("chantiers:join", args=[chantier.slug])
    assert join in text(client_for(), chantier.get_absolute_url())
    assert join not in text(client_for(asked), chantier.get_absolute_url())
    assert "attend une réponse" in text(client_for(asked), chantier.get_absolute_url())
    over = make_chantier(stage=Stage.COMPLETED)
    assert reverse("chantiers:join", args=[over.slug]) not in text(client_for(), over.get_absolute_url())


def test_a_follower_may_stop_following(world, client_for):
    person = make_person()
    assert "Suivre par courriel" in text(client_for(person), world[0].get_absolute_url())
    Follow.objects.create(chantier=world[0], person=person)
    assert "Ne plus suivre" in text(client_for(person), world[0].get_absolute_url())


def test_a_pause_and_an_end_say_why(client_for):
    paused = make_chantier(stage=Stage.SUSPENDED, suspended_from=Stage.WORKING, motive="Le local ne s’est pas libéré.")
    ended = make_chantier(stage=Stage.ABANDONED, motive="Plus personne ne porte ce sujet.")
    assert "Le local ne s’est pas libéré." in text(client_for(), paused.get_absolute_url())
    assert "Plus personne ne porte ce sujet." in text(client_for(), ended.get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "here"),
    [
        ({"stage": Stage.OPEN}, 1),
        ({"stage": Stage.LAUNCHED}, 2),
        ({"stage": Stage.WORKING}, 3),
        ({"stage": Stage.SUSPENDED, "suspended_from": Stage.WORKING, "motive": "Pause."}, 3),
        ({"stage": Stage.DELIVERED}, 4),
        ({"stage": Stage.DELIVERED, "tabled_on": TODAY}, 5),
        ({"stage": Stage.COMPLETED}, 7),
    ],
)
def test_the_page_says_where_the_group_is(client_for, fields, here):
    page = client_for().get(make_chantier(**fields).get_absolute_url()).context["page"]
    states = ["done" if n < here else "here" if n == here else "next" for n in range(1, 7)]
    assert [m.state for m in page.milestones] == states


def test_voir_comme_shows_the_page_of_another(world, client_for):
    chantier, _member = world
    client = client_for(make_coordinator())
    public = text(client, reverse("portal:glance", args=[chantier.slug, "public"]))
    assert "comme le public" in public
    assert [secret for secret in SECRETS if secret in public] == []
    partner = text(client, reverse("portal:glance", args=[chantier.slug, "partenaire"]))
    assert "Besoin d’un local" in partner
    assert "Salle secrète" not in partner
    assert "Salle secrète" in text(client, reverse("portal:glance", args=[chantier.slug, "membre"]))


def test_voir_comme_of_a_chantier_that_the_reader_would_not_see(client_for):
    hidden = make_chantier(circle=Circle.PARTNERS)
    html = text(client_for(make_coordinator()), reverse("portal:glance", args=[hidden.slug, "public"]))
    assert "ne voit pas ce chantier" in html


def test_voir_comme_does_not_exist_for_whoever_does_not_answer_for_the_chantier(world, client_for):
    chantier, member = world
    url = reverse("portal:glance", args=[chantier.slug, "membre"])
    assert [client_for(person).get(url).status_code for person in (None, make_person(), member)] == [404, 404, 404]
    assert client_for(make_coordinator()).get(url.replace("membre", "roi")).status_code == 404


def test_a_chantier_of_partners_does_not_exist_for_the_public(client_for):
    hidden = make_chantier(circle=Circle.PARTNERS)
    assert client_for().get(hidden.get_absolute_url()).status_code == 404
    assert client_for().get(reverse("portal:chantier_ics", args=[hidden.slug])).status_code == 404
    assert client_for(make_person()).get(hidden.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_a_constant_number_of_queries(world, client_for, django_assert_max_num_queries, django_assert_num_queries, many):
    chantier, member = world
    for n in range(many):
        make_member(chantier)
        make_meeting(chantier, number=n + 5)
    visitor, inside, coordinator = client_for(), client_for(member), client_for(make_coordinator())
    with django_assert_num_queries(13):
        visitor.get(chantier.get_absolute_url())
    with django_assert_max_num_queries(18):
        inside.get(chantier.get_absolute_url())
    with django_assert_max_num_queries(18):
        coordinator.get(chantier.get_absolute_url())
