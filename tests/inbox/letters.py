"""Mails as servers hand them over, for the tests of the inbox."""

from __future__ import annotations

import itertools
from email.message import EmailMessage
from typing import Any

count = itertools.count(1)


def mail(
    text: str = "Bonjour,\n\nNous serons deux.\n",
    *,
    sender: str = "jeanne@partenaire.example",
    name: str = "Jeanne Martin",
    to: str = "contact@localhost",
    subject: str = "Re: Cantines",
    message_id: str | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """The bytes of a mail; header names take `_` for `-`. `files`: (name, content type, bytes)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"{name} <{sender}>", to, subject
    made["Date"] = "Mon, 06 Nov 2017 10:00:00 +0100"
    if message_id != "":
        made["Message-ID"] = message_id or f"<m{next(count)}@partenaire.example>"
    for header, value in headers.items():
        made[header.replace("_", "-")] = value
    made.set_content(text)
    for filename, kind, data in files:
        main, sub = kind.split("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=filename)
    return made.as_bytes(policy=made.policy.clone(linesep="\r\n"))


def received(raw: bytes, to: str = "contact@localhost", *, envelope_from: str = "jeanne@partenaire.example") -> Any:
    from dialogue.inbox.reception import store
    from dialogue.inbox.stages import Way

    return store(raw, envelope_from, to, Way.LMTP)
