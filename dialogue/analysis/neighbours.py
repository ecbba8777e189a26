"""Texts that look like another, for a person to read side by side: same demand, neighbouring demand, or its opposite.

By words (TF-IDF of stems and of letters); by meaning too when an embedder is given: measured, words find a third of the
paraphrases, meaning finds nine in ten. No score parts "raise X" from "lower X": nothing here is to be merged by a machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dialogue.analysis.features import Features, unit

if TYPE_CHECKING:
    from dialogue.analysis.embeddings import Embedder

#: Likeness (0 to 1) under which a text is not worth showing: by words, and by meaning (e5 puts everything above 0.7).
FLOOR, MEANING_FLOOR = 0.12, 0.8
_AT_ONCE = 256


@dataclass(frozen=True)
class Neighbour:
    """`index`: place in the texts indexed; `score`: likeness, to order by and not to be read as a probability."""

    index: int
    score: float


class Neighbours:
    """An index of n texts in memory: about 1.5 kB a text. With an embedder it looks at meaning alone."""

    def __init__(self, texts: Sequence[str], embedder: Embedder | None = None) -> None:
        self._count = len(texts)
        self._embedder = embedder
        self._vectors = embedder.passages(texts) if embedder is not None and texts else None
        self._features = Features()
        self._turned = unit(self._features.fit(texts)).T.tocsr() if texts and embedder is None else None

    def nearest(self, texts: Sequence[str], k: int = 10, floor: float | None = None) -> list[list[Neighbour]]:
        """For each text at most k neighbours of at least `floor`, best first; among equals the first indexed.

        A text that is itself in the index finds itself.
        """
        if floor is None:
            floor = MEANING_FLOOR if self._vectors is not None else FLOOR
        found: list[list[Neighbour]] = []
        for start in range(0, len(texts), _AT_ONCE):
            part = texts[start : start + _AT_ONCE]
            scores = self._scores(part)
            found += [_best(row, k, floor) for row in scores] if scores is not None else [[] for _ in part]
        return found

    def _scores(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        if not self._count:
            return None
        if self._vectors is not None and self._embedder is not None:
            # Vectors are compared as passages: both sides are contributions, none is a question.
            found: NDArray[np.float32] = self._embedder.passages(texts) @ self._vectors.T
            return found
        scores: NDArray[np.float32] = (unit(self._features.apply(texts)) @ self._turned).toarray()
        return scores


def _best(row: NDArray[np.float32], k: int, floor: float) -> list[Neighbour]:
    kept = np.flatnonzero(row >= floor)
    order = kept[np.argsort(-row[kept], kind="stable")][:k]
    return [Neighbour(int(at), round(min(1.0, float(row[at])), 4)) for at in order]
