"""The whole analysis of a set of contributions: themes, near-copies, sub-subjects; bounded memory, same input, same answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from dialogue.analysis.clusters import Cluster, Clustering, cluster
from dialogue.analysis.copies import Pair, groups, near_copies
from dialogue.analysis.themes import Ranking, ThemeModel
from dialogue.analysis.words import Reader

Cell = tuple[str, Hashable]


@dataclass(frozen=True)
class Analysis:
    """Places are those of the texts given. `ranking`: themes (its `words` are not computed: `model.suggest` gives them).

    `copies`: the groups of near-copies; `clusters`: of each (theme's code, territory); `unclassified`: texts in which nothing speaks.
    """

    ranking: Ranking
    pairs: list[Pair]
    copies: list[list[int]]
    clusters: dict[Cell, Clustering]
    unclassified: list[int]


def analyse(
    texts: Sequence[str],
    model: ThemeModel,
    *,
    territories: Sequence[Hashable] | None = None,
    themes: Sequence[str | None] | None = None,
    threshold: float = 0.8,
    processes: int = 1,
) -> Analysis:
    """Themes, near-copies, and the clusters of each theme × territory.

    `themes`: what persons have decided, None where they have not: the first suggestion then decides in which cell a text is read.
    `processes`: with 2, near-copies are sought beside the rest, in a process that is started for it: worth it from some hundred
    thousand texts on. Raises ValueError for lists of different lengths.
    """
    if any(given is not None and len(given) != len(texts) for given in (territories, themes)):
        raise ValueError("as many territories, and themes, as texts")
    if processes > 1:
        # Started afresh, not forked: the process that asks may have threads and a database open.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
            promised = beside.submit(near_copies, list(texts), threshold)
            ranking, clusters, unclassified = _sorted(texts, model, territories, themes)
            pairs = promised.result()
    else:
        ranking, clusters, unclassified = _sorted(texts, model, territories, themes)
        pairs = near_copies(texts, threshold)
    return Analysis(ranking, pairs, groups(pairs, len(texts)), clusters, unclassified)


def _sorted(
    texts: Sequence[str], model: ThemeModel, territories: Sequence[Hashable] | None, themes: Sequence[str | None] | None
) -> tuple[Ranking, dict[Cell, Clustering], list[int]]:
    """The themes of the texts, the clusters of each cell, the texts in which nothing speaks."""
    ranking = model.rank(texts)
    cells: dict[Cell, list[int]] = defaultdict(list)
    unclassified = []
    for at in range(len(texts)):
        code = (themes[at] if themes is not None else None) or ranking.code(at)
        if code is None:
            unclassified.append(at)
        else:
            cells[code, territories[at] if territories is not None else None].append(at)
    reader = Reader()
    clusters = {cell: _placed(cluster([texts[at] for at in places], reader=reader), places) for cell, places in cells.items()}
    return ranking, clusters, unclassified


def _placed(found: Clustering, places: list[int]) -> Clustering:
    """The same, with the places of the whole set instead of those of the cell."""
    return Clustering(
        tuple(
            Cluster(tuple(places[at] for at in one.members), one.words, tuple(places[at] for at in one.verbatims))
            for one in found.clusters
        ),
        tuple(places[at] for at in found.leftover),
    )
