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


@act("meetings.remind_meeting")
def remind_meeting(reminder: Reminder, *, by: Any, now: datetime) -> None:
    """Once for each date of the meeting: a meeting that moved is reminded again."""
    rows = Reminder.objects.filter(pk=reminder.pk).exclude(sent_sequence=reminder.meeting.sequence)
    if rows.update(sent_sequence=reminder.meeting.sequence, sent_at=now):
        tell_reminder(reminder.meeting, reminder.hours_before, now=now)


@act("meetings.convene_newcomers")
def convene_newcomers(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """Members who never got this convocation: those who joined since it was sent."""
    known = set(
        Letter.objects.filter(kind="meetings.convened", thread=f"meeting-{meeting.uid}").values_list("person_id", flat=True)
    )
    people = [person for person in group_of(meeting.chantier) if person.pk not in known]
    if people:
        tell_group("convened", meeting, by=by, now=now, people=people)
