"""Notices of non-delivery: what they say of the address to which one of our letters went (RFC 3464).

A notice counts only when it returns the Message-ID of a letter of ours, which nobody else knows: otherwise whoever writes one
could silence anybody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from dialogue.inbox.acts.sorting import note_notice
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage, Reason
from dialogue.language.reports import Failure
from dialogue.mailer.models import Letter

#: Refusals "for now" of one address within this time, after which nothing more is sent there.
PATIENCE, WINDOW = 3, timedelta(days=14)
#: Enhanced codes (RFC 3463) that speak of the mailbox itself: no such address (5.1.x), disabled (5.2.1).
_GONE = ("5.1.", "5.2.1")
#: Policy (spam, authentication) speaks of us, never of the address.
_POLICY = "5.7."


def settle(case: Any) -> bool:
    bounce = case.message.bounce
    if bounce is None:
        return False
    letter = Letter.objects.filter(message_id=bounce.original_id).first() if bounce.original_id else None
    address = letter.address if letter else ""
    failure = next((each for each in bounce.failures if each.action != "delayed"), None)
    reason, suspend = _judge(failure, address)
    return case.ends(note_notice, reason=reason, bounced=address, suspend=suspend)


def _judge(failure: Failure | None, address: str) -> tuple[Reason, str]:
    """What the notice is, and the words with which the address is suspended, empty when it is not."""
    if not address or failure is None or failure.status.startswith(_POLICY):
        return Reason.OTHER_NOTICE, ""
    said = f"{failure.status} {failure.reason}".strip()[:500]
    if failure.status.startswith(_GONE):
        return Reason.HARD, said
    known = Mail.objects.filter(stage=MailStage.BOUNCE, reason=Reason.SOFT, bounced=address)
    count = known.filter(received_at__gt=timezone.now() - WINDOW).count() + 1
    return Reason.SOFT, said if count >= PATIENCE else ""
