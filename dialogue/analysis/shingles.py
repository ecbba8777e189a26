"""Letters that follow each other, hashed by whole arrays: MinHash signatures, candidate pairs, and the cosine that decides.

Texts come normalised (ASCII: a–z, 0–9, spaces). Nothing here looks at texts one by one. A. Broder, "On the resemblance and
containment of documents", 1997, for MinHash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

_SIZE = 4
_COSINE_SIZES = (2, 3)
_COLUMNS = 1 << 20
_PRIME = np.uint32(16777619)
_SEED = 20170301
_CHUNK_LETTERS = 1_000_000
#: Threads: numpy and scipy let the others work while they compute.
_HANDS = 2
#: Texts in one bucket up to which every two are compared; beyond, each with the first and with its next neighbours.
_BUCKET = 40
_NEXT = 2
#: Pairs whose signatures agree less than this are not worth a cosine.
_PROMISING = 0.3

Pairs = NDArray[np.int64]


def chunks(texts: Sequence[str], letters: int = _CHUNK_LETTERS) -> Iterator[tuple[int, int]]:
    """(start, end) of runs of texts of about so many letters together."""
    start, held = 0, 0
    for at, text in enumerate(texts):
        held += len(text)
        if held >= letters:
            yield start, at + 1
            start, held = at + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _hashes(texts: Sequence[str], size: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """(hash of each run of `size` letters, the bounds of each text among them). A space stands before and after each text."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64) + 2
    letters = np.frombuffer((" " + "  ".join(texts) + " ").encode("ascii", "replace"), dtype=np.uint8).astype(np.uint32)
    hashed = np.zeros(max(0, len(letters) - size + 1), dtype=np.uint32)
    for offset in range(size):
        hashed = (hashed ^ letters[offset : offset + len(hashed)]) * _PRIME
    hashed ^= hashed >> np.uint32(15)
    hashed *= np.uint32(2246822519)
    hashed ^= hashed >> np.uint32(13)
    ends = np.cumsum(lengths)
    inside = np.ones(len(hashed), dtype=bool)
    for offset in range(1, size):
        crossing = ends - offset
        inside[crossing[(crossing >= 0) & (crossing < len(inside))]] = False
    held = np.maximum(lengths - size + 1, 0)
    return hashed[inside], np.concatenate([[0], np.cumsum(held)])


def signatures(texts: Sequence[str], count: int) -> NDArray[np.uint32]:
    """(texts, count): MinHash of the runs of four letters. Texts have two letters or more."""
    draw = np.random.default_rng(_SEED)
    factors = draw.integers(1, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    masks = draw.integers(0, 1 << 32, count, dtype=np.uint32)
    found = np.zeros((len(texts), count), dtype=np.uint32)

    def sign(part: tuple[int, int]) -> None:
        start, end = part
        hashed, bounds = _hashes(texts[start:end], _SIZE)
        for at in range(count):
            mixed = (hashed ^ masks[at]) * factors[at]
            mixed ^= mixed >> np.uint32(16)
            found[start:end, at] = np.minimum.reduceat(mixed, bounds[:-1])

    with ThreadPoolExecutor(_HANDS) as hands:
        list(hands.map(sign, chunks(texts)))
    return found


def candidates(signed: NDArray[np.uint32], rows: int) -> Pairs:
    """(m, 2) pairs, first < second, each once, that share a band of `rows` minima and whose signatures agree enough."""
    count = len(signed)
    kept: list[NDArray[np.int64]] = []
    for start in range(0, signed.shape[1] - rows + 1, rows):
        key = np.zeros(count, dtype=np.uint64)
        for at in range(start, start + rows):
            key = (key ^ signed[:, at].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        for first, second in _buckets(key):
            for at in range(0, len(first), 1 << 18):
                a, b = first[at : at + (1 << 18)], second[at : at + (1 << 18)]
                near = (signed[a] == signed[b]).mean(axis=1) >= _PROMISING
                a, b = np.minimum(a[near], b[near]), np.maximum(a[near], b[near])
                kept.append(a * count + b)
    codes = np.unique(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)
    return np.stack([codes // max(1, count), codes % max(1, count)], axis=1)


def _buckets(key: NDArray[np.uint64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Two columns of pairs that have the same key; large buckets in a number of pairs that grows with their size only."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    opens = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    begins = np.flatnonzero(opens)
    sizes = np.diff(np.concatenate([begins, [len(key)]]))
    number = np.cumsum(opens) - 1
    here = np.flatnonzero(sizes[number] > 1)
    rank = here - begins[number[here]]
    size = sizes[number[here]]
    for step in range(1, _BUCKET):
        left = (rank + step < size) & ((size <= _BUCKET) | (step <= _NEXT))
        if not left.any():
            break
        yield order[here[left]], order[here[left] + step]
    large = (size > _BUCKET) & (rank > _NEXT)
    if large.any():
        yield order[begins[number[here[large]]]], order[here[large]]


def _counted(texts: Sequence[str]) -> Any:
    """texts × hashed runs of two and three letters, each row of length 1."""
    blocks = [_hashes(texts, size) for size in _COSINE_SIZES]
    lengths = np.concatenate([np.diff(bounds) for _, bounds in blocks])
    texts_of = np.tile(np.arange(len(texts)), len(blocks))
    columns = np.concatenate([hashed for hashed, _ in blocks]) % np.uint32(_COLUMNS)
    rows = np.repeat(texts_of, lengths)
    found = sp.csr_matrix(
        (np.ones(len(columns), dtype=np.float32), (rows, columns.astype(np.int32))), shape=(len(texts), _COLUMNS)
    )
    norms = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found.data /= np.repeat(norms, np.diff(found.indptr)).astype(np.float32)
    return found


def cosines(texts: Sequence[str], pairs: Pairs, at_once: int = 20_000) -> NDArray[np.float32]:
    """The likeness (0 to 1) by letters of each pair of texts."""
    found = np.zeros(len(pairs), dtype=np.float32)

    def compare(start: int) -> None:
        part = pairs[start : start + at_once]
        used, places = np.unique(part, return_inverse=True)
        counted = _counted([texts[at] for at in used.tolist()])
        places = places.reshape(part.shape)
        product = counted[places[:, 0]].multiply(counted[places[:, 1]])
        found[start : start + at_once] = np.asarray(product.sum(axis=1)).ravel()

    with ThreadPoolExecutor(_HANDS) as hands:
        list(hands.map(compare, range(0, len(pairs), at_once)))
    return np.minimum(found, 1)
