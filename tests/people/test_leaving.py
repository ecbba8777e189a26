"""Closing an account leaves nothing that names its owner; the export gives it all before."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client

from dialogue.ledger.acts import SYSTEM, NotAllowed
from dialogue.ledger.models import Entry
from dialogue.people import acts, hooks
from dialogue.people.models import Mandate, Person
from dialogue.people.stages import AccountStage
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_mandate,
    make_member,
    make_newcomer,
    make_person,
    make_request,
)

pytestmark = pytest.mark.django_db
PASSWORD = "quatre chevaux verts"
TRACES = ("vergne", "05 56 11 22 33", "gérante des paniers", "livrer trois cantines")


def full_person() -> tuple[Person, Client]:
    """Someone who left a trace wherever our room, allauth and the mailer write."""
    person = make_newcomer(email="aline.vergne@paniers.example", password=PASSWORD)
    acts.declare_oneself(
        person, by=person, now=NOW, name="Aline Vergne", organisation="Vergne et filles", reason="Livrer trois cantines."
    )
    acts.ask_validation(person, by=person, now=NOW)
    acts.validate_account(person, by=make_coordinator(), now=NOW)
    acts.change_account(
        person, by=person, now=NOW, name="Aline Vergne", job="Gérante des paniers", phone="05 56 11 22 33",
        language="en", share_contact=True,
    )
    make_mandate(person=person, title="Gérante des paniers Vergne")
    make_mandate(person=person, since=TODAY + timedelta(days=5))
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=person, provider="proconnect", uid="vergne-42", extra_data={"nom": "Vergne"})
    client = Client(HTTP_USER_AGENT="Firefox de Vergne")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    UserSession.objects.get_or_create(
        session_key=client.session.session_key, defaults={"user": person, "ip": "127.0.0.1", "user_agent": "Firefox de Vergne"}
    )
    return person, client


def traces() -> list[str]:
    """Every row of every table in which the address, the name or the words of the person still stand."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            text = json.dumps(row, default=str, ensure_ascii=False).lower()
            found += [f"{model._meta.label}: {trace}" for trace in TRACES if trace in text]
    return found


def test_closing_leaves_no_residue_in_any_table() -> None:
    person, client = full_person()
    chantier = make_chantier()
    make_member(chantier, person=person)
    assert traces()
    acts.close_account(person, by=person, now=NOW)
    assert traces() == []
    assert not Session.objects.filter(session_key=client.session.session_key).exists() or client.get("/mon-compte/").status_code == 302
    row = Person.objects.get(pk=person.pk)
    assert (row.email, row.stage, row.is_active, row.closed_at) == (f"parti-{row.pk}@invalid", AccountStage.CLOSED, False, NOW)
    assert (str(row), row.has_usable_password(), row.office, row.share_contact) == ("Personne partie", False, "", False)
    assert Mandate.objects.open().filter(person=person).count() == 0
    assert [*Mandate.objects.filter(person=person).order_by("since").values_list("until", flat=True)][-1] == date(2017, 11, 11)


def test_what_the_person_did_stays_unnamed() -> None:
    person, _client = full_person()
    before = Entry.objects.filter(by=person).count()
    acts.close_account(person, by=person, now=NOW)
    assert Entry.objects.filter(by=person).count() == before + 1
    entry = Entry.objects.get(act="people.close_account")
    assert (entry.stage_from, entry.stage_to, entry.facts) == ("validated", "closed", {})


def test_the_session_of_a_closed_account_opens_nothing() -> None:
    person, client = full_person()
    assert client.get("/mon-compte/").status_code == 200
    acts.close_account(person, by=make_coordinator(), now=NOW)
    assert client.get("/mon-compte/").status_code == 302


def test_the_old_address_may_open_a_new_account() -> None:
    person, _client = full_person()
    acts.close_account(person, by=person, now=NOW)
    assert make_person(email="aline.vergne@paniers.example").pk != person.pk


def test_others_do_not_close_an_account() -> None:
    person = make_person()
    for by in (make_person(), make_newcomer()):
        with pytest.raises(NotAllowed):
            acts.close_account(person, by=by, now=NOW)
    acts.close_account(person, by=SYSTEM, now=NOW)


def test_rooms_above_end_what_they_hold_or_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(person: Person, *, by: Any, now: Any) -> None:
        raise RuntimeError("a room above could not")

    monkeypatch.setattr(hooks, "on_leaving", [*hooks.on_leaving, fails])
    person, _client = full_person()
    with pytest.raises(RuntimeError):
        acts.close_account(person, by=person, now=NOW)
    person.refresh_from_db()
    assert (person.name, person.is_active) == ("Aline Vergne", True)


def test_closing_takes_a_word_and_a_fresh_proof() -> None:
    person, client = full_person()
    Authenticator.objects.all().delete()
    door = "/mon-compte/fermer/"
    assert client.get(door)["Location"].startswith("/compte/reauthenticate/")
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    assert "Ce que vous y avez fait reste, sans votre nom." in client.get(door).content.decode()
    refused = client.post(door, {"confirmation": "oui"})
    assert (refused.status_code, "Écrivez FERMER pour confirmer." in refused.content.decode()) == (422, True)
    done = client.post(door, {"confirmation": "fermer"})
    assert (done.status_code, done["Location"]) == (302, "/")
    person.refresh_from_db()
    assert person.stage == AccountStage.CLOSED
    assert traces() == []


def test_the_export_holds_exactly_what_is_kept() -> None:
    _person, client = full_person()
    Authenticator.objects.all().delete()
    assert client.get("/mon-compte/export/").status_code == 405
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/mon-compte/export/")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/zip", 'attachment; filename="mes-donnees.zip"')
    files = zipfile.ZipFile(io.BytesIO(answer.content))
    names = {"actes", "adresses", "compte", "moyens_de_connexion", "organismes", "sessions"}
    assert names <= {name.partition(".")[0] for name in files.namelist()}
    account = json.loads(files.read("compte.json"))
    assert [{key: row[key] for key in ("adresse", "nom", "telephone", "organisme_declare", "etat")} for row in account] == [
        {
            "adresse": "aline.vergne@paniers.example",
            "nom": "Aline Vergne",
            "telephone": "05 56 11 22 33",
            "organisme_declare": "Vergne et filles",
            "etat": "validated",
        }
    ]
    assert len(json.loads(files.read("organismes.json"))) == 2
    assert [row["acte"] for row in json.loads(files.read("actes.json"))] == [
        "people.declare_oneself",
        "people.ask_validation",
        "people.change_account",
    ]
    table = list(csv.DictReader(io.StringIO(files.read("compte.csv").decode("utf-8-sig")), delimiter=";"))
    assert (table[0]["nom"], table[0]["adresse"]) == ("Aline Vergne", "aline.vergne@paniers.example")


def test_the_export_holds_nothing_of_others() -> None:
    person, _client = full_person()
    other = make_request(make_chantier()).person
    from dialogue.people.exports import archive_of

    files = zipfile.ZipFile(io.BytesIO(archive_of(person)))
    assert all(other.email.encode() not in files.read(name) for name in files.namelist())


def test_what_the_rooms_above_keep_is_in_the_export(monkeypatch: pytest.MonkeyPatch) -> None:
    from dialogue.people.exports import archive_of

    monkeypatch.setattr(hooks, "exporters", [lambda person: {"chantiers": [{"chantier": "Cantines", "depuis": TODAY}]}])
    files = zipfile.ZipFile(io.BytesIO(archive_of(make_person())))
    assert json.loads(files.read("chantiers.json")) == [{"chantier": "Cantines", "depuis": "2017-11-06"}]
