"""Sorting at the keyboard alone, in a real browser; and with the keys switched off."""

from __future__ import annotations

import pytest

from dialogue.contributions.models import Contribution
from tests import factories as make
from tests.contributions.sorting_world import suggested

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SORT = "/pilotage/contributions/trier/"


@pytest.fixture
def chief():
    make.make_department()
    return make.make_coordinator(name="Camille Roux")


def stage_of(row):
    return Contribution.objects.get(pk=row.pk).stage


def test_a_queue_is_sorted_without_a_mouse(visit, chief):
    themes = [make.make_theme(name=name) for name in ("Alimentation", "Mobilité", "Habitat")]
    commune = make.make_commune(name="Langon")
    guesses = [(theme, 0.6 - n / 5) for n, theme in enumerate(themes)]
    first, second, third = (suggested(*guesses, doubt=0.9 - n / 10) for n in range(3))
    page = visit(chief)
    with page.expect_response(lambda answer: answer.url.endswith("/prendre/")) as held:
        page.goto(SORT)
    assert held.value.status == 204
    assert Contribution.objects.get(pk=first.pk).held_by == chief
    page.keyboard.press("c")
    page.keyboard.type("langon")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator("#t-focus").evaluate("node => document.activeElement.blur()")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?n={second.number}")
    row = Contribution.objects.get(pk=first.pk)
    assert (row.stage, row.theme, row.commune) == ("qualified", themes[1], commune)
    page.keyboard.press("p")
    page.wait_for_url(f"**?n={third.number}")
    page.keyboard.press("k")
    page.keyboard.type("123 : où est-ce ?")
    assert page.locator("#id_motive").input_value() == "123 : où est-ce ?"
    assert page.locator("input[name=theme]:checked").count() == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("vous avez demandé un complément à l’auteur").wait_for()
    assert (stage_of(second), stage_of(third)) == ("received", "to_complete")
    page.keyboard.press("u")
    page.get_by_text("C’est annulé").wait_for()
    assert stage_of(third) == "received"
    assert page.errors == []


def test_single_keys_are_switched_off_and_stay_so(visit, chief):
    row = suggested((make.make_theme(), 0.6))
    page = visit(chief)
    page.goto(SORT)
    page.get_by_role("button", name="Couper les touches").click()
    page.locator("h1").click()
    page.keyboard.press("1")
    assert page.locator("#theme_1").is_checked() is False
    page.goto(f"{SORT}?n={row.number}")
    page.keyboard.press("1")
    assert page.locator("#theme_1").is_checked() is False
    page.get_by_role("button", name="Remettre les touches").click()
    page.keyboard.press("1")
    assert page.locator("#theme_1").is_checked() is True


def test_leaving_the_page_gives_it_back(visit, chief):
    row = suggested((make.make_theme(), 0.6))
    page = visit(chief)
    with page.expect_response(lambda answer: answer.url.endswith("/prendre/")):
        page.goto(SORT)
    page.goto("/pilotage/contributions/")
    page.wait_for_load_state("networkidle")
    for _try in range(50):
        if Contribution.objects.get(pk=row.pk).held_by is None:
            break
        page.wait_for_timeout(100)
    assert Contribution.objects.get(pk=row.pk).held_by is None


def test_everything_works_without_javascript(visit, chief):
    theme = make.make_theme(name="Alimentation")
    row = suggested((theme, 0.6))
    page = visit(chief, js=False)
    page.goto(SORT)
    page.locator("#theme_1").check()
    page.get_by_role("button", name="Recevable, et classer").click()
    assert stage_of(row) == "qualified"
    page.get_by_role("button", name="Annuler").click()
    assert stage_of(row) == "received"
