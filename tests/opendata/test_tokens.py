"""Tokens: created by the coordination, shown once, revoked; and what a machine deposits with one."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dialogue.contributions.acts.receiving import receive_by_api
from dialogue.contributions.models import Contribution
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.opendata.acts import create_token, note_use, revoke_token
from dialogue.opendata.models import ApiToken
from dialogue.people.acts import close_account
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "dt_" + "s" * 43
SCREEN = "/pilotage/donnees-ouvertes/jetons/"


@pytest.fixture
def coordinator() -> Any:
    return make.make_coordinator()


@pytest.fixture
def token(coordinator: Any) -> ApiToken:
    return make.make_token(owner=coordinator, secret=SECRET)


@pytest.fixture
def campaign() -> Any:
    return make.make_campaign(slug="pactes")


def body(**changes: Any) -> dict[str, Any]:
    return {"campagne": "pactes", "identifiant": "form-1", "titre": "Des bancs", "texte": "Au bord du fleuve."} | changes


def post(client: Any, given: Any, *, secret: str = SECRET, **headers: str) -> Any:
    text = given if isinstance(given, str) else json.dumps(given)
    shown = {"authorization": f"Bearer {secret}"} if secret else {}
    return client.post("/api/v1/contributions/", text, content_type="application/json", headers=shown | headers)


# The screen --------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_its_hash_alone_is_kept(client_for, coordinator):
    client = client_for(coordinator)
    form = {"name": "Formulaire", "scopes": ["contributions"], "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat()}
    answer = client.post(SCREEN, form)
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    secret = re.search(r"dt_[-\w]{43}", answer.content.decode())
    assert secret
    made = ApiToken.objects.get()
    assert (made.owner, made.scopes, made.beginning) == (coordinator, ["contributions"], secret[0][:9])
    assert secret[0] not in str(ApiToken.objects.values().get())
    assert secret[0] not in client.get(SCREEN).content.decode()
    entry = Entry.objects.get(act="opendata.create_token")
    assert (entry.by, entry.facts) == (coordinator, {"expires_on": form["expires_on"]})


def test_what_is_missing_is_said_and_what_was_typed_stays(client_for, coordinator):
    client = client_for(coordinator)
    far = (timezone.localdate() + timedelta(days=800)).isoformat()
    answer = client.post(SCREEN, {"name": "Formulaire", "scopes": ["contributions"], "expires_on": far})
    assert answer.status_code == 422
    assert "Choisissez une date de fin d’ici un an." in answer.content.decode()
    assert 'value="Formulaire"' in answer.content.decode()
    assert client.post(SCREEN, {"name": "Formulaire"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_the_coordination_alone_opens_the_screen(client_for, client, token):
    assert client.get(SCREEN).status_code == 302
    partner = client_for(make.make_person())
    assert partner.get(SCREEN).status_code == 403
    assert partner.post(f"{SCREEN}{token.pk}/revoquer/").status_code == 404
    with pytest.raises(NotAllowed):
        create_token(None, by=make.make_person(), now=make.NOW, today=make.TODAY, name="x", scopes=[], expires_on=make.TODAY, secret=SECRET)


def test_a_token_is_revoked_after_a_confirmation_and_opens_nothing_more(client_for, client, coordinator, token, campaign):
    signed = client_for(coordinator)
    page = signed.get(f"{SCREEN}{token.pk}/revoquer/").content.decode()
    assert "ne pourra plus rien déposer" in page
    assert post(client, body()).status_code == 201
    assert signed.post(f"{SCREEN}{token.pk}/revoquer/").status_code == 302
    assert post(client, body(identifiant="form-2")).status_code == 401
    with pytest.raises(Refused):
        revoke_token(ApiToken.objects.get(), by=coordinator, now=make.NOW)


def test_whoever_leaves_leaves_no_token(client, coordinator, token, campaign):
    make.make_coordinator()
    close_account(coordinator, by=coordinator, now=make.NOW)
    assert ApiToken.objects.get().revoked_at == make.NOW
    assert post(client, body()).status_code == 401


# Writing -----------------------------------------------------------------------------------------------------------


def test_a_deposit_enters_in_the_name_of_the_tokens_owner(client, coordinator, token, campaign):
    commune, theme = make.make_commune(name="Libourne"), make.make_theme(code="mobilite", name="Mobilité")
    who = {"auteur_nom": "Ana", "auteur_courriel": "ana@habitant.example"}
    given = body(commune="Libourne", theme="Mobilité", nature="besoin", ecrite_le="2017-10-02", **who)
    answer = post(client, given)
    assert answer.status_code == 201
    told = answer.json()
    row = Contribution.objects.get()
    assert told == {
        "numero": row.number, "identifiant": "form-1", "nouvelle": True, "etape": "received",
        "page": f"http://localhost:8000/contributions/{row.number}/", "remarques": [],
    }  # fmt: skip
    assert (row.title, row.commune, row.territory, row.theme, row.theme_source, row.nature) == (
        "Des bancs", commune, commune.territory, theme, "file", "need",
    )  # fmt: skip
    assert (row.external_id, row.via, row.entered_by, row.author_email) == ("form-1", "import", coordinator, "ana@habitant.example")
    assert timezone.localtime(row.written_at).date() == date(2017, 10, 2)
    assert (row.circle, row.is_published) == ("group", False)
    entry = Entry.objects.get(act="contributions.receive_by_api")
    assert (entry.by, entry.thing_id) == (coordinator, row.pk)
    assert not Letter.objects.exists()


def test_the_same_identifier_twice_adds_nothing(client, token, campaign):
    first = post(client, body())
    again = post(client, body(titre="Autre chose"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"nouvelle": False}
    assert Contribution.objects.get().title == "Des bancs"
    assert Entry.objects.filter(act="contributions.receive_by_api").count() == 1
    make.make_campaign(slug="autre")
    assert post(client, body(campagne="autre")).status_code == 201


def test_two_at_once_make_one(client, coordinator, campaign):
    fields = {"title": "Des bancs", "text": "Ici.", "written_at": make.NOW}
    given = {"external_id": "a", "values": fields, "naming": "anonymous", "may_publish": False, "tell_author": False}
    receive_by_api(campaign, by=coordinator, now=make.NOW, **given)
    with pytest.raises(Refused):
        receive_by_api(campaign, by=coordinator, now=make.NOW, **given)


def test_the_author_agrees_to_publication_and_is_told_if_asked(client, token, campaign):
    who = {"auteur_nom": "Ana", "auteur_courriel": "ana@habitant.example"}
    given = body(publication_acceptee=True, nom_affiche="nom", prevenir_auteur=True, **who)
    assert post(client, given).status_code == 201
    row = Contribution.objects.get()
    assert (row.circle, row.shown_name, row.may_publish) == ("public", "Ana", True)
    assert [letter.address for letter in Letter.objects.all()] == ["ana@habitant.example"]


def test_what_is_doubtful_is_taken_and_said(client, token, campaign):
    answer = post(client, body(theme="Astrologie", commune="Atlantide"))
    assert answer.status_code == 201
    assert len(answer.json()["remarques"]) == 2
    assert Contribution.objects.get().place == "Atlantide"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"auteur_courriel": "pas une adresse"}, "auteur_courriel"),
        ({"ecrite_le": "2117-01-01"}, "ecrite_le"),
        ({"ecrite_le": "hier"}, "ecrite_le"),
        ({"texte": ""}, "texte"),
        ({"texte": 12}, "texte"),
        ({"identifiant": "x" * 121}, "identifiant"),
        ({"nature": "rumeur"}, "nature"),
        ({"couleur": "bleu"}, "couleur"),
        ({"campagne": "../.."}, "campagne"),
    ],
)
def test_what_is_wrong_is_said_field_by_field_and_nothing_enters(client, token, campaign, changes, field):
    answer = post(client, body(**changes))
    assert answer.status_code == 422
    assert [each["champ"] for each in answer.json()["errors"]] == [field]
    assert not Contribution.objects.exists()


def test_signs_that_no_database_holds_are_taken_out(client, token, campaign):
    assert post(client, body(texte="Au bord\x00du fleuve")).status_code == 201
    assert Contribution.objects.get().text == "Au bord du fleuve"
    assert post(client, '{"campagne": "pactes", "identifiant": "b", "texte": "\\ud800 ici"}').status_code == 201
    assert post(client, '{"campagne": "pactes", "identifiant": "c", "texte": "ici", "\\ud800": 1}').status_code == 422
    assert post(client, "{pas du json").status_code == 422
    assert post(client, "[1]").status_code == 422


def test_nobody_writes_without_a_living_token_that_permits_it(client, client_for, coordinator, token, campaign):
    assert post(client, body(), secret="").status_code == 401
    answer = post(client, body(), secret="dt_" + "x" * 43)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert answer["Content-Type"] == "application/problem+json"
    # A session is no token, however coordinating.
    assert post(client_for(coordinator), body(), secret="").status_code == 401
    make.make_token(owner=coordinator, secret="dt_votes", scopes=["votes"])
    assert post(client, body(), secret="dt_votes").status_code == 403
    make.make_token(owner=coordinator, secret="dt_vieux", expires_on=timezone.localdate() - timedelta(days=1))
    assert post(client, body(), secret="dt_vieux").status_code == 401
    assert not Contribution.objects.exists()


def test_a_right_taken_from_the_owner_is_taken_from_the_token(client, coordinator, token, campaign):
    coordinator.office = ""
    coordinator.save()
    assert post(client, body()).status_code == 403


def test_an_unknown_campaign_is_a_404(client, token):
    assert post(client, body()).status_code == 404


def test_the_day_of_use_is_noted_once_a_day(client, token, campaign):
    for n in range(3):
        post(client, body(identifiant=f"form-{n}"))
    assert ApiToken.objects.get().last_used_on == timezone.localdate()
    assert [entry.facts for entry in Entry.objects.filter(act=note_use.name)] == [{"on": timezone.localdate().isoformat()}]


def test_the_copy_of_ones_data_lists_ones_tokens(coordinator, token):
    from dialogue.opendata.exports import personal_data

    assert [row["nom"] for row in personal_data(coordinator)["jetons"]] == ["Formulaire"]
    assert SECRET not in str(personal_data(coordinator))
    assert personal_data(make.make_person()) == {}
