"""Near-copies: the same demand sent again, with other accents, a slip of the keyboard, a word less or a formula around.

Likeness by letters only. Two ways of saying the same are not copies (`analysis.neighbours` shows them), nor are "raise X" and
"lower X" (`analysis.formulas`). Grouping copies is reversible: a person may part them again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dialogue.analysis.formulas import bare, same_demand
from dialogue.analysis.shingles import candidates, cosines, signatures
from dialogue.analysis.words import Reader

#: Shorter bare texts (letters) are copies only when they are equal: one letter changes everything.
_SHORT = 12
#: (up to so many distinct texts, bands, minima in a band): longer bands where chance meetings would be too many.
_PLANS = ((60_000, 24, 3), (400_000, 20, 4), (1 << 62, 16, 5))


@dataclass(frozen=True)
class Pair:
    """Two texts by their places, first < second; `score`: cosine of their letters, 1 when the same words."""

    first: int
    second: int
    score: float


def near_copies(texts: Sequence[str], threshold: float = 0.8) -> list[Pair]:
    """The pairs of near-copies, sorted. Empty texts have none. Same input, same answer.

    A text sent a thousand times gives a thousand pairs with its first, not half a million: `groups` puts them together.
    """
    spoken = bare_texts(texts)
    firsts: dict[str, int] = {}
    pairs: list[Pair] = []
    for at, words in enumerate(spoken):
        if words and firsts.setdefault(words, at) != at:
            pairs.append(Pair(firsts[words], at, 1.0))
    distinct = [words for words in firsts if len(words) >= _SHORT]
    places = [firsts[words] for words in distinct]
    pairs += [Pair(places[a], places[b], score) for a, b, score in _close(distinct, threshold)]
    return sorted(pairs, key=lambda pair: (pair.first, pair.second))


def bare_texts(texts: Sequence[str]) -> list[str]:
    """Normalised words of each text, without formulas at either end."""
    reader = Reader()
    found: list[str] = []
    for start in range(0, len(texts), 50_000):
        rows = reader.read(texts[start : start + 50_000])
        words, ids, bounds = rows.words, rows.ids.tolist(), rows.bounds.tolist()
        found += [bare(" ".join([words[at] for at in ids[bounds[i] : bounds[i + 1]]])) for i in range(len(rows))]
    return found


def _close(texts: list[str], threshold: float) -> list[tuple[int, int, float]]:
    """(place, place, score) of the distinct texts whose letters are close and that ask the same."""
    if len(texts) < 2:  # noqa: PLR2004  nothing to pair
        return []
    bands, rows = next((bands, rows) for most, bands, rows in _PLANS if len(texts) <= most)
    pairs = candidates(signatures(texts, bands * rows), rows)
    scores = cosines(texts, pairs)
    kept = np.flatnonzero(scores >= threshold)
    return [
        (a, b, round(float(score), 4))
        for (a, b), score in zip(pairs[kept].tolist(), scores[kept], strict=True)
        if same_demand(texts[a], texts[b])
    ]


def groups(pairs: Iterable[Pair], n: int) -> list[list[int]]:
    """The groups of two or more among n texts that the pairs link, each sorted, by their first. Raises IndexError beyond n."""
    parent = list(range(n))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for pair in pairs:
        a, b = root(pair.first), root(pair.second)
        parent[max(a, b)] = min(a, b)
    members: dict[int, list[int]] = defaultdict(list)
    for at in range(n):
        members[root(at)].append(at)
    return [found for found in members.values() if len(found) > 1]
