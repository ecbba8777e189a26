"""The second reading: how far two people agree."""

from __future__ import annotations

from typing import Any


def agreement_now() -> dict[str, Any]:
    """`n` texts read twice, `percent` of agreement, Cohen's `kappa`."""
    return {"n": 0}
