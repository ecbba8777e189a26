"""What the pages on membership show, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Invitation, JoinRequest, Member, Representative
from dialogue.chantiers.models.member import roles_of
from dialogue.chantiers.rules import members as rules
from dialogue.chantiers.stages import ENDED, JOINABLE, OFFICERS, InvitationStage, Role
from dialogue.language.text import normalise
from dialogue.mailer.models import Suspension
from dialogue.people.models import Person

INVITATIONS_SHOWN = 50
#: How a role is titled when several organisations hold it.
SEVERAL = {
    Role.SPONSOR: _("élus porteurs"),
    Role.LEAD: _("directions référentes"),
    Role.RESOURCE: _("services ressources"),
    Role.PARTNER: _("partenaires"),
    Role.OBSERVER: _("observateurs"),
}


@dataclass(frozen=True)
class MemberLine:
    """A member organisation, the people who speak for it, and whether the reader may change it."""

    member: Member
    people: list[Representative]
    is_mine: bool
    may_keep: bool
    may_change_role: bool
    #: Address → the suspension of that address, for those who may lift it.
    refused: dict[str, Suspension] = field(default_factory=dict)


@dataclass(frozen=True)
class InvitationLine:
    """An invitation; `state` is its stage, "expired" as soon as its validity is over."""

    invitation: Invitation
    state: str
    label: str
    is_open: bool


@dataclass(frozen=True)
class MembersPage:
    roles: list[tuple[str, list[MemberLine]]]
    former: list[Member]
    people_count: int
    organisations_count: int
    is_officer: bool
    may_invite: bool
    may_add: bool
    requests: list[JoinRequest] = field(default_factory=list)
    invitations: list[InvitationLine] = field(default_factory=list)


def members_page(chantier: Chantier, reader: Any) -> MembersPage:
    """The group by role (4 queries; 7 for those who answer for it). The reader is a member or the coordination."""
    speakers = Representative.objects.active().select_related("person").order_by("since", "pk")
    everybody = list(
        chantier.members.select_related("organisation").prefetch_related(Prefetch("representatives", queryset=speakers))
    )
    active = [member for member in everybody if member.until is None]
    is_officer = rules.is_officer(reader, chantier)
    refused = _refused(active) if is_officer else {}
    lines = [_line(member, reader, chantier, refused) for member in active]
    by_role = [(role, [line for line in lines if line.member.role == role]) for role in Role]
    alive = chantier.stage not in ENDED
    return MembersPage(
        roles=[(str(role.label if len(found) == 1 else SEVERAL[role]), found) for role, found in by_role if found],
        former=[member for member in everybody if member.until is not None],
        people_count=len({each.person_id for line in lines for each in line.people}),
        organisations_count=len({member.organisation_id for member in active}),
        is_officer=is_officer,
        may_invite=is_officer and chantier.stage in JOINABLE,
        may_add=is_officer and alive,
        requests=list(waiting_in(chantier)) if is_officer else [],
        invitations=_invitations(chantier) if is_officer else [],
    )


def waiting_in(chantier: Chantier) -> QuerySet[JoinRequest]:
    return JoinRequest.objects.waiting().filter(chantier=chantier).select_related("person", "organisation")


def _refused(members: list[Member]) -> dict[str, Suspension]:
    """The addresses of the group that refuse our mail."""
    addresses = {each.person.email.lower() for member in members for each in member.representatives.all()}
    return {row.address: row for row in Suspension.objects.filter(address__in=addresses)}


def _line(member: Member, reader: Any, chantier: Chantier, refused: dict[str, Suspension]) -> MemberLine:
    """The same sentence as `rules.members.keeper`, from what is loaded already; a test holds the two together."""
    people = list(member.representatives.all())
    coordinates = bool(getattr(reader, "is_coordination", False))
    answers = bool(roles_of(reader, chantier) & set(OFFICERS)) and member.role not in OFFICERS
    is_mine = any(each.person_id == reader.pk for each in people)
    return MemberLine(member, people, is_mine, coordinates or is_mine or answers, coordinates or answers, refused)


def _invitations(chantier: Chantier) -> list[InvitationLine]:
    rows = chantier.invitations.select_related("organisation", "sent_by")[:INVITATIONS_SHOWN]
    now = timezone.now()
    return [_invitation(row, now) for row in rows]


def _invitation(row: Invitation, now: datetime) -> InvitationLine:
    is_open = row.stage == InvitationStage.SENT and row.expires_at > now
    state = InvitationStage.EXPIRED if row.stage == InvitationStage.SENT and not is_open else InvitationStage(row.stage)
    return InvitationLine(row, state.value, str(state.label), is_open)


def contacts(reader: Any, filters: dict[str, Any]) -> QuerySet[Person]:
    """People of the directory whom `reader` may see, one line each, with the seats to show in `seats`.

    `filters`: q, territory, theme, role; empty values do not filter. 5 queries with the page.
    """
    seats = Representative.objects.in_directory_for(reader)
    if filters.get("territory"):
        seats = seats.filter(member__chantier__in=Chantier.objects.filter(territories=filters["territory"]))
    if filters.get("theme"):
        seats = seats.filter(member__chantier__theme=filters["theme"])
    if filters.get("role"):
        seats = seats.filter(member__role=filters["role"])
    if words := normalise(filters.get("q") or "").split():
        seats = seats.filter(pk__in=_matching(seats, words))
    shown = Prefetch(
        "representations",
        queryset=seats.select_related("member__organisation", "member__chantier").order_by("member__chantier__number"),
        to_attr="seats",
    )
    return Person.objects.filter(pk__in=seats.values("person_id")).order_by("name", "pk").prefetch_related(shown)


def _matching(seats: QuerySet[Representative], words: list[str]) -> list[int]:
    """Seats in whose person, organisation or chantier every word stands, accents and case aside. The directory holds some
    hundreds of lines: they are compared here, alike on both databases."""
    rows = seats.values_list("pk", "person__name", "member__organisation__name", "member__chantier__title")
    texts = ((pk, normalise(" ".join(texts))) for pk, *texts in rows)
    return [pk for pk, text in texts if all(word in text for word in words)]
