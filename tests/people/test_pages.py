"""The account page and the coordination's screens."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from dialogue.people.models import Organisation, Person
from dialogue.people.stages import AccountStage, Office
from tests.factories import NOW, make_coordinator, make_mandate, make_newcomer, make_organisation, make_person

pytestmark = pytest.mark.django_db
DETAILS = {"name": "Aline Vergne", "job": "", "phone": "05 56 11 22 33", "language": "fr"}


def text(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def waiting(**fields: Any) -> Person:
    person = make_newcomer(**{"name": "Aline Vergne", "declared_organisation": "Les Paniers du Fleuve"} | fields)
    person.asked_at = NOW
    person.save()
    return person


@pytest.mark.parametrize("door", ["/mon-compte/", "/mon-compte/fermer/", "/mon-compte/attente/", "/pilotage/comptes/"])
def test_a_visitor_is_led_to_the_sign_in_page(door: str) -> None:
    answer = Client().get(door)
    assert (answer.status_code, answer["Location"]) == (302, f"/compte/login/?next={door}")


def test_a_person_changes_their_details_and_the_language_follows(client_for: Any) -> None:
    person = make_person()
    client = client_for(person)
    done = client.post("/mon-compte/", DETAILS | {"language": "en", "share_contact": "on"})
    assert (done.status_code, done.cookies["django_language"].value) == (302, "en")
    person.refresh_from_db()
    assert (person.name, person.language, person.share_contact) == ("Aline Vergne", "en", True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Écrivez votre prénom et votre nom."),
        ("name", "A" * 5000, "120"),
        ("phone", "appelez-moi", "Écrivez un numéro comme 05 56 00 00 00"),
        ("phone", "+33 5 56 (0) 00", ""),
        ("phone", "12345", "Écrivez un numéro comme"),
        ("language", "xx", "xx"),
    ],
)
def test_bad_details_are_answered_and_kept(client_for: Any, field: str, value: str, sentence: str) -> None:
    person = make_person(name="Nom d’avant")
    answer = client_for(person).post("/mon-compte/", DETAILS | {"job": "gérante", field: value})
    if not sentence:
        assert answer.status_code == 302
        return
    assert (answer.status_code, sentence in text(answer), 'value="gérante"' in text(answer)) == (422, True, True)
    assert Person.objects.get().name == "Nom d’avant"


def test_the_account_page_names_every_way_in_and_out(client_for: Any) -> None:
    mandate = make_mandate()
    page = text(client_for(mandate.person).get("/mon-compte/"))
    for door in ("/compte/email/", "/compte/password/set/", "/compte/2fa/webauthn/", "/compte/sessions/", "/mon-compte/fermer/"):
        assert f'href="{door}"' in page
    assert mandate.organisation.name in page
    assert 'action="/mon-compte/export/"' in page
    assert f'/agenda/personnel/{mandate.person.calendar_key}.ics"' in page


def test_a_newcomer_reads_that_they_wait_and_a_refused_one_why(client_for: Any) -> None:
    assert "Votre compte attend sa validation" in text(client_for(waiting()).get("/mon-compte/"))
    refused = make_newcomer(stage=AccountStage.REFUSED, refusal_motive="Nous ne connaissons pas cet organisme.")
    assert "Nous ne connaissons pas cet organisme." in text(client_for(refused).get("/mon-compte/attente/"))
    assert client_for(make_person()).get("/mon-compte/attente/").status_code == 302


def test_the_calendar_address_changes_by_a_post(client_for: Any) -> None:
    person = make_person()
    client = client_for(person)
    assert client.get("/mon-compte/adresse-du-calendrier/").status_code == 405
    client.post("/mon-compte/adresse-du-calendrier/")
    assert Person.objects.get().calendar_key != person.calendar_key


@pytest.mark.parametrize("make", [make_person, make_newcomer])
def test_the_coordination_s_screens_are_closed_to_others(client_for: Any, make: Any) -> None:
    person = make()
    client = client_for(person)
    doors = ["comptes/", f"comptes/{person.pk}/", "organismes/", f"comptes/{person.pk}/fermer/"]
    assert {client.get(f"/pilotage/{door}").status_code for door in doors} == {403}
    posts = [f"comptes/{person.pk}/{what}/" for what in ("valider", "refuser", "charge", "organismes", "fermer")]
    assert {client.post(f"/pilotage/{door}").status_code for door in posts} == {403}


def test_those_who_wait_come_first_and_can_be_looked_for(client_for: Any) -> None:
    waiting(name="Zoé Waiting")
    make_person(name="Albert Déjà")
    client = client_for(make_coordinator())
    page = text(client.get("/pilotage/comptes/"))
    assert page.index("Zoé Waiting") < page.index("Albert Déjà")
    assert "1 demande attend une réponse" in page
    found = text(client.get("/pilotage/comptes/", {"q": "deja albert", "etat": "validated"}))
    assert ("Albert Déjà" in found, "Zoé Waiting" in found) == (True, False)
    assert "Aucun compte ne correspond" in text(client.get("/pilotage/comptes/", {"q": "personne de ce nom"}))
    assert client.get("/pilotage/comptes/", {"etat": "<script>", "page": "x"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_accounts_asks_as_many_queries_whatever_its_length(
    client_for: Any, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        make_mandate()
    client = client_for(make_coordinator())
    client.get("/pilotage/comptes/")
    with django_assert_num_queries(9):
        client.get("/pilotage/comptes/")


def test_the_coordination_validates_with_the_declared_organisation(client_for: Any) -> None:
    person = waiting()
    client = client_for(make_coordinator())
    page = text(client.get(f"/pilotage/comptes/{person.pk}/"))
    assert 'value="Les Paniers du Fleuve"' in page
    lacking = client.post(f"/pilotage/comptes/{person.pk}/valider/", {"new_name": "Les Paniers du Fleuve"})
    assert (lacking.status_code, "Choisissez la nature du nouvel organisme." in text(lacking)) == (422, True)
    facts = {"new_name": "Les Paniers du Fleuve", "new_kind": "association", "title": "gérante", "office": ""}
    assert client.post(f"/pilotage/comptes/{person.pk}/valider/", facts).status_code == 302
    person.refresh_from_db()
    assert (person.stage, person.mandates.get().organisation.name) == ("validated", "Les Paniers du Fleuve")
    again = client.post(f"/pilotage/comptes/{person.pk}/valider/", facts)
    assert again.status_code == 422
    assert Organisation.objects.count() == 1


def test_an_organisation_is_chosen_or_written_not_both(client_for: Any) -> None:
    person, known = waiting(), make_organisation()
    client = client_for(make_coordinator())
    facts = {"organisation": known.pk, "new_name": "Autre", "new_kind": "other"}
    answer = client.post(f"/pilotage/comptes/{person.pk}/valider/", facts)
    assert (answer.status_code, "pas les deux" in text(answer)) == (422, True)


def test_the_coordination_refuses_with_a_motive(client_for: Any) -> None:
    person = waiting()
    client = client_for(make_coordinator())
    door = f"/pilotage/comptes/{person.pk}/refuser/"
    assert client.post(door, {"motive": ""}).status_code == 422
    assert client.post(door, {"motive": "<script>alert(1)</script>"}).status_code == 302
    person.refresh_from_db()
    assert person.stage == AccountStage.REFUSED
    assert "<script>alert" not in text(client.get(f"/pilotage/comptes/{person.pk}/"))
    assert client.post(door, {"motive": "encore"}).status_code == 422


def test_charges_and_mandates_are_given_and_ended(client_for: Any) -> None:
    person, organisation, coordinator = make_person(), make_organisation(), make_coordinator()
    client = client_for(coordinator)
    page = f"/pilotage/comptes/{person.pk}/"
    client.post(f"{page}charge/", {"office": "assembly"})
    client.post(f"{page}organismes/", {"organisation": organisation.pk, "title": "adjointe"})
    person.refresh_from_db()
    mandate = person.mandates.get()
    assert (person.office, mandate.title) == (Office.ASSEMBLY, "adjointe")
    assert client.post(f"{page}organismes/", {"organisation": organisation.pk}).status_code == 422
    client.post(f"/pilotage/mandats/{mandate.pk}/terminer/")
    mandate.refresh_from_db()
    assert mandate.until is not None
    last = client.post(f"/pilotage/comptes/{coordinator.pk}/charge/", {"office": ""})
    assert (last.status_code, "dernière personne de la coordination" in text(last)) == (422, True)


def test_the_coordination_closes_an_account_after_a_word(client_for: Any) -> None:
    person = make_person()
    client = client_for(make_coordinator())
    door = f"/pilotage/comptes/{person.pk}/fermer/"
    assert client.post(door, {"confirmation": ""}).status_code == 422
    assert client.post(door, {"confirmation": "FERMER"}).status_code == 302
    person.refresh_from_db()
    assert person.stage == AccountStage.CLOSED
    assert client.get(door).status_code == 404


def test_where_it_is_required_nothing_opens_before_the_second_factor(client_for: Any, settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = True
    coordinator = make_coordinator()
    client = client_for(coordinator)
    assert client.get("/pilotage/comptes/")["Location"] == "/compte/2fa/"
    assert client.get("/compte/2fa/").status_code == 200
    assert client_for(make_person()).get("/mon-compte/").status_code == 200
    Authenticator.objects.create(user=coordinator, type="webauthn", data={})
    assert client.get("/pilotage/comptes/").status_code == 200
