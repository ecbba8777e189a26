"""French non-breaking spaces, placed when a page is finished: nobody has to type them (design.md §6)."""

from __future__ import annotations

import re

NBSP, THIN = "\u00a0", "\u202f"

# What is not text: comments, elements kept as typed, tags. One split, done by the regex engine.
_MARKUP = re.compile(r"(<!--.*?-->|<(?:script|style|textarea|pre|code)\b.*?</(?:script|style|textarea|pre|code)>|<[^>]*>)", re.S)
_ATTRIBUTE = re.compile(r'(\b(?:title|aria-label|alt|placeholder)=")([^"]*)')
# A cheap look before working: most pieces of text need nothing.
_CANDIDATE = re.compile(r" [;!?:»]|« |\d [\dhk%€mMGo]|° \d")
_HIGH = re.compile(r" (?=[;!?])")
_WIDE = re.compile(
    r" (?=[:»])|(?<=«) "
    r"|(?<=\d) (?=h\b)|(?<=\d[ \u00a0]h) (?=\d\d\b)"
    r"|(?<=[nN]°) (?=\d)"
    r"|(?<=\d) (?=[%€]|(?:min|km|kg|m|ko|Mo|Go)\b)"
)
# Groups of three digits; a phone number or a list of years has groups of two or four.
_THOUSANDS = re.compile(r"(?<![\d,.])(?<!\d )\d{1,3}(?: \d{3})+(?! ?\d)")


def spaced(text: str) -> str:
    """`text` (no markup) with the non-breaking spaces of French typography.

    Narrow before `; ! ?` and between thousands; full before `:` and inside « », between a number and its unit ("14 h 30",
    "5 km"), after "n°".
    """
    if not _CANDIDATE.search(text):
        return text
    text = _THOUSANDS.sub(lambda found: found[0].replace(" ", THIN), text)
    return _WIDE.sub(NBSP, _HIGH.sub(THIN, text))


def spaced_page(page: str) -> str:
    """The same for the text of an HTML page, and for the attributes that are read: title, aria-label, alt, placeholder."""
    pieces = _MARKUP.split(page)
    pieces[::2] = [spaced(piece) if len(piece) > 1 else piece for piece in pieces[::2]]
    for place in range(1, len(pieces), 2):
        tag = pieces[place]
        if _CANDIDATE.search(tag) and tag[1] != "!" and not tag.startswith(("<script", "<style", "<pre", "<code", "<textarea")):
            pieces[place] = _ATTRIBUTE.sub(lambda found: found[1] + spaced(found[2]), tag)
    return "".join(pieces)
