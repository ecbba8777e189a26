"""The screen of priorities: what it shows, and what a form that comes back says was shown and is wanted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dialogue.territories.models import Priority, Territory, Theme

MAX_STATEMENT = Priority._meta.get_field("statement").max_length or 300
Pair = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """One pair: whether it is ticked, its words; `clash`: somebody else changed it meanwhile (then `other` is what stands)."""

    territory: Territory
    theme: Theme
    ticked: bool
    statement: str
    clash: bool = False
    other: str | None = None

    @property
    def name(self) -> str:
        return f"p{self.territory.pk}-{self.theme.pk}"


@dataclass(frozen=True)
class Sheet:
    """`stands`: what the database holds, which the form carries along so that two people do not overwrite each other."""

    territories: list[Territory]
    themes: list[Theme]
    stands: Mapping[Pair, str]
    with_statements: bool = False
    typed: Mapping[Pair, str] | None = None
    clashes: frozenset[Pair] = frozenset()

    @property
    def shown(self) -> str:
        """For the hidden field of the form."""
        return json.dumps([[*pair, words] for pair, words in sorted(self.stands.items())], ensure_ascii=False)

    def rows(self) -> list[tuple[Theme, list[Box]]]:
        return [(theme, [self.box(territory, theme) for territory in self.territories]) for theme in self.themes]

    def box(self, territory: Territory, theme: Theme) -> Box:
        pair = (territory.pk, theme.pk)
        found = self.stands if self.typed is None else self.typed
        words = found.get(pair, "") or self.stands.get(pair, "")
        return Box(territory, theme, pair in found, words, pair in self.clashes, self.stands.get(pair))

    def counts(self) -> list[tuple[Territory, int]]:
        return [(territory, sum(pair[0] == territory.pk for pair in self.stands)) for territory in self.territories]

    def after_conflict(
        self, stands: Mapping[Pair, str], wanted: Mapping[Pair, str], shown: Mapping[Pair, str], clashes: Iterable[Pair]
    ) -> Sheet:
        """What the person wanted is kept in their form, on top of what stands now; a second save is then their choice."""
        mine = {territory.pk for territory in self.territories}
        now = {pair: words for pair, words in stands.items() if pair[0] in mine}
        typed = {pair: words for pair, words in now.items() if shown.get(pair) == wanted.get(pair)}
        typed |= {pair: words for pair, words in wanted.items() if shown.get(pair) != words}
        return replace(self, stands=now, typed=typed, clashes=frozenset(clashes))


def read_form(post: Any, sheet: Sheet) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """What the form was made from, and what it asks for. A form without a readable record was made from nothing."""
    shown = _record(post.get("shown", ""))
    pairs = {(territory.pk, theme.pk) for territory in sheet.territories for theme in sheet.themes}
    shown = {pair: words for pair, words in shown.items() if pair in pairs}
    wanted = {}
    for territory, theme in sorted(pairs):
        name, pair = f"p{territory}-{theme}", (territory, theme)
        if name in post:
            words = post.get(f"{name}-enjeu", shown.get(pair, "")) if sheet.with_statements else shown.get(pair, "")
            wanted[pair] = " ".join(words.replace("\x00", " ").split())[:MAX_STATEMENT]
    return shown, wanted


def _record(text: str) -> dict[Pair, str]:
    try:
        rows = json.loads(text)
        return {(int(territory), int(theme)): str(words) for territory, theme, words in rows}
    except (ValueError, TypeError):
        return {}
