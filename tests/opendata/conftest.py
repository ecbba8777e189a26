"""The small world of the house tests, once for each test that asks for it; nothing counted of the limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dialogue.opendata import limits
from tests.factories import NOW
from tests.world import World, build


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, db: Any) -> World:
    from dialogue.ledger import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    return build(1)
