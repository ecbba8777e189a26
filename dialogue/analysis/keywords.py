"""Themes told by keywords: what a model learns from before anyone has sorted a text, and one more hint afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from dialogue.analysis.features import word_counts
from dialogue.analysis.words import Reader, Rows
from dialogue.language.stopwords import is_idle
from dialogue.language.text import tokenise

NOTHING = -1


@dataclass(frozen=True)
class ThemeSpec:
    """A theme as the Département writes it. `keywords`: words or expressions, any case, that speak of it."""

    code: str
    name: str
    keywords: Sequence[str] = ()


def expressions(theme: ThemeSpec) -> list[str]:
    """The keywords of a theme and the words of its name; an expression of several words stays whole."""
    return [*theme.keywords, *(word for word in tokenise(theme.name) if not is_idle(word))]


class Keywords:
    """Finds expressions in texts: all the stems of one, in any order. A rare expression counts more than one that is everywhere."""

    def __init__(self, keys: Sequence[tuple[str, ...]], weights: NDArray[np.float32], reader: Reader) -> None:
        """`keys`: sorted stems; `weights`: keys × themes."""
        self.keys = list(keys)
        self.weights = weights
        self._reader = reader
        self._columns = {stem: at for at, stem in enumerate(sorted({stem for key in keys for stem in key}))}

    @classmethod
    def of(cls, themes: Sequence[ThemeSpec], reader: Reader) -> Keywords:
        """The keywords of the themes, each of its number of words in weight until `fit` has seen texts."""
        owners: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for number, theme in enumerate(themes):
            for expression in expressions(theme):
                stems = {stem for stem in reader.stems(expression) if not is_idle(stem)}
                if stems:
                    owners[tuple(sorted(stems))].add(number)
        keys = sorted(owners)
        weights = np.zeros((len(keys), len(themes)), dtype=np.float32)
        for at, key in enumerate(keys):
            weights[at, sorted(owners[key])] = len(key)
        return cls(keys, weights, reader)

    def fit(self, texts: Sequence[str]) -> None:
        """Weigh each expression by how rare it is in these texts. Once."""
        seen = np.asarray(self._hits(self._reader.read(texts)).sum(axis=0)).ravel()
        self.weights = (self.weights * (1 + np.log((1 + len(texts)) / (1 + seen)))[:, None]).astype(np.float32)

    def _hits(self, rows: Rows) -> Any:
        """texts × keys, 1 where all the stems of the key are in the text."""
        pairs = [(at, self._columns.get(self._reader.stem(word), NOTHING)) for at, word in enumerate(rows.words)]
        known = [(at, column) for at, column in pairs if column != NOTHING]
        shape = (max(1, len(rows.words)), max(1, len(self._columns)))
        at, columns = ([pair[0] for pair in known], [pair[1] for pair in known])
        table = sp.csr_matrix((np.ones(len(known), dtype=np.float32), (at, columns)), shape=shape)
        found = word_counts(rows) @ table
        found.data[:] = 1
        needed = np.array([len(key) for key in self.keys] or [1], dtype=np.float32)
        members = [(self._columns[stem], number) for number, key in enumerate(self.keys) for stem in key]
        parts = sp.csr_matrix(
            (np.ones(len(members), dtype=np.float32), ([one[0] for one in members], [one[1] for one in members])),
            shape=(shape[1], len(needed)),
        )
        hits = found @ parts
        hits.data = (hits.data >= needed[hits.indices]).astype(np.float32)
        hits.eliminate_zeros()
        return hits

    def scores(self, rows: Rows) -> NDArray[np.float32]:
        """texts × themes: the weights of the expressions found."""
        if not self.keys:
            return np.zeros((len(rows), self.weights.shape[1]), dtype=np.float32)
        return np.asarray(self._hits(rows) @ self.weights, dtype=np.float32)

    def shares(self, rows: Rows) -> NDArray[np.float32]:
        """The same, each row of length 1, or empty where no expression is found."""
        scores = self.scores(rows)
        norms = np.linalg.norm(scores, axis=1, keepdims=True)
        return (scores / np.where(norms > 0, norms, 1)).astype(np.float32)

    def label(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The theme whose keywords speak most in each text, `NOTHING` when none does or two do equally."""
        if not self.keys or not texts:
            return np.full(len(texts), NOTHING, dtype=np.int64)
        scores = self.scores(self._reader.read(texts))
        best, top = scores.argmax(axis=1), scores.max(axis=1)
        tied = (scores >= top[:, None]).sum(axis=1) > 1
        return np.where((top > 0) & ~tied, best, NOTHING)
