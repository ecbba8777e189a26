"""Differences between two versions of a roadmap: lines followed by their key, texts compared word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Objective, PlannedDeliverable, Roadmap, Step

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"

#: What is compared of a line of each kind, with the label that the page writes before it.
FIELDS: dict[type[Any], tuple[str, ...]] = {
    Objective: ("title", "indicator", "start_value", "target_value"),
    PlannedDeliverable: ("title", "due_on"),
    Step: ("title", "due_on"),
}


@dataclass(frozen=True)
class Piece:
    """Some words: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class LineChange:
    """One line of either version; `fields` are those that differ (all those filled in, for a line added or removed)."""

    kind: str
    title: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Comparison:
    before: Roadmap
    after: Roadmap
    rhythm: list[Piece]
    objectives: list[LineChange]
    deliverables: list[LineChange]
    steps: list[LineChange]

    @property
    def sections(self) -> list[tuple[str, list[LineChange]]]:
        return [(_("Objectifs"), self.objectives), (_("Livrables"), self.deliverables), (_("Étapes"), self.steps)]

    @property
    def rhythm_changed(self) -> bool:
        return any(piece.kind != SAME for piece in self.rhythm)

    @property
    def count(self) -> int:
        """How many lines differ, the rhythm counting for one."""
        return sum(line.kind != SAME for _name, lines in self.sections for line in lines) + self.rhythm_changed


def words(before: str, after: str) -> list[Piece]:
    """The two texts as one run of pieces; the removed and same pieces make `before`, the added and same make `after`."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece(REMOVED, "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece(ADDED, "".join(new[j1:j2])))
    return pieces


def versions(before: Roadmap, after: Roadmap) -> Comparison:
    """Both must come `with_items()`; no query is asked here then."""
    return Comparison(
        before,
        after,
        words(before.rhythm, after.rhythm),
        _lines(before.objectives.all(), after.objectives.all()),
        _lines(before.deliverables.all(), after.deliverables.all()),
        _lines(before.steps.all(), after.steps.all()),
    )


def _lines(before: Any, after: Any) -> list[LineChange]:
    old = {line.key: line for line in before}
    changes = []
    for line in after:
        was = old.pop(line.key, None)
        changes.append(_change(was, line))
    return changes + [_change(line, None) for line in old.values()]


def _change(was: Any, line: Any) -> LineChange:
    row = line or was
    fields = []
    for name in FIELDS[type(row)]:
        one, other = _text(was, name), _text(line, name)
        if one != other:
            fields.append(FieldChange(str(row._meta.get_field(name).verbose_name), words(one, other)))
    if was is None or line is None:
        return LineChange(ADDED if was is None else REMOVED, row.title, fields)
    return LineChange(CHANGED if fields else SAME, row.title, fields)


def _text(row: Any, name: str) -> str:
    value = getattr(row, name) if row is not None else ""
    if name == "due_on":
        return date_format(value, "j F Y") if value else ""
    return value or ""
