"""Every door of the house: the addresses, their sample values, and how to knock.

`python -m tests.house.doors` writes tests/house/doors.txt anew; read the difference before committing it.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("doors.txt")


@dataclass(frozen=True)
class Door:
    """One address pattern, and one set of values for its parameters."""

    name: str
    pattern: str
    label: str
    path: str

    def __str__(self) -> str:
        return self.pattern + (f" [{self.label}]" if self.label else "")


def patterns() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name with its namespace, pattern, converters) of every address."""
    from django.urls import get_resolver
    from django.urls.resolvers import URLResolver

    def walk(resolver: Any, prefix: str, space: str, converters: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            known = converters | entry.pattern.converters
            if isinstance(entry, URLResolver):
                inner = ":".join(part for part in (space, entry.namespace) if part)
                yield from walk(entry, route, inner, known)
            elif entry.name:
                yield ":".join(part for part in (space, entry.name) if part), "/" + route, known

    yield from walk(get_resolver(), "", "", {})


def doors(world: Any) -> list[Door]:
    """Every door with its sample values. Fails on an address whose parameters have none (tests/house/samples.py)."""
    from django.urls import reverse

    from tests.house.samples import NOT_WALKED, samples

    found, unknown = [], []
    for name, pattern, converters in patterns():
        if name in NOT_WALKED:
            continue
        if not converters:
            found.append(Door(name, pattern, "", reverse(name)))
            continue
        values = samples(world, name, tuple(converters))
        if values is None:
            unknown.append(f"{name} ({pattern}): {', '.join(converters)}")
            continue
        found += [Door(name, pattern, label, reverse(name, kwargs=kwargs)) for label, kwargs in values.items()]
    assert not unknown, "give sample values in tests/house/samples.py for: " + "; ".join(unknown)
    return sorted(found, key=lambda door: (door.pattern, door.label))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace in the database."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The SQL asked inside (Django's own log forgets after 9000 queries)."""
    from django.db import connection

    heard: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        heard.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard


class Visitors:
    """A browser for each visitor of the world, always as fresh as at sign-in."""

    def __init__(self, world: Any, client_for: Any) -> None:
        from django.test import Client

        from tests.world import VISITORS

        # One client for all: making one loads every middleware. A page that breaks answers 500: the table of doors shows
        # it, and the sweep goes on.
        self.client = Client(raise_request_exception=False, headers={"accept-encoding": "identity"})
        self.cookies = {}
        for name in VISITORS:
            client = client_for(world.people.get(name))
            self.cookies[name] = {key: morsel.value for key, morsel in client.cookies.items()}

    def knock(self, name: str, path: str, method: str = "GET") -> Any:
        """The answer, followed nowhere; what it wrote is undone."""
        from django.core.cache import cache

        from dialogue.opendata import serving

        client = self.client
        client.cookies.clear()
        for key, value in self.cookies[name].items():
            client.cookies[key] = value
        cache.clear()  # throttling is not what is tested here
        serving.forget()  # nor what a process remembers
        with undone():
            response = (
                client.generic(method, path, content_type="application/x-www-form-urlencoded")
                if method == "POST"
                else client.get(path)
            )
            if response.streaming:
                # Read while the world still stands.
                response.content_read = b"".join(response.streaming_content)
        return response


def body(response: Any) -> str:
    """The text of an answer, streamed or not, archives opened."""
    content = response.content_read if response.streaming else response.content
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
    return str(content.decode("utf-8", errors="replace"))


if __name__ == "__main__":
    import pytest

    os.environ["WRITE_DOORS"] = "1"
    sys.exit(pytest.main(["-q", "tests/house/test_doors.py"]))
