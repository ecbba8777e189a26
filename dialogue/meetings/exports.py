"""Meetings told to other rooms."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.pages import MeetingLine
from dialogue.meetings.models import Meeting
from dialogue.ui.dates import ordinal, short_day


def label_of(meeting: Meeting) -> str:
    """« 2e séance, 27 juin »."""
    number = ordinal(meeting.number, feminine=True)
    return _("%(number)s séance, %(day)s") % {"number": number, "day": short_day(meeting.starts_at)}


def lines_of(chantier: Chantier) -> list[MeetingLine]:
    """The group's meetings, for its space and for the adoption of its roadmap (one query)."""
    url = reverse("meetings:list", args=[chantier.slug])
    return [
        MeetingLine(
            number=meeting.number,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            online_url=meeting.online_url,
            stage=meeting.stage,
            label=label_of(meeting),
            url=f"{url}#seance-{meeting.number}",
        )
        for meeting in Meeting.objects.filter(chantier=chantier, starts_at__isnull=False)
    ]
