"""The sessions of the assembly, kept by its secretariat."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.models import AssemblySession, Proposition
from dialogue.assembly.stages import SessionKind
from dialogue.ledger.acts import Refused, act
from dialogue.territories.models import CalendarDate
from dialogue.territories.stages import DateKind, Precision

_DIGITS = re.compile(r"#+")


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    title = " ".join(values["title"].split())[:160]
    if not title:
        raise Refused(_("Donnez un titre à la séance."))
    pattern = values.get("number_pattern", "").strip()
    if pattern and len(_DIGITS.findall(pattern)) != 1:
        raise Refused(_("Le modèle de numéro porte une seule suite de #, un par chiffre : « 2017.12.### »."))
    return values | {"title": title, "number_pattern": pattern}


def _calendar_date(day: date) -> CalendarDate | None:
    """The date of the calendar of the process that this session is, when it is written there and free."""
    rows = CalendarDate.objects.filter(kind=DateKind.ASSEMBLY, assembly_session=None)
    exact = rows.filter(starts_on=day).exclude(precision=Precision.MONTH).first()
    return exact or rows.filter(precision=Precision.MONTH, starts_on__year=day.year, starts_on__month=day.month).first()


@act("assembly.create_session", creates=True, record=("date", "kind"))
def create_session(
    thing: None,
    *,
    by: Any,
    now: datetime,
    date: date,
    title: str,
    kind: SessionKind = SessionKind.PLENARY,
    members_count: int | None = None,
    number_pattern: str = "",
) -> AssemblySession:
    """A day on which the assembly votes, tied to the calendar of the process where that day, or its month, is written there."""
    values = _whole({"title": title, "number_pattern": number_pattern, "kind": kind, "members_count": members_count})
    linked = _calendar_date(date) if kind == SessionKind.PLENARY else None
    try:
        with transaction.atomic():
            return AssemblySession.objects.create(date=date, calendar_date=linked, created_at=now, **values)
    except IntegrityError:
        raise Refused(_("Cette séance est déjà dans la liste.")) from None


@act("assembly.change_session", record=("date", "kind"))
def change_session(
    session: AssemblySession,
    *,
    by: Any,
    now: datetime,
    date: date,
    title: str,
    kind: SessionKind,
    members_count: int | None = None,
    number_pattern: str = "",
) -> None:
    """Raises Refused for another day or nature once a vote is recorded."""
    values = _whole({"title": title, "number_pattern": number_pattern, "kind": kind, "members_count": members_count})
    if (date != session.date or kind != session.kind) and session.resolutions.exists():
        raise Refused(_("Des votes de cette séance sont enregistrés : sa date et sa nature ne changent plus."))
    if session.calendar_date_id is None and kind == SessionKind.PLENARY:
        values["calendar_date"] = _calendar_date(date)
    try:
        with transaction.atomic():
            AssemblySession.objects.filter(pk=session.pk).update(date=date, **values)
    except IntegrityError:
        raise Refused(_("Cette séance est déjà dans la liste.")) from None
    session.refresh_from_db()


@act("assembly.remove_session", record=("date",))
def remove_session(session: AssemblySession, *, by: Any, now: datetime, date: date) -> None:
    """Written by mistake: nothing is on its agenda. `date`: what the register keeps of it."""
    if Proposition.objects.filter(session=session).exists() or session.resolutions.exists():
        raise Refused(_("Des propositions sont inscrites à cette séance."))
    AssemblySession.objects.filter(pk=session.pk).delete()
