"""What other sites show of ours: which rows, at which address, in which frame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.opendata.forms import USUAL_HEIGHT, Kind
from dialogue.opendata.resources import PUBLIC, absolute
from dialogue.territories.models import CalendarDate, Territory, Theme

USUAL, MOST = 10, 50
#: Condition of the dark sheet, as in ui.context.
DARK = {"auto": "(prefers-color-scheme: dark)", "sombre": "all", "clair": ""}


@dataclass(frozen=True)
class Look:
    """What the address asks for; what means nothing is left aside."""

    theme: Theme | None
    territory: Territory | None
    number: int
    look: str

    @property
    def dark_media(self) -> str:
        return DARK[self.look]

    @property
    def where(self) -> str:
        return " · ".join(str(one.name) for one in (self.theme, self.territory) if one)


def read(query: QueryDict) -> Look:
    typed = query.get("nombre", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else USUAL  # noqa: PLR2004
    look = query.get("apparence", "auto")
    return Look(
        Theme.objects.filter(code=_code(query, "theme")).first() if _code(query, "theme") else None,
        Territory.objects.filter(code=_code(query, "territoire")).first() if _code(query, "territoire") else None,
        max(1, min(MOST, number)),
        look if look in DARK else "auto",
    )


def _code(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\x00", "")[:80]


def chantiers(look: Look) -> tuple[list[Chantier], int]:
    """(those shown, how many there are) (3 queries)."""
    rows = Chantier.objects.visible_to(PUBLIC)
    if look.theme:
        rows = rows.filter(theme=look.theme)
    if look.territory:
        rows = rows.filter(pk__in=Chantier.objects.filter(territories=look.territory).values("pk"))
    return list(rows.for_list()[: look.number]), rows.count()


@dataclass(frozen=True)
class Coming:
    """One date: of the process, or of a group (its day and hour alone)."""

    title: str
    day: date
    precision: str
    starts_at: datetime | None
    place: str
    where: str
    url: str

    @property
    def order(self) -> tuple[date, int, str]:
        moment = timezone.localtime(self.starts_at) if self.starts_at else None
        return self.day, moment.hour * 60 + moment.minute if moment else -1, self.title


def coming(look: Look, now: datetime) -> list[Coming]:
    """The nearest dates (3 queries). A theme keeps the meetings of its chantiers alone."""
    meetings = Meeting.objects.visible_to(PUBLIC).filter(stage=MeetingStage.CONVENED, ends_at__gte=now).select_related("chantier")
    dates = CalendarDate.objects.visible_to(PUBLIC).upcoming(local_date(now)).select_related("territory")
    if look.theme:
        meetings, dates = meetings.filter(chantier__theme=look.theme), dates.none()
    if look.territory:
        meetings = meetings.filter(chantier__in=Chantier.objects.filter(territories=look.territory).values("pk"))
        dates = dates.filter(Q(territory=look.territory) | Q(territory=None))
    rows = [_of_date(row) for row in dates[: look.number]]
    rows += [_of_meeting(row) for row in meetings.order_by("starts_at", "pk")[: look.number]]
    return sorted(rows, key=lambda row: row.order)[: look.number]


def _of_date(row: CalendarDate) -> Coming:
    starts = timezone.make_aware(datetime.combine(row.starts_on, row.starts_at)) if row.starts_at else None
    where = row.territory.name if row.territory and row.territory.name not in row.title else ""
    url = row.territory.get_absolute_url() if row.territory else reverse("portal:agenda")
    return Coming(row.title, row.starts_on, row.precision, starts, row.place, where, absolute(url))


def _of_meeting(row: Meeting) -> Coming:
    title = _("%(chantier)s : séance n° %(n)d") % {"chantier": row.chantier.title, "n": row.number}
    assert row.starts_at is not None  # noqa: S101 (the database says so of a convened one)
    return Coming(title, local_date(row.starts_at), "time", row.starts_at, "", "", absolute(row.chantier.get_absolute_url()))


# The frame ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """`path` on this site, `url` for other sites, and what the frame says of itself."""

    path: str
    url: str
    title: str
    height: int


def frame_of(chosen: dict[str, Any]) -> Frame:
    """From the cleaned choices of `EmbedForm`."""
    kind = chosen.get("quoi") or Kind.CHANTIERS
    given = {name: chosen.get(name) for name in ("theme", "territoire", "nombre", "apparence")}
    if given["apparence"] == "auto":
        given["apparence"] = ""
    if kind == Kind.CHANTIER:
        path, title = reverse("opendata:embed_chantier", args=[chosen["chantier"]]), _("Un chantier du Département")
        given = {"apparence": given["apparence"]}
    elif kind == Kind.DATES:
        path, title = reverse("opendata:embed_agenda"), _("Prochaines dates des chantiers")
    else:
        path, title = reverse("opendata:embed_chantiers"), _("Chantiers du Département et de ses partenaires")
    query = urlencode({name: value for name, value in given.items() if value})
    path = f"{path}?{query}" if query else path
    return Frame(path, absolute(path), title, chosen.get("hauteur") or USUAL_HEIGHT)
