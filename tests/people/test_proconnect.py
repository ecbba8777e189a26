"""Sign-in by ProConnect, against a fake one that refuses what the real one refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from dialogue.mailer.models import Letter
from dialogue.people.models import Person
from tests.factories import make_coordinator, make_person
from tests.people.fake_idp import FakeProConnect

pytestmark = pytest.mark.django_db
CALLBACK = "/compte/proconnect/login/callback/"
DECLARED = {
    "email": "aline@paniers.example",
    "name": "Aline Vergne",
    "declared_organisation": "Les Paniers du Fleuve",
    "declared_reason": "Livrer trois cantines.",
    "consent": "on",
}


@pytest.fixture
def idp(settings: Any) -> Iterator[FakeProConnect]:
    with FakeProConnect("dialogue-33", "un secret", f"http://localhost:8000{CALLBACK}", "http://localhost:8000/") as fake:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "proconnect": {
                "APPS": [
                    {
                        "provider_id": "proconnect",
                        "name": "ProConnect",
                        "client_id": fake.client_id,
                        "secret": fake.secret,
                        "settings": {"server": fake.server, "email_authentication": True},
                    }
                ]
            }
        }
        yield fake


def arrive(idp: FakeProConnect, client: Client, query: str = "") -> Any:
    """Through ProConnect and back; the answer of our callback."""
    out = client.post(f"/compte/proconnect/login/{query}")
    assert out.status_code == 302
    back = urlsplit(idp.authorize(out["Location"]))
    return client.get(f"{back.path}?{back.query}")


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_without_its_settings_proconnect_does_not_exist() -> None:
    assert Client().post("/compte/proconnect/login/").status_code == 404
    assert Client().get(CALLBACK).status_code == 404
    assert "ProConnect" not in Client().get("/compte/login/").content.decode()


def test_with_its_settings_the_sign_in_page_offers_it(idp: FakeProConnect) -> None:
    assert "ProConnect" in Client().get("/compte/login/").content.decode()


def test_a_professional_declares_themselves_and_waits(idp: FakeProConnect) -> None:
    coordinator, client = make_coordinator(), Client()
    answer = arrive(idp, client)
    assert answer["Location"] == "/compte/3rdparty/signup/"
    page = client.get(answer["Location"]).content.decode()
    assert ('value="Aline Vergne"' in page, 'value="aline@paniers.example"' in page) == (True, True)
    assert client.post("/compte/3rdparty/signup/", DECLARED | {"consent": ""}).status_code in {200, 422}
    assert Person.objects.count() == 1
    done = client.post("/compte/3rdparty/signup/", DECLARED)
    assert (done.status_code, done["Location"]) == (302, "/mon-compte/attente/")
    person = Person.objects.get(email="aline@paniers.example")
    assert who(client) == str(person.pk)
    assert (person.stage, person.declared_organisation, person.has_usable_password()) == ("pending", "Les Paniers du Fleuve", False)
    assert person.asked_at is not None
    assert EmailAddress.objects.get(user=person).verified
    account = SocialAccount.objects.get(user=person)
    assert (account.uid, account.extra_data) == (idp.person["sub"], {"siret": "21330063500017"})
    assert Letter.objects.filter(kind="people.account_waiting").get().person == coordinator
    assert not SocialToken.objects.exists()
    assert idp.refusals == []


def test_nobody_takes_another_address_than_that_of_proconnect(idp: FakeProConnect) -> None:
    client = Client()
    arrive(idp, client)
    client.post("/compte/3rdparty/signup/", DECLARED | {"email": "autre@paniers.example"})
    assert Person.objects.get().email == "aline@paniers.example"


def test_an_account_with_the_same_proven_address_is_linked(idp: FakeProConnect) -> None:
    person = make_person(email="aline@paniers.example", password="quatre chevaux verts")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = Client()
    answer = arrive(idp, client, "?next=/organismes/")
    assert (answer.status_code, answer["Location"]) == (302, "/organismes/")
    assert who(client) == str(person.pk)
    assert SocialAccount.objects.get().user == person
    person.refresh_from_db()
    assert person.has_usable_password()
    again = Client()
    idp.person["email"] = "nouvelle@paniers.example"
    arrive(idp, again)
    assert who(again) == str(person.pk)


def test_an_account_whose_address_was_never_proven_loses_its_password(idp: FakeProConnect) -> None:
    squatter = make_person(email="aline@paniers.example", password="quatre chevaux verts")
    EmailAddress.objects.create(user=squatter, email=squatter.email, verified=False, primary=True)
    arrive(idp, Client())
    squatter.refresh_from_db()
    assert not squatter.has_usable_password()


def test_leaving_ends_the_session_at_proconnect_too(idp: FakeProConnect) -> None:
    person = make_person(email="aline@paniers.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = Client()
    arrive(idp, client)
    out = client.post("/compte/logout/")
    assert idp.logout(out["Location"]).startswith("http://localhost:8000/?state=")
    assert who(client) is None


def test_what_the_address_asks_for_is_not_passed_on(idp: FakeProConnect) -> None:
    out = Client().post("/compte/proconnect/login/?auth_params=prompt%3Dlogin&scope=phone")
    assert set(parse_qs(urlsplit(out["Location"]).query)) == {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce"}


@pytest.mark.parametrize(
    "twist",
    ["nonce", "sub", "plain"]
    + [f"{what}:{fault}" for what in ("id_token", "userinfo") for fault in ("signature", "kid", "iss", "aud", "exp", "none", "hmac")],
)
def test_an_answer_that_is_not_what_it_must_be_opens_nothing(idp: FakeProConnect, twist: str) -> None:
    person = make_person(email="aline@paniers.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    idp.twist.add(twist)
    client = Client()
    answer = arrive(idp, client)
    assert answer.status_code in {200, 401}
    assert who(client) is None
    assert not SocialAccount.objects.exists()


def test_a_code_serves_once_and_a_state_is_ours(idp: FakeProConnect) -> None:
    person = make_person(email="aline@paniers.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client, thief = Client(), Client()
    back = urlsplit(idp.authorize(client.post("/compte/proconnect/login/")["Location"]))
    thief.get(f"{back.path}?{back.query}")
    assert who(thief) is None
    client.get(f"{back.path}?{back.query}")
    assert who(client) == str(person.pk)
    client.post("/compte/logout/")
    client.get(f"{back.path}?{back.query}")
    assert who(client) is None


def test_someone_who_gives_up_is_told(idp: FakeProConnect) -> None:
    client = Client()
    state = parse_qs(urlsplit(client.post("/compte/proconnect/login/")["Location"]).query)["state"][0]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state}, follow=True)
    assert answer.status_code == 200
    assert who(client) is None


def test_a_proconnect_that_does_not_answer_is_told(idp: FakeProConnect, settings: Any) -> None:
    client = Client()
    back = urlsplit(idp.authorize(client.post("/compte/proconnect/login/")["Location"]))
    settings.SOCIALACCOUNT_PROVIDERS["proconnect"]["APPS"][0]["settings"]["server"] = "http://127.0.0.1:9/api/v2"
    assert client.get(f"{back.path}?{back.query}").status_code in {200, 401}
    assert who(client) is None
