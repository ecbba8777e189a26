"""Who reads what: the two doors (queryset and predicate) that every room composes, kept side by side on purpose.

A reader is a Person, Django's AnonymousUser, or a `Glance` ("voir comme"). `groups` are the ids of the chantiers of which
the reader is an active member; the rooms below chantiers pass none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from dialogue.people.stages import Circle


@dataclass(frozen=True)
class Glance:
    """An imagined reader for "voir comme public / partenaire / membre": reads like one, may do nothing."""

    is_partner: bool = False
    groups: frozenset[int] = frozenset()
    pk: None = None
    is_authenticated: bool = False
    is_coordination: bool = False
    office: str = ""


def within(widest: str) -> list[Circle]:
    """The circles that are no wider than `widest`, narrowest first."""
    nested = [Circle.GROUP, Circle.PARTNERS, Circle.PUBLIC]
    return nested[: nested.index(Circle(widest)) + 1]


def circle_q(reader: Any, *, groups: Iterable[int] = (), circle: str = "circle", group: str = "chantier") -> Q:
    """The rows of which the circle admits `reader`; `circle` and `group` are the field paths."""
    if getattr(reader, "is_coordination", False):
        return Q()
    admitted = [Circle.PUBLIC]
    if getattr(reader, "is_partner", False):
        admitted.append(Circle.PARTNERS)
    rows = Q(**{f"{circle}__in": admitted})
    groups = list(groups)
    if groups:
        rows |= Q(**{f"{group}__in": groups})
    return rows


def circle_admits(reader: Any, circle: str, *, in_group: bool = False) -> bool:
    """The same rule for one item; `in_group`: the reader is an active member of the item's chantier."""
    if getattr(reader, "is_coordination", False) or circle == Circle.PUBLIC or in_group:
        return True
    return circle == Circle.PARTNERS and bool(getattr(reader, "is_partner", False))
