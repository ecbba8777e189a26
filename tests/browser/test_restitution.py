"""A progress point is prepared, frozen and published by the coordination; somebody new reads it and asks to join."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from dialogue.chantiers.models import JoinRequest
from dialogue.chantiers.stages import Role, Stage
from dialogue.mailer.models import Letter
from dialogue.restitution.models import PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage
from tests import factories as make
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
PILOT, PAGE = "/pilotage/restitution/conseils-6/", "/restitution/conseils-6/sud-gironde/"


@pytest.fixture
def group(settings: Any) -> Any:
    settings.CLOCK_OFFSET = make.NOW - timezone.now()
    make.make_department()
    territory = make.make_territory(name="Sud Gironde", code="sud-gironde")
    make.make_date(territory=territory, series=6, starts_on=date(2017, 11, 20))
    chantier = make.make_chantier(
        slug="manger-local", title="Manger local", number=2, stage=Stage.WORKING, territories=[territory]
    )
    for role in (Role.LEAD, Role.SPONSOR, Role.PARTNER):
        make.make_member(chantier, role=role)
    return chantier


@pytest.mark.parametrize("js", [True, False])
def test_a_point_is_prepared_frozen_published_and_a_newcomer_joins_from_it(
    visit: Callable[..., Any], group: Any, *, js: bool
) -> None:
    desk = visit(make.make_coordinator(), js=js, size=DESK)
    desk.goto("/pilotage/restitution/")
    desk.get_by_role("link", name="Conseils de territoire n° 6").click()
    desk.get_by_role("button", name="Préparer ce point en un clic").click()
    desk.get_by_role("link", name="Sud Gironde", exact=True).click()
    desk.get_by_label("Introduction").fill("Un groupe avance.\n\nIl cherche des cuisines.")
    desk.get_by_label("L’appel, en une phrase").fill("Cuisines, mairies : il reste de la place.")
    desk.get_by_label("Relu : ce chantier est prêt").check()
    desk.get_by_role("button", name="Enregistrer et figer").click()
    assert "Le texte et les données ne changeront plus" in desk.locator("main").inner_text()
    desk.get_by_role("button", name="Figer", exact=True).click()
    assert ProgressPoint.objects.get().stage == PaperStage.FROZEN
    desk.get_by_role("link", name="Publier", exact=True).click()
    assert "3 membres des groupes sont prévenus" in desk.locator("main").inner_text()
    desk.get_by_role("button", name="Publier", exact=True).click()
    assert "C’est publié." in desk.locator("body").inner_text()
    assert PointVersion.objects.get().published_at is not None
    assert Letter.objects.filter(kind="restitution.point_published").count() == 3
    assert desk.errors == []
    _join(visit(make.make_person(email="nouvelle@partenaire.example"), js=js, size=PHONE), group)


def _join(phone: Any, chantier: Any) -> None:
    """On a telephone: from the calendar to the point, from the point to the request."""
    phone.goto("/territoires/sud-gironde/")
    phone.locator(".liste-fine").get_by_role("link", name="Conseil de territoire n° 6", exact=True).click()
    assert phone.url.endswith(PAGE)
    assert "il reste de la place" in phone.locator("main").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    phone.get_by_role("link", name="Rejoindre ce groupe : Manger local").click()
    assert phone.url.endswith("/chantiers/manger-local/rejoindre/")
    phone.get_by_label("Nom de l’organisme").fill("La Cuisine du bourg")
    phone.get_by_label("Nature de cet organisme").select_option(index=1)
    phone.get_by_role("button", name="Envoyer ma demande").click()
    assert "Votre demande est envoyée" in phone.locator("body").inner_text()
    assert JoinRequest.objects.get().chantier == chantier
    assert phone.errors == []


def test_the_code_of_a_slide_leads_to_the_same_request(visit: Callable[..., Any], group: Any) -> None:
    page = visit(size=PHONE)
    page.goto("/rejoindre/2/")
    assert page.url.endswith("/chantiers/manger-local/rejoindre/")
    assert page.errors == []
