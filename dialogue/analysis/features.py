"""TF-IDF of stems and of the 3 to 5 letters that follow each other in a word: what a linear theme model looks at.

The pieces of a word depend on the word alone, so they are listed once for each distinct word, and the texts are a product
of two sparse matrices (texts × words, words × pieces): no Python runs letter by letter over the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from dialogue.analysis.words import Reader, Rows
from dialogue.language.stopwords import is_idle

SHORTEST, LONGEST = 3, 5
#: Distinct words whose pieces one block remembers.
_REMEMBERED = 300_000

Matrix = Any  # scipy.sparse.csr_matrix: scipy carries no types
Ids = NDArray[np.int32]
Floats = NDArray[np.float32]


def grams(word: str) -> list[str]:
    """The 3- to 5-grams of a word with a space at each end: "eau" → [" ea", "eau", "au ", " eau", "eau ", " eau "]."""
    padded = f" {word} "
    return [padded[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(len(padded) - size + 1)]


def word_counts(rows: Rows) -> Matrix:
    """texts × distinct words of `rows`, with how often each comes."""
    # Adding up what comes twice moves things inside the arrays: those of `rows` are copied.
    counts = sp.csr_matrix(
        (np.ones(len(rows.ids), dtype=np.float32), rows.ids.copy(), rows.bounds.copy()),
        shape=(len(rows), max(1, len(rows.words))),
    )
    counts.sum_duplicates()
    return counts


def telling_counts(rows: Rows, *, idle: bool) -> Matrix:
    """The same, without the words that stand in every text unless `idle`.

    With few labels "le" would speak for a theme; with many the way of saying helps (measured: a point on the surest half).
    """
    counts = word_counts(rows)
    if rows.words and not idle:
        counts.data *= np.array([not is_idle(word) for word in rows.words], dtype=np.float32)[counts.indices]
        counts.eliminate_zeros()
    return counts


def row_norms(matrix: Matrix) -> Floats:
    """The Euclidean length of each row; 1 for an empty row, so that one may divide by it."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    norms = np.sqrt(squares)
    norms[norms == 0] = 1
    return norms.astype(np.float32)


@dataclass
class Block:
    """One family of pieces (stems, or letters), with the weight (idf) of each."""

    cut: Callable[[str], Sequence[str]]
    index: dict[str, int] = field(default_factory=dict)
    idf: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    _known: dict[str, Ids] = field(default_factory=dict)

    def table(self, words: Sequence[str]) -> Matrix:
        """words × pieces, counted; pieces that the block does not know are left out."""
        found = [self._ids(word) for word in words]
        bounds = np.zeros(max(1, len(words)) + 1, dtype=np.int64)
        bounds[1 : len(words) + 1] = np.cumsum([len(ids) for ids in found])
        bounds[len(words) + 1 :] = bounds[len(words)]
        ids = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
        shape = (len(bounds) - 1, max(1, len(self.index)))
        table = sp.csr_matrix((np.ones(len(ids), dtype=np.float32), ids, bounds), shape=shape)
        table.sum_duplicates()
        return table

    def _ids(self, word: str) -> Ids:
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            index = self.index
            known = np.array([index[piece] for piece in self.cut(word) if piece in index], dtype=np.int32)
            self._known[word] = known
        return known

    def fit(self, words: Sequence[str], counts: Matrix, least: int) -> Matrix:
        """Learn the pieces found in at least `least` texts, and their smoothed idf; the weighted texts × pieces."""
        self.index = {piece: at for at, piece in enumerate(dict.fromkeys(chain.from_iterable(map(self.cut, words))))}
        found = counts @ self.table(words)
        seen = np.bincount(found.indices, minlength=found.shape[1])
        kept = np.flatnonzero(seen >= least)
        names = list(self.index)
        self.index = {names[old]: new for new, old in enumerate(kept.tolist())}
        self.idf = (np.log((1 + counts.shape[0]) / (1 + seen[kept])) + 1).astype(np.float32)
        self._known.clear()
        return self.weighted(found[:, kept]) if len(kept) else sp.csr_matrix((counts.shape[0], 1), dtype=np.float32)

    def weighted(self, found: Matrix) -> Matrix:
        """(1 + ln count) × idf, rows not yet divided by their length."""
        if len(self.index):
            found.data = (np.log(found.data) + 1) * self.idf[found.indices]
        return found

    def apply(self, words: Sequence[str], counts: Matrix) -> Matrix:
        """The weighted texts × pieces, rows not yet divided by their length."""
        return self.weighted(counts @ self.table(words))


class Features:
    """The two blocks. `fit` learns from texts, `apply` reads others with what was learnt."""

    def __init__(self, reader: Reader | None = None, *, idle: bool = True) -> None:
        self.idle = idle
        self.reader = reader or Reader()
        self.stems = Block(lambda word: (self.reader.stem(word),))
        self.letters = Block(grams)

    @property
    def blocks(self) -> tuple[Block, Block]:
        return self.stems, self.letters

    def fit(self, texts: Sequence[str]) -> Matrix:
        """Learn (a stem from one text, letters from two) and give texts × features, each block of a row of length 1."""
        rows = self.reader.read(texts)
        counts = telling_counts(rows, idle=self.idle)
        return _side_by_side([self.stems.fit(rows.words, counts, 1), self.letters.fit(rows.words, counts, 2)])

    def apply(self, texts: Sequence[str]) -> Matrix:
        """texts × features (stems, then letters), each block of a row of length 1."""
        rows = self.reader.read(texts)
        counts = telling_counts(rows, idle=self.idle)
        return _side_by_side([block.apply(rows.words, counts) for block in self.blocks])


def unit(matrix: Matrix) -> Matrix:
    """The same with each row of length 1 (empty rows stay empty)."""
    matrix.data = matrix.data / np.repeat(row_norms(matrix), np.diff(matrix.indptr))
    return matrix


def _side_by_side(blocks: list[Matrix]) -> Matrix:
    return sp.hstack([unit(block) for block in blocks], format="csr", dtype=np.float32)
