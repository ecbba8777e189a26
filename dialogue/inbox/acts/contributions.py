"""A mail that becomes a contribution."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dialogue.contributions.acts.receiving import receive_by_mail
from dialogue.contributions.models import Campaign
from dialogue.inbox.acts.sorting import note
from dialogue.inbox.files import Enclosed
from dialogue.inbox.letters import may_be_answered
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage
from dialogue.ledger.acts import act


@act("inbox.contribute_mail", come_from=[MailStage.RECEIVED], go_to=MailStage.DEPOSITED, record=("campaign",))
def contribute_mail(
    mail: Mail,
    *,
    by: Any,
    now: datetime,
    facts: dict[str, Any],
    campaign: Campaign,
    person: Any = None,
    files: Iterable[Enclosed] = (),
) -> None:
    """Its subject is the title, its new words the text; its sender, the author. Contribution and stage, or neither."""
    refused: dict[str, str] = {}
    files = list(files)
    mail.sender = facts["sender"]
    receive_by_mail(
        campaign,
        by=by,
        now=now,
        title=facts["subject"],
        text=facts["text"],
        sender=facts["sender"] if may_be_answered(mail) else "",
        sender_name=facts["sender_name"],
        person=person,
        attached=files,
        not_kept=refused,
    )
    noted = [file.noted(kept=file.name not in refused) for file in files]
    # Received, its words stand in the contribution, where its author corrects and withdraws them.
    note(mail, now=now, person=person, **(facts | {"text": "", "folded": "", "attachments": noted}))
