"""French non-breaking spaces, placed when a page is finished: nobody has to type them (design.md §6)."""

from __future__ import annotations

import re

NBSP, THIN = "\u00a0", "\u202f"
SEAM = "\0"

# What is not text: comments, elements kept as typed, tags. One split, done by the regex engine.
_MARKUP = re.compile(
    r"(<!--.*?-->|<(?:script|style|textarea|pre|code)\b.*?</(?:script|style|textarea|pre|code)>|<[^>]*>)", re.DOTALL
)
_KEPT = ("<!--", "<script", "<style", "<textarea", "<pre", "<code")
# Each pattern begins with the space itself: the regex engine then jumps from space to space.
_ATTRIBUTE = re.compile(r'( (?:title|aria-label|alt|placeholder)=")([^"]* [^"]*)')
_NARROW = re.compile(
    r" (?:(?=[;!?])"
    r"|(?<=\d )(?<!\d{4} )(?=\d{3}(?!\d)))"  # thousands; a phone number has groups of two, a year four digits
)
_FULL = re.compile(
    r" (?:(?=[:»])|(?<=« )"
    r"|(?<=\d )(?=(?:h|min|km|kg|m|ko|Mo|Go)\b|[%€])|(?<=\d[ \u00a0]h )(?=\d\d\b)"
    r"|(?<=[nN]° )(?=\d))"
)
# A straight apostrophe between letters, as other people's templates and translations have it.
_APOSTROPHE = re.compile(r"'(?<=[^\W\d_]')(?=[^\W\d_])")


def spaced(text: str) -> str:
    """`text` (no markup) with the non-breaking spaces of French typography.

    Narrow before `; ! ?` and between thousands; full before `:` and inside « », between a number and its unit ("14 h 30",
    "5 km"), after "n°". A straight apostrophe between two letters becomes a typographic one.
    """
    return _APOSTROPHE.sub("’", _FULL.sub(NBSP, _NARROW.sub(THIN, text)))


def spaced_page(page: str) -> str:
    """The same for the text of an HTML page, and for the attributes that are read: title, aria-label, alt, placeholder."""
    if SEAM in page:
        return page
    pieces = _MARKUP.split(page)
    # All pieces at once, sewn with a character that no page holds: a few passes of the regex engine, not thousands of calls.
    pieces[::2] = spaced(SEAM.join(pieces[::2])).split(SEAM)
    tags = [i for i in range(1, len(pieces), 2) if '="' in pieces[i] and not pieces[i].startswith(_KEPT)]
    sewn = _ATTRIBUTE.sub(lambda found: found[1] + spaced(found[2]), SEAM.join([pieces[i] for i in tags]))
    for i, tag in zip(tags, sewn.split(SEAM), strict=False):
        pieces[i] = tag
    return "".join(pieces)
