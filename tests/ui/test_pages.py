"""The base page, error pages, the choice of colours and of language."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import make_coordinator, make_department, make_person

pytestmark = pytest.mark.django_db


def test_colours_are_kept_in_a_cookie_and_one_goes_back_to_the_page(client):
    response = client.post("/affichage/", {"theme": "sombre", "next": "/compte/login/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/compte/login/?a=1")
    assert client.cookies["theme"].value == "sombre"
    page = client.get("/compte/login/").content.decode()
    assert 'sombre.css" media="all"' in page
    assert '<meta name="color-scheme" content="dark">' in page


def test_the_light_theme_does_not_link_the_dark_sheet(client):
    assert 'media="(prefers-color-scheme: dark)"' in client.get("/compte/login/").content.decode()
    client.post("/affichage/", {"theme": "clair", "next": "/"})
    assert 'id="sombre"' not in client.get("/compte/login/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", ""])
def test_the_choice_of_colours_never_leads_to_another_site(client, elsewhere):
    assert client.post("/affichage/", {"theme": "clair", "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize("word", ["a\x00b", "9" * 30, "portal", "²"])
def test_a_word_instead_of_an_address_breaks_nothing(client, word):
    assert client.post("/affichage/", {"theme": "clair", "next": word}).status_code == 302


def test_an_unknown_theme_is_not_kept_and_a_forged_cookie_is_not_believed(client):
    client.post("/affichage/", {"theme": "rose", "next": "/"})
    assert "theme" not in client.cookies
    client.cookies["theme"] = '"><script>'
    assert "(prefers-color-scheme: dark)" in client.get("/compte/login/").content.decode()


def test_reading_does_not_set_colours(client):
    assert client.get("/affichage/").status_code == 405


def test_a_form_without_its_token_is_refused_with_an_explanation():
    response = Client(enforce_csrf_checks=True).post("/affichage/", {"theme": "clair"})
    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()


def test_the_language_is_chosen_by_a_button_and_the_page_says_its_language(client):
    assert '<html lang="fr">' in client.get("/compte/login/").content.decode()
    assert client.post("/langue/", {"language": "en", "next": "/compte/login/"}).status_code == 302
    assert '<html lang="en">' in client.get("/compte/login/").content.decode()


def test_the_head_and_the_foot_tell_whose_site_it_is(client):
    make_department(contact_phone="05 56 99 33 33", site_name="Chantiers")
    page = client.get("/compte/login/").content.decode()
    assert "– Chantiers, Dialogue des territoires · Gironde</title>" in page
    assert '<a href="mailto:contact@gironde.example">' in page
    assert '<a href="tel:0556993333">' in page


def test_a_visitor_may_sign_in_and_only_the_coordination_sees_pilotage(client_for):
    def menu(person=None):
        page = client_for(person).get("/rien-ici/").content.decode()
        return page[page.index('<nav id="menu"') : page.index("</nav>", page.index('<nav id="menu"'))]

    assert "Se connecter" in menu()
    assert "Pilotage" not in menu(make_person())
    assert "Mon espace" in menu(make_person())
    assert "Pilotage" in menu(make_coordinator())


def test_a_page_that_does_not_exist_says_what_to_do(client):
    response = client.get("/rien-ici/")
    page = response.content.decode()
    assert response.status_code == 404
    assert page.count("<h1") == 1
    assert "Cette page n’existe pas, ou vous ne pouvez pas la voir" in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_every_error_page_has_one_title_and_a_way_back(name, rf):
    page = render_to_string(name, request=None if name == "500.html" else rf.get("/"))
    assert page.count("<h1") == 1
    assert 'href="/"' in page


@pytest.mark.django_db(databases=[])
def test_the_page_of_a_failure_needs_neither_database_nor_context():
    assert "Le site a un problème" in render_to_string("500.html")


def test_a_demonstration_says_it_is_one(client, settings):
    settings.DEMO = True
    page = client.get("/compte/login/").content.decode()
    assert "le cadre est celui de 2017, les contenus sont fictifs." in page
    assert '<meta name="robots" content="noindex">' in page
    settings.DEMO = False
    assert "noindex" not in client.get("/compte/login/").content.decode()


def test_the_sheet_of_components_is_for_demonstrations(client, settings):
    settings.DEMO = True
    page = client.get("/composants/").content.decode()
    assert page.count("<h1") == 1
    assert "Erreur" not in page[: page.index("</title>")]
    settings.DEMO = False
    assert client.get("/composants/").status_code == 404
