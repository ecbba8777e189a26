"""A chantier that has delivered, who leads it, who records the votes."""

from __future__ import annotations

from typing import Any

import pytest

from dialogue.chantiers.stages import Role, Stage
from tests import factories as make


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are asked on the day of the tests."""
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: make.NOW)


@pytest.fixture
def chantier() -> Any:
    return make.make_chantier(stage=Stage.DELIVERED)


@pytest.fixture
def lead(chantier: Any) -> Any:
    return make.make_member(chantier, role=Role.LEAD).person


@pytest.fixture
def secretary() -> Any:
    return make.make_secretary()
