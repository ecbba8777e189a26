"""The stems of a text as the indexes keep them."""

from __future__ import annotations

from functools import lru_cache

from dialogue.fulltext.query import MAX_WORD
from dialogue.language.text import stem, tokenise

#: Signs of a text that are read for its words (some 150,000 words).
MOST_READ = 1_000_000
_stem = lru_cache(maxsize=65_536)(stem)


def stems_of(text: str) -> str:
    """The stems of `text` between spaces, with one at each end; "" without a word."""
    words = " ".join(_stem(word)[:MAX_WORD] for word in tokenise(text[:MOST_READ]))
    return f" {words} " if words else ""


def joined(*parts: str) -> str:
    """Stems of several parts, a full stop between them: phrases do not run from one into the next."""
    text = " . ".join(part.strip() for part in parts if part)
    return f" {text} " if text else ""
