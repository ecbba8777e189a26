"""A mail to the address of a campaign is a contribution."""

from __future__ import annotations

from typing import Any

from dialogue.inbox.acts import contributions as acts
from dialogue.inbox.acts import sorting
from dialogue.inbox.files import worth_keeping
from dialogue.inbox.letters import person_at
from dialogue.inbox.stages import Reason
from dialogue.ledger.acts import Refused
from dialogue.ledger.clock import local_date


def settle(case: Any) -> bool:
    """Received, or its sender learns why not. An address that names no campaign is for a person to read."""
    campaign, facts = case.aim.campaign, case.facts
    if case.aim.destination.kind != "campaign" or campaign is None:
        return False
    files = worth_keeping(case.message)
    if not facts["text"] and not files:
        return bool(case.ends(sorting.refuse_mail, reason=Reason.EMPTY, silent=case.silent))
    try:
        return bool(case.ends(acts.contribute_mail, campaign=campaign, person=person_at(facts["sender"]), files=files))
    except Refused as refusal:
        reason = Reason.FILES if campaign.is_open(local_date(case.now)) else Reason.CAMPAIGN
        words = "\n".join(map(str, refusal.reasons))
        return bool(case.ends(sorting.refuse_mail, reason=reason, words=words, silent=case.silent))
