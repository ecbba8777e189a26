"""Answers to convocations, given by the calendar of a mail client (METHOD:REPLY, RFC 5546), or read by a person in a mail."""

from __future__ import annotations

from typing import Any

from dialogue.formats.ics import Reply, read_reply
from dialogue.inbox.acts import meetings as acts
from dialogue.inbox.acts import sorting
from dialogue.inbox.stages import Reason
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.meetings.exports import uid_of
from dialogue.meetings.stages import Rsvp

#: PARTSTAT (RFC 5545) → what the convocation asks.
RSVP = {"ACCEPTED": Rsvp.ACCEPTED, "DECLINED": Rsvp.DECLINED, "TENTATIVE": Rsvp.TENTATIVE, "DELEGATED": Rsvp.REPLACED}


def is_reply(calendar: bytes) -> bool:
    return read_reply(calendar) is not None


def settle(case: Any) -> bool:
    """Note the answer of the person to whom the invitation was sent; a calendar in a talk is only a mail that carries one."""
    reply, aim = read_reply(case.message.calendar or b""), case.aim
    if not case.is_answer or aim.meeting is None or reply is None:
        return False
    known = {"chantier": aim.chantier, "meeting": aim.meeting, "person": case.owner, "silent": case.silent}
    rsvp = RSVP.get(reply.partstat)
    # The UID of another meeting under the address of this one: two invitations were mixed up on the way.
    if rsvp is None or (reply.uid and reply.uid != uid_of(aim.meeting)):
        return case.ends(sorting.refuse_mail, reason=Reason.CALENDAR, **known)
    facts = {"rsvp": rsvp, "comment": comment_of(case, reply), "stamped_at": reply.stamped, "sequence": reply.sequence}
    try:
        return case.ends(acts.answer_meeting, meeting=aim.meeting, person=case.owner, answer=facts)
    except NotAllowed:
        return case.ends(sorting.refuse_mail, reason=Reason.LEFT, **known)
    except Refused as refusal:
        words = " ".join(map(str, refusal.reasons))
        return case.ends(sorting.refuse_mail, reason=Reason.CALENDAR, words=words, **known)


def comment_of(case: Any, reply: Reply) -> str:
    """What the person wrote with the answer. Outlook puts it in the body of the mail; the body of the others is made by the machine."""
    from_outlook = any(name.startswith("x-ms-") for name, _value in case.message.headers)
    return reply.comment or (case.facts["text"][:500] if from_outlook else "")
