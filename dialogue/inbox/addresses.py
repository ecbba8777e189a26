"""The addresses that the platform reads, and what each one stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings

from dialogue.contributions.mailbox import GENERAL, NAMED
from dialogue.mailer import replying
from dialogue.mailer.replying import Target

_GROUP = re.compile(r"groupe-([0-9]{1,6})")
#: Read by a person; RFC 5321 asks for postmaster.
_GENERAL = {"contact", "postmaster", "dialogue"}


@dataclass(frozen=True)
class Destination:
    """`kind`: "reply" (with its `target`, None when the token is not whole), "group" (with its chantier's `number`), "campaign" (with
    its `slug`, empty for the one that is open) or "contact"."""

    kind: str
    target: Target | None = None
    number: int = 0
    slug: str = ""


def read(mailbox: str) -> Destination | None:
    """What a recipient stands for; None for an address that is not ours."""
    mailbox = mailbox.strip().strip("<>").lower()
    local, at, domain = mailbox.rpartition("@")
    if not at or not local:
        return None
    if mailbox in _general():
        return Destination("contact")
    if domain != settings.MAIL_DOMAIN.lower():
        return None
    return _named(mailbox, local)


def _named(mailbox: str, local: str) -> Destination | None:
    """What the part before the @ says."""
    if local.startswith("reply+") or local == "reply":
        return Destination("reply", target=replying.read(mailbox))
    if found := _GROUP.fullmatch(local):
        return Destination("group", number=int(found[1]))
    if found := NAMED.fullmatch(local):
        return Destination("campaign", slug=found[1])
    if local in GENERAL:
        return Destination("campaign")
    return Destination("contact") if local.partition("+")[0] in _GENERAL else None


def _general() -> set[str]:
    return {settings.DEFAULT_FROM_EMAIL.lower(), *(address.lower() for address in settings.INBOX_ADDRESSES)}


def group_address(number: int) -> str:
    """Where anybody may write to those who answer for a chantier."""
    return f"groupe-{number}@{settings.MAIL_DOMAIN}"


def best_of(mailboxes: list[str]) -> str:
    """Of several recipients, the one that says most: a reply address, a group's, a campaign's, the general one. Empty when none is ours."""
    ranks = {"reply": 0, "group": 1, "campaign": 2, "contact": 3}
    ours = [(ranks[found.kind], n, box) for n, box in enumerate(mailboxes) if (found := read(box)) is not None]
    return min(ours)[2] if ours else ""
