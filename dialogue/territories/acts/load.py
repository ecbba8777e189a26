"""`territories.load_frame`: a checked frame into the database, by code, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.territories import frame as frames
from dialogue.territories import rules  # noqa: F401 — the permission
from dialogue.territories.acts.dates import rescheduled
from dialogue.territories.acts.fields import checked, sound
from dialogue.territories.models import CalendarDate, Commune, Department, Priority, Territory, Theme


class NothingToChange(Refused):
    """The frame was loaded before: nothing is written, not even in the ledger."""


@dataclass
class Report:
    """What a load did: rows created and changed by section, and what stands in the database without being in the file."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not any(self.created.values()) and not any(self.changed.values())


@act("territories.load_frame")
def load_frame(thing: None, *, by: Any, now: datetime, frame: frames.Frame) -> Report:
    """Creates and updates by code; never deletes: what the file no longer names is kept, and the report says so.

    Raises Refused with every conflict with what the database holds, and NothingToChange when all is there already.
    """
    report = Report()
    _no_conflict(frame)
    _department(frame, report)
    territories = _merge(report, "territories", Territory, "code", frame.territories, {"name": "name", "tile": "tile_row"})
    themes = _merge(report, "themes", Theme, "code", frame.themes, {"name": "name"})
    _merge(
        report, "communes", Commune, "insee_code", [row | {"territory": territories[row["territory"]]} for row in frame.communes]
    )
    dates = _merge(
        report, "dates", CalendarDate, "code", [row | {"territory": territories.get(row["territory"])} for row in frame.dates]
    )
    _priorities(frame, report, territories, themes)
    places = {"territories": territories, "themes": themes, "dates": dates}
    if frame.chantiers:
        report.changed["chantiers"] = sum(load(frame.chantiers, by=by, now=now, places=places) for load in frames.loaders)
    if report.nothing:
        raise NothingToChange(_("Ce cadre est déjà chargé : rien ne change."))
    return report


def _no_conflict(frame: frames.Frame) -> None:
    """Names and tiles must not be those of rows that the file does not name, and stay as they are."""
    reasons = []
    department = Department.objects.first()
    if department and department.code != frame.department["code"]:
        reasons.append(
            _("Cette installation sert le département %(here)s, le fichier décrit le département %(there)s.")
            % {"here": department.code, "there": frame.department["code"]}
        )
    for model, rows in ((Territory, frame.territories), (Theme, frame.themes)):
        codes, names = {row["code"] for row in rows}, {row["name"] for row in rows}
        tiles = {(row["tile_row"], row["tile_column"]) for row in rows if "tile_row" in row}
        for other in model.objects.exclude(code__in=codes):
            if other.name in names:
                reasons.append(_("Le nom « %(name)s » est déjà pris par %(code)s.") % {"name": other.name, "code": other.code})
            if model is Territory and (other.tile_row, other.tile_column) in tiles:
                sentence = _("La tuile %(row)s × %(column)s est déjà prise par %(name)s.")
                reasons.append(sentence % {"row": other.tile_row, "column": other.tile_column, "name": other.name})
    if reasons:
        raise Refused(*reasons)


def _department(frame: frames.Frame, report: Report) -> None:
    department = Department.objects.select_for_update().first()
    counts = report.changed if department else report.created
    department = department or Department()
    if _set(department, frame.department):
        checked(department)
        department.save()
        counts["department"] = 1


def _merge(
    report: Report, section: str, model: type[Model], key: str, rows: list[dict[str, Any]], unique: dict[str, str] | None = None
) -> dict[str, Any]:
    """Creates and updates the rows by `key`; answers all of the file's rows by key. `unique`: fields that rows of the
    file may exchange between them; they are parked on values that nobody holds first."""
    known = {getattr(row, key): row for row in model._base_manager.select_for_update().filter(**{f"{key}__isnull": False})}
    fresh, changed = [], []
    for values in rows:
        row = known.get(values[key])
        if row is None:
            fresh.append(model(**values))
        elif _set(row, values):
            changed.append(row)
    for row in [*changed, *fresh]:
        sound(row, exclude=["territory"])
    _park(model, changed, unique or {})
    names = [column.attname for column in model._meta.concrete_fields if not column.primary_key]
    model._base_manager.bulk_create(fresh)
    if changed:
        model._base_manager.bulk_update(changed, [name.removesuffix("_id") for name in names], batch_size=50)
    report.created[section], report.changed[section] = len(fresh), len(changed)
    named = {values[key]: row for values in rows for row in [known.get(values[key])] if row is not None}
    named |= {getattr(row, key): row for row in fresh}
    left = [str(row) for code, row in known.items() if code not in named]
    if left:
        report.kept[section] = left
    return named


def _priorities(frame: frames.Frame, report: Report, territories: dict[str, Any], themes: dict[str, Any]) -> None:
    """Those that the file names; the others stay. A statement that the file leaves out does not touch the one that stands."""
    if not frame.priorities:
        return
    known = {(row.territory_id, row.theme_id): row for row in Priority.objects.select_for_update()}
    for item in frame.priorities:
        pair = {"territory": territories[item["territory"]], "theme": themes[item["theme"]]}
        row = known.get((pair["territory"].pk, pair["theme"].pk))
        if row is None:
            Priority.objects.create(**pair, statement=item["statement"])
            report.created["priorities"] = report.created.get("priorities", 0) + 1
        elif item["statement"] and row.statement != item["statement"]:
            Priority.objects.filter(pk=row.pk).update(statement=item["statement"])
            report.changed["priorities"] = report.changed.get("priorities", 0) + 1


def _park(model: type[Model], rows: list[Any], unique: dict[str, str]) -> None:
    for row in rows:
        if "name" in unique:
            model._base_manager.filter(pk=row.pk).update(name=f"~{row.pk}")
        if "tile" in unique:
            model._base_manager.filter(pk=row.pk).update(tile_row=10_000 + row.pk)


def _set(row: Any, values: dict[str, Any]) -> bool:
    """Sets the fields that differ; answers whether any did. A date that moves tells calendars so."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if isinstance(row, CalendarDate) and rescheduled(row, differing):
        row.sequence += 1
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
