"""How a theme model learns. The only modules that need scikit-learn are this one and those that call it: background tasks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from dialogue.analysis.features import Features
from dialogue.analysis.folds import grouped, parts
from dialogue.analysis.keywords import NOTHING, Keywords, ThemeSpec, expressions
from dialogue.analysis.themes import Head, ThemeModel, softmax
from dialogue.analysis.words import Reader

if TYPE_CHECKING:
    from dialogue.analysis.embeddings import Embedder

SEED = 20170301
#: Labels from which a theme speaks for itself: its keywords are left aside.
ENOUGH = 20
#: Texts learnt from by their keywords alone, at most; more adds time and no knowledge.
_MOST = 20_000
#: What a text labelled by its keywords weighs beside one labelled by a person, when a theme has no label at all.
_BELIEVED = 0.5
#: Small: short texts, many features (measured on the Paris texts: 1 costs 7 points).
_SVC_C = 0.1
#: What the keywords found in a text weigh beside its words (each block of length 1). Measured: 0.5 gains a point, 1 no more.
_HINT = 0.5
#: How far small themes are made to weigh as much as large ones: 1 entirely, 0 not at all.
_EVEN = 0.5
_MEANING_SCALE, _MEANING_C, _MEANING_SHARE = 3.0, 0.1, 0.5
_CALIBRATION_PARTS = 3
_CALIBRATION_MOST = 6_000
#: Softmax of the decisions before anything is known about how often they are right.
_USUAL_HEAT = 3.0


@dataclass
class _Sample:
    """What is learnt from: texts, their theme's number, what each weighs, what each belongs to."""

    texts: list[str]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64]
    groups: list[Hashable]
    sources: list[int]  # the place of each in the texts given; −1 for the keywords of a theme
    labelled: int
    few: bool  # some theme has too few labels to speak for itself

    def __len__(self) -> int:
        return len(self.texts)


def train(
    texts: Sequence[str],
    labels: Sequence[str | None],
    themes: Sequence[ThemeSpec],
    *,
    embedder: Embedder | None = None,
    groups: Sequence[Hashable] | None = None,
) -> ThemeModel:
    """See `ThemeModel.train`."""
    _check(texts, labels, themes, groups)
    features = Features()
    sample = _gather(texts, labels, themes, groups, features.reader)
    codes = tuple(theme.code for theme in themes)
    parameters = {"texts": len(texts), "labels": sample.labelled, "learnt_from": len(sample), "themes": len(codes), "C": _SVC_C}
    if len(np.unique(sample.targets)) < 2:  # noqa: PLR2004  nothing to tell apart: the model stays silent
        return ThemeModel((), features, Head([_zeros(1, 0), _zeros(1, 0)], _zeros(0), _USUAL_HEAT), parameters=parameters)
    features.idle = not sample.few
    matrix = features.fit(sample.texts)
    hints = _hints(sample, themes, features.reader)
    if hints is not None:
        told = _HINT * hints.shares(features.reader.read(sample.texts))
        matrix = sp.hstack([matrix, sp.csr_matrix(told)], format="csr")
    coefficients, intercept = _learn(matrix, sample, np.arange(len(sample)), len(codes))
    split = max(1, len(features.stems.index))
    decisions, where = _held_out(matrix, sample, len(codes))
    wide = max(1, len(features.letters.index))
    weights = [_f32(coefficients[:split]), _f32(coefficients[split : split + wide])]
    if hints is not None:
        weights.append(_f32(coefficients[split + wide :] * _HINT))
    lexical = Head(weights, _f32(intercept), _heat(decisions, sample, where))
    parameters |= {"embeddings": embedder is not None, "keywords": hints is not None}
    model = ThemeModel(codes, features, lexical, hints, parameters=parameters)
    if embedder is not None:
        _add_meaning(model, embedder.passages(sample.texts), sample, decisions, where)
    return model


def _check(
    texts: Sequence[str], labels: Sequence[str | None], themes: Sequence[ThemeSpec], groups: Sequence[Hashable] | None
) -> None:
    if len(texts) != len(labels) or (groups is not None and len(groups) != len(texts)):
        raise ValueError("as many labels, and groups, as texts")
    codes = [theme.code for theme in themes]
    if len(set(codes)) != len(codes):
        raise ValueError("two themes have the same code")
    unknown = {label for label in labels if label is not None} - set(codes)
    if unknown:
        raise ValueError(f"labels that are no theme: {sorted(unknown)}")


def _gather(
    texts: Sequence[str],
    labels: Sequence[str | None],
    themes: Sequence[ThemeSpec],
    groups: Sequence[Hashable] | None,
    reader: Reader,
) -> _Sample:
    """The labelled texts; for themes with few of them also the texts that keywords point at, and the keywords themselves."""
    numbers = {theme.code: at for at, theme in enumerate(themes)}
    marks = [-1 if label is None else numbers[label] for label in labels]
    belongs = grouped(texts, groups)
    said = [at for at, mark in enumerate(marks) if mark >= 0]
    counts = np.bincount([marks[at] for at in said], minlength=len(themes))
    trust = _BELIEVED * np.clip(1 - counts / ENOUGH, 0, 1)
    sources, targets, weights = list(said), [marks[at] for at in said], [1.0] * len(said)
    if trust.any():
        silent = [at for at, mark in enumerate(marks) if mark < 0 and texts[at].strip()]
        silent = silent[:: 1 + len(silent) // (2 * _MOST)]
        guess = Keywords.of(themes, reader)
        guess.fit([texts[at] for at in silent])
        guessed = guess.label([texts[at] for at in silent])
        pairs = [(at, int(theme)) for at, theme in zip(silent, guessed, strict=True) if theme != NOTHING and trust[theme] > 0]
        pairs = pairs[:_MOST]
        sources += [at for at, _ in pairs]
        targets += [theme for _, theme in pairs]
        weights += [float(trust[theme]) for _, theme in pairs]
    learnt, homes = [texts[at] for at in sources], [belongs[at] for at in sources]
    for number in np.flatnonzero(trust > 0).tolist():
        learnt.append(" ".join(expressions(themes[number])))
        homes.append(("keywords", number))
        sources.append(-1)
        targets.append(number)
        weights.append(float(trust[number]))
    return _Sample(learnt, np.array(targets, dtype=np.int64), np.array(weights), homes, sources, len(said), bool(trust.any()))


def _hints(sample: _Sample, themes: Sequence[ThemeSpec], reader: Reader) -> Keywords | None:
    """The keywords as features of their own, where most of what is learnt from was labelled by persons: keywords agree with themselves."""
    if 2 * sample.labelled < len(sample):
        return None
    hints = Keywords.of(themes, reader)
    hints.fit(sample.texts[: sample.labelled])
    return hints


def _learn(
    matrix: Any, sample: _Sample, kept: NDArray[np.int64], wide: int, scale: float = _SVC_C
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(features × themes, themes) of a linear SVC on the samples `kept`, one theme against the others, themes of equal weight.

    A theme without any example gets a decision below every other.
    """
    from sklearn.svm import LinearSVC

    weights = sample.weights[kept]
    present, inverse = np.unique(sample.targets[kept], return_inverse=True)
    coefficients, intercept = np.zeros((matrix.shape[1], wide)), np.full(wide, -2.0)
    if len(present) < 2:  # noqa: PLR2004  nothing to tell apart
        intercept[present] = 0
        return coefficients, intercept
    held = np.bincount(inverse, weights=weights)
    balanced = weights * ((weights.sum() / (len(present) * held)) ** (1 if sample.few else _EVEN))[inverse]
    fitted = LinearSVC(C=scale, random_state=SEED).fit(matrix[kept], inverse, sample_weight=balanced / balanced.mean())
    rows, biases = fitted.coef_, fitted.intercept_
    if len(present) == 2:  # noqa: PLR2004  one row then: for the second, against the first
        rows, biases = np.vstack([-rows, rows]), np.concatenate([-biases, biases])
    coefficients[:, present] = rows.T
    intercept[present] = biases
    return coefficients, intercept


def _held_out(matrix: Any, sample: _Sample, wide: int, scale: float = _SVC_C) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(decisions on texts that were not learnt from, which samples these are): what confidences are set by.

    Labelled texts alone are asked about when there are some: keywords agree with themselves.
    """
    asked = np.arange(sample.labelled if sample.labelled >= ENOUGH else len(sample))
    asked = asked[:: 1 + len(asked) // _CALIBRATION_MOST]
    others = np.setdiff1d(np.arange(len(sample)), np.arange(sample.labelled) if sample.labelled >= ENOUGH else asked)
    part = parts(sample.targets[asked].tolist(), [sample.groups[at] for at in asked], _CALIBRATION_PARTS)
    decisions = np.zeros((len(asked), wide))
    for number in range(_CALIBRATION_PARTS):
        learnt, left = np.concatenate([asked[part != number], others]), part == number
        if left.any() and len(learnt):
            coefficients, intercept = _learn(matrix, sample, learnt, wide, scale)
            decisions[left] = matrix[asked[left]] @ coefficients + intercept
    return decisions, asked


def _heat(decisions: NDArray[np.float64], sample: _Sample, where: NDArray[np.int64]) -> float:
    """What decisions are multiplied by so that confidences say how often one is right (least log loss)."""
    if sample.labelled < ENOUGH:
        return _USUAL_HEAT
    targets = sample.targets[where]

    def loss(log_heat: float) -> float:
        shares = softmax(decisions * np.exp(log_heat))
        return float(-np.log(shares[np.arange(len(targets)), targets] + 1e-12).mean())

    best = minimize_scalar(loss, bounds=(np.log(0.3), np.log(30)), method="bounded")
    return round(float(np.exp(best.x)), 4)


def _add_meaning(
    model: ThemeModel, vectors: NDArray[np.float32], sample: _Sample, lexical: NDArray[np.float64], where: NDArray[np.int64]
) -> None:
    """The second scorer, on embeddings, whose decisions are added to those of the words."""
    model.centre = vectors.mean(axis=0)
    centred = ((vectors - model.centre) * _MEANING_SCALE).astype(np.float64)
    coefficients, intercept = _learn(centred, sample, np.arange(len(sample)), len(model.codes), _MEANING_C)
    decisions, _ = _held_out(centred, sample, len(model.codes), _MEANING_C)
    both = lexical + _MEANING_SHARE * decisions
    weights = _f32(coefficients * _MEANING_SCALE * _MEANING_SHARE)
    model.meaning = Head([weights], _f32(intercept * _MEANING_SHARE), _heat(both, sample, where))


def _f32(array: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.ascontiguousarray(array, dtype=np.float32)


def _zeros(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, dtype=np.float32)
