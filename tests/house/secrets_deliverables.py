"""Who may read what a group delivers, and what it says of it before (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.people.stages import Circle

#: Never shown: "model.field" → why.
MACHINE = {"deliverables.deliverable.stems": "a copy of what is planted"}
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(
    chantier: Chantier, *, group: frozenset[str], by_circle: dict[Circle, frozenset[str]], readers: frozenset[str]
) -> Iterator[Rule]:
    """(row, fields, who may read them)."""
    for row in Deliverable.objects.filter(chantier=chantier):
        allowed = by_circle[Circle(row.circle)] & readers
        yield row, ("title", "summary", "full_text"), allowed
        yield row, (("licence_reason",) if row.licence_reason else ()), allowed
        yield row, (("abandon_motive",) if row.abandon_motive else ()), group
    for opinion in Opinion.objects.filter(deliverable__chantier=chantier):
        yield opinion, (("reason",) if opinion.reason else ()), group
