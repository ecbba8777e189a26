"""Two texts side by side, what each alone says; groups of near-copies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q, QuerySet

from dialogue.contributions.models import Contribution, Pair
from dialogue.contributions.stages import STANDING, Likeness, Stage, Verdict
from dialogue.language.text import normalise

#: Words compared: beyond, the rest of the text is shown as it is.
COMPARED = 600
#: Pairs read to find groups of near-copies; members from which there is a group.
GROUPED, SMALLEST_GROUP = 4000, 3
_WORD = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words of a text; `alone` when the other text does not have them there."""

    text: str
    alone: bool = False


@dataclass(frozen=True)
class Side:
    contribution: Contribution
    title: list[Piece]
    text: list[Piece]


def compared(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut into pieces: what they share and what only one says. Accents, case and punctuation do not count."""
    words = [_WORD.findall(text) for text in (first, second)]
    heads = [part[: 2 * COMPARED] for part in words]
    keys = [[normalise(word).strip(".,;:!?…«»\"()’'-") or " " for word in part] for part in heads]
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        for side, part, start, end in ((sides[0], heads[0], i1, i2), (sides[1], heads[1], j1, j2)):
            text = "".join(part[start:end])
            if text:
                side.append(Piece(text, alone=tag != "equal" and bool(text.strip())))
    for side, whole in zip(sides, words, strict=True):
        if rest := "".join(whole[2 * COMPARED :]):
            side.append(Piece(rest))
    return sides


def sides_of(pair: Pair) -> tuple[Side, Side]:
    titles, texts = compared(pair.first.title, pair.second.title), compared(pair.first.text, pair.second.text)
    return Side(pair.first, titles[0], texts[0]), Side(pair.second, titles[1], texts[1])


def with_both(rows: QuerySet[Pair]) -> QuerySet[Pair]:
    """Both contributions come with the pair, without what nobody may see of their authors."""
    names = ("first", "second")
    hidden = [f"{name}__{field}" for name in names for field in ("author_email", "author_phone")]
    related = [f"{name}__{field}" for name in names for field in ("territory", "commune", "theme")]
    return rows.select_related(*names, *related).defer(*hidden)


def comparable() -> Q:
    """Neither was withdrawn, nor already merged."""
    live = [*STANDING, Stage.TO_COMPLETE]
    return Q(first__stage__in=live, second__stage__in=live)


def waiting(reader: Any) -> QuerySet[Pair]:
    """What a person has still to compare, the most alike first."""
    return Pair.objects.visible_to(reader).filter(comparable(), verdict=Verdict.WAITING).order_by("-score", "pk")


def pairs_of(contribution: Contribution, reader: Any, limit: int = 4) -> list[Pair]:
    """Those of one contribution: to be compared first."""
    rows = Pair.objects.visible_to(reader).filter(Q(first=contribution) | Q(second=contribution))
    found = with_both(rows).order_by("-score", "pk")[: 4 * limit]
    return sorted(found, key=lambda pair: pair.verdict != Verdict.WAITING)[:limit]


def groups(reader: Any) -> list[list[int]]:
    """Numbers of contributions that are near-copies of each other, by chains of pairs: three or more, the largest first."""
    rows = waiting(reader).filter(likeness=Likeness.COPY).values_list("first__number", "second__number")[:GROUPED]
    return components(rows)


def components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    chief: dict[int, int] = {}

    def find(one: int) -> int:
        chief.setdefault(one, one)
        while chief[one] != one:
            chief[one] = chief[chief[one]]
            one = chief[one]
        return one

    for first, second in pairs:
        chief[find(second)] = find(first)
    found: dict[int, list[int]] = {}
    for one in chief:
        found.setdefault(find(one), []).append(one)
    return sorted((sorted(group) for group in found.values() if len(group) >= SMALLEST_GROUP), key=lambda g: (-len(g), g))
