"""How far two readers who sorted the same texts agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """The share (0 to 1) of texts that both sorted alike. Raises ValueError without texts, or for lists of different lengths."""
    if len(first) != len(second) or not first:
        raise ValueError("two lists of the same length, with something in them")
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Cohen's kappa: agreement beyond what chance would give; 1 perfect, 0 chance, negative worse.

    When both give the same single answer everywhere, chance explains all of it and nothing is left to measure: 1 by convention.
    Raises ValueError as `agreement` does. Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    share = agreement(first, second)
    ours, theirs = Counter(first), Counter(second)
    chance = sum(ours[label] * theirs[label] for label in ours) / len(first) ** 2
    return 1.0 if chance == 1 else (share - chance) / (1 - chance)
