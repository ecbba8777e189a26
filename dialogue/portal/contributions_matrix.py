"""Theme × territory: how many contributions, how warm, where it is a priority, where a chantier is open."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.portal.contributions import NONE, Scope
from dialogue.portal.contributions_counts import Counts
from dialogue.territories.models import Priority, Territory, Theme
from dialogue.ui.dates import thousands

#: Where the classes of heat begin, as shares of the warmest cells; with hundred contributions: 10, 25, 45, 70, as in the design.
SHARES = (0.1, 0.25, 0.45, 0.7)
#: One cell in thirty may be warmer than what the scale is made for.
WARMEST = 0.97
CLOSED = [Stage.PROPOSED, Stage.ABANDONED]


@dataclass(frozen=True)
class Cell:
    """`heat` 1 to 5, 0 for nothing; `hinted`: the part of `n` that a machine suggests; `words`: all of it, for a title."""

    territory: str
    n: int
    hinted: int = 0
    heat: int = 0
    is_priority: bool = False
    chantiers: tuple[str, ...] = ()

    @property
    def css(self) -> str:
        return f"p{self.heat or 1}{' pr' if self.is_priority else ''}{' ch' if self.chantiers else ''}"

    @property
    def sure(self) -> int:
        return self.n - self.hinted

    @property
    def words(self) -> str:
        """"84, priorité, chantier n° 1"; empty when there is nothing to add to the number."""
        parts = [_("%(n)s suggérées par la machine") % {"n": thousands(self.hinted)}] if self.hinted else []
        parts += [_("priorité")] if self.is_priority else []
        if self.chantiers:
            told = ngettext("chantier n° %(n)s", "chantiers n° %(n)s", len(self.chantiers))
            parts.append(told % {"n": ", ".join(self.chantiers)})
        return ", ".join([thousands(self.sure), *parts]) if parts else ""


@dataclass(frozen=True)
class Row:
    code: str
    label: Any
    cells: list[Cell]
    total: int


@dataclass(frozen=True)
class Matrix:
    territories: list[tuple[str, Any, int]]
    rows: list[Row]
    total: int
    steps: tuple[int, ...]
    #: What the addresses of the cells go on with: the rest of the selection.
    carried: str = ""

    @property
    def legend(self) -> list[tuple[int, str]]:
        """The classes in words: (class, "10 à 24")."""
        first, last = self.steps[0], self.steps[-1]
        found = [(1, _("moins de %(n)s") % {"n": thousands(first)})]
        for heat, (low, high) in enumerate(zip(self.steps, self.steps[1:], strict=False), start=2):
            several = _("%(from)s à %(to)s") % {"from": thousands(low), "to": thousands(high - 1)}
            found.append((heat, several if high - 1 > low else thousands(low)))
        return [*found, (len(self.steps) + 1, _("%(n)s et plus") % {"n": thousands(last)})]


def steps_for(numbers: list[int]) -> tuple[int, ...]:
    """Where the classes begin: shares of a round number that most cells do not pass, each above the one before."""
    filled = sorted(n for n in numbers if n)
    top = _round(filled[min(len(filled) - 1, math.floor(WARMEST * len(filled)))]) if filled else 0
    found: list[int] = []
    for place, share in enumerate(SHARES, start=1):
        found.append(max(round(top * share), (found[-1] + 1) if found else 1, place + 1))
    return tuple(found)


def _round(number: int) -> int:
    """The nearest of 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten, above."""
    power = 10 ** (len(str(number)) - 1)
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= number)


def marks(reader: Any) -> tuple[set[tuple[int, int]], dict[tuple[int, int], tuple[str, ...]]]:
    """The priorities, and the numbers of the chantiers that are open, by (theme, territory); in one query."""
    kept = Priority.objects.order_by().values_list("theme_id", "territory_id", Value(""))
    rows = Chantier.objects.visible_to(reader).exclude(stage__in=CLOSED).exclude(territories=None).order_by()
    numbers = rows.values_list("theme_id", "territories__pk", Cast("number", CharField()))
    priorities: set[tuple[int, int]] = set()
    chantiers: dict[tuple[int, int], tuple[str, ...]] = {}
    for theme, territory, number in kept.union(numbers, all=True):
        if number:
            found = {*chantiers.get((theme, territory), ()), number}
            chantiers[theme, territory] = tuple(sorted(found, key=int))
        else:
            priorities.add((theme, territory))
    return priorities, chantiers


def matrix_of(scope: Scope, counts: Counts) -> Matrix:
    """What the selection gives, its themes and territories aside. What has no theme, or no place, is always shown when there is any."""
    priorities, chantiers = marks(scope.reader)
    themes: list[Theme | None] = [*scope.themes.values(), None]
    places: list[Territory | None] = [*scope.territories.values(), None]
    by_theme: Counter[int | None] = Counter()
    by_place: Counter[int | None] = Counter()
    for (theme, place), n in counts.matrix.items():
        by_theme[theme] += n
        by_place[place] += n
    if not by_place[None]:
        places.pop()
    steps = steps_for([n for (theme, place), n in counts.matrix.items() if theme and place])

    def cell(theme: Theme | None, place: Territory | None) -> Cell:
        key = (theme.pk if theme else None, place.pk if place else None)
        n = counts.matrix[key]
        heat = 1 + sum(n >= step for step in steps) if n else 0
        both: Any = key
        return Cell(place.code if place else NONE, n, counts.hints[key], heat, both in priorities, chantiers.get(both, ()))

    rows = [
        Row(
            theme.code if theme else NONE,
            theme.short_name if theme else _("Sans thème"),
            [cell(theme, place) for place in places],
            by_theme[theme.pk if theme else None],
        )
        for theme in themes
        if theme or by_theme[None]
    ]
    columns = [
        (place.code if place else NONE, place.short_name if place else _("Non situées"), by_place[place.pk if place else None])
        for place in places
    ]
    return Matrix(columns, rows, sum(by_theme.values()), steps, scope.selection.carried("theme", "territoire"))
