"""Which themes a text speaks of: at most three suggestions, each with its confidence and the words that say so.

A suggestion is a machine's: a person decides. This module reads a trained model with numpy and scipy alone, so that the web
process may use it; learning (`analysis.training`) and measuring (`analysis.quality`) bring scikit-learn in when called.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dialogue.analysis import storage
from dialogue.analysis.features import Block, Features, row_norms, telling_counts
from dialogue.analysis.keywords import Keywords, ThemeSpec
from dialogue.analysis.words import Reader
from dialogue.language.stopwords import is_idle

if TYPE_CHECKING:
    from dialogue.analysis.embeddings import Embedder
    from dialogue.analysis.quality import Quality

__all__ = ["Head", "Ranking", "Suggestion", "ThemeModel", "ThemeSpec", "margin", "measure", "softmax"]

_FORMAT = "dialogue-themes-1"
BEST = 3
_WORDS = 3
#: Texts read together: more would only fill the memory.
_AT_ONCE = 20_000
#: A word is told when it speaks at least this much as the word that speaks most.
_TELLING = 0.2

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Suggestion:
    """`confidence`: the estimated probability (0 to 1) that a person would choose this theme; `words`: as written in the text."""

    theme: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """For n texts and the k themes of a model, best first. `themes[i, r]` is a number into `codes`, −1 where nothing speaks."""

    codes: tuple[str, ...]
    themes: NDArray[np.int16]
    confidences: Floats

    def code(self, text: int) -> str | None:
        """The best theme of a text, None when nothing speaks."""
        best = int(self.themes[text, 0]) if self.themes.shape[1] else -1
        return self.codes[best] if best >= 0 else None


def margin(suggestions: Sequence[Suggestion]) -> float:
    """What parts the two best confidences: small when a person should look first. 0 when nothing speaks."""
    if not suggestions:
        return 0.0
    return suggestions[0].confidence - (suggestions[1].confidence if len(suggestions) > 1 else 0.0)


@dataclass
class Head:
    """One linear scorer. `weights`: one array (features × themes) a block, the last for keywords where there are any.

    Decisions × `heat`, through softmax, are the confidences.
    """

    weights: list[Floats]
    intercept: Floats
    heat: float


@dataclass
class ThemeModel:
    """A trained model. Made by `train` or `loads`, never by hand. Not to be shared between threads while it reads: it locks."""

    codes: tuple[str, ...]
    features: Features
    lexical: Head
    hints: Keywords | None = None
    meaning: Head | None = None
    centre: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    parameters: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str | None],
        themes: Sequence[ThemeSpec],
        *,
        embedder: Embedder | None = None,
        groups: Sequence[Any] | None = None,
    ) -> ThemeModel:
        """Learn from the labels (a theme's code, or None: not yet said) and, while they are few, from the keywords.

        `groups`: what the texts belong to (a project, a petition): calibration never learns and asks in the same group.
        Raises ValueError for a label that is no theme's code, or lists of different lengths.
        """
        from dialogue.analysis import training

        return training.train(texts, labels, themes, embedder=embedder, groups=groups)

    # Reading

    def suggest(self, texts: Sequence[str], embedder: Embedder | None = None) -> list[list[Suggestion]]:
        """For each text up to three suggestions, best first; none when nothing in it speaks.

        The meaning-aware part counts when the model was trained with it and `embedder` is given here too.
        """
        ranking = self.rank(texts, embedder)
        speak = self._word_scores(texts)
        return [
            [
                Suggestion(self.codes[theme], round(float(confidence), 4), speak.words(at, theme))
                for theme, confidence in zip(ranking.themes[at].tolist(), ranking.confidences[at], strict=True)
                if theme >= 0
            ]
            for at in range(len(texts))
        ]

    def rank(self, texts: Sequence[str], embedder: Embedder | None = None) -> Ranking:
        """The same without the words, as arrays: for many texts at once."""
        best = min(BEST, len(self.codes))
        if not self.codes or not texts:
            shape = (len(texts), best)
            return Ranking(self.codes, np.full(shape, -1, dtype=np.int16), np.zeros(shape, dtype=np.float32))
        if len(texts) > _AT_ONCE:
            parts = [self.rank(texts[start : start + _AT_ONCE], embedder) for start in range(0, len(texts), _AT_ONCE)]
            themes, confidences = (
                np.concatenate(one) for one in zip(*((part.themes, part.confidences) for part in parts), strict=True)
            )
            return Ranking(self.codes, themes, confidences)
        shares, speaks = self._shares(texts, embedder)
        order = np.argsort(-shares, axis=1, kind="stable")[:, :best]
        confidences = np.take_along_axis(shares, order, axis=1)
        shown = speaks[:, None]
        return Ranking(self.codes, np.where(shown, order, -1).astype(np.int16), np.where(shown, confidences, np.float32(0)))

    def _shares(self, texts: Sequence[str], embedder: Embedder | None) -> tuple[Floats, NDArray[np.bool_]]:
        """(texts × themes that add up to 1, whether the text has a word the model knows)."""
        with self._lock:
            rows = self.features.reader.read(texts)
            counts = telling_counts(rows, idle=self.features.idle)
            decisions = np.tile(self.lexical.intercept, (len(texts), 1)).astype(np.float64)
            speaks = np.zeros(len(texts), dtype=bool)
            for block, weights in zip(self.features.blocks, self.lexical.weights, strict=False):
                found = block.apply(rows.words, counts)
                decisions += (found @ weights) / row_norms(found)[:, None]
                if block is self.features.stems:
                    told = [word for word in rows.words if not is_idle(word)]
                    known = {word for word in told if self.features.reader.stem(word) in block.index}
                    mask = np.array([word in known for word in rows.words] or [False], dtype=np.float32)
                    speaks = counts @ mask > 0
            if self.hints is not None:
                shares = self.hints.shares(rows)
                decisions += shares @ self.lexical.weights[2]
                speaks |= shares.any(axis=1)
        heat = self.lexical.heat
        if self.meaning is not None and embedder is not None:
            meant = (embedder.passages(texts) - self.centre) @ self.meaning.weights[0] + self.meaning.intercept
            decisions, heat = decisions + meant, self.meaning.heat
            speaks = np.array([bool(text.strip()) for text in texts])
        return softmax(decisions * heat).astype(np.float32), speaks

    def _word_scores(self, texts: Sequence[str]) -> _Spoken:
        """What each word adds to each theme in each text."""
        with self._lock:
            rows = self.features.reader.read(texts)
            counts = telling_counts(rows, idle=self.features.idle)
            pulls, norms = [], []
            for block, weights in zip(self.features.blocks, self.lexical.weights, strict=False):
                pulls.append(block.weighted(block.table(rows.words)) @ weights)
                norms.append(row_norms(block.apply(rows.words, counts)))
            stems = [self.features.reader.stem(word) for word in rows.words]
        return _Spoken(self.features.reader, texts, {word: at for at, word in enumerate(rows.words)}, stems, pulls, norms)

    # Keeping

    def dumps(self) -> bytes:
        """The model as bytes (`analysis.storage`): the same model gives the same bytes."""
        facts, arrays = self._content()
        return storage.dump(facts, arrays)

    @property
    def version(self) -> str:
        """Sixteen figures that change when anything in the model does."""
        facts, arrays = self._content()
        digest = hashlib.sha256(storage.canonical(facts))
        for name in sorted(arrays):
            digest.update(name.encode() + arrays[name].tobytes())
        return digest.hexdigest()[:16]

    def _content(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        facts: dict[str, Any] = {
            "format": _FORMAT,
            "codes": list(self.codes),
            "parameters": self.parameters,
            "stems": list(self.features.stems.index),
            "letters": list(self.features.letters.index),
            "idle": self.features.idle,
            "heat": self.lexical.heat,
            "meaning_heat": self.meaning.heat if self.meaning else None,
        }
        arrays: dict[str, NDArray[Any]] = {
            "stems_idf": self.features.stems.idf,
            "letters_idf": self.features.letters.idf,
            "stems_weights": self.lexical.weights[0],
            "letters_weights": self.lexical.weights[1],
            "intercept": self.lexical.intercept,
        }
        if self.hints is not None:
            facts["hints"] = self.hints.keys
            arrays |= {"hints": self.hints.weights, "hints_weights": self.lexical.weights[2]}
        if self.meaning is not None:
            arrays |= {
                "meaning_weights": self.meaning.weights[0],
                "meaning_intercept": self.meaning.intercept,
                "centre": self.centre,
            }
        return facts, arrays

    @classmethod
    def loads(cls, data: bytes) -> ThemeModel:
        """The model of `dumps`. Raises ValueError for bytes that are not one."""
        facts, arrays = storage.load(data)
        if facts.get("format") != _FORMAT:
            raise ValueError("not a theme model, or one of another version")
        try:
            features = Features(idle=bool(facts["idle"]))
            for block, name in zip(features.blocks, ("stems", "letters"), strict=True):
                _fill(block, facts[name], arrays[f"{name}_idf"])
            lexical = Head([arrays["stems_weights"], arrays["letters_weights"]], arrays["intercept"], float(facts["heat"]))
            hints = meaning = None
            if "hints" in facts:
                hints = Keywords([tuple(key) for key in facts["hints"]], arrays["hints"], features.reader)
                lexical.weights.append(arrays["hints_weights"])
            if facts["meaning_heat"] is not None:
                meaning = Head([arrays["meaning_weights"]], arrays["meaning_intercept"], float(facts["meaning_heat"]))
            centre = arrays.get("centre", np.zeros(0))
            model = cls(tuple(facts["codes"]), features, lexical, hints, meaning, centre, dict(facts["parameters"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a theme model: {error}") from error
        model._check()
        return model

    def _check(self) -> None:
        """Raises ValueError when the arrays do not fit each other."""
        wide = len(self.codes)
        for block, weights in zip(self.features.blocks, self.lexical.weights, strict=False):
            if weights.shape != (max(1, len(block.index)), wide) or block.idf.shape != (len(block.index),):
                raise ValueError("not a theme model: its arrays do not fit each other")
        hints = self.hints
        if hints is not None and (
            hints.weights.shape != (len(hints.keys), wide) or self.lexical.weights[2].shape != (wide, wide)
        ):
            raise ValueError("not a theme model: its arrays do not fit each other")
        if self.lexical.intercept.shape != (wide,):
            raise ValueError("not a theme model: its arrays do not fit each other")
        if self.meaning is not None and self.meaning.weights[0].shape != (len(self.centre), wide):
            raise ValueError("not a theme model: its arrays do not fit each other")


def _fill(block: Block, names: list[str], idf: Floats) -> None:
    block.index = {str(name): at for at, name in enumerate(names)}
    block.idf = idf


@dataclass(frozen=True)
class _Spoken:
    reader: Reader
    texts: Sequence[str]
    numbers: dict[str, int]
    stems: list[str]
    pulls: list[Floats]
    norms: list[Floats]

    def words(self, text: int, theme: int) -> tuple[str, ...]:
        """The words of the text that speak most for the theme, one a stem, most telling first."""
        scores: dict[str, tuple[float, str]] = {}
        for written, word in self.reader.surface(self.texts[text]):
            number = self.numbers.get(word)
            if number is None or self.stems[number] in scores:
                continue
            pull = sum(float(pull[number, theme] / norm[text]) for pull, norm in zip(self.pulls, self.norms, strict=True))
            scores[self.stems[number]] = (pull, written)
        ranked = sorted(scores.values(), key=lambda one: -one[0])[:_WORDS]
        return tuple(written for pull, written in ranked if pull > 0 and pull >= _TELLING * ranked[0][0])


def softmax(decisions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row as shares that add up to 1."""
    powers = np.exp(decisions - decisions.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def measure(
    texts: Sequence[str],
    labels: Sequence[str | None],
    themes: Sequence[ThemeSpec],
    groups: Sequence[Any] | None = None,
    folds: int = 5,
    embedder: Embedder | None = None,
) -> Quality:
    """How good the suggestions would be on texts never seen: see `analysis.quality.measure`."""
    from dialogue.analysis import quality

    return quality.measure(texts, labels, themes, groups=groups, folds=folds, embedder=embedder)
