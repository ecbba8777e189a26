"""The stems of a text as the indexes keep them."""

from __future__ import annotations

from functools import lru_cache

from dialogue.fulltext.query import MAX_WORD
from dialogue.language.text import stem, tokenise

#: Signs of a text that are read for its words (some 150,000 words).
MOST_READ = 1_000_000
#: What stands between two spaces is remembered with its stems up to this length: most texts are made of the same few words.
_REMEMBERED = 40


def stems_of(text: str) -> str:
    """The stems of `text` between spaces, with one at each end; "" without a word."""
    found = [_remembered(part) if len(part) <= _REMEMBERED else _stems(part) for part in text[:MOST_READ].split()]
    words = " ".join(filter(None, found))
    return f" {words} " if words else ""


def _stems(part: str) -> str:
    return " ".join(stem(word)[:MAX_WORD] for word in tokenise(part))


_remembered = lru_cache(maxsize=65_536)(_stems)


def joined(*parts: str) -> str:
    """Stems of several parts, a full stop between them: phrases do not run from one into the next."""
    text = " . ".join(part.strip() for part in parts if part)
    return f" {text} " if text else ""
