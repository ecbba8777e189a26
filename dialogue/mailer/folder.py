"""Mail written to a folder instead of being sent: the demo and development read it on a page."""

from __future__ import annotations

import email
import email.policy
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as Parsed
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

_UNFIT = re.compile(r"[^A-Za-z0-9@.-]")
#: What the page accepts as the name of a file: never a path.
_NAME = re.compile(r"[A-Za-z0-9@-][A-Za-z0-9@.-]*")


class FolderBackend(BaseEmailBackend):
    """One `.eml` file a mail, named after its Message-ID and put there whole: a second delivery replaces the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            content = mail.message()
            name = _UNFIT.sub("", str(content["Message-ID"])).lstrip(".")
            draft = folder / f".{name}.{os.getpid()}"
            with draft.open("wb") as file:
                file.write(content.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Stored:
    """A mail of the folder, as its reader sees it. `name` is the file's, without `.eml`; `sent` is domain time."""

    name: str
    sender: str
    to: str
    subject: str
    sent: datetime
    text: str
    html: str
    headers: list[tuple[str, str]]


def _moment(written: str) -> datetime:
    """« -0000 » says UTC without saying where the writer is (RFC 5322, 3.3): read as a moment, not as an hour of nowhere."""
    found = parsedate_to_datetime(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def stored(name: str) -> Stored | None:
    """The mail of that name; None when there is none, or when the name is not one of ours."""
    if not _NAME.fullmatch(name):
        return None
    file = Path(settings.MAIL_FOLDER) / f"{name}.eml"
    return read(file) if file.is_file() else None


def files(address: str = "") -> list[Path]:
    """The mails of the folder, newest first; only those to addresses that contain `address` if one is given."""
    folder = Path(settings.MAIL_FOLDER)
    found = sorted(folder.glob("[!.]*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    wanted = address.strip().lower()
    return [file for file in found if any(wanted in each for each in _readers(file))] if wanted else found


def read(file: Path) -> Stored:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, Parsed)  # noqa: S101 (what the policy promises)
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    return Stored(
        name=file.stem,
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        sent=_moment(str(mail["Date"])) + settings.CLOCK_OFFSET,
        text=str(plain.get_content()) if plain else "",
        html=str(rich.get_content()) if rich else "",
        headers=[(name, str(value)) for name, value in mail.items()],
    )


def _readers(file: Path) -> list[str]:
    with file.open("rb") as opened:
        headers = email.message_from_binary_file(opened, policy=email.policy.compat32)
    return [address.lower() for _name, address in getaddresses(headers.get_all("To", []))]
