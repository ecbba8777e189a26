"""The coordination's answer, one's own details, the office."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people import acts
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import AccountStage, Office, OrganisationStage
from tests.factories import NOW, TODAY, make_coordinator, make_newcomer, make_organisation, make_person

pytestmark = pytest.mark.django_db


def declare(person: Person, **facts: Any) -> Person:
    given = {"name": "Aline Vergne", "organisation": "Les Paniers du Fleuve", "reason": "Livrer les cantines."} | facts
    return acts.declare_oneself(person, by=person, now=NOW, **given)


def test_a_newcomer_says_who_they_are() -> None:
    person = declare(make_newcomer(), job="gérante", language="en", consented=True)
    person.refresh_from_db()
    said = (person.name, person.job, person.declared_organisation, person.declared_reason, person.language, person.consented_at)
    assert said == ("Aline Vergne", "gérante", "Les Paniers du Fleuve", "Livrer les cantines.", "en", NOW)


def test_nobody_declares_for_someone_else() -> None:
    with pytest.raises(NotAllowed):
        acts.declare_oneself(make_newcomer(), by=make_newcomer(), now=NOW, name="A", organisation="B", reason="C")


def test_a_proven_address_brings_the_request_to_each_coordinator_once() -> None:
    coordinators = {make_coordinator().email, make_coordinator().email}
    person = declare(make_newcomer())
    acts.ask_validation(person, by=person, now=NOW)
    acts.ask_validation(person, by=person, now=NOW)
    letters = Letter.objects.filter(kind="people.account_waiting")
    assert sorted(letters.values_list("address", flat=True)) == sorted(coordinators)
    assert letters[0].mode == "digest"
    assert "Aline Vergne demande un compte, pour Les Paniers du Fleuve." in " ".join(letters[0].text.split())


def test_a_validated_newcomer_speaks_for_an_organisation_and_is_told() -> None:
    person, paniers = make_newcomer(), make_organisation(name="Les Paniers du Fleuve")
    acts.validate_account(person, by=make_coordinator(), now=NOW, organisation=paniers, title="gérante")
    person.refresh_from_db()
    assert (person.stage, person.validated_at, person.is_partner) == (AccountStage.VALIDATED, NOW, True)
    mandate = person.mandates.get()
    assert (mandate.organisation, mandate.title, mandate.since, mandate.until) == (paniers, "gérante", TODAY, None)
    letter = Letter.objects.get(person=person)
    assert (letter.kind, letter.mode) == ("people.account_answered", "immediate")
    assert "Vous y représentez : Les Paniers du Fleuve." in " ".join(letter.text.split())
    acts_done = list(Entry.objects.order_by("pk").values_list("act", "stage_from", "stage_to"))
    assert acts_done == [("people.grant_mandate", "", ""), ("people.validate_account", "pending", "validated")]


def test_an_organisation_that_is_not_in_the_list_enters_it_with_the_account() -> None:
    person = make_newcomer()
    new = {"name": "Les Paniers du Fleuve", "kind": "association"}
    acts.validate_account(person, by=make_coordinator(), now=NOW, new_organisation=new)
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.stage) == ("Les Paniers du Fleuve", OrganisationStage.VALIDATED)
    assert person.mandates.get().organisation == organisation


def test_a_failure_in_the_middle_of_a_validation_leaves_nothing_behind() -> None:
    make_organisation(name="Les Paniers du Fleuve", kind="association")
    person = make_newcomer()
    with pytest.raises(Refused, match="porte déjà ce nom"):
        acts.validate_account(
            person, by=make_coordinator(), now=NOW, new_organisation={"name": "les paniers du fleuve", "kind": "association"}
        )
    person.refresh_from_db()
    assert person.stage == AccountStage.PENDING
    assert not Letter.objects.exists()
    assert not Entry.objects.exists()


def test_only_the_coordination_validates() -> None:
    for by in (make_person(), make_newcomer()):
        with pytest.raises(NotAllowed):
            acts.validate_account(make_newcomer(), by=by, now=NOW)


def test_the_second_of_two_answers_is_refused() -> None:
    person = make_newcomer()
    stale = Person.objects.get(pk=person.pk)
    acts.validate_account(person, by=make_coordinator(), now=NOW)
    with pytest.raises(Refused):
        acts.refuse_account(stale, by=make_coordinator(), now=NOW, motive="Inconnu.")
    person.refresh_from_db()
    assert (person.stage, person.refusal_motive) == (AccountStage.VALIDATED, "")


def test_a_refusal_gives_its_motive_by_mail_and_may_be_reconsidered() -> None:
    person, coordinator = make_newcomer(), make_coordinator()
    with pytest.raises(Refused, match="Dites pourquoi"):
        acts.refuse_account(person, by=coordinator, now=NOW, motive="  ")
    acts.refuse_account(person, by=coordinator, now=NOW, motive="Votre organisme ne nous connaît pas.")
    letter = Letter.objects.get()
    assert (letter.address, letter.kind) == (person.email, "people.account_answered")
    assert "Votre organisme ne nous connaît pas." in " ".join(letter.text.split())
    assert not person.is_partner
    acts.validate_account(person, by=coordinator, now=NOW)
    person.refresh_from_db()
    assert (person.stage, person.refusal_motive, person.refused_at) == (AccountStage.VALIDATED, "", None)


def test_a_person_changes_their_details_and_nobody_elses() -> None:
    person = make_person()
    facts = {"name": " Aline Vergne ", "job": "gérante", "phone": "05 56 00 00 00", "language": "en", "share_contact": True}
    acts.change_account(person, by=person, now=NOW, **facts)
    person.refresh_from_db()
    assert (person.name, person.phone, person.language, person.share_contact) == ("Aline Vergne", "05 56 00 00 00", "en", True)
    with pytest.raises(NotAllowed):
        acts.change_account(person, by=make_coordinator(), now=NOW, **facts)


def test_the_ledger_keeps_no_free_text_of_an_account() -> None:
    person = declare(make_newcomer())
    acts.change_account(person, by=person, now=NOW, name="Aline", job="x", phone="", language="fr", share_contact=False)
    assert list(Entry.objects.values_list("facts", flat=True)) == [{}, {}]


@pytest.mark.parametrize("facts", [{"name": "A" * 5000}, {"job": "A" * 121}, {"phone": "0" * 31}, {"language": "xx"}, {"name": " "}])
def test_what_does_not_fit_is_refused_with_a_sentence(facts: dict[str, str]) -> None:
    person = make_person(name="Aline")
    given = {"name": "Aline", "job": "", "phone": "", "language": "fr", "share_contact": False} | facts
    with pytest.raises(Refused):
        acts.change_account(person, by=person, now=NOW, **given)
    assert Person.objects.get(pk=person.pk).name == "Aline"


def test_the_last_coordinator_keeps_the_charge() -> None:
    last = make_coordinator()
    with pytest.raises(Refused, match="dernière personne de la coordination"):
        acts.set_office(last, by=last, now=NOW, office=Office.NONE)
    with pytest.raises(Refused, match="dernière personne de la coordination"):
        acts.close_account(last, by=last, now=NOW)
    second = make_coordinator()
    acts.set_office(last, by=second, now=NOW, office=Office.ASSEMBLY)
    last.refresh_from_db()
    assert last.office == Office.ASSEMBLY
    assert Entry.objects.get(act="people.set_office").facts == {"office": "assembly"}


def test_a_charge_is_for_validated_accounts() -> None:
    with pytest.raises(Refused, match="Validez d’abord"):
        acts.set_office(make_newcomer(), by=make_coordinator(), now=NOW, office=Office.COORDINATION)


def test_a_changed_calendar_address_replaces_the_old_one() -> None:
    person = make_person()
    before = person.calendar_key
    acts.renew_calendar_key(person, by=person, now=NOW)
    person.refresh_from_db()
    assert len(person.calendar_key) >= 27
    assert person.calendar_key != before


def in_parallel(*calls: Any) -> list[str]:
    """Run the calls at once in threads; "done" or the name of what each raised."""
    gate, answers = threading.Barrier(len(calls)), []

    def run(call: Any) -> None:
        gate.wait()
        try:
            call()
            answers.append("done")
        except Exception as error:  # noqa: BLE001 (the name of any error is the answer)
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_validate_at_once_validate_once() -> None:
    person, first, second = make_newcomer(), make_coordinator(), make_coordinator()
    copies = [Person.objects.get(pk=person.pk) for _ in range(2)]
    answers = in_parallel(
        lambda: acts.validate_account(copies[0], by=first, now=NOW), lambda: acts.validate_account(copies[1], by=second, now=NOW)
    )
    assert answers == ["Refused", "done"]
    assert Letter.objects.filter(kind="people.account_answered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_leave_at_once_do_not_both_leave() -> None:
    first, second = make_coordinator(), make_coordinator()
    answers = in_parallel(
        lambda: acts.set_office(first, by=first, now=NOW, office=Office.NONE),
        lambda: acts.close_account(second, by=second, now=NOW),
    )
    assert answers == ["Refused", "done"]
    assert Person.objects.coordinators().count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_account_closed_twice_at_once_is_closed_once() -> None:
    make_coordinator()
    person = make_person()
    copies = [Person.objects.get(pk=person.pk) for _ in range(2)]
    answers = in_parallel(*[lambda copy=copy: acts.close_account(copy, by=person, now=NOW) for copy in copies])
    assert answers == ["Refused", "done"]


@pytest.mark.django_db(transaction=True)
def test_details_saved_while_the_account_closes_bring_no_name_back() -> None:
    person = make_person(name="Aline Vergne")
    stale = Person.objects.get(pk=person.pk)
    acts.close_account(person, by=person, now=NOW)
    with pytest.raises(Refused):
        acts.change_account(stale, by=stale, now=NOW, name="Aline", job="", phone="", language="fr", share_contact=False)
    person.refresh_from_db()
    assert person.name == ""
