"""The three journeys of the first release, each with and without JavaScript, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dialogue.chantiers.models import Chantier, JoinRequest, Roadmap
from dialogue.chantiers.stages import RoadmapStage, Role, Stage
from tests import factories as make
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
both = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def clock(settings: Any) -> None:
    """The site lives on the tests' date."""
    from django.utils import timezone

    settings.CLOCK_OFFSET = make.NOW - timezone.now()


@pytest.fixture
def launched(clock: None) -> Chantier:
    """A launched chantier whose first meeting was held this morning."""
    make.make_department()
    territory = make.make_territory(name="Sud Gironde", code="sud-gironde", tile_row=3, tile_column=3)
    make.make_commune(name="Langon", insee_code="33227", territory=territory)
    theme = make.make_theme(name="Alimentaire", code="alimentaire", icon="pomme")
    return make.make_chantier(
        title="Manger local dans les cantines",
        slug="manger-local",
        theme=theme,
        territories=[territory],
        stage=Stage.LAUNCHED,
        first_meeting_at=make.NOW - timedelta(hours=2),
    )


def officer(chantier: Chantier, role: str) -> Any:
    return make.make_member(chantier, role=role, organisation=make.make_organisation(name=f"Organisme {role}")).person


@both
def test_a_visitor_finds_a_chantier_of_their_territory_on_a_phone(
    visit: Callable[..., Any], launched: Chantier, js: bool
) -> None:
    page = visit(js=js, size=PHONE)
    page.goto("/territoires/")
    page.get_by_label("Le nom de votre commune").fill("langon")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Sud Gironde").first.click()
    assert page.locator("h1").inner_text() == "Sud Gironde"
    page.get_by_role("link", name="Manger local dans les cantines").first.click()
    assert page.locator("h1").inner_text() == "Manger local dans les cantines"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") is True
    assert page.errors == []


@both
def test_a_partner_asks_to_join_the_lead_accepts_and_the_partner_reads_the_space(
    visit: Callable[..., Any], launched: Chantier, js: bool
) -> None:
    lead = officer(launched, Role.LEAD)
    mandate = make.make_mandate(organisation=make.make_organisation(name="Association Le Panier"))
    partner = visit(mandate.person, js=js)
    assert partner.goto("/chantiers/manger-local/espace/").status == 403
    partner.goto("/chantiers/manger-local/")
    partner.get_by_role("link", name="Demander à rejoindre").first.click()
    partner.get_by_label("En quoi ce sujet vous concerne").fill("Nous livrons déjà deux écoles.")
    partner.get_by_role("button", name="Envoyer ma demande").click()
    assert partner.get_by_role("heading", name="Votre demande attend une réponse").is_visible()

    chief = visit(lead, js=js)
    chief.goto("/chantiers/manger-local/espace/membres/")
    chief.get_by_role("link", name="Répondre").first.click()
    assert chief.get_by_text("Nous livrons déjà deux écoles.").is_visible()
    chief.get_by_role("button", name="Accepter la demande").click()
    assert JoinRequest.objects.get().stage == "accepted"

    assert partner.goto("/chantiers/manger-local/espace/").status == 200
    assert "Manger local dans les cantines" in partner.content()
    assert [error for error in partner.errors if "403" not in error] == []
    assert chief.errors == []


def add(page: Any, summary: str, values: dict[str, str]) -> None:
    """Opens "Ajouter …" if it is closed, fills the fields, saves."""
    box = page.locator("details", has=page.get_by_text(summary, exact=True))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for label, value in values.items():
        box.get_by_label(label).fill(value)
    box.get_by_role("button", name="Ajouter cette ligne").click()
    page.get_by_text(next(iter(values.values()))).first.wait_for()


@both
def test_a_group_drafts_and_adopts_its_roadmap(visit: Callable[..., Any], launched: Chantier, js: bool) -> None:
    lead, sponsor = officer(launched, Role.LEAD), officer(launched, Role.SPONSOR)
    partner = officer(launched, Role.PARTNER)
    make.make_meeting(launched, number=1, starts_at=make.NOW - timedelta(hours=2), stage="held")
    first = visit(lead, js=js)
    first.goto("/chantiers/manger-local/espace/feuille-de-route/")
    first.get_by_role("button", name="Commencer le brouillon").click()
    add(first, "Ajouter un objectif", {"Intitulé": "Trois cantines approvisionnées"})

    second = visit(partner, js=js)
    second.goto("/chantiers/manger-local/espace/feuille-de-route/")
    assert second.get_by_text("Trois cantines approvisionnées").first.is_visible()
    add(second, "Ajouter un livrable", {"Intitulé": "Un cahier des charges"})
    add(second, "Ajouter une étape", {"Intitulé": "Visiter les cantines", "Échéance": "2017-12-01"})
    assert second.get_by_role("link", name="Arrêter la feuille de route").count() == 0

    third = visit(sponsor, js=js)
    third.goto("/chantiers/manger-local/espace/feuille-de-route/")
    third.get_by_role("link", name="Arrêter la feuille de route").click()
    third.get_by_role("button", name="Arrêter la feuille de route").click()
    roadmap = Roadmap.objects.get()
    assert (roadmap.stage, roadmap.version, roadmap.adopted_on) == (RoadmapStage.ADOPTED, 1, date(2017, 11, 6))
    assert Chantier.objects.get().stage == Stage.WORKING
    assert [*first.errors, *second.errors, *third.errors] == []
