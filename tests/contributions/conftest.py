"""Nobody waits in tests: forms may come back at once, unless a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from dialogue.contributions import deposit_limits, likeness


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: Any) -> None:
    monkeypatch.setattr(deposit_limits, "LEAST_SECONDS", -1)
    cache.clear()
    likeness._known.clear()
    likeness._model.cache_clear()
