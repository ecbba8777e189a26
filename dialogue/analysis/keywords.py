"""Themes told by keywords alone: what a model learns from before anyone has sorted a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from dialogue.analysis.themes import ThemeSpec
from dialogue.analysis.words import Reader
from dialogue.language.stopwords import is_idle
from dialogue.language.text import tokenise

NOTHING = -1


def expressions(theme: ThemeSpec) -> list[str]:
    """The keywords of a theme and the words of its name; an expression of several words stays whole."""
    return [*theme.keywords, *(word for word in tokenise(theme.name) if not is_idle(word))]


class Keywords:
    """Finds the keywords of the themes in texts: all the stems of an expression, in any order."""

    def __init__(self, themes: Sequence[ThemeSpec], reader: Reader) -> None:
        self._reader = reader
        self._wide = len(themes)
        # An expression is looked up under its first stem: most texts hold none.
        self._under: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        self._owners: dict[frozenset[str], set[int]] = defaultdict(set)
        for number, theme in enumerate(themes):
            for expression in expressions(theme):
                stems = [stem for stem in reader.stems(expression) if not is_idle(stem)]
                if stems:
                    self._owners[frozenset(stems)].add(number)
        for key, owners in self._owners.items():
            self._under[min(key)] += [(key, owner) for owner in sorted(owners)]

    def _found(self, stems: Iterable[str]) -> list[tuple[frozenset[str], int]]:
        held = set(stems)
        return [(key, owner) for stem in sorted(held & self._under.keys()) for key, owner in self._under[stem] if key <= held]

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """texts × themes: the keywords found, a rare one counting more than one that is everywhere."""
        found = [self._found(self._reader.stems(text)) for text in texts]
        seen: dict[frozenset[str], int] = defaultdict(int)
        for one in found:
            for key in {key for key, _ in one}:
                seen[key] += 1
        scores = np.zeros((len(texts), self._wide))
        for at, one in enumerate(found):
            for key, owner in one:
                scores[at, owner] += len(key) * (1 + np.log((1 + len(texts)) / (1 + seen[key])))
        return scores

    def label(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The theme whose keywords speak most in each text, `NOTHING` when none does or two do equally."""
        scores = self.scores(texts)
        if self._wide == 0:
            return np.full(len(texts), NOTHING, dtype=np.int64)
        best = scores.argmax(axis=1)
        top = scores.max(axis=1)
        tied = (scores >= top[:, None]).sum(axis=1) > 1
        return np.where((top > 0) & ~tied, best, NOTHING)
