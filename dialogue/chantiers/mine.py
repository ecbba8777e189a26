"""What « Mon espace » shows of the chantiers: my groups, my requests, the answers that are awaited from me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from dialogue.chantiers.models import Chantier, JoinRequest, Representative
from dialogue.chantiers.models.chantier import ever_opened
from dialogue.chantiers.models.member import JoinRequestQuerySet
from dialogue.chantiers.stages import ENDED, OFFICERS, Role
from dialogue.people.models import Person


@dataclass(frozen=True)
class Group:
    """A group of mine: as whom I sit in it, since when, and the demands that wait (0 unless I answer for it)."""

    chantier: Chantier
    organisation: str
    role: str
    role_label: str
    since: date
    waiting: int

    @property
    def answers(self) -> bool:
        return self.role in OFFICERS


def groups_for(person: Person, today: date) -> list[Group]:
    """The chantiers of which the person is an active member, those at work first (4 queries).

    A seat prepared before the opening is not shown: the coordination alone knows of the chantier until then.
    """
    shown = Q() if person.is_coordination else ever_opened("member__chantier__")
    rows = (
        Representative.objects.active()
        .filter(shown, person=person, since__lte=today)
        .select_related("member__chantier__theme", "member__organisation")
        .prefetch_related("member__chantier__territories")
        .order_by("member__chantier__number", "pk")
    )
    waiting: dict[int, int] = {}
    for pk in waiting_answers_for(person).values_list("chantier_id", flat=True):
        waiting[pk] = waiting.get(pk, 0) + 1
    groups = [
        Group(
            chantier=row.member.chantier,
            organisation=row.member.organisation.name,
            role=row.member.role,
            role_label=str(Role(row.member.role).label),
            since=row.since,
            waiting=waiting.get(row.member.chantier_id, 0) if row.member.role in OFFICERS else 0,
        )
        for row in rows
    ]
    return sorted(groups, key=lambda group: group.chantier.stage in ENDED)


def requests_of(person: Person) -> JoinRequestQuerySet:
    """The person's own requests that wait or were answered, the last first (1 query)."""
    return (
        JoinRequest.objects.filter(person=person)
        .exclude(stage="withdrawn")
        .select_related("chantier", "organisation")
        .order_by("-sent_at", "-pk")
    )


def waiting_answers_for(person: Any) -> QuerySet[JoinRequest]:
    """The requests that this person is in charge of answering, the oldest first (1 query). The coordination is in
    charge where there is neither sponsor nor lead; it sees the others on the dashboard (`JoinRequest.objects.waiting`)."""
    rows = (
        JoinRequest.objects.waiting()
        .select_related("chantier", "organisation", "person")
        .order_by("sent_at", "pk")
    )
    speakers = Representative.objects.active().filter(member__role__in=OFFICERS)
    mine = rows.filter(chantier__in=speakers.filter(person_id=person.pk).values("member__chantier_id"))
    if not getattr(person, "is_coordination", False):
        return mine
    orphans = rows.exclude(chantier__in=speakers.values("member__chantier_id"))
    return mine | orphans


def is_following(person: Any, chantier: Chantier) -> bool:
    return bool(getattr(person, "pk", None)) and chantier.follows.filter(person_id=person.pk).exists()
