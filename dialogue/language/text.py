"""French text made comparable: case, accents, apostrophes, ligatures aside."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": " ", "'": " ", "ʼ": " ", "`": " "})
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def normalise(text: str) -> str:
    """Lower case, without accents, ligatures spelled out, every other sign a single space: "L’Élu" → "l elu"."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LIGATURES)
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()
