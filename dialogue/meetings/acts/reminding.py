"""What the platform sends by itself about a meeting that comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dialogue.chantiers.letters.life import group_of
from dialogue.ledger.acts import act
from dialogue.mailer.models import Letter
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.letters.convening import tell_group, tell_reminder
from dialogue.meetings.models import Meeting, Reminder
from dialogue.people.models import Person


@act("meetings.remind_meeting")
def remind_meeting(reminder: Reminder, *, by: Any, now: datetime) -> None:
    """Once for each date of the meeting: a meeting that moved is reminded again."""
    rows = Reminder.objects.filter(pk=reminder.pk).exclude(sent_sequence=reminder.meeting.sequence)
    if rows.update(sent_sequence=reminder.meeting.sequence, sent_at=now):
        tell_reminder(reminder.meeting, reminder.hours_before, now=now)


@act("meetings.convene_newcomers")
def convene_newcomers(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """Members whose calendar does not have the meeting: those who joined since it was sent, or came back."""
    known = _holders(meeting)
    people = [person for person in group_of(meeting.chantier) if person.pk not in known]
    if people:
        tell_group("convened", meeting, by=by, now=now, people=people)


@act("meetings.release_leavers")
def release_leavers(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """Whoever left the group since the convocation: their calendar drops the meeting, their answer is forgotten."""
    members = {person.pk for person in group_of(meeting.chantier)}
    gone = _holders(meeting) - members
    if gone:
        tell_group("left", meeting, by=by, now=now, people=Person.objects.active().filter(pk__in=gone))
        meeting.answers.filter(person_id__in=gone).delete()


def _holders(meeting: Meeting) -> set[int]:
    """People whose last calendar message about the meeting was a REQUEST."""
    rows = Letter.objects.filter(kind="meetings.convened", thread=f"meeting-{meeting.uid}", person__isnull=False)
    last = dict(rows.order_by("written_at", "pk").values_list("person_id", "calendar_method"))
    return {person for person, method in last.items() if method == "REQUEST"}
