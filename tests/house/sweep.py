"""Every visitor knocks at every door, once, in a world planted with secrets: what was answered is kept for all the tests."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW
from tests.house.doors import Door, Visitors, body, doors, overheard
from tests.house.secrets import Secret, plant
from tests.world import VISITORS, build

WRITE = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+)?\"?(\w+)", re.IGNORECASE)
#: A mail in the folder that only the demo shows; the tests' settings are not the demo's.
IN_THE_FOLDER = Secret("zqfolderx", "a mail of the folder", frozenset())


@dataclass(frozen=True)
class Visit:
    """What one visitor got at one door."""

    visitor: str
    method: str
    door: Door
    status: int
    headers: dict[str, str]
    text: str
    wrote: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        return self.status == 200 and self.headers.get("Content-Type", "").startswith("text/html")

    def __str__(self) -> str:
        return f"{self.method} {self.door.path} ({self.visitor})"


@dataclass(frozen=True)
class Sweep:
    secrets: list[Secret]
    doors: list[Door]
    visits: dict[tuple[str, str, str], Visit]  # (visitor, method, path)

    def gets(self) -> list[Visit]:
        return [visit for visit in self.visits.values() if visit.method == "GET"]


@contextmanager
def standing_world(size: int, folder: Path) -> Iterator[tuple[Any, Any]]:
    """A world of `size` and what makes a browser for its people, on the reference date; taken away at the end."""
    from django.db import transaction
    from django.test import Client, override_settings

    from dialogue.ledger import clock

    def client_for(person: Any = None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        # Nobody looks at the templates' contexts here: copying them for each answer costs more than the answer.
        patch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)
        logging.disable(logging.WARNING)  # refusals are what we look for
        gc.freeze()
        with override_settings(ACCOUNT_RATE_LIMITS=False, MAIL_FOLDER=folder), transaction.atomic():
            try:
                yield build(size), client_for
            finally:
                transaction.set_rollback(True)
                gc.unfreeze()
                logging.disable(logging.NOTSET)


def sweep(folder: Path) -> Sweep:
    (folder / "absent.eml").write_text(f"Subject: {IN_THE_FOLDER.word}\n\n{IN_THE_FOLDER.word}\n", encoding="utf-8")
    visits = {}
    with standing_world(1, folder) as (world, client_for):
        secrets = [*plant(world), IN_THE_FOLDER]
        visitors, all_doors = Visitors(world, client_for), doors(world)
        for door in all_doors:
            for name in VISITORS:
                for method in ("GET", "POST"):
                    visits[name, method, door.path] = _visit(visitors, name, method, door)
    return Sweep(secrets, all_doors, visits)


def _visit(visitors: Visitors, name: str, method: str, door: Door) -> Visit:
    with overheard() as queries:
        response = visitors.knock(name, door.path, method)
    wrote = tuple(match.group(1) for sql in queries if (match := WRITE.match(sql)))
    return Visit(name, method, door, response.status_code, dict(response.headers), body(response), wrote)
