"""A mail as it came over the wire, read whatever its shape: charsets that lie, parts that break, reports, calendars."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.header import decode_header
from email.message import Message as Raw
from email.utils import getaddresses, parsedate_to_datetime

from dialogue.language.mail import text_of_html

_IDS = re.compile(r"<[^<>\s]{3,250}>")
_OUT_OF_OFFICE = re.compile(
    r"^\s*(?:r[ée]ponse automatique|absence|absent(?:e)? du bureau|message d[’']absence|notification d[’']absence|out of office|automatic reply|auto(?:matic)?[- ]?reply|"
    r"je suis (?:actuellement )?absent)",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"^\s*(?:undeliver|delivery status notification|mail delivery (?:failed|subsystem)|returned mail|failure notice|non remis|[ée]chec de (?:la )?remise|"
    r"avis de non[- ]remise|message non distribu|d[ée]livrance impossible)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}$")
#: An image of a signature: named by nobody, shown in the text, small.
_TINY = 60_000


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    data: bytes
    inline: bool


@dataclass(frozen=True)
class Bounce:
    """What a delivery report says (RFC 3464): `status` such as "5.1.1", `original_id` the Message-ID of what did not arrive."""

    recipient: str
    status: str
    reason: str
    original_id: str


@dataclass(frozen=True)
class Message:
    """A mail, read. `auto`: "" or "auto_reply", "bounce", "list". Texts have `\\n` lines; dates are aware or None."""

    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    to: tuple[str, ...] = ()
    message_id: str = ""
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    calendar: bytes | None = None
    auto: str = ""
    bounces: tuple[Bounce, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def read(raw: bytes) -> Message:
    """Reads any bytes; never raises. What cannot be understood is left empty."""
    try:
        parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    except Exception:  # noqa: BLE001  the parser has met everything, but a mail must never stop the others
        return Message(text=decode(raw, ""))
    texts: list[str] = []
    htmls: list[str] = []
    files: list[Attachment] = []
    calendars: list[bytes] = []
    _walk(parsed, texts, htmls, files, calendars)
    sender_name, sender = _address(_header(parsed, "From"))
    html = "\n".join(htmls)
    text = "\n".join(texts)
    if htmls and (not text.strip() or _is_stub(text)):
        text = text_of_html(html)
    subject = _header(parsed, "Subject")
    bounces = _bounces(parsed, text)
    return Message(
        subject=subject,
        sender=sender,
        sender_name=sender_name,
        to=tuple(
            address.lower() for _name, address in _addresses(parsed, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
        ),
        message_id=next(iter(_IDS.findall(_header(parsed, "Message-ID"))), _header(parsed, "Message-ID")[:250]),
        references=tuple(dict.fromkeys(_IDS.findall(f"{_header(parsed, 'In-Reply-To')} {_header(parsed, 'References')}"))),
        date=_date(_header(parsed, "Date")),
        text=text,
        html=html,
        attachments=tuple(files),
        calendar=calendars[0] if calendars else None,
        auto=_automatic(parsed, subject, bounces),
        bounces=bounces,
        headers={name.lower(): _header(parsed, name)[:1000] for name in dict.fromkeys(parsed.keys())},
    )


def decode(data: bytes, charset: str) -> str:
    """Text of bytes whose charset may be absent or wrong: the one said if it fits, UTF-8, else that of French Windows."""
    for name in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(name or "utf-8")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode("latin-1")


def _walk(part: Raw, texts: list[str], htmls: list[str], files: list[Attachment], calendars: list[bytes], depth: int = 0) -> None:
    kind = part.get_content_type()
    if kind == "message/rfc822" and depth:
        inside = part.get_payload()
        data = inside[0].as_bytes() if isinstance(inside, list) and inside and isinstance(inside[0], Raw) else b""
        files.append(Attachment("message.eml", kind, data, inline=False))
        return
    if part.is_multipart():
        payload = part.get_payload()
        for each in payload if isinstance(payload, list) else []:
            if isinstance(each, Raw) and depth < 20:
                _walk(each, texts, htmls, files, calendars, depth + 1)
        return
    data = _payload(part)
    name = _filename(part)
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    if kind == "text/calendar" or (kind == "application/ics" and not calendars):
        calendars.append(data)
    elif kind == "text/plain" and not attached and not name:
        texts.append(_flowed(part, decode(data, _charset(part))))
    elif kind == "text/html" and not attached and not name:
        htmls.append(decode(data, _charset(part)))
    elif kind.startswith(("multipart/", "message/delivery", "text/rfc822")) or not data:
        return
    else:
        inline = not attached and bool(part.get("Content-ID")) and kind.startswith("image/")
        files.append(
            Attachment(name or f"piece-jointe.{kind.rpartition('/')[2][:10]}", kind, data, inline=inline and len(data) < _TINY)
        )


def _payload(part: Raw) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001  encodings that lie
        data = None
    return data if isinstance(data, bytes) else b""


def _charset(part: Raw) -> str:
    try:
        return str(part.get_content_charset() or "").strip("'\" ")
    except Exception:  # noqa: BLE001
        return ""


def _flowed(part: Raw, text: str) -> str:
    """RFC 3676: lines that end with a space go on."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "") or "").lower() != "flowed":
        return text
    joined: list[str] = []
    for line in text.split("\n"):
        kept = line.removeprefix(" ")
        if joined and joined[-1].endswith(" ") and joined[-1] != "-- " and joined[-1].startswith(">") == kept.startswith(">"):
            joined[-1] += kept.lstrip("> ") if kept.startswith(">") else kept
        else:
            joined.append(kept)
    return "\n".join(joined)


def _is_stub(text: str) -> bool:
    """What some readers put beside an HTML mail: "this mail is in HTML"."""
    return (
        len(text.strip()) < 200
        and bool(re.search(r"\bHTML\b", text))
        and bool(re.search(r"format|lecteur|messagerie|viewer|client", text, re.IGNORECASE))
    )


def _header(part: Raw, name: str) -> str:
    """A header in words, whatever encodings it mixes (RFC 2047), raw bytes included."""
    try:
        value = part.get(name)
        if value is None:
            return ""
        pieces = decode_header(value)
    except Exception:  # noqa: BLE001
        return ""
    told = []
    for piece, charset in pieces:
        if isinstance(piece, bytes):
            told.append(decode(piece, "" if charset in {None, "unknown-8bit"} else str(charset)))
        else:
            told.append(
                piece.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
                if "\udc80" <= max(piece, default="") <= "\udcff"
                else piece
            )
    return " ".join("".join(told).replace("\x00", "").split())


def _filename(part: Raw) -> str:
    try:
        name = part.get_filename()
    except Exception:  # noqa: BLE001
        name = None
    if not name:
        return ""
    try:
        return "".join(
            decode(piece, str(charset or "")) if isinstance(piece, bytes) else piece for piece, charset in decode_header(name)
        )[:200]
    except Exception:  # noqa: BLE001
        return str(name)[:200]


def _addresses(part: Raw, *names: str) -> list[tuple[str, str]]:
    values = [_header(part, name) for name in names]
    try:
        return [(name, address) for name, address in getaddresses([value for value in values if value]) if "@" in address]
    except Exception:  # noqa: BLE001
        return []


def _address(value: str) -> tuple[str, str]:
    try:
        found = [(name, address) for name, address in getaddresses([value]) if "@" in address]
    except Exception:  # noqa: BLE001
        found = []
    if not found:
        loose = re.search(r"[\w.+-]+@[\w.-]+", value)
        return "", loose[0].lower() if loose else ""
    return " ".join(found[0][0].split())[:200], found[0][1].lower()[:254]


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except Exception:  # noqa: BLE001
        return None
    return moment if moment.tzinfo else None


def _automatic(part: Raw, subject: str, bounces: tuple[Bounce, ...]) -> str:
    """RFC 3834, and what French servers do without it."""
    said = _header(part, "Auto-Submitted").lower()
    if bounces or part.get_content_type() == "multipart/report":
        return "bounce"
    if _header(part, "Return-Path") == "<>" or re.match(r"^(?:mailer-daemon|postmaster)@", _address(_header(part, "From"))[1]):
        return "bounce" if _BOUNCE_SUBJECT.match(subject) else "auto_reply"
    if said and said != "no":
        return "auto_reply"
    if any(
        part.get(name)
        for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress-Reply", "X-MS-Exchange-Inbox-Rules-Loop")
    ):
        return "auto_reply"
    if _header(part, "Precedence").lower() in {"auto_reply", "auto-reply"} or _OUT_OF_OFFICE.match(subject):
        return "auto_reply"
    if _header(part, "Precedence").lower() in {"bulk", "list", "junk"} or part.get("List-Id"):
        return "list"
    return ""


def _bounces(part: Raw, text: str) -> tuple[Bounce, ...]:
    if part.get_content_type() != "multipart/report" and not _BOUNCE_SUBJECT.match(_header(part, "Subject")):
        return ()
    found, original = [], ""
    for each in part.walk():
        kind = each.get_content_type()
        if kind == "message/delivery-status":
            blocks = each.get_payload()
            for block in _parts(blocks):
                recipient = _header(block, "Final-Recipient") or _header(block, "Original-Recipient")
                if recipient:
                    status = _header(block, "Status").split(" ")[0]
                    address = recipient.rpartition(";")[2].strip().strip("<>").lower()
                    found.append(
                        (
                            address,
                            status if _STATUS.match(status) else "5.0.0",
                            _header(block, "Diagnostic-Code")[:500],
                            _header(block, "Action").lower(),
                        )
                    )
        elif kind in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            original = original or _original_id(each)
    original = original or next(iter(re.findall(r"^Message-I[Dd]:\s*(<[^>]+>)", text, re.MULTILINE)), "")
    if not found and (loose := re.search(r"[\w.+-]+@[\w.-]+\.\w+", text)):
        code = re.search(r"\b([45]\.\d\.\d{1,3})\b", text)
        found.append((loose[0].lower(), code[1] if code else "5.0.0", " ".join(text.split())[:300], "failed"))
    return tuple(
        Bounce(address, status, reason, original)
        for address, status, reason, action in found
        if action not in {"delayed", "delivered", "relayed"}
    )


def _parts(payload: object) -> list[Raw]:
    return [each for each in payload if isinstance(each, Raw)] if isinstance(payload, list) else []


def _original_id(part: Raw) -> str:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Raw):
        return next(iter(_IDS.findall(_header(payload[0], "Message-ID"))), "")
    return next(iter(re.findall(r"^Message-I[Dd]:\s*(<[^>]+>)", decode(_payload(part), ""), re.MULTILINE)), "")
