"""Parts of a set for honest measures: what belongs together is never learnt from and asked about at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from dialogue.language.text import normalise


def grouped(texts: Sequence[str], groups: Sequence[Hashable] | None) -> list[Hashable]:
    """The group of each text: the one given, else the text itself, so that the same words twice stay together."""
    return list(groups) if groups is not None else [normalise(text) for text in texts]


def parts(labels: Sequence[Hashable], groups: Sequence[Hashable], count: int) -> NDArray[np.int64]:
    """The part (0 to count − 1) of each item: groups whole, labels spread evenly. Same input, same parts.

    The largest groups are placed first, each where its own labels are fewest.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    totals = Counter(labels)
    held: list[Counter[Hashable]] = [Counter() for _ in range(count)]
    sizes = [0] * count
    found = np.zeros(len(labels), dtype=np.int64)
    for group in sorted(members, key=lambda one: (-len(members[one]), members[one][0])):
        own = Counter(labels[at] for at in members[group])
        scores = [
            (sum(n * part[label] / totals[label] for label, n in own.items()), sizes[at], at) for at, part in enumerate(held)
        ]
        best = min(scores)[2]
        held[best] += own
        sizes[best] += len(members[group])
        found[members[group]] = best
    return found
