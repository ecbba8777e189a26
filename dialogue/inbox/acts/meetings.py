"""Answers to a convocation that came by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.discussion.stages import Via
from dialogue.inbox.acts.sorting import note
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage, Reason
from dialogue.ledger.acts import Refused, act
from dialogue.meetings.acts.attendance import answer_convocation
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import Rsvp


@act("inbox.answer_meeting", come_from=[MailStage.RECEIVED], go_to=MailStage.ANSWERED, record=("meeting",))
def answer_meeting(
    mail: Mail, *, by: Any, now: datetime, facts: dict[str, Any], meeting: Meeting, person: Any, answer: dict[str, Any]
) -> None:
    """The answer of `person`, by their calendar; an older one than what we know is noted as received, and changes nothing."""
    counts = answer_convocation(meeting, by=person, now=now, via=Via.MAIL, **answer)
    note(mail, now=now, meeting=meeting, chantier=meeting.chantier, person=person, reason="" if counts else Reason.TWICE, **facts)


@act("inbox.note_presence", come_from=[MailStage.TO_FILE], go_to=MailStage.ANSWERED, record=("rsvp",))
def note_presence(mail: Mail, *, by: Any, now: datetime, rsvp: Rsvp) -> None:
    """Somebody answered a convocation with words; who convenes read them. Raises Refused when it is not known who wrote."""
    if mail.meeting is None or mail.person is None:
        raise Refused(_("Ce courriel ne répond pas à une convocation."))
    answer_convocation(
        mail.meeting, by=mail.person, now=now, rsvp=rsvp, via=Via.MAIL, comment=mail.text[:500], stamped_at=mail.at
    )
    note(mail, now=now, settled_by_id=by.pk)
