"""Who may read the mails that came in (see secrets.py): those who answer for the group, and the coordination."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage

MACHINE = {
    "inbox.mail.key": "a hash",
    "inbox.mail.message_id": "a header",
    "inbox.mail.envelope_from": "a header",
    "inbox.mail.bounced": "what counts refusals; the address itself is on the page of suspensions",
}
SENT = ("subject", "sender", "text")  # also in the copy of one's data, for whoever sent the mail
SHOWN = ("sender_name", "folded", "envelope_to", "attachments")


def rules(
    answerers: dict[int | None, frozenset[str]], names: dict[int, str]
) -> Iterator[tuple[Any, Iterable[str], Iterable[str]]]:
    """(row, fields, who may read them); `answerers`: of each chantier, and of None, those of no group; `names`: of the visitors."""
    for mail in Mail.objects.all():
        allowed = answerers[mail.chantier_id]
        sender = frozenset({names[mail.person_id]}) if mail.person_id in names else frozenset()
        yield mail, SHOWN, allowed
        yield mail, SENT, allowed | sender
        yield mail, (("motive",) if mail.stage == MailStage.REFUSED else ()), allowed
        yield mail, (("error",) if mail.stage == MailStage.FAILED else ()), allowed
