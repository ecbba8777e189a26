"""What waits for a person: their groups, their dates, their requests, what they must answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dialogue.assembly.models import Opinion
from dialogue.assembly.pages import opinions_waiting_for
from dialogue.chantiers import mine
from dialogue.chantiers.models import Chantier, Follow, Invitation, JoinRequest
from dialogue.chantiers.stages import ACTIVE
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.people.circles import Glance
from dialogue.portal import agenda

#: Days after which a météo is stale (the guide's rhythm is a meeting a month; three weeks leave time to ask).
STALE_AFTER = 21
DATES, REQUESTS = 5, 10


@dataclass(frozen=True)
class StaleWeather:
    chantier: Chantier
    at: datetime | None


@dataclass
class MySpace:
    groups: list[mine.Group] = field(default_factory=list)
    dates: list[agenda.Row] = field(default_factory=list)
    requests: list[JoinRequest] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    followed: list[Chantier] = field(default_factory=list)
    to_answer: list[JoinRequest] = field(default_factory=list)
    stale: list[StaleWeather] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)


def gather(person: Any, now: datetime) -> MySpace:
    """Ten queries at most; someone whose account waits has no group yet."""
    today = local_date(now)
    page = MySpace(requests=list(mine.requests_of(person)[:REQUESTS]), invitations=_invitations(person))
    page.groups = mine.groups_for(person, today) if person.is_partner else []
    chantiers = {group.chantier.pk: group.chantier for group in page.groups}
    # The person's own eyes, with the groups that were just read: asking them again would be one query too many.
    eyes = Glance(is_partner=person.is_partner, groups=frozenset(chantiers))
    follows = Follow.objects.filter(person=person).select_related("chantier")
    page.followed = [f.chantier for f in follows if f.chantier.readable_by(eyes)]
    if not person.is_partner:
        return page
    page.dates = _dates(eyes, chantiers, now)
    page.opinions = opinions_waiting_for(person)
    answered_for = {group.chantier.pk for group in page.groups if group.answers}
    if answered_for or person.is_coordination:
        page.to_answer = list(mine.waiting_answers_for(person))
    if answered_for:
        page.stale = stale_weather(Chantier.objects.filter(pk__in=answered_for), today)
    return page


def _invitations(person: Any) -> list[Invitation]:
    """Invitations sent to the person's own address that can still be answered. Their expiry is security time: real."""
    rows = Invitation.objects.open(timezone.now()).filter(email__iexact=person.email)
    return list(rows.select_related("chantier", "organisation"))


def _dates(eyes: Any, chantiers: dict[int, Chantier], now: datetime) -> list[agenda.Row]:
    rows = Meeting.objects.filter(chantier__in=chantiers, stage=MeetingStage.CONVENED, ends_at__gte=now)
    found = []
    for meeting in rows.order_by("starts_at", "pk")[:DATES]:
        meeting.chantier = chantiers[meeting.chantier_id]
        found.append(agenda.row_of_meeting(meeting, eyes))
    return found


def stale_weather(rows: Any, today: date) -> list[StaleWeather]:
    """Chantiers at work of which the météo was never given, or too long ago: the oldest first (1 query)."""
    limit = timezone.make_aware(datetime.combine(today - timedelta(days=STALE_AFTER), datetime.min.time()))
    rows = rows.filter(stage__in=ACTIVE).with_weather().filter(Q(weather_at=None) | Q(weather_at__lt=limit))
    return [StaleWeather(c, c.weather_at) for c in rows.order_by("weather_at", "number")]
