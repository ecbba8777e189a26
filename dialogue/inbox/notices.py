"""Notices of non-delivery: what they say of the address to which one of our letters went (RFC 3464).

A notice counts only when it returns the Message-ID of a letter of ours, which nobody else knows: otherwise whoever writes one
could silence anybody.
"""

from __future__ import annotations

from typing import Any

from dialogue.inbox.acts.sorting import note_notice
from dialogue.inbox.stages import Reason
from dialogue.language.reports import Failure
from dialogue.mailer.bounces import Weight, weight
from dialogue.mailer.models import Letter

REASONS = {Weight.GONE: Reason.HARD, Weight.PASSING: Reason.SOFT, Weight.NOTHING: Reason.OTHER_NOTICE}


def settle(case: Any) -> bool:
    bounce = case.message.bounce
    if bounce is None:
        return False
    letter = Letter.objects.filter(message_id=bounce.original_id).first() if bounce.original_id else None
    address = letter.address if letter else ""
    failure: Failure | None = next((each for each in bounce.failures if each.action != "delayed"), None)
    if failure is None or not address:
        return case.ends(note_notice, reason=Reason.OTHER_NOTICE, bounced=address)
    return case.ends(note_notice, reason=REASONS[weight(failure.status)], bounced=address, failure=failure)
