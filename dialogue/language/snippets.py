"""The part of a text that answers a search, its words marked: found in the text as it was written, accents and endings aside.

Pure Python, no Django. What is given back is always a piece of the text, sign for sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from dialogue.language.text import normalise, stem

#: Signs of a snippet; signs left before its first word found; marks that are looked at before choosing.
WIDTH, LEAD, MOST_MARKS = 260, 60, 200
#: An ending that the stemmer may have changed: so many letters of a stem are not looked for ("journal" for "journaux").
_ENDING, _FEWEST = 3, 2
_MARKS = "[\u0300-\u036f]*"
_LETTER = r"(?:[^\W_]|[\u0300-\u036f])"
_ACCENTED = {
    "a": "aàáâãäå", "c": "cç", "e": "eèéêë", "i": "iìíîï", "n": "nñ", "o": "oòóôõö", "u": "uùúûü", "y": "yýÿ",
}  # fmt: skip
_JOINED = {"oe": "œ", "ae": "æ", "ss": "ß", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}


@dataclass(frozen=True)
class Piece:
    """Some of the text; `marked` when it is a word that was searched for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Snippet:
    """`pieces`, put together, are a piece of the text; `cut_before` and `cut_after` say whether it goes on on each side."""

    pieces: tuple[Piece, ...]
    cut_before: bool = False
    cut_after: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    stem: str


def marks(text: str, stems: Iterable[str], prefix: str = "") -> Iterator[Mark]:
    """Where the words of these stems stand in `text`, in order; `prefix` marks every word that begins so (normalised).

    A quick expression finds the words that may do, so that a long text costs little; the stemmer then decides.
    """
    wanted = frozenset(filter(None, stems))
    pattern = _pattern(tuple(sorted(wanted)), prefix)
    if pattern is None:
        return
    for found in pattern.finditer(text):
        bare = normalise(found.group()).replace(" ", "")
        key = stem(bare)
        if key in wanted:
            yield Mark(found.start(), found.end(), key)
        elif prefix and (bare.startswith(prefix) or key.startswith(prefix)):
            yield Mark(found.start(), found.end(), prefix)


@lru_cache(maxsize=512)
def _pattern(stems: tuple[str, ...], prefix: str) -> re.Pattern[str] | None:
    heads = {word[: max(_FEWEST, len(word) - _ENDING)] for word in stems if word}
    heads |= {prefix} if prefix else set()
    if not heads:
        return None
    starts = "|".join(_accents_aside(head) for head in sorted(heads))
    return re.compile(rf"(?<![^\W_])(?:{starts}){_LETTER}*", re.IGNORECASE)


def _accents_aside(head: str) -> str:
    """`head`, whatever the accents and ligatures it is written with."""
    parts, at = [], 0
    while at < len(head):
        pair = head[at : at + 2]
        if pair in _JOINED:
            parts.append(f"(?:{_letter(pair[0])}{_letter(pair[1])}|{_JOINED[pair]})")
            at += 2
            continue
        last = at == len(head) - 1
        joined = "".join(sign for pair, sign in _JOINED.items() if last and pair[0] == head[at])
        parts.append(f"(?:{_letter(head[at])}|[{joined}])" if joined else _letter(head[at]))
        at += 1
    return "".join(parts)


def _letter(letter: str) -> str:
    return f"[{_ACCENTED.get(letter, re.escape(letter))}]{_MARKS}"


def highlight(text: str, stems: Iterable[str], prefix: str = "") -> tuple[Piece, ...]:
    """The whole of `text` in pieces; those that answer are marked."""
    return tuple(_cut(text, 0, len(text), list(marks(text, stems, prefix))))


def snippet(text: str, stems: Iterable[str], prefix: str = "", *, width: int = WIDTH) -> Snippet:
    """The part of `text`, about `width` signs, where most of the words stand together; its beginning when none does."""
    found: list[Mark] = []
    for mark in marks(text, stems, prefix):
        found.append(mark)
        if len(found) == MOST_MARKS:
            break
    first = _best(found, width)
    start = _start_of_word(text, max(0, first.start - LEAD)) if first and first.end > width else 0
    end = _end_of_word(text, start + max(width, (first.end - start) if first else 0))
    inside = [mark for mark in found if mark.start >= start and mark.end <= end]
    return Snippet(tuple(_cut(text, start, end, inside)), cut_before=start > 0, cut_after=end < len(text))


def _best(found: list[Mark], width: int) -> Mark | None:
    """The mark from which the most different words are met within `width`, then the most words; the first of equals."""
    best, score = None, (0, 0)
    for n, mark in enumerate(found):
        near = []
        for other in found[n:]:
            if other.end > mark.start + width - LEAD:
                break
            near.append(other.stem)
        this = (len(set(near)), len(near))
        if best is None or this > score:
            best, score = mark, this
    return best


def _cut(text: str, start: int, end: int, found: list[Mark]) -> Iterator[Piece]:
    at = start
    for mark in found:
        if mark.start > at:
            yield Piece(text[at : mark.start])
        yield Piece(text[mark.start : mark.end], marked=True)
        at = mark.end
    if at < end:
        yield Piece(text[at:end])


#: A word is not cut, unless it is longer than this.
_REACH = 40


def _start_of_word(text: str, at: int) -> int:
    space = text.find(" ", at, at + _REACH)
    return space + 1 if space >= 0 and at > 0 else at


def _end_of_word(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, at - _REACH), at + 1)
    return space if space > 0 else at
