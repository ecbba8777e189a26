"""What the platform does by itself around meetings; each may run twice without harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.clock import local_date
from dialogue.mailer.periodic import every
from dialogue.meetings.acts import capture, polls, reminding
from dialogue.meetings.acts import minutes as acts
from dialogue.meetings.letters import minutes as letters
from dialogue.meetings.models import Action, Meeting, Minutes, Poll, PollInvitee
from dialogue.meetings.stages import MeetingStage, MinutesStage

SOON = timedelta(days=3)
FORGET = timedelta(days=60)


@every(minutes=10)
def remind_meetings(now: datetime) -> None:
    """Reminders are hours before the start: they moved with the meeting."""
    for meeting in Meeting.objects.filter(stage=MeetingStage.CONVENED, starts_at__gt=now).select_related("chantier"):
        for reminder in meeting.reminders.exclude(sent_sequence=meeting.sequence):
            if meeting.starts_at - timedelta(hours=reminder.hours_before) <= now:
                reminding.remind_meeting(reminder, by=SYSTEM, now=now)


@every(hours=1)
def convene_newcomers(now: datetime) -> None:
    """Whoever joined since gets the convocation of the meetings to come; the others have it already (never twice)."""
    for meeting in Meeting.objects.filter(stage=MeetingStage.CONVENED, starts_at__gt=now).select_related("chantier"):
        reminding.convene_newcomers(meeting, by=SYSTEM, now=now)


@every(hours=1)
def release_leavers(now: datetime) -> None:
    """Whoever left the group since: calendars drop the meetings to come."""
    for meeting in Meeting.objects.filter(stage=MeetingStage.CONVENED, starts_at__gt=now).select_related("chantier"):
        reminding.release_leavers(meeting, by=SYSTEM, now=now)


@every(hours=1)
def remind_polls(now: datetime) -> None:
    """A day before the deadline, those who have not answered."""
    soon = Poll.objects.filter(
        closed_at=None, deadline__gt=now, deadline__lte=now + timedelta(days=1), opened_at__lte=now - timedelta(hours=6)
    )
    for invitee in PollInvitee.objects.filter(poll__in=soon, answered_at=None).select_related(
        "poll__meeting__chantier", "person"
    ):
        polls.remind_poll(invitee, by=SYSTEM, now=now)


@every(hours=1)
def approve_by_silence(now: datetime) -> None:
    """The deadline passed without a remark: the minutes are approved, as the page and the mail said. Else the lead is told."""
    rows = Minutes.objects.filter(stage=MinutesStage.IN_REVIEW, deadline__lte=now).select_related("chantier", "meeting", "thread")
    for minutes in rows:
        count, discussed = acts.open_remarks(minutes), acts.to_discuss(minutes)
        if count or discussed:
            letters.tell_held_back(minutes, count + discussed, now=now, discussed=discussed)
            continue
        try:
            acts.approve(minutes, by=SYSTEM, now=now)
        except Refused:
            continue  # a remark came, or the sponsor was faster


@every(days=1)
def remind_actions(now: datetime) -> None:
    """Three days before, and once late."""
    today = local_date(now)
    rows = Action.objects.filter(done_on=None, dropped_motive="", due_on__lte=today + SOON, owner__isnull=False).select_related(
        "chantier"
    )
    for action in rows.filter(due_on__gte=today - timedelta(days=30)):
        capture.remind_action(action, by=SYSTEM, now=now, event="late" if action.days_late(today) else "soon")


@every(days=1)
def forget_polls(now: datetime) -> None:
    """Addresses of people without an account, sixty days after the end of a poll (docs/retention.yaml)."""
    ended = Poll.objects.filter(closed_at__lte=now - FORGET, invitees__person=None).exclude(
        invitees__email__endswith="@oublie.invalid"
    )
    for poll in ended.distinct():
        polls.forget_poll(poll, by=SYSTEM, now=now)
