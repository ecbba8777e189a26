"""Why a theme of a territory deserves a chantier: it is spoken of more, or much less, than elsewhere. Exact and explainable.

A territory's *expected* count for a theme is what it would have if it spoke of it as the whole Département does: its total ×
the theme's overall share. The ratio observed / expected of a small territory moves a lot by chance, so it is drawn towards 1:
observed is Poisson, the ratio has a Gamma prior of mean 1, and the bounds are those of its posterior. Counts are of distinct
authors, so that whoever posts a hundred times counts once. Numpy and scipy alone: pages use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

#: How many expected authors' worth of belief that a territory is like the others.
PRIOR = 2.0
#: Authors from which "many" may be said.
LEAST_MANY = 20
#: A carence: with 95 % confidence, less than half of what was expected.
MOST_FEW = 0.5
_TAIL = 0.025


class Reason(Enum):
    """Reasons that counts can give. The third of the guide, *structuring*, is a person's to flag."""

    MANY = "many"
    FEW = "few"


@dataclass(frozen=True)
class Evidence:
    """All the numbers behind a reason, to be shown beside it. `lower` and `upper`: the 95 % interval of the ratio."""

    observed: int
    expected: float
    ratio: float
    lower: float
    upper: float
    reason: Reason | None = None


def expected(table: Sequence[Sequence[float]] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Territories × themes → what each cell would have if every territory spoke alike: row total × column share."""
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum()
    if not total:
        return np.zeros_like(counts)
    found: NDArray[np.float64] = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    return found


def judge(observed: int, expected: float, is_priority: bool, prior: float = PRIOR) -> Evidence:
    """The evidence of one territory × theme. Only a priority of its pact has a reason:

    *many*: 20 authors or more and a lower bound above 1; *few* (carence): an upper bound under 0.5.
    Raises ValueError for negative counts or a prior that is not positive.
    """
    if observed < 0 or expected < 0 or prior <= 0:
        raise ValueError("counts cannot be negative, nor the prior null")
    shape, rate = prior + observed, prior + expected
    lower, upper = (float(gammaincinv(shape, tail) / rate) for tail in (_TAIL, 1 - _TAIL))
    reason = None
    if is_priority and observed >= LEAST_MANY and lower > 1:
        reason = Reason.MANY
    elif is_priority and upper < MOST_FEW:
        reason = Reason.FEW
    return Evidence(observed, float(expected), shape / rate, lower, upper, reason)
