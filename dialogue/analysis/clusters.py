"""Sub-subjects inside one theme of one territory: groups of texts, told by their words and by three verbatims; a person names them.

Groups of short texts are unstable by nature, so everything that can be is fixed: texts are taken in the order of their words, not
of their arrival, the draw has a seed, and nothing is grouped again unless asked. Texts that look like no other stay out, visible.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from dialogue.analysis.features import Features, unit, word_counts
from dialogue.analysis.words import Reader

if TYPE_CHECKING:
    from dialogue.analysis.embeddings import Embedder

SEED = 20170301
#: Fewer texts than this are read, not grouped.
LEAST = 8
#: Texts that the centres are drawn from, at most; the others join the nearest.
_MOST = 1_500
_STARTS, _ROUNDS = 4, 20
#: From so many texts on, letters are left aside and one start is enough: words alone say what is common.
_MANY = 500
#: Likeness to the rest of its group under which a text stays out: by words, and by meaning.
_FLOOR = 0.1
_MEANING_FLOOR = 0.15
_WORDS, _VERBATIMS = 6, 3
_SHOWN = 3
_READ_FOR_WORDS = 50


@dataclass(frozen=True)
class Cluster:
    """`members`: places of the texts, sorted; `words`: telling words as written; `verbatims`: places of the three nearest its centre."""

    members: tuple[int, ...]
    words: tuple[str, ...]
    verbatims: tuple[int, ...]

    @property
    def label(self) -> str:
        """A name until a person gives a better one: its three most telling words."""
        return ", ".join(self.words[:3])


@dataclass(frozen=True)
class Clustering:
    """The groups, largest first, and the texts that are in none: to be shown too."""

    clusters: tuple[Cluster, ...]
    leftover: tuple[int, ...]


def cluster(
    texts: Sequence[str],
    *,
    k: int | None = None,
    seed: int = SEED,
    embedder: Embedder | None = None,
    keep_all: bool = False,
    reader: Reader | None = None,
) -> Clustering:
    """Group the texts of one theme × territory in about cube root of n groups, or k. Under eight texts nothing is grouped.

    The same texts in another order give the same groups. `keep_all`: no text stays out (but those without a word).
    `reader`: to share between calls, for its memory of words.
    """
    reader = reader or Reader()
    told = [" ".join(reader.telling(text)) for text in texts]
    order = sorted((at for at in range(len(texts)) if told[at]), key=lambda at: (told[at], at))
    wanted = k if k is not None else max(2, round(len(order) ** (1 / 3)))
    if len(order) < (LEAST if k is None else 2) or len({told[at] for at in order}) < wanted or wanted < 1:
        return Clustering((), tuple(range(len(texts))))
    matrix = _matrix([told[at] for at in order], [texts[at] for at in order], embedder, reader)
    owner = _owners(matrix, wanted, seed)
    likeness, centres = _likeness(matrix, owner, wanted)
    floor = -2.0 if keep_all else _FLOOR if embedder is None else _MEANING_FLOOR
    groups = [np.flatnonzero((owner == number) & (likeness >= floor)) for number in range(wanted)]
    groups = [group for group in groups if len(group) >= (1 if keep_all else 2)]
    stems = [[reader.stem(word) for word in told[at].split()] for at in order]
    words = _telling([texts[at] for at in order], stems, groups, reader)
    found = [
        Cluster(tuple(sorted(order[at] for at in group)), spoken, _nearest(group, order, told, centres))
        for group, spoken in zip(groups, words, strict=True)
    ]
    found.sort(key=lambda one: (-len(one.members), told[one.members[0]], one.members[0]))
    inside = {member for one in found for member in one.members}
    return Clustering(tuple(found), tuple(at for at in range(len(texts)) if at not in inside))


def split(texts: Sequence[str], k: int = 2, *, seed: int = SEED, embedder: Embedder | None = None) -> Clustering:
    """Part one group in k (two or more), every text with a word in one of them. Raises ValueError for k < 2."""
    if k < 2:  # noqa: PLR2004
        raise ValueError("a group is parted in two or more")
    return cluster(texts, k=k, seed=seed, embedder=embedder, keep_all=True)


def _matrix(told: list[str], texts: list[str], embedder: Embedder | None, reader: Reader) -> Any:
    """Rows of length 1: words (sparse), or meaning (dense, its centre taken away: e5 puts every text in one corner)."""
    if embedder is None:
        features = Features(reader)
        if len(told) < _MANY:
            return unit(features.fit(told))
        rows = reader.read(told)
        return unit(features.stems.fit(rows.words, word_counts(rows), 2))
    vectors = embedder.passages(texts).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _owners(matrix: Any, wanted: int, seed: int) -> NDArray[np.int64]:
    """The group of each row: spherical k-means, the best of a few seeded starts."""
    step = 1 + (matrix.shape[0] - 1) // _MOST
    sample = matrix[::step]
    draw = np.random.default_rng(seed)
    best, centres = -1.0, np.zeros((wanted, matrix.shape[1]))
    for _ in range(_STARTS if matrix.shape[0] < _MANY else 1):
        value, found = _means(sample, _start(sample, wanted, draw))
        if value > best + 1e-9:
            best, centres = value, found
    owners: NDArray[np.int64] = np.asarray(matrix @ centres.T).argmax(axis=1)
    return owners


def _dense(rows: Any) -> NDArray[np.float64]:
    return np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows, dtype=np.float64)


def _start(sample: Any, wanted: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """Centres far from each other (k-means++, on 1 − cosine)."""
    chosen = [int(draw.integers(sample.shape[0]))]
    far = np.ones(sample.shape[0])
    for _ in range(wanted - 1):
        near = np.asarray(sample @ _dense(sample[chosen[-1:]]).T).ravel()
        far = np.minimum(far, np.maximum(0, 1 - near))
        total = far.sum()
        chosen.append(int(np.searchsorted(np.cumsum(far), draw.random() * total)) if total > 0 else 0)
    return _dense(sample[np.minimum(chosen, sample.shape[0] - 1)])


def _sums(sample: Any, owner: NDArray[np.int64], wanted: int) -> NDArray[np.float64]:
    """The sum of the rows of each group."""
    count = len(owner)
    belongs = sp.csr_matrix((np.ones(count), (owner, np.arange(count))), shape=(wanted, count))
    return _dense(belongs @ sample)


def _means(sample: Any, centres: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """(how near the rows are to their centres, the centres) when nothing moves any more."""
    owner = np.full(sample.shape[0], -1)
    value = 0.0
    for _ in range(_ROUNDS):
        near = np.asarray(sample @ centres.T)
        moved = near.argmax(axis=1)
        value = float(near.max(axis=1).sum())
        if (moved == owner).all():
            break
        owner = moved
        sums = _sums(sample, owner, len(centres))
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        # A group that lost everyone keeps its centre.
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-12), centres)
    return value, centres


def _likeness(matrix: Any, owner: NDArray[np.int64], wanted: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(the likeness of each row to the others of its group, itself left aside; its likeness to the centre)."""
    sums = _sums(matrix, owner, wanted)
    squares = (sums**2).sum(axis=1)
    dots = np.asarray(matrix @ sums.T)[np.arange(len(owner)), owner]
    # |S − x|² = |S|² − 2 S·x + 1, and x·(S − x) = x·S − 1, for rows of length 1.
    others = np.sqrt(np.maximum(squares[owner] - 2 * dots + 1, 1e-12))
    alone = np.bincount(owner, minlength=wanted)[owner] < 2  # noqa: PLR2004
    return np.where(alone, 0, (dots - 1) / others), dots / np.sqrt(np.maximum(squares[owner], 1e-12))


def _nearest(group: NDArray[np.int64], order: list[int], told: list[str], centres: NDArray[np.float64]) -> tuple[int, ...]:
    """Three texts nearest the centre that do not say the same words."""
    found: dict[str, int] = {}
    for at in group[np.argsort(-centres[group], kind="stable")].tolist():
        found.setdefault(told[order[at]], order[at])
        if len(found) == _VERBATIMS:
            break
    return tuple(found.values())


def _telling(texts: list[str], stems: list[list[str]], groups: list[NDArray[np.int64]], reader: Reader) -> list[tuple[str, ...]]:
    """c-TF-IDF: share of a stem in the group × ln(1 + mean stems of a group / times it comes in all); written as it mostly is."""
    counts = [Counter(stem for at in group.tolist() for stem in set(stems[at])) for group in groups]
    overall: Counter[str] = Counter()
    for one in counts:
        overall.update(one)
    mean = sum(overall.values()) / max(1, len(groups))
    found = []
    for one, group in zip(counts, groups, strict=True):
        size = max(1, sum(one.values()))
        least = 2 if len(group) >= LEAST else 1
        scores = {
            stem: n / size * math.log(1 + mean / overall[stem])
            for stem, n in one.items()
            if n >= least and len(stem) >= _SHOWN and not stem.isdigit()
        }
        best = sorted(scores, key=lambda stem: (-scores[stem], stem))[:_WORDS]
        written = _written(texts, [at for at in group.tolist() if not set(best).isdisjoint(stems[at])], reader)
        found.append(tuple(written[stem] for stem in best if stem in written))
    return found


def _written(texts: list[str], places: list[int], reader: Reader) -> dict[str, str]:
    """The usual writing of each stem in these texts; the first word of a text lends its letters, not its capital."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for place in places[:_READ_FOR_WORDS]:
        for at, (written, word) in enumerate(reader.surface(texts[place])):
            forms[reader.stem(word)][written if at else written.lower()] += 1
    return {stem: min(found, key=lambda form: (-found[form], form)) for stem, found in forms.items()}
