"""Every page that a visitor can open is sound, light, leads somewhere and changes nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve

from tests.house.doors import body, doors, overheard
from tests.house.html import Page
from tests.world import VISITORS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WEIGHT, SENT = 70_000, 18_000  # bytes of HTML + CSS + JS of a public page: before compression, and as sent (brotli)
WRITE = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+)?\"?(\w+)", re.IGNORECASE)
#: Rows that a GET may touch: sessions, and the address that allauth writes down for an account made without its forms.
MACHINERY = {"django_session", "usersessions_usersession", "account_emailaddress"}
#: Doors that show the same thing under two addresses, on purpose.
TWINS = {frozenset({"chantiers:roadmap", "chantiers:roadmap_version"}), frozenset({"portal:chantier", "portal:glance"})}


@pytest.fixture(scope="module")
def visits(standing: Any) -> dict[tuple[str, str], Any]:
    """(visitor, path) → (door, answer, what it wrote) of every GET."""
    world, visitors = standing
    found = {}
    for door in doors(world):
        for name in VISITORS:
            with overheard() as queries:
                response = visitors.knock(name, door.path)
            written = [m.group(1) for sql in queries if (m := WRITE.match(sql)) and m.group(1) not in MACHINERY]
            found[name, door.path] = (door, response, written)
    return found


@pytest.fixture(scope="module")
def pages(visits: Any) -> dict[tuple[str, str], Page]:
    """(visitor, path) → page, for whole pages."""
    return {
        key: Page(body(response))
        for key, (_door, response, _written) in visits.items()
        if response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    }


def by_fault(faults: dict[str, list[str]]) -> str:
    return "\n".join(
        f"{fault}\n      {len(where)} page(s), such as {', '.join(where[:3])}" for fault, where in sorted(faults.items())
    )


def test_every_page_is_sound(pages):
    faults: dict[str, list[str]] = defaultdict(list)
    for (name, path), page in pages.items():
        for fault in page.faults:
            faults[fault].append(f"{path} ({name})")
    assert pages
    assert not faults, by_fault(faults)


def test_a_get_writes_nothing(visits):
    wrote = {f"{path} ({name}): {', '.join(written)}" for (name, path), (_, _, written) in visits.items() if written}
    assert wrote == set()


def test_no_two_doors_share_a_title(pages, visits):
    titles: dict[str, set[str]] = defaultdict(set)
    for (name, path), page in pages.items():
        if name in {"anonymous", "coordination"}:
            titles[f"{name}: {page.title.strip()}"].add(visits[name, path][0].name)
    shared = {title: names for title, names in titles.items() if len(names) > 1 and frozenset(names) not in TWINS}
    assert not shared, "\n".join(f"{title}: {', '.join(sorted(names))}" for title, names in shared.items())


def test_every_link_leads_to_a_page_that_its_reader_may_open(pages, visits):
    """No dead link, and no link that ends on a refusal."""
    dead: dict[str, list[str]] = defaultdict(list)
    for (name, path), page in pages.items():
        for link in page.links:
            target = link.split("#")[0].split("?")[0]
            if not target.startswith("/") or target.startswith(("//", "/static/", "/media/")):
                continue
            known = visits.get((name, target))
            if known is not None and known[1].status_code in {403, 404}:
                dead[f"{target} answers {known[1].status_code} to {name}"].append(path)
            try:
                resolve(target)
            except Resolver404:
                dead[f"{target} exists nowhere"].append(f"{path} ({name})")
    assert not dead, by_fault(dead)


@cache
def asset(url: str) -> bytes:
    path = finders.find(url.removeprefix("/static/"))
    assert isinstance(path, str), f"no file for {url}"
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()


def weigh(text: str, page: Page, visitors: Any) -> tuple[int, int]:
    parts = [text.encode()]
    for url in dict.fromkeys(page.assets):
        if url.startswith("/static/"):
            parts.append(asset(url.split("?")[0]))
        else:
            parts.append(body(visitors.knock("anonymous", url)).encode())
    return sum(map(len, parts)), sum(len(brotli.compress(part, quality=5)) for part in parts)


def test_public_pages_are_light(pages, visits, standing):
    _world, visitors = standing
    heavy = []
    for (name, path), page in pages.items():
        if name == "anonymous":
            raw, sent = weigh(body(visits[name, path][1]), page, visitors)
            if raw > WEIGHT or sent > SENT:
                heavy.append(f"{path}: {raw} bytes, {sent} sent")
    assert heavy == []


def test_private_pages_are_kept_nowhere(visits):
    kept = [
        f"{path} ({name})"
        for (name, path), (_, response, _) in visits.items()
        if name != "anonymous" and response.status_code == 200 and "no-store" not in response.headers.get("Cache-Control", "")
    ]
    assert kept == []


def test_every_page_carries_the_security_headers(visits):
    wanted = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Permissions-Policy")
    bare = {
        f"{path}: {header}"
        for (_, path), (_, response, _) in visits.items()
        for header in wanted
        if header not in response.headers
    }
    loose = {path for (_, path), (_, r, _) in visits.items() if "unsafe-" in r.headers.get("Content-Security-Policy", "")}
    assert bare | loose == set()
