"""Every page of the sign-in library in our looks: one title, our base page, nothing the content policy would block."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from tests.factories import make_person

pytestmark = pytest.mark.django_db

PASSWORD = "un-mot-de-passe-assez-long"
SIGNED_OUT = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_request_login_code",
    "account_inactive",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
SIGNED_IN = [
    "account_logout",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
    "socialaccount_connections",
]
BLOCKED = re.compile(r"<[^>]*\s(?:on\w+|style)=|<style|<script(?![^>]*(?:\ssrc=|type=\"application/json\"))", re.IGNORECASE)


def check(page: str) -> None:
    assert page.count("<h1") == 1
    assert page.count('<main id="contenu"') == 1
    assert re.search(r"<title>\s*\S.* – Chantiers", page, re.DOTALL)
    assert BLOCKED.search(page) is None
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if not re.search(r'type="(?:hidden|submit)"', field):
            name = re.search(r'\sid="([^"]+)"', field)
            assert name, field
            assert f'for="{name[1]}"' in page, field


@pytest.fixture
def person():
    person = make_person(password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def signed_in(client, person):
    """A browser that has given its password twice: the pages that ask for it again are passed."""
    assert client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD}).status_code == 302
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_a_page_before_sign_in_is_drawn_in_our_base_page(client, name):
    response = client.get(reverse(name))
    assert response.status_code in {200, 401}
    check(response.content.decode())


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_of_the_account_is_drawn_in_our_base_page(signed_in, name):
    response = signed_in.get(reverse(name))
    assert response.status_code == 200
    page = response.content.decode()
    check(page)
    assert 'aria-label="Mon compte"' in page


def test_the_password_is_asked_again_in_our_base_page(client_for, person):
    response = client_for(person).get(reverse("account_reauthenticate"))
    assert response.status_code == 200
    check(response.content.decode())


def test_the_page_where_a_code_is_typed_is_in_our_base_page(client, person):
    response = client.post(reverse("account_request_login_code"), {"email": person.email}, follow=True)
    page = response.content.decode()
    check(page)
    assert "Entrez le code reçu" in page


def test_a_wrong_password_is_told_at_the_head_of_the_form_and_in_the_title(client, person):
    page = client.post(reverse("account_login"), {"login": person.email, "password": "faux"}).content.decode()
    assert page.count('role="alert"') == 1
    assert re.search(r"<title>\s*Erreur\s:", page)


def test_second_factor_and_recovery_codes_are_in_our_base_page(signed_in, client_for, person):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        response = signed_in.get(reverse(name))
        assert response.status_code == 200, name
        check(response.content.decode())
    response = Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True)
    page = response.content.decode()
    check(page)
    assert 'autocomplete="one-time-code"' in page


def test_the_sessions_name_the_devices_in_words(signed_in):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    page = signed_in.get(reverse("usersessions_list"), headers={"user-agent": firefox}).content.decode()
    assert "Cet appareil" in page
    assert "Aucun autre appareil n’est connecté." in page


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537", "Chrome, Android"),
        ("curl/8.0", "Navigateur inconnu"),
    ],
)
def test_a_device_is_named_after_its_browser_and_its_system(user_agent, name):
    from dialogue.ui.devices import device_name

    assert device_name(user_agent) == name
