"""Models of the meetings room."""

from dialogue.meetings.models.agenda import AgendaItem, Answer, Attendance, NotesConflict, Reminder
from dialogue.meetings.models.capture import Action, Decision, Material
from dialogue.meetings.models.meeting import Meeting
from dialogue.meetings.models.minutes import Assent, Minutes, MinutesVersion
from dialogue.meetings.models.poll import Poll, PollAnswer, PollInvitee, PollOption

__all__ = [
    "Action",
    "AgendaItem",
    "Answer",
    "Assent",
    "Attendance",
    "Decision",
    "Material",
    "Meeting",
    "Minutes",
    "MinutesVersion",
    "NotesConflict",
    "Poll",
    "PollAnswer",
    "PollInvitee",
    "PollOption",
    "Reminder",
]
