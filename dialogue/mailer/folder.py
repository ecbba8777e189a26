"""Mail written to a folder instead of being sent: the demo and development read it on a page."""

from __future__ import annotations

import email
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as Parsed
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class FolderBackend(BaseEmailBackend):
    """One `.eml` file a mail, named after its Message-ID: a second delivery replaces the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            content = mail.message()
            name = hashlib.sha256(str(content["Message-ID"]).encode()).hexdigest()[:32]
            draft = folder / f".{name}.{os.getpid()}"
            draft.write_bytes(content.as_bytes(linesep="\r\n"))
            draft.replace(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Stored:
    """A mail of the folder, as its reader sees it. `name` is the file's, without `.eml`."""

    name: str
    to: str
    subject: str
    sent: datetime
    text: str
    html: str
    headers: list[tuple[str, str]]


def stored(name: str) -> Stored | None:
    """The mail of that name; None when there is none, or when the name is not one of ours."""
    if len(name) != 32 or not name.isalnum():  # noqa: PLR2004 (the length that the backend writes)
        return None
    file = Path(settings.MAIL_FOLDER) / f"{name}.eml"
    return _read(file) if file.is_file() else None


def listing(address: str = "") -> list[Stored]:
    """The mails of the folder, newest first, those to `address` only if one is given."""
    folder = Path(settings.MAIL_FOLDER)
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    wanted = address.strip().lower()
    if wanted:
        files = [file for file in files if wanted.encode() in file.read_bytes()[:4000].lower()]
    return [_read(file) for file in files[:200]]


def _read(file: Path) -> Stored:
    mail = email.message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(mail, Parsed)  # noqa: S101 (what the policy promises)
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    return Stored(
        name=file.stem,
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        sent=parsedate_to_datetime(str(mail["Date"])),
        text=str(plain.get_content()) if plain else "",
        html=str(rich.get_content()) if rich else "",
        headers=[(name, str(value)) for name, value in mail.items()],
    )
