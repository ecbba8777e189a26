"""Depositing in a real browser: on a phone without script, on a desk with it; axe at each step."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from dialogue.contributions import deposit_limits
from dialogue.contributions.models import Contribution
from tests import factories as make
from tests.browser.conftest import DESK, PHONE
from tests.contributions.test_deposit import mailed_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
#: Where to leave pictures of each step, for whoever compares them with the design.
PICTURES = os.environ.get("DEPOSIT_PICTURES", "")


@pytest.fixture
def campaign(settings: Any, monkeypatch: Any) -> Any:
    monkeypatch.setattr(deposit_limits, "LEAST_SECONDS", -1)
    make.make_department()
    food = make.make_theme(code="alimentaire", name="Alimentaire", icon="pomme", keywords=["cantine", "producteur", "légume"])
    south = make.make_territory(name="Sud Gironde", code="sud-gironde")
    make.make_commune(name="Langon", territory=south)
    make.make_commune(name="Langoiran", territory=south)
    campaign = make.make_campaign(slug="2017", opens_on=timezone.now().date() - timedelta(days=5))
    for title in ("Une seule cuisine pour trois villages", "Personne pour éplucher", "Tournée commune chez les maraîchers"):
        text = "Les producteurs de légumes livreraient les cantines avec une camionnette."
        make.make_contribution(campaign=campaign, title=title, text=text, theme=food, territory=south)
    return campaign


def checked(page: Any, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.emulate_media(reduced_motion="reduce")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
    # A form to correct comes back as 422, which the console calls a failure.
    assert [error for error in page.errors if "422" not in error] == [], name


def accessible(page: Any) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{fault['id']}: {fault['nodes'][0]['html'][:140]}" for fault in found] == []


def deposit(page: Any, look: str, *, js: bool) -> None:
    """From the first word to the tracking page."""

    def look_at(name: str) -> None:
        checked(page, f"{look}-{name}")
        if js:
            accessible(page)

    page.goto("/contributions/deposer/")
    look_at("1-vide")
    page.get_by_label("En une phrase").fill("Une camionnette partagée pour livrer les petites cantines")
    page.get_by_label("Expliquez-nous").fill(
        "Les producteurs ne livrent pas. Avec une camionnette, des légumes frais aux cantines."
    )
    if js:
        page.get_by_text("D’après votre texte, le thème serait").wait_for()
    look_at("1")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer").click()
    look_at("2-erreur")
    page.get_by_label("Commune (facultatif)").fill("lang")
    if js:
        page.locator("#communes option").nth(1).wait_for(state="attached")
    page.get_by_label("Commune (facultatif)").fill("langon")
    page.get_by_label("Enfants et familles").check()
    look_at("2")
    page.get_by_role("button", name="Continuer").click()
    look_at("2-proches")
    page.get_by_role("link", name="Envoyer quand même la mienne").click()
    page.get_by_label("Nom de l’organisme (facultatif)").fill("Amicale laïque")
    page.get_by_label("Adresse électronique").fill("anne@habitant.example")
    page.get_by_label("J’accepte que ma contribution").check()
    look_at("3")
    page.get_by_role("button", name="Déposer ma contribution").last.click()
    look_at("4-code")
    page.get_by_label("Code à six chiffres").fill(mailed_code())
    page.get_by_role("button", name="Déposer ma contribution").click()
    page.get_by_role("heading", name="Que devient-elle").wait_for()
    look_at("5-suivi")


@pytest.mark.parametrize(
    ("look", "js", "size"),
    [("bureau", True, DESK), ("telephone", False, PHONE), ("bureau-nojs", False, DESK), ("telephone-js", True, PHONE)],
)
def test_somebody_deposits_with_or_without_script(
    campaign: Any, visit: Callable[..., Any], look: str, js: bool, size: Any
) -> None:
    deposit(visit(js=js, size=size), look, js=js)
    row = Contribution.objects.latest("pk")
    assert (row.stage, row.commune.name, row.theme.code, row.shown_name) == (
        "received",
        "Langon",
        "alimentaire",
        "Amicale laïque",
    )


def test_the_pages_of_the_coordination_are_accessible(campaign: Any, visit: Callable[..., Any]) -> None:
    page = visit(make.make_coordinator(), size=PHONE)
    for name, door in {
        "campagnes": "campagnes/",
        "nouvelle": "campagnes/nouvelle/",
        "campagne": "campagnes/2017/",
        "clore": "campagnes/2017/clore/",
        "saisir": "saisir/",
    }.items():
        page.goto(f"/pilotage/contributions/{door}")
        checked(page, f"pilote-{name}")
        accessible(page)
    page.goto("/contributions/les-miennes/")
    checked(page, "miennes")
    accessible(page)
    page.goto(f"/contributions/soutenir/{Contribution.objects.first().number}/")
    checked(page, "soutenir")
    accessible(page)
