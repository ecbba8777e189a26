"""What several files of house tests stand on."""

from __future__ import annotations

import pytest

from tests.factories import NOW


@pytest.fixture
def reference_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain time stands still on the reference date."""
    from dialogue.ledger import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
