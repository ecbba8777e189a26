"""Every visitor at every door: who may enter, that no word leaks, that each page is sound, light and changes nothing.

The doors table (URL × method × visitor → status) is kept in git, so that a change of who may enter is seen in the diff.
"""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from functools import cache
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve

from tests.house.doors import TABLE
from tests.house.html import Page
from tests.house.secrets import MACHINE, OPEN, house_models, text_fields
from tests.house.sweep import Sweep, Visit, sweep
from tests.world import VISITORS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the first has the database made for the sweep
SHORT = {
    "anonymous": "anon",
    "newcomer": "newc",
    "partner": "part",
    "member": "memb",
    "lead": "lead",
    "sponsor": "spon",
    "resource": "reso",
    "secretariat": "secr",
    "coordination": "coor",
}
HEAD = """\
# Who may open what. Written by `python -m tests.house.doors`; a changed line is a changed right: read it before committing.
# POST is sent empty and signed in: 422 or 200 is a form that asks for more, 302 an act done or a page to sign in, 403 a
# refusal, 404 a thing that does not exist for this visitor, 405 a door that does not write.
"""
#: Texts that their readers must have met somewhere: the sweep would prove nothing if it saw nothing.
MET = {
    "chantiers.chantier.title": "partner",
    "chantiers.objective.title": "member",
    "chantiers.step.title": "member",
    "chantiers.roadmap.rhythm": "member",
    "chantiers.weatherreport.sentence": "partner",
    "chantiers.joinrequest.motivation": "lead",
    "chantiers.invitation.email": "lead",
    "meetings.meeting.place": "member",
    "people.person.email": "member",
    "people.person.declared_reason": "coordination",
    "people.organisation.name": "coordination",
    "territories.calendardate.title": "partner",
}
WEIGHT, SENT = 70_000, 18_000  # bytes of HTML + CSS + JS of a public page: before compression, and as sent (brotli)
#: Rows that a GET may touch.
MACHINERY = {"django_session", "usersessions_usersession"}
#: Doors that show the same thing under two addresses, on purpose.
TWINS = {frozenset({"chantiers:roadmap", "chantiers:roadmap_version"}), frozenset({"portal:chantier", "portal:glance"})}
#: The same for everyone, whoever is signed in: the session is not read (dialogue/opendata/serving.py).
FOR_EVERYONE = ("opendata:api_", "opendata:embed_", "opendata:file", "opendata:catalogue", "opendata:openapi")
#: Pages made for the frames of other sites: they alone, and the policy says which (`frame-ancestors`).
FRAMED = "opendata:embed_"
WANTED = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Permissions-Policy")


@pytest.fixture(scope="module")
def swept(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    with django_db_blocker.unblock():
        return sweep(tmp_path_factory.mktemp("mail"))


@pytest.fixture(scope="module")
def pages(swept: Sweep) -> list[tuple[Visit, Page]]:
    """Whole pages that a GET answered."""
    return [(visit, Page(visit.text)) for visit in swept.gets() if visit.is_page]


def by_fault(faults: dict[str, list[str]]) -> str:
    return "\n".join(
        f"{fault}\n      {len(where)} page(s), such as {', '.join(where[:3])}" for fault, where in sorted(faults.items())
    )


# Who may enter ------------------------------------------------------------------------------------------------------


def table(swept: Sweep) -> str:
    labels = [(method, door) for door in swept.doors for method in ("GET", "POST")]
    width = max(len(f"{method:<4} {door}") for method, door in labels)
    rows = [HEAD, f"{'':<{width}} " + " ".join(SHORT[name] for name in VISITORS) + "\n"]
    for method, door in labels:
        codes = [str(swept.visits[name, method, door.path].status) for name in VISITORS]
        rows.append(f"{f'{method:<4} {door}':<{width}}  " + "  ".join(codes) + "\n")
    return "".join(rows)


def test_every_door_opens_to_whom_the_table_says(swept):
    found = table(swept)
    if os.environ.get("WRITE_DOORS"):
        TABLE.write_text(found, encoding="utf-8")
    kept = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    difference = difflib.unified_diff(kept.splitlines(), found.splitlines(), "doors.txt", "found", lineterm="", n=0)
    assert kept == found, "\n".join(["run `make doors` and read its diff:", *difference])


def test_no_door_breaks(swept):
    assert [str(visit) for visit in swept.visits.values() if visit.status >= 500] == []


# What they read -----------------------------------------------------------------------------------------------------


def test_no_word_reaches_someone_outside_its_circle(swept):
    """Pages, files, addresses of redirections; also what an empty form brings back."""
    leaks: dict[str, set[str]] = defaultdict(set)
    forbidden = {name: [secret for secret in swept.secrets if name not in secret.readers] for name in VISITORS}
    for visit in swept.visits.values():
        if visit.door.label.startswith("key of ") and visit.door.label != f"key of {visit.visitor}":
            continue  # whoever holds a secret address reads through it: only its owner knocks
        text = visit.text + "\n" + visit.headers.get("Location", "")
        if "zq" in text:
            for secret in forbidden[visit.visitor]:
                if secret.word in text:
                    leaks[f"{secret.where} read by {visit.visitor}"].add(f"{visit.method} {visit.door.path}")
    assert not leaks, "\n".join(f"{what}: {', '.join(sorted(where)[:4])}" for what, where in sorted(leaks.items()))


def test_those_who_may_read_do_find_the_words(swept):
    missing = []
    for where, name in MET.items():
        words = [secret.word for secret in swept.secrets if secret.where == where and name in secret.readers]
        read = [visit.text for visit in swept.gets() if visit.visitor == name]
        if not any(word in text for word in words for text in read):
            missing.append(f"{where} for {name}")
    assert missing == []


def test_every_text_field_of_the_house_has_its_readers(swept):
    planted = {secret.where for secret in swept.secrets}
    unknown = [
        f"{model._meta.label_lower}.{field.name}"
        for model in house_models()
        for field in text_fields(model)
        if not {model._meta.label_lower, f"{model._meta.label_lower}.{field.name}"} & (OPEN | set(MACHINE) | planted)
    ]
    assert unknown == [], "say in tests/house/secrets.py who may read them"


# What the pages are -------------------------------------------------------------------------------------------------


def test_every_page_is_sound(pages):
    faults: dict[str, list[str]] = defaultdict(list)
    for visit, page in pages:
        for fault in page.faults:
            faults[fault].append(str(visit))
    assert pages
    assert not faults, by_fault(faults)


def test_a_get_writes_nothing(swept):
    assert {f"{visit}: {', '.join(visit.wrote)}" for visit in swept.gets() if set(visit.wrote) - MACHINERY} == set()


def test_no_two_addresses_share_a_title(pages):
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for visit, page in pages:
        if visit.visitor in {"anonymous", "coordination"}:
            titles[f"{visit.visitor}: {page.title.strip()}"][visit.door.path] = visit.door.name
    shared = {title: doors for title, doors in titles.items() if len(doors) > 1 and frozenset(doors.values()) not in TWINS}
    assert not shared, "\n".join(f"{title}: {', '.join(sorted(doors))}" for title, doors in shared.items())


def test_every_link_leads_to_a_page_that_its_reader_may_open(swept, pages):
    """No dead link, and no link that ends on a refusal."""
    dead: dict[str, list[str]] = defaultdict(list)
    for visit, page in pages:
        for link in page.links:
            target = link.split("#")[0].split("?")[0]
            if not target.startswith("/") or target.startswith(("//", "/static/", "/media/")):
                continue
            known = swept.visits.get((visit.visitor, "GET", target))
            if known is not None and known.status in {403, 404}:
                dead[f"{target} answers {known.status} to {visit.visitor}"].append(visit.door.path)
            if not leads_somewhere(target):
                dead[f"{target} exists nowhere"].append(str(visit))
    assert not dead, by_fault(dead)


@cache
def leads_somewhere(target: str) -> bool:
    try:
        resolve(target)
    except Resolver404:
        return False
    return True


@cache
def asset(url: str) -> bytes:
    path = finders.find(url.removeprefix("/static/"))
    assert isinstance(path, str), f"no file for {url}"
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()


def weigh(text: str, page: Page, swept: Sweep) -> tuple[int, int]:
    parts = [text.encode()]
    for url in dict.fromkeys(page.assets):
        path = url.split("?")[0]
        parts.append(asset(path) if path.startswith("/static/") else swept.visits["anonymous", "GET", path].text.encode())
    return sum(map(len, parts)), sum(len(brotli.compress(part, quality=5)) for part in parts)


def test_public_pages_are_light(pages, swept):
    heavy = []
    for visit, page in pages:
        if visit.visitor == "anonymous":
            raw, sent = weigh(visit.text, page, swept)
            if raw > WEIGHT or sent > SENT:
                heavy.append(f"{visit.door.path}: {raw} bytes, {sent} sent")
    assert heavy == []


def test_private_pages_are_kept_nowhere(swept):
    kept = [
        str(visit)
        for visit in swept.gets()
        if visit.visitor != "anonymous" and visit.status == 200 and "no-store" not in visit.headers.get("Cache-Control", "")
        and not visit.door.name.startswith(FOR_EVERYONE)
    ]
    assert kept == []


def test_what_is_the_same_for_everyone_is_the_same_for_each(swept):
    """No word of the API, a file or a widget depends on who asks, and none sets a cookie."""
    told: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for visit in swept.gets():
        if visit.door.name.startswith(FOR_EVERYONE) and not visit.door.path.endswith(".xlsx"):
            told[visit.door.path].add((visit.status, visit.text if visit.status == 200 else ""))
            assert "Set-Cookie" not in visit.headers, str(visit)
            assert visit.status != 200 or "Cookie" not in visit.headers.get("Vary", ""), str(visit)
    assert {path for path, answers in told.items() if len(answers) > 1} == set()
    assert len(told) > 60


def test_every_answer_carries_the_security_headers(swept):
    bare = {
        f"{visit.door.path}: {header}"
        for visit in swept.gets()
        for header in WANTED
        if header not in visit.headers and not (header == "X-Frame-Options" and visit.door.name.startswith(FRAMED))
    }
    loose = {v.door.path for v in swept.gets() if "unsafe-" in v.headers.get("Content-Security-Policy", "")}
    assert bare | loose == set()


def test_only_what_is_made_for_frames_may_be_framed(swept):
    framed = {v.door.name for v in swept.gets() if "X-Frame-Options" not in v.headers}
    assert {v.door.name for v in swept.gets() if "frame-ancestors *" in v.headers.get("Content-Security-Policy", "")} == framed
    assert framed == {"opendata:embed_chantiers", "opendata:embed_chantier", "opendata:embed_agenda"}
