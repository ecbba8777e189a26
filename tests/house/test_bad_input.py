"""Whatever is typed, in an address or in a form, no page of the house breaks (500)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.house.doors import doors, patterns, undone
from tests.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WRONG = {
    "nul": "a\x00b",
    "a number beyond any column": "9" * 30,
    "a number beyond Python's own limit": "9" * 5000,
    "digits that are not ours": "²٣",
    "the first day of all": "0001-01-01",
    "the last day of all": "9999-12-31",
    "script": "<script>alert(1)</script>",
}
#: Parameters that pages read without a form.
NAMES = {
    "acte", "alerte", "answer", "au", "chantier", "charge", "circle", "commune", "du", "email", "etat", "kind", "ligne",
    "line", "nature", "next", "order", "page", "periode", "personne", "q", "quand", "revision", "salle", "stop", "territoire",
    "theme", "version", "vue",
}  # fmt: skip
ADDRESS_LIMIT = 2000


@pytest.fixture
def world() -> World:
    return build(1)


def fields_of(response: Any) -> set[str]:
    """The names of the fields of every form on the page."""
    values = [value for context in response.context or [] for layer in context.dicts for value in layer.values()]
    bound = [value for value in values if hasattr(value, "is_bound")]
    sets = [value for value in bound if hasattr(value, "management_form")]
    forms = [form for form in bound if form not in sets] + [form for each in sets for form in (*each, each.management_form)]
    return {form.add_prefix(name) for form in forms for name in form.fields}


def knocks(path: str, client: Client) -> Iterator[tuple[str, Any]]:
    """The page asked with each wrong value in every parameter, then sent with it in every field."""
    with undone():
        names = NAMES | fields_of(client.get(path))
    for label, value in WRONG.items():
        query = "&".join(f"{name}={quote(value[:200])}" for name in sorted(names))
        for method, given in (("get", f"{path}?{query}"), ("post", path)):
            with undone():
                response = client.get(given) if method == "get" else client.post(given, dict.fromkeys(names, value))
                if response.streaming:
                    b"".join(response.streaming_content)
            yield f"{method} {path}: {label}", response


def test_no_form_and_no_filter_breaks_on_what_is_typed(world: World, client_for: Any) -> None:
    client = client_for(world.people["coordination"], raise_request_exception=False)
    paths = [door.path for door in doors(world) if not door.path.startswith("/compte/")]
    assert [told for path in paths for told, response in knocks(path, client) if response.status_code >= 500] == []


def test_no_address_breaks_on_what_stands_in_it(world: World, client_for: Any) -> None:
    client = client_for(world.people["coordination"], raise_request_exception=False)
    broken = []
    for _name, pattern, converters in patterns():
        for label, value in WRONG.items() if converters else ():
            path = re.sub(r"<[^>]+>", lambda _match, value=value: quote(value[:ADDRESS_LIMIT]), pattern)
            with undone():
                broken += [f"{path[:80]}: {label}"] if client.get(path).status_code >= 500 else []
    assert broken == []
