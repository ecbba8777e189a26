"""The design system in a real browser: axe at two widths and in two themes, colours, passkeys under the content policy."""

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE
from tests.factories import make_department, make_person

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "un-mot-de-passe-assez-long"
OPEN = ["/composants/", "/rien-ici/", "/compte/login/", "/compte/signup/", "/compte/login/code/", "/compte/password/reset/"]
ACCOUNT = [
    "/compte/email/",
    "/compte/password/change/",
    "/compte/2fa/",
    "/compte/2fa/totp/activate/",
    "/compte/2fa/webauthn/add/",
]
ACCOUNT += ["/compte/2fa/webauthn/", "/compte/sessions/", "/compte/logout/", "/compte/reauthenticate/", "/compte/3rdparty/"]


@pytest.fixture
def person(settings):
    settings.DEMO = True
    make_department()
    person = make_person(password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def faults(page, path):
    page.goto(path)
    found = [f"{path}: {fault['id']} {fault['nodes'][0]['html'][:120]}" for fault in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than the screen")
    return found


def enter(page, person):
    page.goto("/compte/login/")
    page.get_by_label("Adresse électronique").or_(page.locator("#id_login")).first.fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button.principal").click()
    page.wait_for_url(lambda url: "/compte/login/" not in url)
    page.goto("/compte/reauthenticate/")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button.principal").click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_public_pages(visit, person, size, dark):
    page = visit(size=size, dark=dark)
    assert [fault for path in OPEN for fault in faults(page, path)] == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_the_pages_of_the_account(visit, person, size):
    page = visit(size=size)
    enter(page, person)
    assert [fault for path in ACCOUNT for fault in faults(page, path)] == []


def test_colours_change_at_once_with_the_script_and_are_kept(visit, person):
    page = visit()
    page.goto("/compte/login/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    with page.expect_response("**/affichage/"):
        page.get_by_label("Affichage").select_option("sombre")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    with page.expect_response("**/affichage/"):
        page.get_by_label("Affichage").select_option("clair")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    assert page.errors == []


def test_colours_change_without_the_script(visit, person):
    page = visit(js=False)
    page.goto("/compte/login/")
    page.get_by_label("Affichage").select_option("sombre")
    page.get_by_role("button", name="Appliquer").click()
    assert page.url.endswith("/compte/login/")
    assert page.locator("#sombre").get_attribute("media") == "all"


def test_a_passkey_is_added_and_opens_the_account_under_the_content_policy(visit, person):
    page = visit()
    page.goto("/compte/login/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    enter(page, person)
    page.goto("/compte/2fa/webauthn/add/")
    page.locator("#id_name").fill("Mon ordinateur")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/compte/2fa/webauthn/")
    assert page.get_by_text("Mon ordinateur").count() > 0
    page.goto("/compte/logout/")
    page.locator("main form button.principal").click()
    page.goto("/compte/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/compte/login/" not in url)
    page.goto("/compte/2fa/webauthn/")
    assert page.get_by_text("Mon ordinateur").count() > 0
    assert [error for error in page.errors if "Content Security Policy" in error] == []
