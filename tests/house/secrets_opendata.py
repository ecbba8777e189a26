"""Who may read what a token says of itself (see secrets.py): the coordination, and whoever owns it in the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.opendata.models import ApiToken

MACHINE = {
    "opendata.apitoken.token_hash": "a hash",
    "opendata.apitoken.beginning": "nine signs of a secret, on a page of the coordination",
    "opendata.apitoken.scopes": "codes",
}


def rules(coordination: frozenset[str]) -> Iterator[tuple[Any, Iterable[str], Iterable[str]]]:
    for token in ApiToken.objects.all():
        yield token, ("name",), coordination
