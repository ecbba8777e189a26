"""Who writes: inhabitants with made-up names, bodies of real kinds with made-up names, `.example` addresses only."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from typing import Any

from dialogue.demo.contributions_words import Place, Speech, without_accents

#: How often someone who has already written writes again.
AGAIN = 0.6
WOMEN = 0.56
HALF = 0.5
LISTED, OF_COMMUNES = 0.15, 0.08
#: How people wish to be shown: « Un habitant de… », then their whole name; the others by first name and initial.
NAMELESS, IN_FULL = 0.3, 0.42
NOT_SLUG = re.compile(r"[^a-z0-9]+")
ROLES = ("secretariat", "contact", "accueil", "presidence", "coordination")


@dataclass(frozen=True)
class Author:
    """Someone who writes, for themselves or for a body."""

    name: str
    email: str
    feminine: bool
    place: Place
    kind: str = "person"
    organisation: str = ""


def slug(text: str) -> str:
    return NOT_SLUG.sub("-", without_accents(text).lower()).strip("-")


class Crowd:
    """Everyone who has written so far, so that some write twice."""

    def __init__(self, rng: Random, voices: dict[str, Any], listed: dict[str, Any]) -> None:
        names = voices["names"]
        self.rng, self.listed = rng, listed
        self.given = (names["male"].split(), names["female"].split())
        self.family = [start + end for start in names["starts"].split() for end in names["ends"].split()]
        self.patterns = [line.split("|") for line in voices["bodies"]["lines"].strip().splitlines()]
        self.taken: dict[str, int] = {}
        self.persons: dict[str, list[Author]] = {}
        self.bodies: dict[str, Author] = {}

    def person(self, place: Place, *, feminine: bool | None, again: bool = True) -> Author:
        """An inhabitant of the place: a new one, or one who wrote already."""
        known = [one for one in self.persons.get(place.name, []) if feminine in (None, one.feminine)]
        if again and known and self.rng.random() < AGAIN:
            return self.rng.choice(known)
        woman = self.rng.random() < WOMEN if feminine is None else feminine
        name = self.name(woman)
        author = Author(name, self.address(name), woman, place)
        self.persons.setdefault(place.name, []).append(author)
        return author

    def name(self, woman: bool) -> str:
        return f"{self.rng.choice(self.given[woman])} {self.rng.choice(self.family)}"

    def address(self, name: str) -> str:
        base = slug(name).replace("-", ".")
        self.taken[base] = self.taken.get(base, 0) + 1
        return f"{base}{self.taken[base] if self.taken[base] > 1 else ''}@habitant.example"

    def body(self, theme: str, place: Place, kinds: Collection[str]) -> Author:
        """A body of one of these kinds (any, when empty) that speaks of the theme, at the place."""
        if not kinds and self.rng.random() < OF_COMMUNES:
            kinds = ("epci",)
        found = self._listed(theme, place, kinds) if self.rng.random() < LISTED or place.district or kinds == ("epci",) else []
        if not found or self.rng.random() < HALF:
            found = self._patterns(theme, place, kinds) or found
        kind, name = self.rng.choice(found or [("association", f"Association Ensemble {place.at}")])
        name = Speech(self.rng, place, place, feminine=False).say(name)
        if name not in self.bodies:
            woman = self.rng.random() < HALF
            mailbox = "mairie" if kind == "commune" else self.rng.choice(ROLES)
            email = f"{mailbox}@{slug(name)[:58].strip('-')}.example"
            self.bodies[name] = Author(self.name(woman), email, woman, place, kind, name)
        return self.bodies[name]

    def _listed(self, theme: str, place: Place, kinds: Collection[str]) -> list[tuple[str, str]]:
        rows = self.listed["territories"][place.territory] + self.listed["themes"][theme]
        return [(kind, name) for name, kind in rows if kind in kinds or (not kinds and kind != "state")]

    def _patterns(self, theme: str, place: Place, kinds: Collection[str]) -> list[tuple[str, str]]:
        no_town_hall = {"commune", "public_body"} if place.district else set()
        return [
            (kind, name)
            for kind, name, themes in self.patterns
            if (not kinds or kind in kinds) and kind not in no_town_hall and (not themes or theme in themes.split())
        ]

    def shown(self, author: Author) -> str:
        """The name under which the contribution is published."""
        if author.organisation:
            return author.organisation
        given, family = author.name.split(" ", 1)
        way = self.rng.random()
        if way < NAMELESS:
            return f"{'Une habitante' if author.feminine else 'Un habitant'} {author.place.of}"
        return author.name if way < IN_FULL else f"{given} {family[0]}."

    def supporters(self, territory: str) -> tuple[str, ...]:
        known = sorted(name for name, body in self.bodies.items() if body.place.territory == territory)
        return tuple(self.rng.sample(known, min(len(known), self.rng.randint(1, 3))))


__all__ = ["Author", "Crowd", "slug"]
