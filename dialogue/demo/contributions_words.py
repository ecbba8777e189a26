"""From a line with choices to a sentence: `[a|b]` picks one, `{à}` and `{de}` name the place, `{3-9}` is a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"^(#?)(\d+)-(\d+)(?:/(\d+))?$")
START = re.compile(r"(^|[.!?…]\s+|\n+)([a-zà-ÿœ])")
NUMBERS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
NUMBERS += ("onze", "douze", "treize", "quatorze", "quinze", "seize")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
VOWELS = "aeiouyâàéèêëîïôûœh"
TOWN, SMALL = 6_000, 1_500
YEARS = range(1900, 2034)


@dataclass(frozen=True)
class Place:
    """Somewhere to speak of: a commune, or a district of Bordeaux."""

    name: str
    insee: str
    territory: str
    epci: str
    people: int
    district: bool = False

    @property
    def at(self) -> str:
        return _with_article(self.name, "à", "au", "aux")

    @property
    def of(self) -> str:
        article = _with_article(self.name, "de", "du", "des")
        if article.startswith("de ") and self.name[0].lower() in VOWELS:
            return f"d’{self.name}"
        return article

    @property
    def word(self) -> tuple[str, str, str, str]:
        """How people call the place: « le », « du », « au », « notre »."""
        if self.district:
            return ("le quartier", "du quartier", "dans le quartier", "notre quartier")
        if self.people >= TOWN:
            return ("la ville", "de la ville", "en ville", "notre ville")
        if self.people >= SMALL:
            return ("la commune", "de la commune", "dans la commune", "notre commune")
        return ("le village", "du village", "dans le village", "notre village")


def _with_article(name: str, plain: str, masculine: str, plural: str) -> str:
    if name.startswith("Le "):
        return f"{masculine} {name[3:]}"
    if name.startswith("Les "):
        return f"{plural} {name[4:]}"
    if name.startswith("la "):
        return f"{plain} {name}"
    return f"{plain} {name}"


def choose(rng: Random, line: str) -> str:
    """Every `[a|b|c]` of the line settled, the inner ones first."""
    while "[" in line:
        line = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), line)
    return line


@dataclass
class Speech:
    """Who speaks, and from where."""

    rng: Random
    place: Place
    near: Place
    feminine: bool

    def say(self, line: str) -> str:
        text = SLOT.sub(lambda found: self._slot(found[1]), choose(self.rng, line))
        return START.sub(lambda found: found[1] + found[2].upper(), text)

    def _slot(self, name: str) -> str:
        if found := RANGE.match(name):
            return number(self.rng, found)
        if name.startswith("g:"):
            masculine, feminine = name[2:].split("/")
            return feminine if self.feminine else masculine
        the, of_the, in_the, our = self.place.word
        return {
            "à": self.place.at,
            "de": self.place.of,
            "C": self.place.name,
            "à2": self.near.at,
            "de2": self.near.of,
            "C2": self.near.name,
            "lieu": the,
            "du_lieu": of_the,
            "au_lieu": in_the,
            "notre": our,
            "e": "e" if self.feminine else "",
            "jour": self.rng.choice(DAYS),
        }[name]


def number(rng: Random, found: re.Match[str]) -> str:
    """A number of the range, in letters up to sixteen unless `#` asks for figures."""
    figures, low, high, step = found[1], int(found[2]), int(found[3]), int(found[4] or 1)
    value = rng.randrange(low, high + 1, step)
    if value < len(NUMBERS) and not figures:
        return NUMBERS[value]
    return str(value) if value in YEARS and not found[4] else f"{value:,}".replace(",", " ")


ACCENTS = str.maketrans("àâäéèêëîïôöùûüçÀÂÉÈÊËÎÏÔÙÛÇ’", "aaaeeeeiioouuucAAEEEEIIOUUC'")


def without_accents(text: str) -> str:
    return text.translate(ACCENTS).replace("œ", "oe").replace("«", '"').replace("»", '"')


def shout(text: str) -> str:
    return without_accents(text).upper()


SLIPS = (
    ("c’est", "c est"),
    ("qu’il", "quil"),
    ("beaucoup", "beaucoups"),
    ("toujours", "toujour"),
    ("il faudrait", "il faudrai"),
    ("parce que", "parceque"),
    ("aujourd’hui", "aujourdhui"),
    ("ensemble", "emsemble"),
    ("commune", "comune"),
    ("problème", "probleme"),
    ("plusieurs", "plusieur"),
    ("pourrait", "pourait"),
    ("enfants", "enfant"),
    ("difficile", "dificile"),
    ("notamment", "notament"),
    ("gens", "gents"),
    ("trajet", "trajets"),
    ("personnes", "personne"),
)


def slip(rng: Random, text: str) -> str:
    """The same words, typed in a hurry."""
    plain = without_accents(text)
    tight = text.replace("’", "'").replace(" ?", "?").replace(" !", "!").replace(" :", ":")
    if (way := rng.choice(("", plain, plain.lower(), tight))) != "":
        return way
    for right, wrong in rng.sample(SLIPS, len(SLIPS)):
        text = text.replace(right, wrong)
    where = rng.randrange(5, max(6, len(text) - 6))
    pair = text[where : where + 2]
    return text[:where] + pair[::-1] + text[where + 2 :] if pair.isalpha() else text.replace("’", "'")


__all__ = ["Place", "Speech", "choose", "shout", "slip", "without_accents"]
