"""Attendance, by organisation; and the answers to the convocation."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.models import Member, Representative
from dialogue.discussion.stages import Via
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.acts.agenda import touch
from dialogue.meetings.letters.convening import tell_decline
from dialogue.meetings.models import Action, AgendaItem, Answer, Attendance, Meeting
from dialogue.meetings.stages import MeetingStage, Presence, Rsvp


@act("meetings.answer_convocation", record=("rsvp", "via"))
def answer_convocation(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    rsvp: Rsvp,
    via: Via = Via.PAGE,
    replaced_by: str = "",
    comment: str = "",
    stamped_at: datetime | None = None,
    sequence: int = 0,
) -> bool:
    """One truth for page and mail client: the newest answer counts, by its own stamp (RFC 5546). False: an older one, left aside.

    A meeting that moved since the answer was written keeps it: the person sees it on the page and may change it.
    """
    if meeting.stage not in {MeetingStage.CONVENED, MeetingStage.IN_SESSION} or (meeting.ends_at and meeting.ends_at < now):
        raise Refused(_("Cette séance n’attend plus de réponse."))
    stamp = stamped_at or now
    known = Answer.objects.filter(meeting=meeting, person_id=by.pk).first()
    if known is not None and via == Via.MAIL and (known.sequence, known.stamped_at) > (sequence, stamp):
        return False
    Answer.objects.update_or_create(
        meeting=meeting,
        person_id=by.pk,
        defaults={
            "rsvp": rsvp,
            "replaced_by": replaced_by.strip()[:200] if rsvp == Rsvp.REPLACED else "",
            "comment": comment.strip()[:500],
            "via": via,
            "at": now,
            "stamped_at": stamp,
            "sequence": max(sequence, meeting.sequence if via == Via.PAGE else sequence),
        },
    )
    if rsvp == Rsvp.DECLINED and (known is None or known.rsvp != Rsvp.DECLINED):
        tell_decline(meeting, by, now=now)
    return True


def expect_members(meeting: Meeting) -> None:
    """A line for each member organisation, prefilled from the answers; what was noted already stays."""
    known = set(meeting.attendances.values_list("organisation_id", flat=True))
    members = Member.objects.active().filter(chantier_id=meeting.chantier_id).exclude(organisation__in=known)
    answers = dict(meeting.answers.values_list("person_id", "rsvp"))
    speakers: dict[int, list[str]] = {}
    seats = Representative.objects.active().filter(member__in=members)
    for organisation, person in seats.values_list("member__organisation_id", "person_id"):
        speakers.setdefault(organisation, []).append(answers.get(person, ""))
    for organisation in dict.fromkeys(members.values_list("organisation_id", flat=True)):
        said = speakers.get(organisation, [])
        excused = bool(said) and all(rsvp == Rsvp.DECLINED for rsvp in said)
        presence = Presence.EXCUSED if excused else Presence.UNKNOWN
        Attendance.objects.get_or_create(meeting=meeting, organisation_id=organisation, defaults={"presence": presence})


@act("meetings.mark_attendance", record=("organisation", "presence"))
def mark_attendance(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    organisation: Any,
    presence: Presence,
    people: str | None = None,
    represented_by: Any = None,
    represented_by_name: str = "",
    arrived_at: time | None = None,
    left_at: time | None = None,
) -> Attendance:
    """Whether an organisation came. `people=None` keeps the names already noted. Raises Refused for what makes no sense."""
    if meeting.stage not in {MeetingStage.CONVENED, MeetingStage.IN_SESSION, MeetingStage.HELD}:
        raise Refused(_("La présence ne se note qu’à partir de la séance, et jusqu’à sa clôture."))
    if presence == Presence.REPRESENTED and represented_by is None and not represented_by_name.strip():
        raise Refused(_("Dites par qui l’organisme était représenté."))
    if represented_by is not None and represented_by == organisation:
        raise Refused(_("Un organisme ne se représente pas lui-même : notez-le présent."))
    if arrived_at and left_at and left_at <= arrived_at:
        raise Refused(_("L’heure de départ vient après celle d’arrivée."))
    came = presence == Presence.PRESENT
    row, _made = Attendance.objects.get_or_create(meeting=meeting, organisation=organisation)
    row.presence = presence
    row.represented_by = represented_by if presence == Presence.REPRESENTED else None
    row.represented_by_name = represented_by_name.strip()[:200] if presence == Presence.REPRESENTED else ""
    row.arrived_at, row.left_at = (arrived_at, left_at) if came else (None, None)
    if people is not None:
        row.people = people.strip()[:300]
    row.save()
    touch(meeting)
    return row


@act("meetings.move_organisation")
def move_organisation(into: Any, *, by: Any, now: datetime, source: Any) -> None:
    """A merged organisation attended, and acts, under its new name; once a meeting."""
    both = Attendance.objects.filter(organisation=into).values("meeting_id")
    Attendance.objects.filter(organisation=source, meeting__in=list(both.values_list("meeting_id", flat=True))).delete()
    Attendance.objects.filter(organisation=source).update(organisation=into)
    Attendance.objects.filter(represented_by=source).update(represented_by=into)
    Action.objects.filter(owner=source).update(owner=into)
    AgendaItem.objects.filter(owner=source).update(owner=into)


def on_merge(source: Any, into: Any, *, by: Any, now: datetime) -> None:
    """people.hooks.on_merge"""
    move_organisation(into, by=SYSTEM, now=now, source=source)
