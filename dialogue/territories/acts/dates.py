"""The calendar of the process: its dates, added, changed, removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.territories import rules  # noqa: F401 — the permissions
from dialogue.territories.acts.fields import set_fields
from dialogue.territories.models import CalendarDate

#: What a calendar that subscribed must be told of (RFC 5545, SEQUENCE).
SCHEDULE = frozenset({"starts_on", "ends_on", "starts_at", "precision", "place"})
FIELDS = (
    "kind", "series", "title", "territory", "precision", "starts_on", "ends_on", "starts_at", "place", "description", "circle",
)  # fmt: skip


def rescheduled(row: CalendarDate, changes: Collection[str]) -> bool:
    """Whether changing these fields moves a date that stands already."""
    return not row._state.adding and not SCHEDULE.isdisjoint(changes)


@act("territories.add_date", creates=True)
def add_date(thing: None, *, by: Any, now: datetime, values: Mapping[str, Any]) -> CalendarDate:
    """`values`: any of FIELDS. Raises Refused with what the model refuses."""
    row = CalendarDate()
    set_fields(row, values, FIELDS)
    return row


@act("territories.change_date")
def change_date(row: CalendarDate, *, by: Any, now: datetime, values: Mapping[str, Any]) -> CalendarDate:
    """The sequence grows when the day, the hour or the place changes. Raises Refused with what the model refuses."""
    stored = CalendarDate.objects.select_for_update().get(pk=row.pk)
    if rescheduled(stored, [name for name, value in values.items() if getattr(stored, name) != value]):
        stored.sequence += 1
    set_fields(stored, values, FIELDS)
    return stored


@act("territories.remove_date")
def remove_date(row: CalendarDate, *, by: Any, now: datetime) -> None:
    """Raises Refused when something refers to this date (a chantier opened by that council)."""
    try:
        CalendarDate.objects.filter(pk=row.pk).delete()
    except ProtectedError as error:
        names = ", ".join(sorted(str(other) for other in error.protected_objects))
        raise Refused(_("Cette date ne peut pas être retirée : elle sert à %(names)s.") % {"names": names}) from error
