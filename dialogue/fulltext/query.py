"""What was typed, understood: words (all of them), "exact words", -word. Anything can be typed; nothing is refused.

Words are compared by their stem (`language.text`), so that accents, plurals, elisions and conjugations do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dialogue.language.stopwords import is_idle
from dialogue.language.text import stem, tokenise

#: Signs and words of a search that are read: the rest is left aside.
MAX_TEXT, MAX_WORDS = 200, 12
#: A word is kept to this length, here and in the index.
MAX_WORD = 40
#: The beginning of a word that is worth completing.
MIN_PREFIX = 3
_PART = re.compile(r'([-\u2212]?)"([^"]*)"?|(\S+)')
_QUOTES = str.maketrans(dict.fromkeys("«»“”„", '"'))


@dataclass(frozen=True)
class Terms:
    """What one entry must hold: every stem of `words`, none of `without`, a word that begins with `prefix`.

    `row_by_row`: many entries hold them and few are wanted, in an order that has an index: each entry of that order is tested,
    rather than all those that hold the words looked up and sorted. It changes nothing to what is found.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    prefix: str = ""
    row_by_row: bool = False


@dataclass(frozen=True)
class Query:
    """`typed` as shown again in the field; stems for the rest; `idle`: words that were left aside."""

    typed: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    phrases_without: tuple[tuple[str, ...], ...] = ()
    #: The last word as it was typed, when it is one that may be the beginning of another.
    last: str = ""
    idle: tuple[str, ...] = field(default=(), compare=False)

    @property
    def needed(self) -> tuple[str, ...]:
        """All the stems that must be there, those of the phrases included (their idle words apart)."""
        inner = (key for phrase in self.phrases for key in phrase if not is_idle(key))
        return tuple(dict.fromkeys([*self.words, *inner]))

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: an exclusion alone finds nothing either."""
        return not self.needed

    def terms(self, *, completing: bool = False) -> Terms:
        """`completing`: the last word is the beginning of a word."""
        if not completing:
            return Terms(self.needed, self.without)
        return Terms(tuple(key for key in self.needed if key != stem(self.last)), self.without, self.prefix)

    @property
    def prefix(self) -> str:
        """What the completed word begins with: the stem of the last word where it is shorter than what was typed."""
        key = stem(self.last)
        return key if self.last.startswith(key) else self.last

    @property
    def may_complete(self) -> bool:
        return len(self.prefix) >= MIN_PREFIX


def keys(text: str) -> list[str]:
    """The stems of a text as the index keeps them."""
    return [stem(word)[:MAX_WORD] for word in tokenise(text)]


def parse(text: str) -> Query:
    """Reads what was typed. NUL and surplus spaces go; quotes « » and “ ” count as "."""
    typed = " ".join(text.replace("\x00", " ").split())[:MAX_TEXT].strip()
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[str] = []
    phrases_without: list[tuple[str, ...]] = []
    idle: list[str] = []
    last = ""
    for minus, quoted, plain in _PART.findall(typed.translate(_QUOTES)):
        excluded = bool(minus) or plain[:1] in {"-", "\u2212"}
        found = tokenise(quoted or plain)
        if not found:
            continue
        stems = tuple(stem(word)[:MAX_WORD] for word in found)
        if all(is_idle(word) for word in found):
            idle += [] if excluded else found
        elif excluded:
            (without if len(stems) == 1 else phrases_without).append(stems[0] if len(stems) == 1 else stems)  # type: ignore[arg-type]
        elif quoted and len(stems) > 1:
            phrases.append(stems)
            last = ""
        else:
            kept = [word for word in found if not is_idle(word)]
            idle += [word for word in found if is_idle(word)]
            words += [stem(word)[:MAX_WORD] for word in kept]
            last = "" if quoted else kept[-1][:MAX_WORD]
    return Query(
        typed=typed,
        words=tuple(dict.fromkeys(words))[:MAX_WORDS],
        phrases=tuple(dict.fromkeys(phrases))[:MAX_WORDS],
        without=tuple(dict.fromkeys(without))[:MAX_WORDS],
        phrases_without=tuple(dict.fromkeys(phrases_without))[:MAX_WORDS],
        last=last,
        idle=tuple(dict.fromkeys(idle)),
    )
