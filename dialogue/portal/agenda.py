"""All dates in one list: those of the process and the meetings of the groups, as a reader may know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.restitution.published import Published, addresses
from dialogue.territories.models import CalendarDate, Territory
from dialogue.territories.stages import DateKind, Precision

PER_PAGE = 40
MEETING = "seance"
#: The kinds of dates in URLs.
KINDS = {
    "conseil": DateKind.COUNCIL,
    "conference": DateKind.CONFERENCE,
    "assemblee": DateKind.ASSEMBLY,
    "temps": DateKind.PHASE,
}
KIND_LABELS = [
    (MEETING, gettext_lazy("Séances des groupes")),
    ("conseil", gettext_lazy("Conseils de territoire")),
    ("conference", gettext_lazy("Conférences départementales")),
    ("assemblee", gettext_lazy("Séances de l’assemblée")),
    ("temps", gettext_lazy("Temps de la démarche")),
]


@dataclass(frozen=True)
class Row:
    """One line of the agenda. `place` and `online_url` are empty for whoever may not know them."""

    title: str
    day: date
    last_day: date
    precision: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    context: str = ""
    note: str = ""
    place: str = ""
    online_url: str = ""
    url: str = ""

    def is_over(self, today: date) -> bool:
        return self.last_day < today

    @property
    def order(self) -> tuple[date, int, str]:
        moment = timezone.localtime(self.starts_at) if self.starts_at else None
        return (self.day, moment.hour * 60 + moment.minute if moment else -1, self.title)


@dataclass(frozen=True)
class Choice:
    """What a reader asked to see; codes that mean nothing are left aside."""

    territory: str = ""
    kind: str = ""
    chantier: str = ""
    past: bool = False

    @classmethod
    def read(cls, query: QueryDict, territories: list[Territory], chantiers: list[Chantier]) -> Choice:
        def known(name: str, codes: set[str]) -> str:
            return code if (code := query.get(name, "")) in codes else ""

        return cls(
            territory=known("territoire", {t.code for t in territories}),
            kind=known("nature", {MEETING, *KINDS}),
            chantier=known("chantier", {c.slug for c in chantiers}),
            past=query.get("periode") == "passees",
        )


def knows_details(reader: Any, chantier_id: int) -> bool:
    """Whether `reader` may know where the group meets: its members and the coordination (product.md, "Circles")."""
    return bool(getattr(reader, "is_coordination", False)) or chantier_id in groups_of(reader)


def dates_for(reader: Any, *, territory: str = "", kind: str = "") -> list[CalendarDate]:
    rows = CalendarDate.objects.visible_to(reader).select_related("territory")
    if territory:
        rows = rows.filter(territory__code=territory)
    if kind:
        rows = rows.filter(kind=KINDS[kind])
    return list(rows)


def meetings_for(reader: Any, *, territory: str = "", chantier: str = "") -> list[Meeting]:
    """Meetings, cancelled ones included (calendars must be told), with their chantier and its territories (2 queries)."""
    rows = Meeting.objects.visible_to(reader).select_related("chantier").prefetch_related("chantier__territories")
    if territory:
        rows = rows.filter(chantier__in=Chantier.objects.filter(territories__code=territory))
    if chantier:
        rows = rows.filter(chantier__slug=chantier)
    return list(rows)


def row_of_date(date_: CalendarDate, told: Published | None = None) -> Row:
    """`told`: what is published for councils and conferences; their date then leads to it."""
    starts = None
    if date_.starts_at:
        starts = timezone.make_aware(datetime.combine(date_.starts_on, date_.starts_at))
    last = date_.ends_on or (last_of_month(date_.starts_on) if date_.precision == Precision.MONTH else date_.starts_on)
    return Row(
        title=date_.title,
        day=date_.starts_on,
        last_day=last,
        precision=date_.precision,
        starts_at=starts,
        context=date_.territory.name if date_.territory else "",
        note=date_.description,
        place=date_.place,
        url=(told or {}).get((date_.kind, date_.series, date_.territory_id))
        or (date_.territory.get_absolute_url() if date_.territory else ""),
    )


def row_of_meeting(meeting: Meeting, reader: Any) -> Row:
    inside = knows_details(reader, meeting.chantier_id)
    names = ", ".join(t.name for t in meeting.chantier.territories.all())
    return Row(
        title=_("%(chantier)s : séance n° %(n)d") % {"chantier": meeting.chantier.title, "n": meeting.number},
        day=local_date(meeting.starts_at),
        last_day=local_date(meeting.ends_at),
        precision=Precision.TIME,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        context=names,
        note="" if inside else _("réservée au groupe"),
        place=meeting.place if inside else "",
        online_url=meeting.online_url if inside else "",
        url=reverse("portal:chantier", args=[meeting.chantier.slug]),
    )


def rows_for(reader: Any, choice: Choice, today: date) -> list[Row]:
    """The chosen dates: to come from the nearest, or past from the latest."""
    rows: list[Row] = []
    if choice.kind != MEETING and not choice.chantier:
        told = addresses()
        rows += [row_of_date(d, told) for d in dates_for(reader, territory=choice.territory, kind=choice.kind)]
    if choice.kind in {"", MEETING}:
        found = meetings_for(reader, territory=choice.territory, chantier=choice.chantier)
        rows += [row_of_meeting(m, reader) for m in found if m.stage != MeetingStage.CANCELLED]
    rows = [row for row in rows if row.is_over(today) == choice.past]
    return sorted(rows, key=lambda row: row.order, reverse=choice.past)


def upcoming(
    reader: Any,
    now: datetime,
    limit: int,
    *,
    territory: Territory | None = None,
    known: Mapping[int, Chantier] | None = None,
) -> list[Row]:
    """The nearest dates: 2 queries when the chantiers that `reader` sees are `known` (by id), otherwise 3."""
    dates = CalendarDate.objects.visible_to(reader).upcoming(local_date(now)).select_related("territory")
    meetings = Meeting.objects.visible_to(reader).filter(stage=MeetingStage.CONVENED, ends_at__gte=now)
    if territory is not None:
        dates = dates.filter(territory=territory)
        meetings = meetings.filter(chantier__in=Chantier.objects.filter(territories=territory))
    if known is None:
        meetings = meetings.select_related("chantier").prefetch_related("chantier__territories")
    rows = [row_of_date(d) for d in dates[:limit]]
    for meeting in meetings.order_by("starts_at", "pk")[:limit]:
        if known is not None:
            meeting.chantier = known[meeting.chantier_id]
        rows.append(row_of_meeting(meeting, reader))
    return sorted(rows, key=lambda row: row.order)[:limit]


def last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
