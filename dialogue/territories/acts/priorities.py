"""`territories.set_priorities`: the themes that the pacts hold as priority issues, many at once, nothing overwritten silently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.territories import rules  # noqa: F401 — the permission
from dialogue.territories.models import Priority, Territory

#: (id of a territory, id of a theme) → the statement of the issue; a pair that is absent is no priority.
Priorities = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Change:
    """What one person changed of one pair: from what they were shown to what they want. None: no priority."""

    territory: int
    theme: int
    was: str | None
    wanted: str | None

    @property
    def undone(self) -> Change:
        return Change(self.territory, self.theme, self.wanted, self.was)


class Conflict(Refused):
    """Somebody changed the same pairs meanwhile; nothing is written. `pairs`: those, by (territory, theme)."""

    def __init__(self, pairs: list[tuple[int, int]], sentence: str) -> None:
        super().__init__(sentence)
        self.pairs = pairs


def changes(shown: Priorities, wanted: Priorities) -> list[Change]:
    """What differs between the page that a person was shown and the one they sent."""
    pairs = sorted({*shown, *wanted})
    rows = [Change(*pair, shown.get(pair), wanted.get(pair)) for pair in pairs]
    return [row for row in rows if row.was != row.wanted]


def priorities_now() -> dict[tuple[int, int], str]:
    """Every priority that stands (1 query)."""
    rows = Priority.objects.order_by().values_list("territory_id", "theme_id", "statement")
    return {(territory, theme): statement for territory, theme, statement in rows}


@act("territories.set_priorities", record=("count",))
def set_priorities(thing: None, *, by: Any, now: datetime, rows: Iterable[Change], count: int) -> None:
    """Writes these changes, all or none; what others changed elsewhere meanwhile stays. `count`: how many pairs, for the register.

    Raises Conflict when a pair is neither as the person was shown it nor already as they want it, Refused without any change.
    """
    rows = list(rows)
    if not rows or len(rows) != count:
        raise Refused(_("Rien ne change."))
    list(Territory.objects.select_for_update().order_by("pk").values_list("pk", flat=True))  # two people: one after the other
    stands = priorities_now()
    clashes = [row for row in rows if stands.get((row.territory, row.theme)) not in (row.was, row.wanted)]
    if clashes:
        sentence = _("Quelqu’un a modifié ces priorités pendant que vous les regardiez. Rien n’est enregistré : relisez, puis recommencez.")
        raise Conflict([(row.territory, row.theme) for row in clashes], sentence)
    for row in rows:
        pair = {"territory_id": row.territory, "theme_id": row.theme}
        if row.wanted is None:
            Priority.objects.filter(**pair).delete()
        else:
            Priority.objects.update_or_create(**pair, defaults={"statement": row.wanted})
