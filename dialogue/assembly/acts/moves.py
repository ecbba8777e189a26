"""What the acts of this room share: turns of a proposition with the fields that go with them, days, motives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.assembly.models import Proposition
from dialogue.ledger.acts import Refused
from dialogue.ledger.clock import local_date
from dialogue.people.stages import Circle


def shift(proposition: Proposition, to: str, **fields: Any) -> None:
    """Moves the stage together with the fields that the database's constraints tie to it, in one UPDATE.

    The act has locked the row (`come_from` without `go_to`). Raises Refused when the stage changed meanwhile.
    """
    rows = Proposition.objects.filter(pk=proposition.pk, stage=proposition.stage)
    if rows.update(stage=to, **fields) != 1:
        raise Refused(_("L’état de la proposition a changé entre-temps."))
    for name, value in {"stage": to, **fields}.items():
        setattr(proposition, name, value)


def outside(proposition: Proposition, circle: Circle) -> str:
    """`circle`, or what the proposition has already when that is wider; never wider than the chantier's."""
    order = [Circle.GROUP, Circle.PARTNERS, Circle.PUBLIC]
    widest = max(circle, Circle(proposition.circle), key=order.index)
    return min(widest, Circle(proposition.chantier.circle), key=order.index)


def motive_of(text: str, most: int = 2000) -> str:
    if not text.strip():
        raise Refused(_("Écrivez le motif : il sera lu par tous ceux qui lisent la proposition."))
    return text.strip()[:most]


def not_to_come(day: date, now: datetime) -> None:
    if day > local_date(now):
        raise Refused(_("Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui."))
