"""Plain text with the little structure that people give it: paragraphs, and lists of lines that begin with a dash.

Notes, comments and mails are kept as plain text: nothing to sanitise, the same source for page, mail and PDF.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

_BULLET = re.compile(r"^\s*[-–—•*·]\s+")
_BLANK = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True)
class Paragraph:
    """`lines` are to be kept apart (a verse, an address)."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """One entry a line."""

    entries: tuple[str, ...]


Block = Paragraph | Bullets


def parse(text: str) -> list[Block]:
    """The blocks of a text, in order; no empty one. Every word of the text is in exactly one of them."""
    blocks: list[Block] = []
    for part in _BLANK.split(text.replace("\r\n", "\n").replace("\r", "\n")):
        for is_list, lines in itertools.groupby(_lines(part), key=lambda line: bool(_BULLET.match(line))):
            kept = tuple(_BULLET.sub("", line).strip() for line in lines)
            blocks.append(Bullets(kept) if is_list else Paragraph(kept))
    return blocks


def _lines(part: str) -> list[str]:
    return [line for line in part.split("\n") if line.strip()]
