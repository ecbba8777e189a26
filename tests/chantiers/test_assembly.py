"""The assembly's secretariat finds what it must record, and records it without entering the groups' spaces."""

from datetime import date

import pytest
from django.urls import reverse

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import Refused
from tests.factories import NOW, make_chantier, make_coordinator, make_member, make_person, make_secretary

pytestmark = pytest.mark.django_db
VOTES = "/assemblee/"


def record_url(chantier, code):
    return reverse("chantiers:record_vote", args=[chantier.slug, code])


def test_the_secretariat_finds_what_it_must_record_from_its_own_space(client):
    make_chantier(stage=Stage.DELIVERED, title="Relier les producteurs")
    client.force_login(make_secretary())
    assert VOTES in client.get(reverse("portal:my_space")).content.decode()
    page = client.get(VOTES).content.decode()
    assert "Relier les producteurs" in page
    assert "Enregistrer la transmission" in page
    assert "Enregistrer l’inscription au pacte" not in page


def test_the_secretariat_records_a_tabling_then_its_entry_in_the_pact(client):
    chantier = make_chantier(stage=Stage.DELIVERED)
    client.force_login(make_secretary())
    assert client.get(record_url(chantier, "transmettre")).status_code == 200
    answer = client.post(record_url(chantier, "transmettre"), {"tabled_on": "2017-10-16"})
    assert (answer.status_code, answer.url) == (302, VOTES)
    assert "Enregistrer l’inscription au pacte" in client.get(VOTES).content.decode()
    client.post(record_url(chantier, "inscrire-au-pacte"), {"in_pact_on": "2017-10-30"})
    chantier.refresh_from_db()
    assert (chantier.tabled_on, chantier.in_pact_on) == (date(2017, 10, 16), date(2017, 10, 30))
    assert "Inscrit au pacte le lundi 30 octobre 2017" in client.get(VOTES).content.decode()


def test_an_outcome_before_the_tabling_is_refused_at_the_form(client):
    chantier = make_chantier(stage=Stage.DELIVERED)
    client.force_login(make_secretary())
    answer = client.post(record_url(chantier, "inscrire-au-pacte"), {"in_pact_on": "2017-10-30"})
    assert answer.status_code == 422
    assert "Enregistrez d’abord la transmission" in answer.content.decode()


def test_a_vote_that_is_neither_tabling_nor_outcome_has_no_page(client):
    chantier = make_chantier(stage=Stage.DELIVERED)
    client.force_login(make_coordinator())
    assert client.get(record_url(chantier, "abandonner")).status_code == 404


def test_whoever_answers_for_a_chantier_records_no_vote(client):
    chantier = make_chantier(stage=Stage.DELIVERED)
    client.force_login(make_member(chantier, role=Role.LEAD).person)
    assert client.get(VOTES).status_code == 403
    assert client.get(record_url(chantier, "transmettre")).status_code == 403


def test_a_partner_does_not_see_the_assembly_in_their_space(client):
    client.force_login(make_person())
    assert VOTES not in client.get(reverse("portal:my_space")).content.decode()


def test_two_secretaries_cannot_record_two_outcomes_from_pages_opened_at_the_same_time():
    secretary, chantier = make_secretary(), make_chantier(stage=Stage.DELIVERED, tabled_on=date(2017, 10, 16))
    read_before = [Chantier.objects.get(pk=chantier.pk) for _copy in range(3)]
    life.record_pact_entry(read_before[0], by=secretary, now=NOW, in_pact_on=date(2017, 10, 30))
    with pytest.raises(Refused, match="déjà enregistrée"):
        life.record_no_follow_up(read_before[1], by=secretary, now=NOW, no_follow_up_on=date(2017, 10, 31))
    with pytest.raises(Refused, match="déjà transmises"):
        life.record_tabling(read_before[2], by=secretary, now=NOW, tabled_on=date(2017, 10, 17))
    chantier.refresh_from_db()
    assert (chantier.tabled_on, chantier.in_pact_on, chantier.no_follow_up_on) == (date(2017, 10, 16), date(2017, 10, 30), None)
