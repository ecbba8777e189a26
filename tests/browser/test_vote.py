"""From a deliverable to the pact: a group proposes, the assembly votes, the pact takes it in, the author of a contribution is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.models import ContributionLink
from dialogue.chantiers.stages import Role, Stage
from dialogue.mailer import jobs
from dialogue.mailer.models import Letter
from dialogue.pacts.models import PactAction
from tests import factories as make
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
AUTHOR = "auteur@exemple.example"


@pytest.fixture
def world(settings: Any) -> dict[str, Any]:
    """A group that has delivered: a decision, a result, a contribution that it takes up."""
    settings.CLOCK_OFFSET = make.NOW - timezone.now()
    make.make_department(siret="22330001300016")
    territory = make.make_territory(name="Sud Gironde", code="sud-gironde")
    chantier = make.make_chantier(
        slug="manger-local", title="Manger local", stage=Stage.DELIVERED, territories=[territory], opened_on=date(2017, 3, 20)
    )
    lead = make.make_member(chantier, role=Role.LEAD).person
    make.make_member(chantier, role=Role.SPONSOR)
    make.make_decision(make.make_held_meeting(chantier, number=3), lead, text="Trois cantines achètent ensemble.")
    roadmap = make.make_roadmap(chantier, stage="adopted", adopted_on=date(2017, 5, 15), adopted_at_meeting=1, circle="public")
    make.make_deliverable(roadmap, title="Un cahier des charges", published_on=date(2017, 10, 2))
    said = make.make_contribution(
        territory=territory, stage="linked", outcome="linked", author_email=AUTHOR, wants_news=True, title="Des légumes d’ici"
    )
    ContributionLink.objects.create(chantier=chantier, contribution=said, at=make.NOW)
    return {"chantier": chantier, "lead": lead, "said": said}


def told() -> list[str]:
    """The subjects that the author was written, once the jobs ran."""
    while jobs.run_ready():
        pass
    return list(Letter.objects.filter(address=AUTHOR).order_by("pk").values_list("subject", flat=True))


def propose(page: Any) -> None:
    """The lead drafts it from a decision and a deliverable, completes it, has it adopted, sends it to instruction."""
    page.goto("/chantiers/manger-local/espace/")
    page.get_by_role("link", name="Écrire une proposition").click()
    page.get_by_label("Titre").fill("Acheter ensemble à moins de 60 km")
    page.get_by_label("Trois cantines achètent ensemble.").check()
    page.get_by_label("Livrable qu’elle prolonge").select_option(label="Un cahier des charges")
    page.get_by_role("button", name="Commencer la proposition").click()
    assert "Trois cantines achètent ensemble." in page.get_by_label("Ce que le groupe propose de décider").input_value()
    page.get_by_label("Pourquoi").fill("Les producteurs sont à vingt minutes.")
    page.get_by_label("Effet attendu").fill("Mille repas par jour dès la rentrée.")
    page.get_by_role("button", name="Enregistrer").first.click()
    for label in ("Enregistrer l’adoption par le groupe", "Transmettre à l’instruction"):
        page.get_by_role("link", name=label).click()
        page.get_by_role("button", name=label).click()


def vote(page: Any) -> None:
    """The secretariat adds the session, puts the proposition on its agenda, records the vote on one screen."""
    page.goto("/assemblee/")
    page.get_by_role("link", name="Ajouter une séance").first.click()
    page.get_by_label("Date").fill(make.TODAY.isoformat())
    page.get_by_label("Titre").fill("Séance du budget")
    page.get_by_label("Effectif").fill("66")
    page.get_by_role("button", name="Ajouter la séance").click()
    page.get_by_label("Acheter ensemble").check()
    page.get_by_role("button", name="Inscrire à la séance").click()
    page.get_by_label("Issue", exact=True).select_option("adopted")
    page.get_by_label("Numéro", exact=True).fill("CD.2017.42")
    page.get_by_label("Matière", exact=True).fill("7.5 Finances locales/Subventions")
    for label, count in (("Pour", "58"), ("Contre", "4"), ("Abstentions", "2")):
        page.get_by_label(label, exact=True).fill(count)
    page.get_by_role("button", name="Enregistrer cette ligne").click()
    page.get_by_text("Adoptée : enregistré").wait_for()


def update(page: Any) -> None:
    """The coordination writes the project of the territory, prepares the year's update in one click, adopts and publishes it."""
    page.goto("/pilotage/pactes/")
    page.get_by_role("link", name="Écrire le projet du territoire").first.click()
    page.get_by_label("Le projet de territoire").fill("Une alimentation produite ici.")
    page.get_by_role("button", name="Enregistrer la présentation").click()
    page.get_by_role("link", name="Préparer l’actualisation 2018").click()
    page.get_by_role("button", name="Préparer l’actualisation").click()
    page.get_by_text("Acheter ensemble à moins de 60 km").first.wait_for()
    page.get_by_role("link", name="Enregistrer l’adoption").click()
    page.get_by_role("button", name="Enregistrer l’adoption").click()
    page.get_by_role("link", name="Publier le pacte").click()
    page.get_by_role("button", name="Publier le pacte").click()


@pytest.mark.parametrize("js", [True, False])
def test_what_a_group_delivered_is_proposed_voted_and_enters_the_pact_and_the_author_is_told(
    visit: Callable[..., Any], world: dict[str, Any], *, js: bool
) -> None:
    pages = [visit(world["lead"], js=js), visit(make.make_secretary(), js=js), visit(make.make_coordinator(), js=js, size=DESK)]
    propose(pages[0])
    proposition = Proposition.objects.get()
    assert (proposition.stage, proposition.deliverable_title) == (PropositionStage.UNDER_REVIEW, "Un cahier des charges")
    vote(pages[1])
    assert told() == ["L’assemblée adopte : Acheter ensemble à moins de 60 km"]
    update(pages[2])
    action = PactAction.objects.get()
    assert (action.proposition, Proposition.objects.get().stage) == (proposition, PropositionStage.IN_PACT)
    assert [page.errors for page in pages] == [[], [], []]
    assert told()[1:] == ["Inscrite au pacte : Acheter ensemble à moins de 60 km"]
    _walk(visit(js=js, size=PHONE), world["said"], proposition, action)


def _walk(phone: Any, said: Any, proposition: Proposition, action: PactAction) -> None:
    """A visitor goes from the contribution to the pact and back, by clicking alone."""
    phone.goto(said.get_absolute_url())
    path = phone.locator("section, nav").filter(has_text="De la contribution au pacte").last
    path.locator(f'a[href="{action.get_absolute_url()}"]').first.click()
    assert phone.url.endswith(action.get_absolute_url())
    for target in (proposition.get_absolute_url(), said.get_absolute_url()):
        phone.locator(f'main a[href="{target}"]').first.click()
        assert phone.url.endswith(target)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert phone.errors == []
