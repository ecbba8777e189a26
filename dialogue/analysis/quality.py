"""How good theme suggestions are on texts never seen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dialogue.analysis.folds import grouped, parts
from dialogue.analysis.themes import Ranking, ThemeModel, ThemeSpec

if TYPE_CHECKING:
    from dialogue.analysis.embeddings import Embedder


@dataclass(frozen=True)
class Quality:
    """Shares from 0 to 1 of n labelled texts.

    `accuracy`: the first suggestion is right; `macro_f1`: mean over the themes met, each counting the same; `top3`: the right theme
    is among the three; `confident_half`: accuracy on the half of the texts where the margin is largest. A text where
    nothing speaks counts as wrong. `protocol` says in a sentence how this was measured.
    """

    accuracy: float
    macro_f1: float
    top3: float
    confident_half: float
    n: int
    protocol: str


def measure(
    texts: Sequence[str],
    labels: Sequence[str | None],
    themes: Sequence[ThemeSpec],
    *,
    groups: Sequence[Hashable] | None = None,
    folds: int = 5,
    embedder: Embedder | None = None,
) -> Quality:
    """Learn on all parts but one, ask about the one left, in turn; the texts of a group are always in the same part.

    Texts without a label are neither learnt from nor counted. Raises ValueError for fewer than two folds.
    """
    if folds < 2:  # noqa: PLR2004
        raise ValueError("at least two folds")
    kept = [at for at, label in enumerate(labels) if label is not None]
    known = [texts[at] for at in kept]
    right = [labels[at] for at in kept]
    belongs = grouped(known, None if groups is None else [groups[at] for at in kept])
    part = parts(right, belongs, folds)
    said = [Said(None, (), 0.0)] * len(known)
    for number in range(folds):
        learnt, asked = np.flatnonzero(part != number), np.flatnonzero(part == number)
        if not len(asked):
            continue
        model = ThemeModel.train(
            [known[at] for at in learnt],
            [right[at] for at in learnt],
            themes,
            embedder=embedder,
            groups=[belongs[at] for at in learnt],
        )
        for at, one in zip(asked.tolist(), answers(model.rank([known[at] for at in asked], embedder)), strict=True):
            said[at] = one
    told = "grouped as given" if groups is not None else "the same words kept together"
    return score(said, right, f"{folds} folds, {told}; learnt on the other folds only")


@dataclass(frozen=True)
class Said:
    """What a model says of one text: its first theme, its first three, the margin."""

    first: str | None
    three: tuple[str, ...]
    margin: float


def answers(ranking: Ranking) -> list[Said]:
    """The ranking, text by text."""
    confidences = ranking.confidences
    second = confidences[:, 1] if confidences.shape[1] > 1 else np.zeros(len(confidences), dtype=np.float32)
    return [
        Said(
            ranking.code(at),
            tuple(ranking.codes[theme] for theme in row if theme >= 0),
            float(confidences[at, :1].sum() - second[at]),
        )
        for at, row in enumerate(ranking.themes.tolist())
    ]


def score(said: Sequence[Said], right: Sequence[str | None], protocol: str) -> Quality:
    """The figures of a list of answers beside what a person chose."""
    count = len(right)
    if not count:
        return Quality(0.0, 0.0, 0.0, 0.0, 0, protocol)
    hits = np.array([one.first == label for one, label in zip(said, right, strict=True)])
    order = np.argsort([-one.margin for one in said], kind="stable")[: max(1, count // 2)]
    three = sum(label in one.three for one, label in zip(said, right, strict=True)) / count
    return Quality(float(hits.mean()), _macro_f1(said, right), three, float(hits[order].mean()), count, protocol)


def _macro_f1(said: Sequence[Said], right: Sequence[str | None]) -> float:
    scores: list[float] = []
    for theme in sorted({label for label in right if label is not None}):
        both = sum(one.first == theme and label == theme for one, label in zip(said, right, strict=True))
        told, true = sum(one.first == theme for one in said), sum(label == theme for label in right)
        scores.append(2 * both / (told + true))
    return float(np.mean(scores))
