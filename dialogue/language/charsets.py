"""Bytes of mails made text, whatever their charset says or does not say. Pure Python, no Django; nothing here raises."""

from __future__ import annotations

import binascii
import re
import unicodedata

#: Names that Python does not know.
_NAMES = {
    "x-mac-roman": "mac_roman",
    "x-macroman": "mac_roman",
    "macintosh": "mac_roman",
    "x-unknown": "",
    "unknown-8bit": "",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
}
#: Western charsets that are declared for one another. Browsers too read windows-1252 where latin-1 is said: the signs that
#: differ (’ « œ €) are control characters in latin-1, which no mail carries.
_LATIN = {
    "",
    "ascii",
    "us-ascii",
    "ansi_x3.4-1968",
    "iso-8859-1",
    "latin-1",
    "latin1",
    "iso8859-1",
    "l1",
    "cp1252",
    "windows-1252",
}
_SINGLE_BYTE = _LATIN | {"iso-8859-15", "latin-9", "iso8859-15", "mac_roman"}
_FRENCH = frozenset("éèêëàâçùûîïôœÉÈÊÀÂÇÔŒ’‘“”«»–—…€°\u00a0")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


def clean(text: str) -> str:
    """Without control characters (PostgreSQL refuses NUL) and lone surrogates; line ends are ``\\n``; composed accents."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\x85", "\n")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`: the charset declared, unless the bytes say that it lies; never raises, never drops a byte in silence."""
    ""
    name = _NAMES.get(declared.strip(" \"'").lower(), declared.strip(" \"'").lower())
    if name in _SINGLE_BYTE:
        # Accents that are valid UTF-8 are no accident: two Latin signs hardly ever follow each other that way.
        as_utf8 = _strict(data, "utf-8")
        if as_utf8 is not None:
            return clean(as_utf8)
        if name in _LATIN:
            return clean(_guess(data))
    exact = _strict(data, name) if name else None
    return clean(exact if exact is not None else _guess(data))


def decode_header(raw: str) -> str:
    """A header's text: RFC 2047 words of any charset, split anywhere, or raw bytes that nobody declared; on one line."""
    raw = _BETWEEN_WORDS.sub(r"\1", raw)
    pieces: list[tuple[str, bytes]] = []
    done = 0
    for found in _WORD.finditer(raw):
        if found.start() > done:
            pieces.append((":", _bytes_of(raw[done : found.start()])))
        charset, data = found[1].lower(), _word_bytes(found[2], found[3])
        if pieces and pieces[-1][0] == charset:
            # A sign of several bytes may be cut between two words.
            pieces[-1] = (charset, pieces[-1][1] + data)
        else:
            pieces.append((charset, data))
        done = found.end()
    pieces.append((":", _bytes_of(raw[done:])))
    text = "".join(decode(data, "" if charset == ":" else charset) for charset, data in pieces)
    return " ".join(text.split())


def _word_bytes(encoding: str, text: str) -> bytes:
    data = _bytes_of(text)
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b" "), header=False)
    bare = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    # A count of signs that is impossible (4n + 1) has one too many.
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    try:
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return data


def _bytes_of(text: str) -> bytes:
    """What the parser read as text, as bytes again (it keeps bytes above 127 as surrogates)."""
    try:
        return text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (LookupError, ValueError, AssertionError):
        return None


def _guess(data: bytes) -> str:
    """UTF-8 when it is, else Windows or old Mac, whichever makes more French of it."""
    exact = _strict(data, "utf-8")
    if exact is not None:
        return exact
    # The five bytes that windows-1252 leaves empty are control characters in latin-1.
    windows = (
        "".join(_strict(bytes([byte]), "cp1252") or chr(byte) for byte in data) if _has_holes(data) else data.decode("cp1252")
    )
    mac = data.decode("mac_roman")
    return mac if _frenchness(mac) > _frenchness(windows) else windows


def _has_holes(data: bytes) -> bool:
    return any(hole in data for hole in b"\x81\x8d\x8f\x90\x9d")


def _frenchness(text: str) -> int:
    """Signs of French less signs that it does not write."""
    return sum(1 if sign in _FRENCH else -1 for sign in text if ord(sign) > 127)  # noqa: PLR2004 (beyond ASCII)
