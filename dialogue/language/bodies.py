"""The parts of a mail: its text, its HTML, its attachments, its invitation. Used by `mime`. Pure Python, no Django."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Part

from dialogue.language.charsets import clean, decode, decode_header
from dialogue.language.markup import text_of_html

#: Beyond, parts are no longer opened.
_MOST_PARTS = 500
_DEEPEST = 40
#: An image of a few kilobytes that a program named: the logo of a signature.
_TINY = 12_000
_NAMED_BY_PROGRAM = re.compile(
    r"^(?:image|img|outlook|attachment|pastedgraphic|logo|facebook|twitter|linkedin|instagram|youtube|signature)[\w@. -]{0,50}$",
    re.IGNORECASE,
)
_STUB = re.compile(
    r"(?:ne (?:supporte|prend|g[eè]re|lit|permet) pas|does not support|n[' ]affiche pas|version html|format html"
    r"|html (?:mail|version)"
    r"|multi-?part message|message en plusieurs parties|afficher ce message|visualis\w+ correctement)",
    re.IGNORECASE,
)
_METHOD = re.compile(rb"^METHOD:\s*([A-Za-z]+)", re.MULTILINE | re.IGNORECASE)
_SIGNATURE_TYPES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_LONGEST_NAME = 150


@dataclass(frozen=True)
class Attachment:
    """A file of the mail. `inline`: shown in the text (the logo of a signature), not something that the sender joined."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    inline: bool = False


@dataclass(frozen=True)
class Body:
    """What the parts say together. `html` is as it came: never to be shown as it is."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]
    calendar: bytes | None
    calendar_method: str


@dataclass
class _Gathered:
    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    files: list[tuple[Part, bytes]] = field(default_factory=list)
    calendars: list[tuple[bytes, str]] = field(default_factory=list)
    opened: int = 0


def read(root: Part) -> Body:
    """Walk through the parts in reading order."""
    gathered = _Gathered()
    _walk(root, gathered, 0)
    html = "\n".join(gathered.pages)
    calendar, method = gathered.calendars[0] if gathered.calendars else (None, "")
    files: list[Attachment] = []
    for part, data in gathered.files:
        kind = part.get_content_type()
        if kind in {"application/ics", "text/calendar"} and calendar is None:
            calendar, method = data, _method(part, data)
        elif calendar is None or data.strip() != calendar.strip():
            files.append(_attachment(part, data, html, len(files) + 1))
    text = "\n\n".join(text.strip("\n") for text in gathered.texts if text.strip())
    return Body(text, html, tuple(files), calendar, method)


def _walk(part: Part, gathered: _Gathered, depth: int) -> None:
    gathered.opened += 1
    if gathered.opened > _MOST_PARTS or depth > _DEEPEST:
        return
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _alternative(part, gathered, depth)
    elif kind == "message/rfc822":
        gathered.files.append((part, _enclosed(part)))
    elif kind.startswith("message/") and kind != "message/partial":
        return  # reports, read elsewhere
    elif part.is_multipart():
        for inner in _parts(part):
            _walk(inner, gathered, depth + 1)
    else:
        _leaf(part, kind, gathered)


def _leaf(part: Part, kind: str, gathered: _Gathered) -> None:
    data = payload(part)
    is_file = part.get_content_disposition() == "attachment" or bool(name_of(part))
    if kind == "text/calendar" and part.get_content_disposition() != "attachment":
        gathered.calendars.append((data, _method(part, data)))
    elif kind == "text/html" and not is_file:
        page = decode(data, _charset(part, data))
        gathered.pages.append(page)
        gathered.texts.append(text_of_html(page))
    elif kind.startswith(("text/plain", "text/enriched", "multipart/")) and not is_file:
        gathered.texts.append(_plain(part, data))
    elif kind == "text/rfc822-headers":
        return
    elif data or is_file:
        gathered.files.append((part, data))


def _alternative(part: Part, gathered: _Gathered, depth: int) -> None:
    """One thing said several ways: the plain text, unless it says nothing; files and invitations of every branch."""
    plain, rich = _Gathered(opened=gathered.opened), _Gathered(opened=gathered.opened)
    for inner in _parts(part):
        _walk(inner, rich if _holds_html(inner, 0) else plain, depth + 1)
    plain_text, rich_text = "\n\n".join(plain.texts), "\n\n".join(rich.texts)
    gathered.texts += rich.texts if _is_stub(plain_text, rich_text) else plain.texts
    gathered.pages += rich.pages
    gathered.files += plain.files + rich.files
    gathered.calendars += plain.calendars + rich.calendars
    gathered.opened += plain.opened + rich.opened - 2 * gathered.opened


def _holds_html(part: Part, depth: int) -> bool:
    if part.get_content_type() == "text/html":
        return True
    return part.is_multipart() and depth < _DEEPEST and any(_holds_html(inner, depth + 1) for inner in _parts(part)[:_MOST_PARTS])


def _is_stub(plain: str, rich: str) -> bool:
    """Nothing; or a few words that send to the other part."""
    plain_words, rich_words = len(plain.split()), len(rich.split())
    if plain_words == 0 or rich_words == 0:
        return rich_words > 0
    return bool(plain_words < 40 and plain_words < rich_words and _STUB.search(plain.replace("’", "'"))) or (  # noqa: PLR2004
        # A plain part that lost its text: a few words where the page has a hundred.
        plain_words * 10 < rich_words and rich_words > 60  # noqa: PLR2004
    )


def _parts(part: Part) -> list[Part]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Part)] if isinstance(inner, list) else []


def payload(part: Part) -> bytes:
    """The bytes of a leaf, transfer encoding undone; what is not encoded as it says is given as it is."""
    try:
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 (uuencode, unknown encodings: a dozen ways to fail)
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return data if isinstance(data, bytes) else b""


def _enclosed(part: Part) -> bytes:
    inner = part.get_payload()
    try:
        return b"\r\n".join(one.as_bytes() for one in _parts(part)) if isinstance(inner, list) else payload(part)
    except Exception:  # noqa: BLE001 (a mail that cannot be written again as it was)
        return str(part).encode("utf-8", "replace")


def _plain(part: Part, data: bytes) -> str:
    text = decode(data, _charset(part, data))
    if parameter(part, "format").lower() == "flowed":
        return unflowed(text, delsp=parameter(part, "delsp").lower() == "yes")
    return text


def _charset(part: Part, data: bytes) -> str:
    declared = parameter(part, "charset")
    if not declared and part.get_content_type() == "text/html":
        found = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{3,30})", data[:4000], re.IGNORECASE)
        return found[1].decode("ascii") if found else ""
    return declared


def unflowed(text: str, *, delsp: bool = False) -> str:
    """RFC 3676: a line that ends with a space goes on in the next one of the same depth of quoting."""
    lines: list[str] = []
    goes_on, depth_before = False, -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        if goes_on and depth == depth_before and words.rstrip() != "--":
            lines[-1] = (lines[-1][:-1] if delsp else lines[-1]) + words
        else:
            lines.append((">" * depth + " " if depth else "") + words)
        goes_on, depth_before = words.endswith(" ") and words != "-- ", depth
    return "\n".join(lines)


def parameter(part: Part, name: str, header: str = "content-type") -> str:
    """A parameter of a header, RFC 2231 or RFC 2047 or raw; "" when there is none."""
    try:
        value = _declared(part, header).get_param(name, header=header)
    except Exception:  # noqa: BLE001 (continuations numbered with anything)
        return ""
    if isinstance(value, tuple):
        charset, _language, words = value
        return decode(words.encode("latin-1", "replace"), charset or "") if isinstance(words, str) else ""
    return decode_header(value) if isinstance(value, str) else ""


def _declared(part: Part, header: str) -> Part:
    """The part itself; when the header holds bytes that nobody declared, a part whose header is their text."""
    raw = next((value for key, value in part.raw_items() if key.lower() == header), "")
    if not isinstance(raw, str) or raw.isascii():
        return part
    stand_in = Part()
    stand_in[header] = decode(raw.encode("utf-8", "surrogateescape"))
    return stand_in


def name_of(part: Part) -> str:
    """The name of the file, safe to write on a disk; "" when the part has none."""
    name = parameter(part, "filename", "content-disposition") or parameter(part, "name")
    name = _UNSAFE.sub("_", clean(name).replace("\n", " ").replace("\\", "/").rpartition("/")[2]).strip(" ._")
    if len(name) > _LONGEST_NAME:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: _LONGEST_NAME - len(extension) - 1]}{dot}{extension}" if len(extension) <= 8 else name[:_LONGEST_NAME]  # noqa: PLR2004
    return name


def _attachment(part: Part, data: bytes, html: str, number: int) -> Attachment:
    kind, name = part.get_content_type(), name_of(part)
    if kind == "message/rfc822" and not name:
        subject = next((decode_header(str(inner.get("subject", ""))) for inner in _parts(part)), "")
        name = (_UNSAFE.sub("_", subject).strip(" ._")[:100] or f"message-{number}") + ".eml"
    return Attachment(name or f"piece-jointe-{number}{_extension(kind)}", kind, data, _is_inline(part, kind, name, data, html))


def _is_inline(part: Part, kind: str, name: str, data: bytes, html: str) -> bool:
    if kind in _SIGNATURE_TYPES:
        return True
    if not kind.startswith("image/"):
        return False
    content_id = str(part.get("content-id", "")).strip(" <>\r\n\t")
    if content_id and f"cid:{content_id}" in html:
        # Shown in the text; but a photograph pasted there is what the sender wanted to show.
        return len(data) < 10 * _TINY or part.get_content_disposition() == "inline"
    return len(data) < _TINY and (not name or bool(content_id) or bool(_NAMED_BY_PROGRAM.match(name)))


def _extension(kind: str) -> str:
    return mimetypes.guess_extension(kind) or ".bin"


def _method(part: Part, data: bytes) -> str:
    found = _METHOD.search(data)
    return (found[1].decode("ascii") if found else parameter(part, "method")).upper()[:20]


def leaves(part: Part, depth: int = 0) -> Iterator[Part]:
    """Every part, containers too, those of enclosed mails apart."""
    yield part
    if depth < _DEEPEST and part.get_content_type() != "message/rfc822":
        for inner in _parts(part)[:_MOST_PARTS]:
            yield from leaves(inner, depth + 1)
