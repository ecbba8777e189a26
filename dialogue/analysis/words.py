"""Texts read as rows of word numbers, quickly: what is written between two spaces is normalised once, then remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialogue.language.stopwords import is_idle
from dialogue.language.text import stem, tokenise

#: Beyond this many remembered pieces the memory is emptied: a million texts must not fill the machine.
_REMEMBERED = 400_000
#: Letters of a word worth showing.
_SHOWN = 3
_SURFACE = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Rows:
    """Words of n texts: text i has `ids[bounds[i]:bounds[i + 1]]`, numbers into `words`."""

    bounds: NDArray[np.int64]
    ids: NDArray[np.int32]
    words: list[str]

    def __len__(self) -> int:
        return len(self.bounds) - 1


class _Pieces(dict[str, list[str]]):
    def __missing__(self, piece: str) -> list[str]:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = tokenise(piece)
        self[piece] = found
        return found


class _Telling(dict[str, list[str]]):
    def __missing__(self, piece: str) -> list[str]:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = [word for word in tokenise(piece) if not is_idle(word)]
        self[piece] = found
        return found


class _Numbers(dict[str, int]):
    def __missing__(self, word: str) -> int:
        number = len(self)
        self[word] = number
        return number


class _Stems(dict[str, str]):
    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = stem(word)
        self[word] = found
        return found


class Reader:
    """Reads texts, remembering the pieces already normalised and the words already stemmed. One for each task or thread."""

    def __init__(self) -> None:
        self._pieces = _Pieces()
        self._stems = _Stems()
        self._telling = _Telling()

    def read(self, texts: Sequence[str]) -> Rows:
        """The words of each text (`language.text.tokenise`), in order, numbered by first appearance in this call."""
        pieces, numbers = self._pieces, _Numbers()
        ids: list[int] = []
        bounds = [0]
        for text in texts:
            for piece in text.lower().split():
                ids += [numbers[word] for word in pieces[piece]]
            bounds.append(len(ids))
        return Rows(np.array(bounds, dtype=np.int64), np.array(ids, dtype=np.int32), list(numbers))

    def stem(self, word: str) -> str:
        """`language.text.stem` of a normalised word, remembered."""
        return self._stems[word]

    def words(self, text: str) -> list[str]:
        """`language.text.tokenise` of one text, remembered piece by piece."""
        return [word for piece in text.lower().split() for word in self._pieces[piece]]

    def telling(self, text: str) -> list[str]:
        """The same without the words that stand in every text."""
        return [word for piece in text.lower().split() for word in self._telling[piece]]

    def stems(self, text: str) -> list[str]:
        """The stems of the words of one text, in order."""
        return [self._stems[word] for word in self.words(text)]

    def surface(self, text: str) -> Iterator[tuple[str, str]]:
        """(the word as written, the same normalised) for the words worth showing: "L’Éclairage" → ("Éclairage", "eclairage")."""
        for written in _SURFACE.findall(text):
            words = self._pieces[written.lower()]
            if len(words) == 1 and len(words[0]) >= _SHOWN and not is_idle(words[0]):
                yield written, words[0]
