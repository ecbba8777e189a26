"""French text made comparable: case, accents, apostrophes, ligatures, endings aside. Pure Python, no Django."""

from __future__ import annotations

import re
import threading
import unicodedata

import Stemmer

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": " ", "'": " ", "ʼ": " ", "`": " "})
_NOT_WORD = re.compile(r"[^0-9a-z]+")
#: The accents of Latin letters, once apart: nearly all there are, and a regular expression is faster than asking each sign.
_MARKS = re.compile("[\u0300-\u036f]+")
_SHORT = 3
#: What French elides before a vowel: "l’eau", "qu’elle"; a word of no use in a search.
_ELIDED = frozenset({"c", "d", "j", "l", "m", "n", "qu", "s", "t", "jusqu", "lorsqu", "puisqu", "quoiqu"})
# The C stemmer keeps a state while it works: one for each thread.
_local = threading.local()


def normalise(text: str) -> str:
    """Lower case, without accents, ligatures spelled out, every other sign a single space: "L’Élu" → "l elu"."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LIGATURES)
    bare = _MARKS.sub("", unicodedata.normalize("NFD", folded))
    if not bare.isascii():
        for mark in filter(unicodedata.combining, set(bare)):
            bare = bare.replace(mark, "")
    return _NOT_WORD.sub(" ", bare).strip()


def tokenise(text: str) -> list[str]:
    """The words of a text, normalised, without elided articles: "L’eau d’Arcachon" → ["eau", "arcachon"]."""
    return [word for word in normalise(text).split() if word not in _ELIDED]


def stem(word: str) -> str:
    """What the forms of a French word have in common: "élus", "élu" → "elu"; "cantines", "cantine" → "cantin".

    Accents and a final s go first: the Snowball stemmer alone parts "élu" from "élus". The answer is a key to compare, not
    a word to show. A word of three letters or fewer, or with a figure, is only normalised.
    """
    bare = normalise(word).replace(" ", "")
    if len(bare) <= _SHORT or not bare.isalpha():
        return bare
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("french")
    return str(_local.stemmer.stemWord(bare.removesuffix("s")))


def stems(text: str) -> list[str]:
    """The stems of the words of a text, in order."""
    return [stem(word) for word in tokenise(text)]
