"""The directory of the contacts of all groups: with the consent of each, for partners."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogue.chantiers.models import Representative
from dialogue.chantiers.stages import Role, Stage
from dialogue.people.circles import Glance
from tests.factories import (
    TODAY,
    make_chantier,
    make_coordinator,
    make_department,
    make_member,
    make_newcomer,
    make_organisation,
    make_person,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db
URL = "/annuaire/"


def contact(name: str, *, chantier=None, share=True, **fields) -> Representative:
    person = make_person(name=name, email=f"{name.lower().replace(' ', '.')}@p.example", share_contact=share)
    return make_member(chantier or make_chantier(), person=person, **fields)


def names(client, query: str = "") -> list[str]:
    page = client.get(URL + query)
    assert page.status_code == 200
    return [person.name for person in page.context["page"]]


def test_partners_read_those_who_consented_and_their_own_group(client_for):
    mine = contact("Alix Mienne", share=False)
    contact("Berthe Ouverte")
    contact("Cléo Discrète", share=False)
    contact("Denis Collègue", share=False, chantier=mine.member.chantier)
    assert names(client_for(mine.person)) == ["Alix Mienne", "Berthe Ouverte", "Denis Collègue"]
    assert names(client_for(make_person())) == ["Berthe Ouverte"]
    assert names(client_for(make_coordinator())) == ["Alix Mienne", "Berthe Ouverte", "Cléo Discrète", "Denis Collègue"]


def test_the_public_and_newcomers_read_nobody(client_for):
    contact("Berthe Ouverte")
    assert client_for().get(URL).status_code == 302
    assert client_for(make_newcomer()).get(URL).status_code == 403
    assert list(Representative.objects.in_directory_for(Glance())) == []


def test_withdrawing_consent_or_leaving_takes_one_out_at_once(client_for):
    seat, other = contact("Berthe Ouverte"), contact("Léo Parti")
    client = client_for(make_person())
    seat.person.share_contact = False
    seat.person.save()
    Representative.objects.filter(pk=other.pk).update(until=TODAY)
    assert names(client) == []


def test_a_proposed_chantier_shows_nobody_to_partners(client_for):
    contact("Berthe Ouverte", chantier=make_chantier(stage=Stage.PROPOSED))
    assert names(client_for(make_person())) == []


def test_filters_and_accents(client_for):
    territory, theme = make_territory(name="Médoc"), make_theme(name="Mobilités")
    contact("Zoé Élan", chantier=make_chantier(territories=[territory], title="Se déplacer"), role=Role.LEAD)
    contact("Yves Autre", chantier=make_chantier(theme=theme), organisation=make_organisation(name="L’Été solidaire"))
    client = client_for(make_person())
    assert names(client, "?q=zoe+elan") == ["Zoé Élan"]
    assert names(client, "?q=DEPLACER") == ["Zoé Élan"]
    assert names(client, "?q=ete+solidaire") == ["Yves Autre"]
    assert names(client, f"?territory={territory.code}") == ["Zoé Élan"]
    assert names(client, f"?theme={theme.code}") == ["Yves Autre"]
    assert names(client, "?role=lead") == ["Zoé Élan"]
    assert names(client, "?role=roi&theme=inconnu&page=999&q=%00") == ["Yves Autre", "Zoé Élan"]
    empty = client.get(URL + "?q=personne-de-ce-nom").content.decode()
    assert "Personne ne correspond à ces critères." in empty
    assert "Effacer les filtres" in empty


def test_one_line_a_person_with_all_their_groups(client_for):
    seat = contact("Berthe Ouverte", chantier=make_chantier(title="Cantines"))
    make_member(make_chantier(title="Vélos"), person=seat.person, organisation=seat.member.organisation)
    page = client_for(make_person()).get(URL)
    assert [[each.member.chantier.title for each in person.seats] for person in page.context["page"]] == [["Cantines", "Vélos"]]


def test_it_is_cut_in_pages_and_costs_the_same(client_for):
    make_department()
    client = client_for(make_person())

    def cost() -> int:
        client.get(URL)
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    contact("Personne 0")
    first = cost()
    for n in range(1, 35):
        contact(f"Personne {n}")
    assert cost() == first
    assert first <= 12
    assert len(names(client)) == 30
    assert len(names(client, "?page=2")) == 5
