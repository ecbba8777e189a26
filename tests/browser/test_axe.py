"""axe on every page of the house, seen by whoever sees most of it: no violation, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE
from tests.factories import NOW
from tests.house.doors import Visitors, doors
from tests.world import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: Of the visitors who may open a page, the one who sees most of it; a visitor sees the public pages in all four looks.
RICHEST = ("coordination", "lead", "sponsor", "member", "secretariat", "partner", "newcomer", "anonymous")
LOOKS = [(DESK, False), (PHONE, True)]
#: axe need not describe what is well.
VIOLATIONS = {"resultTypes": ["violations"]}
ALL_LOOKS = [(DESK, False), (DESK, True), (PHONE, False), (PHONE, True)]
PUBLIC = ["/", "/chantiers/", "/chantiers/?vue=matrice", "/chantiers/ours/", "/territoires/", "/agenda/", "/demarche/", "/aide/"]


@pytest.fixture
def world(settings: Any) -> World:
    from django.utils import timezone

    settings.CLOCK_OFFSET = NOW - timezone.now()
    settings.ACCOUNT_RATE_LIMITS = False
    return build(1)


def faults(page: Any, path: str) -> list[str]:
    # Colours are read as they stay, not in the 150 ms during which they change.
    page.emulate_media(reduced_motion="reduce")
    page.errors.clear()
    page.goto(path)
    found = [
        f"{path}: {fault['id']}: {fault['nodes'][0]['html'][:140]}"
        for fault in Axe().run(page, options=VIOLATIONS).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than the screen")
    return found + [f"{path}: {error}" for error in page.errors]


def pages(world: World, client_for: Callable[..., Any]) -> dict[str, list[str]]:
    """visitor → the pages that are theirs to look at: one address for each door, the first sample that opens."""
    visitors, chosen, seen = Visitors(world, client_for), {}, set()
    for door in doors(world):
        if door.name in seen or door.name.startswith("account_logout"):
            continue
        for name in RICHEST:
            answer = visitors.knock(name, door.path)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                chosen.setdefault(name, []).append(door.path)
                seen.add(door.name)
                break
    return chosen


@pytest.mark.parametrize(("size", "dark"), LOOKS, ids=["desk", "phone in the dark"])
@pytest.mark.minutes
def test_axe_finds_nothing_on_any_page(
    visit: Callable[..., Any], world: World, client_for: Callable[..., Any], size: dict[str, int], dark: bool
) -> None:
    chosen, found = pages(world, client_for), []
    assert sum(map(len, chosen.values())) > 80
    for name, paths in chosen.items():
        page = visit(world.people.get(name), size=size, dark=dark)
        found += [f"{name}, {size['width']} px: {fault}" for path in paths for fault in faults(page, path)]
    assert found == []


def test_axe_finds_nothing_on_the_public_pages_in_any_look(visit: Callable[..., Any], world: World) -> None:
    found = []
    for size, dark in ALL_LOOKS:
        page = visit(size=size, dark=dark)
        found += [
            f"{size['width']} px, {'dark' if dark else 'light'}: {fault}" for path in PUBLIC for fault in faults(page, path)
        ]
    assert found == []
