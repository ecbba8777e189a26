"""What the room keeps about a person, for the copy of one's data; and what goes when they close their account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dialogue.inbox.acts.filing import forget_sender
from dialogue.inbox.models import Mail
from dialogue.ledger.acts import SYSTEM


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters): the mails that they sent us."""
    mails = Mail.objects.filter(sender__iexact=person.email) | Mail.objects.filter(person=person)
    return {
        "courriels_envoyes": [
            {
                "le": mail.at.isoformat(),
                "objet": mail.subject,
                "expediteur": mail.sender,
                "texte": mail.text,
                "suite": str(mail.get_stage_display()),
            }
            for mail in mails.order_by("at")
        ]
    }


def on_leaving(person: Any, *, by: Any, now: datetime) -> None:
    """An account is being closed (people.hooks.on_leaving)."""
    forget_sender(None, by=SYSTEM, now=now, person=person)
