"""The doors table: URL × method × visitor → status, kept in git so that a change of who may enter is seen in the diff."""

from __future__ import annotations

import difflib
import os
from typing import Any

import pytest

from tests.house.doors import TABLE, doors
from tests.world import VISITORS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
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


def table(standing: Any) -> str:
    world, visitors = standing
    rows = [HEAD]
    labels = [(method, door) for door in doors(world) for method in ("GET", "POST")]
    width = max(len(f"{method:<4} {door}") for method, door in labels)
    rows.append(f"{'':<{width}} " + " ".join(SHORT[name] for name in VISITORS) + "\n")
    for method, door in labels:
        codes = [str(visitors.knock(name, door.path, method).status_code) for name in VISITORS]
        rows.append(f"{f'{method:<4} {door}':<{width}}  " + "  ".join(codes) + "\n")
    return "".join(rows)


def test_every_door_opens_to_whom_the_table_says(standing):
    found = table(standing)
    if os.environ.get("WRITE_DOORS"):
        TABLE.write_text(found, encoding="utf-8")
    kept = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    difference = difflib.unified_diff(kept.splitlines(), found.splitlines(), "doors.txt", "found", lineterm="", n=0)
    assert kept == found, "\n".join(["run `make doors` and read its diff:", *difference])


def test_no_door_breaks():
    kept = TABLE.read_text(encoding="utf-8").splitlines()
    lines = [line for line in kept if line.startswith(("GET", "POST"))]
    assert [line for line in lines if "  5" in line[4:]] == []
