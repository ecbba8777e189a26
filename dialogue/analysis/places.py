"""Names of communes in a text: a hint for whoever sorts, never a fact (the form asks for the commune)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dialogue.language.text import normalise

_TOKEN = re.compile(r"[^\W_]+")
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
#: An article melts into the preposition before it: "Le Porge", "au Porge", "du Porge".
_MELTED = {"le": ("du", "au"), "les": ("des", "aux")}
_ARTICLES = frozenset({"le", "la", "les", "l"})
#: What comes before a place rather than before a thing.
_BEFORE_TEXT = """
a au aux d de du des vers entre et ou sur chez pour dans en depuis jusqu jusque pres commune ville village mairie
"""
_BEFORE = frozenset(_BEFORE_TEXT.split())
#: "rue de Bordeaux" is a street, "lycée de Libourne" may be anywhere: still a hint, not a sure one.
_NAMED_AFTER = frozenset(
    [
        "rue",
        "route",
        "avenue",
        "boulevard",
        "place",
        "allee",
        "chemin",
        "impasse",
        "cours",
        "quai",
        "chateau",
        "vin",
        "vins",
        "lycee",
        "college",
        "ecole",
        "stade",
        "gare",
    ]
)
#: Names of communes that are words of every day, without accents. With a capital and a preposition they count, else not.
_COMMON_TEXT = """
arc arcs arques auge bains bar baron bas belle bois bon bonne bourg bourgs brech brie buis cars cave caves chapelle
chemin chene comps cote cours couture coutures croix cure die eau eaux eglise esse est estrees etang etoile ferme
fleury foi fontaine fontaines forges fort fosse four fours francs gans gap gare gours grange granges haux hure ile
iles jardin jardins lande landes lens loge loges loupes luc maison maisons manoir marche mare marions mars martres
mer meuse mesnil mine mines mont montagne monts mortiers moulin moulins moutiers neuf nice nord oise omet or orange
ormes orne ouest peintures pin pins plage plaine poids pont ponts port portes pout pre pres puits puy rions rive
riviere roche roches rouge sable sables sablons salle salles sauve sel sens serre source sources sud temple terre
tour tourne tours tremblay tresses ussel val vallee vaux velle vert verte vertus veules vie vieux vigne vignes ville
villeneuve villers vire voie y
"""
COMMON = frozenset(_COMMON_TEXT.split())

_Trie = dict[str, Any]
_END = ""


@dataclass(frozen=True)
class PlaceHint:
    """A commune named in `text[start:end]`. `sure` when nothing suggests that the words mean something else."""

    code: str
    name: str
    start: int
    end: int
    sure: bool


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int
    capital: bool


class Gazetteer:
    """Knows the communes given as (code, name); `find` looks for their names."""

    def __init__(self, places: Iterable[tuple[str, str]], common: Iterable[str] = COMMON) -> None:
        self._common = frozenset(common)
        self._trie: _Trie = {}
        for code, name in places:
            key = tuple(token.word for token in _tokens(name))
            if not key:
                continue
            self._add(key, code, name)
            for melted in _MELTED.get(key[0], ()) if len(key) > 1 else ():
                self._add((melted, *key[1:]), code, name)

    def _add(self, key: tuple[str, ...], code: str, name: str) -> None:
        node = self._trie
        for word in key:
            node = node.setdefault(word, {})
        node.setdefault(_END, (code, name))

    def find(self, text: str) -> list[PlaceHint]:
        """The communes named, in order, never overlapping: "Saint-Médard-en-Jalles" wins over a shorter name inside it."""
        tokens = _tokens(text)
        shouted = text.isupper()
        found, at = [], 0
        while at < len(tokens):
            length, place = self._longest(tokens, at)
            hint = self._judge(text, tokens, at, length, place, shouted) if place else None
            if hint is not None:
                found.append(hint)
            at += length if hint is not None else 1
        return found

    def _longest(self, tokens: list[_Token], at: int) -> tuple[int, tuple[str, str] | None]:
        node, best = self._trie, (1, None)
        for length, token in enumerate(tokens[at:], start=1):
            if token.word not in node:
                break
            node = node[token.word]
            if _END in node:
                best = (length, node[_END])
        return best

    def _judge(
        self, text: str, tokens: list[_Token], at: int, length: int, place: tuple[str, str], shouted: bool
    ) -> PlaceHint | None:
        """The hint, unless the words are of every day and nothing says that they name a place here."""
        melted = length > 1 and tokens[at].word in {"du", "au", "des", "aux"}
        article = melted or (length > 1 and tokens[at].word in _ARTICLES)
        own = tokens[at + article : at + length]
        capital = own[0].capital and not shouted
        before = tokens[at - 1].word if at else ""
        placed = melted or before in _BEFORE
        opens = at == 0 or text[tokens[at - 1].end : tokens[at].start].strip(' \t\r\n"«“(-–—•*') in {".", "!", "?", "…"}
        first = tokens[at + melted]
        if len(own) == 1 and own[0].word in self._common:
            # "La Rivière" in the middle of a sentence: its own article has a capital.
            named = article and not melted and first.capital and not opens and not shouted
            if not (capital and (placed or not opens)):
                return None
            sure = (named or (placed and not article)) and not shouted
        else:
            sure = len(own) > 1 or capital or placed
        sure = sure and not self._named_after(tokens, at, melted)
        return PlaceHint(*place, first.start, tokens[at + length - 1].end, sure)

    def _named_after(self, tokens: list[_Token], at: int, melted: bool) -> bool:
        """Whether the name follows "rue de", "rue", "château"…"""
        back = at - 1 if not melted and at and tokens[at - 1].word in {"de", "d"} else at
        return back > 0 and tokens[back - 1].word in _NAMED_AFTER


def _tokens(text: str) -> list[_Token]:
    """The words, "St" spelled out; each with its place and whether it begins with a capital."""
    found = []
    for match in _TOKEN.finditer(text):
        word = normalise(match.group()).replace(" ", "")
        if word:
            found.append(_Token(_SAINTS.get(word, word), match.start(), match.end(), match.group()[0].isupper()))
    return found
