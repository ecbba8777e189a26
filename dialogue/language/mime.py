"""`read`: a mail as it arrived, made into what the house uses. Any bytes give a Message; nothing raises.

Reading order of the text: `text/plain` unless it is empty or says only that one should read the other part, else the text
of the HTML. Pure Python, no Django.
"""

from __future__ import annotations

import email
import email.utils
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as Part

from dialogue.language import bodies, reports
from dialogue.language.bodies import Attachment
from dialogue.language.charsets import decode, decode_header
from dialogue.language.mail import Split, split_reply
from dialogue.language.reports import Bounce

__all__ = ["Attachment", "Bounce", "Message", "read"]

_ID = re.compile(r"<[^<>\s]{1,990}>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\]{1,64}@[^\s<>()\[\],;:\"\\]{1,255}")
#: A subject that says that the mail was passed on, not answered.
_FORWARD = re.compile(r"^\s*(?:\[[^\]]*\]\s*)*(?:tr|fwd?|wg|i|transf(?:ert)?)\s*:", re.IGNORECASE)
#: No mail program nests so deep; the parser of Python would spend minutes on it.
_TOO_MANY_BOUNDARIES = 200
_LAST_REFERENCES = 50


@dataclass(frozen=True)
class Message:
    """A mail, read. Addresses are in lower case; `to` holds To, Cc and what the servers noted (Delivered-To…).

    `auto` says what no person wrote: "auto_reply" (absence, receipt), "bounce" (then `bounce` tells whose), "list" (a list or
    mass mailing); "" otherwise, and for an answer to an invitation, which a person gave. `calendar` is the invitation or the
    answer, `calendar_method` its METHOD in capitals. Identifiers keep their < >.
    """

    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    to: tuple[str, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    calendar: bytes | None = None
    calendar_method: str = ""
    auto: str = ""
    bounce: Bounce | None = None
    return_path: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def is_forward(self) -> bool:
        """Passed on, as its subject says: what it carries is what its sender wanted to show."""
        return bool(_FORWARD.match(self.subject))

    def split(self) -> Split:
        """What the sender typed, and the rest (see `mail.split_reply`)."""
        return split_reply(self.text, author=self.sender_name, forwarded=self.is_forward)

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header, decoded, in the order of the mail; none when it is absent."""
        return tuple(value for key, value in self.headers if key == name.lower())


def read(raw: bytes) -> Message:
    """Read a mail, well made or not; what cannot be understood as a mail is its text."""
    try:
        if raw.lower().count(b"boundary=") > _TOO_MANY_BOUNDARIES:
            return _headers_only(raw)
        return _message(email.message_from_bytes(raw))
    except Exception:  # noqa: BLE001 (a mail accepted is never lost: what a parser cannot follow is shown as text)
        return _headers_only(raw)


def _message(part: Part) -> Message:
    headers = _headers(part)
    body = bodies.read(part)
    bounce = reports.bounce_of(part, headers, body.text)
    auto = reports.auto_of(part, headers, bounce)
    if auto == "auto_reply" and body.calendar_method == "REPLY":
        # Google and Exchange mark as automatic the answer that a person gave with a button.
        auto = ""
    sender_name, sender = _sender(headers)
    return Message(
        subject=_first(headers, "subject"),
        sender=sender,
        sender_name=sender_name,
        to=_recipients(headers),
        message_id=_id(_first(headers, "message-id")),
        in_reply_to=_id(_first(headers, "in-reply-to")),
        references=tuple(_ID.findall(_first(headers, "references")))[-_LAST_REFERENCES:],
        date=_date(_first(headers, "date")),
        text=body.text,
        html=body.html,
        attachments=body.attachments,
        calendar=body.calendar,
        calendar_method=body.calendar_method,
        auto=auto,
        bounce=bounce,
        return_path=_first(headers, "return-path"),
        headers=headers,
    )


def _headers_only(raw: bytes) -> Message:
    """The mail without its structure: headers read one by one, all the rest is text."""
    head, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    try:
        headers = _headers(email.message_from_bytes(head[:100_000] + b"\n\n"))
    except Exception:  # noqa: BLE001 (as above)
        headers = ()
    sender_name, sender = _sender(headers)
    return Message(
        subject=_first(headers, "subject"),
        sender=sender,
        sender_name=sender_name,
        to=_recipients(headers),
        message_id=_id(_first(headers, "message-id")),
        text=decode(body if headers else raw).strip(),
        return_path=_first(headers, "return-path"),
        headers=headers,
    )


def _headers(part: Part) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), decode_header(str(value))) for name, value in part.raw_items())


def _first(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for key, value in headers if key == name and value), "")


def _sender(headers: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """(name, address). Without From: Sender, then the envelope's. A name that is only the address is no name."""
    for header in ("from", "sender", "return-path"):
        value = _first(headers, header)
        found = _ADDRESS.findall(value)
        if found:
            # The last one: "jean@a.example" <jean@b.example> is written by b.
            address = found[-1]
            name = value.rpartition(address)[0].rstrip(" <(").strip(" \"'")
            after = value.rpartition(address)[2].strip(" <>\"'()")
            name = " ".join((name or after).replace('\\"', '"').split())
            return ("" if _ADDRESS.fullmatch(name) else name), address.lower()
    return "", ""


def _recipients(headers: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    names = {"to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to"}
    found = [address.lower() for key, value in headers if key in names for address in _ADDRESS.findall(value)]
    return tuple(dict.fromkeys(found))


def _id(value: str) -> str:
    found = _ID.search(value)
    return found[0] if found else value.strip()[:990]


def _date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment
