"""Every way in, walked through with a browser that runs no script."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage
from tests.factories import make_coordinator, make_newcomer, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "quatre chevaux verts"
SIGN_UP = {
    "email": "aline@paniers.example",
    "name": "Aline Vergne",
    "job": "gérante",
    "declared_organisation": "Les Paniers du Fleuve",
    "declared_reason": "Livrer trois cantines.",
    "password1": "",
    "consent": "on",
}


def code_for(address: str) -> str:
    """The code in the last letter to this address."""
    letter = Letter.objects.filter(address=address, kind="people.code").order_by("-pk")[0]
    assert (letter.mode, letter.mandatory) == ("immediate", True)
    return re.search(r"^ {4}(\S+)$", letter.text, re.MULTILINE).group(1)


def prove(person: Person) -> Person:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def member(**fields: Any) -> Person:
    return prove(make_person(**{"email": "aline@paniers.example", "password": PASSWORD} | fields))


def log_in(client: Client, password: str = PASSWORD, email: str = "aline@paniers.example") -> Any:
    return client.post("/compte/login/", {"login": email, "password": password})


def sign_up(client: Client, target: str = "/compte/signup/", **fields: str) -> Any:
    return client.post(target, SIGN_UP | fields)


def prove_again(client: Client) -> None:
    """Sensitive pages ask for the password once more."""
    client.post("/compte/reauthenticate/", {"password": PASSWORD})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_signing_up_by_code_ends_on_the_waiting_page() -> None:
    coordinator, client = make_coordinator(), Client()
    sent = sign_up(client)
    assert (sent.status_code, sent["Location"]) == (302, "/compte/confirm-email/")
    person = Person.objects.get(email="aline@paniers.example")
    assert (person.stage, person.name, person.asked_at, person.has_usable_password()) == ("pending", "Aline Vergne", None, False)
    assert who(client) is None
    entered = client.post("/compte/confirm-email/", {"code": code_for(person.email)})
    assert (entered.status_code, entered["Location"]) == (302, "/mon-compte/attente/")
    person.refresh_from_db()
    assert who(client) == str(person.pk)
    assert person.asked_at is not None
    assert not person.is_partner
    assert Letter.objects.filter(person=coordinator, kind="people.account_waiting").count() == 1
    page = client.get("/mon-compte/attente/").content.decode()
    assert "Votre compte attend sa validation" in page
    assert [entry.act for entry in Entry.objects.order_by("pk")] == ["people.declare_oneself", "people.ask_validation"]


def test_a_visitor_who_wanted_something_comes_back_to_it() -> None:
    client = Client()
    page = client.get("/compte/signup/?next=/organismes/proposer/").content.decode()
    assert 'value="/organismes/proposer/"' in page
    sign_up(client, next="/organismes/proposer/")
    entered = client.post("/compte/confirm-email/", {"code": code_for(SIGN_UP["email"])})
    assert entered["Location"] == "/organismes/proposer/"


def test_a_visitor_is_not_led_to_another_site() -> None:
    client = Client()
    sign_up(client, next="https://mechant.example/")
    entered = client.post("/compte/confirm-email/", {"code": code_for(SIGN_UP["email"])})
    assert entered["Location"] == "/mon-compte/attente/"


def test_a_wrong_code_opens_nothing() -> None:
    client = Client()
    sign_up(client)
    for _ in range(3):
        client.post("/compte/confirm-email/", {"code": "XXXXXX"})
    client.post("/compte/confirm-email/", {"code": code_for(SIGN_UP["email"])})
    assert who(client) is None
    assert Person.objects.get().asked_at is None


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner() -> None:
    owner = member()
    known, unknown = Client(), Client()
    first = sign_up(known)
    second = sign_up(unknown, email="nouveau@paniers.example")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = [client.get("/compte/confirm-email/").content.decode() for client in (known, unknown)]
    csrf = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    neutral = [csrf.sub("", page).replace("nouveau@paniers.example", "aline@paniers.example") for page in pages]
    assert neutral[0] == neutral[1]
    letter = Letter.objects.get(address=owner.email)
    assert (letter.person, letter.subject) == (owner, "Vous avez déjà un compte")
    owner.refresh_from_db()
    assert owner.name != "Aline Vergne"


def test_the_same_form_sent_twice_makes_one_account() -> None:
    client = Client()
    sign_up(client)
    sign_up(client)
    assert Person.objects.filter(email=SIGN_UP["email"]).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Écrivez votre prénom et votre nom."),
        ("name", "A" * 5000, "120"),
        ("declared_organisation", "", "Écrivez le nom de votre organisme."),
        ("declared_reason", "", "Dites en une phrase pourquoi vous souhaitez un compte."),
        ("declared_reason", "A" * 2001, "2000"),
        ("consent", "", "Cochez cette case pour créer un compte."),
        ("email", "pas une adresse", "adresse"),
        ("password1", "password1234", "courant"),
    ],
)
def test_a_sign_up_that_lacks_something_says_what_and_keeps_the_rest(field: str, value: str, sentence: str) -> None:
    answer = sign_up(Client(), **{field: value})
    page = answer.content.decode()
    assert sentence in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert answer.status_code in {200, 422}
    assert "Les Paniers du Fleuve" in page or field == "declared_organisation"
    assert not Person.objects.exists()


def test_a_script_in_a_name_is_shown_as_text() -> None:
    client = Client()
    sign_up(client, name="<script>alert(1)</script>", declared_organisation="<img src=x onerror=alert(1)>")
    client.post("/compte/confirm-email/", {"code": code_for(SIGN_UP["email"])})
    coordinator = make_coordinator()
    client.force_login(coordinator)
    page = client.get("/pilotage/comptes/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_person_signs_in_with_a_code() -> None:
    person, client = member(password=None), Client()
    asked = client.post("/compte/login/code/", {"email": person.email})
    assert asked["Location"] == "/compte/login/code/confirm/"
    entered = client.post("/compte/login/code/confirm/", {"code": code_for(person.email)})
    assert (entered.status_code, entered["Location"]) == (302, "/mon-espace/")
    assert who(client) == str(person.pk)


def test_asking_a_code_for_an_unknown_address_looks_the_same() -> None:
    client = Client()
    asked = client.post("/compte/login/code/", {"email": "inconnue@paniers.example"})
    assert asked["Location"] == "/compte/login/code/confirm/"
    letter = Letter.objects.get()
    assert (letter.address, letter.person, letter.subject) == ("inconnue@paniers.example", None, "Aucun compte à cette adresse")


def test_a_person_signs_in_with_a_password() -> None:
    person, client = member(language="en"), Client()
    assert who(client) is None
    assert log_in(client, "autre chose 12")["Content-Type"].startswith("text/html")
    assert who(client) is None
    entered = log_in(client)
    assert (entered.status_code, entered["Location"]) == (302, "/mon-espace/")
    assert who(client) == str(person.pk)
    assert client.cookies["django_language"].value == "en"


def test_the_sixth_wrong_password_is_told_to_wait() -> None:
    member()
    client = Client()
    for _ in range(5):
        log_in(client, "autre chose 12")
    log_in(client)
    assert who(client) is None
    cache.clear()
    log_in(client)
    assert who(client) is not None


def test_a_forgotten_password_is_replaced_with_a_code() -> None:
    person, client = member(), Client()
    client.post("/compte/password/reset/", {"email": person.email})
    answer = client.post("/compte/password/reset/confirm/", {"code": code_for(person.email)})
    answer = client.post(answer["Location"], {"password1": "trois rivières calmes", "password2": "trois rivières calmes"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password("trois rivières calmes")
    assert Letter.objects.filter(subject="La sécurité de votre compte").count() == 1


def test_a_closed_account_does_not_sign_in() -> None:
    from django.utils import timezone

    person, client = member(), Client()
    Person.objects.filter(pk=person.pk).update(stage=AccountStage.CLOSED, is_active=False, closed_at=timezone.now())
    log_in(client)
    assert who(client) is None


def test_a_newcomer_who_signs_in_sees_no_partners_circle() -> None:
    person = prove(make_newcomer(email="aline@paniers.example", password=PASSWORD))
    client = Client()
    log_in(client)
    person.refresh_from_db()
    assert who(client) == str(person.pk)
    assert not person.is_partner
    assert person.asked_at is not None


def totp(secret: str) -> str:
    """RFC 6238, SHA-1, 30 seconds, six digits."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def add_application(client: Client) -> str:
    """Set up an authenticator application; returns its secret."""
    assert client.get("/compte/2fa/totp/activate/")["Location"].startswith("/compte/reauthenticate/")
    prove_again(client)
    page = client.get("/compte/2fa/totp/activate/").content.decode()
    secret = re.search(r"\b([A-Z2-7]{32})\b", page).group(1)
    done = client.post("/compte/2fa/totp/activate/", {"code": totp(secret)})
    assert done.status_code == 302, done.content.decode()[:2000]
    return secret


def test_an_application_is_asked_at_the_next_sign_in(django_capture_on_commit_callbacks: Any) -> None:
    person, client = member(), Client()
    log_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_application(client)
    assert Letter.objects.filter(text__contains="Une application d’authentification a été ajoutée").count() == 1
    other = Client()
    entered = log_in(other)
    assert entered["Location"].startswith("/compte/2fa/authenticate/")
    assert who(other) is None
    other.post("/compte/2fa/authenticate/", {"code": "000000"})
    assert who(other) is None
    cache.clear()  # a code serves once
    other.post("/compte/2fa/authenticate/", {"code": totp(secret)})
    assert who(other) == str(person.pk)


def test_a_recovery_code_serves_once() -> None:
    person, client = member(), Client()
    log_in(client)
    add_application(client)
    codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert codes[0] in client.get("/compte/2fa/recovery-codes/").content.decode()
    for expected in (str(person.pk), None):
        other = Client()
        log_in(other)
        other.post("/compte/2fa/authenticate/", {"code": codes[0]})
        assert who(other) == expected


def test_the_pages_of_a_passkey_answer_with_a_challenge() -> None:
    member()
    client = Client()
    options = client.get("/compte/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert len(options["request_options"]["publicKey"]["challenge"]) >= 22
    log_in(client)
    prove_again(client)
    page = client.get("/compte/2fa/webauthn/add/")
    assert page.status_code == 200
    assert "challenge" in page.content.decode()
    assert client.post("/compte/2fa/webauthn/add/", {"credential": "{}", "name": "Téléphone"}).status_code in {200, 422}
    assert not Authenticator.objects.exists()


def test_a_device_is_signed_out_from_another_one() -> None:
    person = member()
    here, there = Client(HTTP_USER_AGENT="Firefox ici"), Client(HTTP_USER_AGENT="Chrome là-bas")
    log_in(here)
    log_in(there)
    assert UserSession.objects.filter(user=person).count() == 2
    page = here.get("/compte/sessions/").content.decode()
    assert ("127.0.0.1" in page, "Appareils connectés" in page) == (True, True)
    here.post("/compte/sessions/")
    assert here.get("/mon-compte/").status_code == 200
    assert there.get("/mon-compte/").status_code == 302


def test_signing_out_takes_a_post() -> None:
    member()
    client = Client()
    log_in(client)
    client.get("/compte/logout/")
    assert who(client) is not None
    assert client.post("/compte/logout/")["Location"] == "/"
    assert who(client) is None


def test_an_address_changes_once_the_new_one_is_proven() -> None:
    person, client = member(), Client()
    log_in(client)
    prove_again(client)
    client.post("/compte/email/", {"action_add": "", "email": "vergne@paniers.example"})
    person.refresh_from_db()
    assert person.email == "aline@paniers.example"
    client.post("/compte/confirm-email/", {"code": code_for("vergne@paniers.example")})
    person.refresh_from_db()
    assert person.email == "vergne@paniers.example"
    assert "vergne" in person.search_text
    assert Letter.objects.filter(address="aline@paniers.example", text__contains="a été changée").count() == 1


def test_private_pages_are_stored_nowhere() -> None:
    member()
    client = Client()
    log_in(client)
    assert "no-store" in client.get("/mon-compte/")["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_a_coordinator_without_a_second_factor_reads_it_on_every_page() -> None:
    notice = "protégez-le par une seconde preuve d’identité"
    member(office="coordination")
    client = Client()
    log_in(client)
    assert notice in client.get("/pilotage/comptes/").content.decode()
    add_application(client)
    assert notice not in client.get("/pilotage/comptes/").content.decode()
    other = Client()
    prove(make_person(email="autre@paniers.example", password=PASSWORD))
    log_in(other, email="autre@paniers.example")
    assert notice not in other.get("/mon-compte/").content.decode()
