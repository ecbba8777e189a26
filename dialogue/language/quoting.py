"""Where the mail that is answered begins: what French mail programs write above it. Used by `mail`.

Every pattern reads `plain` lines: ordinary spaces, straight apostrophes, no accent, no stars around bold words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:er)?\s+(?:janv|fev|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec|jan|feb|mar|apr|may|jun|jul|aug|sep|dec)"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2})"
)
_TIME = r"(?:\d{1,2}\s?(?::|h)\s?\d{2})"
_WROTE = r"(?:a ecrit|wrote|ecrivait|a repondu|ha scritto|schrieb|escribio)"
_ATTRIBUTIONS = [
    re.compile(rf"^(?:le|en date du|on)\b.{{0,60}}?{_DATE}.{{0,260}}\b{_WROTE}\s*(?:ceci|ce qui suit)?\s*:?\s*$", re.IGNORECASE),
    # "Marie Durand <m@x.example> a écrit :", with a date after or without.
    re.compile(rf"^.{{0,120}}\S+@\S+.{{0,60}}\b{_WROTE}\b.{{0,80}}:\s*$", re.IGNORECASE),
    re.compile(rf"^.{{1,120}}\b{_WROTE}\s+(?:le|on)\b.{{0,40}}{_DATE}.{{0,60}}:\s*$", re.IGNORECASE),
    re.compile(rf"^(?:le\s)?.{{0,40}}{_DATE}.{{0,60}}{_TIME}.{{0,120}}<\S+@\S+>\s*:\s*$", re.IGNORECASE),
]
_ADDRESS = re.compile(r"\S+@\S+")
_BARS = r"[-_=*–— ]{2,}"
_ORIGINAL = re.compile(
    rf"^{_BARS}\s?(?:message d'origine|message original|mail original|message initial|courriel original|e-?mail d'origine"
    rf"|original message"
    rf"|message de|reponse a)\b.{{0,80}}?{_BARS}?$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    rf"^(?:{_BARS}\s?(?:message transfere|forwarded message|message reexpedie|mail transfere|message suivi)"
    rf"\b.{{0,60}}?{_BARS}?|debut du message (?:reexpedie|transfere)\s*:|begin forwarded message\s*:)\s*$",
    re.IGNORECASE,
)
_MESSAGE_OF = re.compile(rf"^message du\s*:?\s*{_DATE}\b.{{0,40}}$", re.IGNORECASE)
_CUT = re.compile(
    r"^\W{0,12}(?:ecrivez votre reponse au-?\s?dessus de cette ligne|repondez au-?\s?dessus de cette ligne"
    r"|(?:please )?(?:write|type) your (?:reply|answer) above this line|reply above this line)\W{0,12}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[_=-]{10,}$")
_FROM = "de|from|expediteur|von|da"
_OTHERS = {
    "date": "envoye(?: le)?|date|sent|date d'envoi|gesendet",
    "to": "a|to|pour|destinataires?|an",
    "copy": "cc|copie(?: a)?|cci|bcc",
    "subject": "objet|sujet|subject|betreff",
    "reply": "repondre a|reply-to|importance|priorite|pieces? jointes?|attachments?",
}
_KEYS = {"from": _FROM, **_OTHERS}
_KEY_LINE = re.compile(
    "^(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _KEYS.items()) + r")\s?:(?:\s|$)", re.IGNORECASE
)
_ONE_LINE = re.compile(
    rf"^(?:{_FROM})\s?: .{{1,200}}? (?:{_OTHERS['date']})\s?: .{{1,100}}?"
    rf" (?:{_OTHERS['to']})\s?: .{{1,600}}? (?:{_OTHERS['subject']})\s?:",
    re.IGNORECASE,
)
#: Lines that are enough by themselves.
_ALONE = [(_CUT, "cut"), (_FORWARDED, "forward"), (_ORIGINAL, "header"), (_MESSAGE_OF, "header"), (_ONE_LINE, "header")]
_ANY_KEY = re.compile(r"^[^\W\d_][^:\n]{0,24}\s?:\s+\S")
_SPACES = re.compile(r"\s+")
#: Header lines of one block, wrapped lists of addresses included; wrapped lines of an attribution.
_BLOCK_REACH, _WRAPPED = 14, 4
_QUOTED = re.compile(r"^\s*>")


@dataclass(frozen=True)
class Mark:
    """What stands above a quote: the lines up to `end` (excluded). `kind`: "attribution", "header", "cut", "forward"."""

    end: int
    kind: str


def is_quoted(line: str) -> bool:
    return bool(_QUOTED.match(line))


def plain(line: str) -> str:
    """The line as patterns read it."""
    if not line.isascii():
        line = "".join(sign for sign in unicodedata.normalize("NFD", line.replace("’", "'")) if not unicodedata.combining(sign))
    return _SPACES.sub(" ", line.replace("*", "")).strip()


def mark_at(lines: list[str], start: int) -> Mark | None:
    """The mark that begins at line `start` (all lines being `plain`), or None."""
    line = lines[start]
    if not line or is_quoted(line):
        return None
    if _RULE.match(line):
        return _under_rule(lines, start)
    for pattern, kind in _ALONE:
        if pattern.match(line):
            return Mark(start + 1 if kind == "cut" else _end_of_header(lines, start + 1), kind)
    end = _header_block(lines, start)
    return Mark(end, "header") if end else _attribution(lines, start)


def _under_rule(lines: list[str], start: int) -> Mark | None:
    following = _next(lines, start + 1)
    if following >= len(lines) or following > start + 3:
        return None
    line = lines[following]
    if _MESSAGE_OF.match(line) or _ONE_LINE.match(line) or _header_block(lines, following):
        return Mark(_end_of_header(lines, following), "header")
    # Headers in a language that we do not list, under the line that Outlook draws.
    keys = [line for line in lines[following : following + 4] if _ANY_KEY.match(line)]
    if len(keys) >= 3 and any(_ADDRESS.search(line) for line in keys):  # noqa: PLR2004 (from, date, subject)
        return Mark(following + len(keys), "header")
    return _attribution(lines, following)


def _next(lines: list[str], start: int) -> int:
    while start < len(lines) and not lines[start]:
        start += 1
    return start


def _header_block(lines: list[str], start: int) -> int:
    """The end of the block "De : / Envoyé : / À : / Objet :" that begins here; 0 when there is none."""
    first = _KEY_LINE.match(lines[start])
    if first is None or first.lastgroup in {"copy", "reply"}:
        return 0
    keys, last = set(), start
    place, blanks = start, 0
    while place < min(len(lines), start + _BLOCK_REACH):
        found = _KEY_LINE.match(lines[place])
        if found:
            keys.add(found.lastgroup)
            last, blanks = place, 0
        elif not lines[place]:
            blanks += 1
            if blanks > 1 or {"from", "subject"} <= keys:
                break
        elif blanks or not _goes_on(lines[place]):
            break
        place += 1
    is_block = "from" in keys and {"date", "to"} & keys and len(keys) >= 3  # noqa: PLR2004
    if not is_block:
        return 0
    # The last header may be wrapped: an object of two lines.
    return last + 1


def _goes_on(line: str) -> bool:
    """A list of addresses, or an object, wrapped on a second line."""
    return bool(_ADDRESS.search(line)) or line.endswith((";", ",")) or line.startswith("<")


def _end_of_header(lines: list[str], start: int) -> int:
    """After a line "Message d'origine", its headers if they are there."""
    first = _next(lines, start)
    if first < len(lines) and first <= start + 2:
        place = first
        while place < min(len(lines), first + _BLOCK_REACH) and lines[place] and _ANY_KEY.match(lines[place]):
            place += 1
        return max(place, _header_block(lines, first)) if place > first else start
    return start


def _attribution(lines: list[str], start: int) -> Mark | None:
    joined = ""
    for end in range(start, min(len(lines), start + _WRAPPED)):
        if not lines[end] or is_quoted(lines[end]):
            return None
        joined = f"{joined} {lines[end]}".strip()
        if any(pattern.match(joined) for pattern in _ATTRIBUTIONS):
            # Without a quote below, a sentence of the mail ("Le 3 mars, le maire a écrit :") must not look like one.
            below = _next(lines, end + 1)
            is_sure = bool(_ADDRESS.search(joined) or re.search(_TIME, joined))
            if is_sure or (below < len(lines) and is_quoted(lines[below])):
                return Mark(end + 1, "attribution")
            return None
    return None
