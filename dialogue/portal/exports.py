"""From the domain to the plain data that `formats` writes: calendars and the feed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from dialogue.formats.atom import FeedEntry
from dialogue.formats.ics import Event
from dialogue.meetings.exports import uid_of
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.portal import agenda
from dialogue.portal.news import News
from dialogue.territories.models import CalendarDate
from dialogue.territories.stages import Precision


def absolute(path: str) -> str:
    """The address that leaves the site: in a calendar, a feed, a sitemap."""
    return f"{settings.BASE_URL}{path}"


def etag_of(body: bytes) -> str:
    """What tells a reader that they have this very file already (RFC 9110 §8.8.3)."""
    return quote_etag(sha256(body).hexdigest()[:32])


def event_of_date(date: CalendarDate) -> Event:
    """A date of the process. A month is written as the days of that month, and says that the day is not known yet."""
    row = agenda.row_of_date(date)
    description = date.description
    if date.precision == Precision.MONTH:
        description = " ".join(filter(None, [_("Le jour sera précisé."), description]))
    return Event(
        uid=f"date-{date.pk}@{settings.MAIL_DOMAIN}",
        sequence=date.sequence,
        starts=row.starts_at or row.day,
        ends=None if row.starts_at else row.last_day,
        all_day=row.starts_at is None,
        summary=f"{date.title} · {row.context}" if row.context and row.context not in date.title else date.title,
        description=description,
        location=date.place,
        url=absolute(row.url or reverse("portal:agenda")),
        updated=date.updated_at,
    )


def event_of_meeting(meeting: Meeting, *, inside: bool) -> Event:
    """A meeting. `inside`: the calendar is for someone of the group; otherwise dates only, never the place or the link."""
    description = _("Séance réservée au groupe.")
    if inside and meeting.online_url:
        description = _("À distance : %(url)s") % {"url": meeting.online_url}
    elif inside:
        description = ""
    return Event(
        uid=uid_of(meeting),
        sequence=meeting.sequence,
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        all_day=False,
        summary=_("%(chantier)s : séance n° %(n)d") % {"chantier": meeting.chantier.title, "n": meeting.number},
        description=description,
        location=meeting.place if inside else "",
        url=absolute(reverse("portal:chantier", args=[meeting.chantier.slug])),
        updated=meeting.updated_at,
        cancelled=meeting.stage == MeetingStage.CANCELLED,
    )


def events_for(reader: Any, *, territory: str = "", chantier: str = "") -> list[Event]:
    """The calendar of the process, of a territory or of a chantier, as `reader` may know it."""
    events = [] if chantier else [event_of_date(d) for d in agenda.dates_for(reader, territory=territory)]
    meetings = agenda.meetings_for(reader, territory=territory, chantier=chantier)
    return events + [event_of_meeting(m, inside=agenda.knows_details(reader, m.chantier_id)) for m in meetings]


def events_of_groups(person: Any, groups: frozenset[int]) -> list[Event]:
    """The meetings of one's groups, with place and link."""
    rows = Meeting.objects.visible_to(person).filter(chantier__in=groups).select_related("chantier")
    return [event_of_meeting(meeting, inside=True) for meeting in rows]


def last_change(events: list[Event]) -> datetime | None:
    return max((event.updated for event in events if event.updated), default=None)


def feed_entry(news: News) -> FeedEntry:
    host = settings.BASE_URL.split("//")[-1].split(":")[0].split("/")[0]
    return FeedEntry(
        id=f"tag:{host},{timezone.localtime(news.at):%Y-%m-%d}:acte-{news.pk}",
        title=f"{news.chantier.title if news.chantier else news.title} : {news.headline}",
        url=absolute(news.url),
        updated=news.at,
        summary=news.chantier.objective if news.chantier else "",
    )
