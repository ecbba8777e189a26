"""What reading a table has in common, whatever the file: rows, what is wrong with them, why a file cannot be read, bounds.

Codes, never sentences: the room that imports words them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

#: Rows under the heading, columns, characters of one cell, rows of a spreadsheet file said once to stand for many.
MAX_ROWS, MAX_COLUMNS, MAX_CELL, MOST_REPEATED = 1_000_000, 500, 200_000, 10_000
#: As documents.judging: an office document that grows this much, or this many times, when opened is no document.
LARGEST_OPEN, STEEPEST, SMALLEST = 300_000_000, 200, 10_000

Kind = Literal["csv", "xlsx", "ods", "json"]
# Tab and line feed stay; PostgreSQL refuses NUL, XML the others. A byte-order mark inside a text is nothing either.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
#: Our own files and Decidim's write an apostrophe before what a spreadsheet would compute (formats.csv).
_DISARMED = re.compile("'(?=[ \u00a0]*[=+\\-@\t\n\r＝＋－＠])")


class Unreadable(Exception):
    """The file, or what is left of it, cannot be read as a table.

    `code` is one of: empty, not_a_table (`found`: pdf, image, html, xml, json, document, archive, binary), old_xls, password,
    bomb, damaged, too_many_rows (`most`), too_many_columns (`most`, `line`), line_too_long (`line`, `most`),
    broken_quotes (`line`: where the first one opens), no_such_sheet (`sheet`).
    """

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Problem(NamedTuple):
    """What a person should look at in a row that was read all the same.

    `code`: extra_cells (from `column` on, there is no heading), broken_quote (the quotes of the line were taken as they stand),
    lost_characters, cell_cut (at MAX_CELL), formula_without_value, error_value (#N/A, #REF!…), bad_date (no such day: the
    number is kept). `column` counts from 0; None: the whole row.
    """

    code: str
    column: int | None = None


class Row(NamedTuple):
    """`number`: as a person sees it in the spreadsheet; the first physical line in a CSV; the rank in a JSON array (from 1)."""

    number: int
    cells: list[str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """How a file is to be read. `encoding` and `delimiter` are "" but for a CSV; `sheets` are the visible ones, in order."""

    kind: Kind
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()


def without_controls(text: str) -> str:
    """The text without characters that say nothing to a reader."""
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


def tidy(text: str) -> str:
    """A cell: line ends are ``\\n``, no control character, no space around; the apostrophe that disarms a formula goes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = without_controls(text).strip()
    return rearmed(text) if text[:1] == "'" else text


def rearmed(text: str) -> str:
    """The text as it was before `formats.csv` made it harmless: "'=1+1" → "=1+1"; "'tis" stays."""
    return text[1:].strip() if _DISARMED.match(text) else text


def number_text(value: float) -> str:
    """A number as a person would type it: 3.0 → "3", 0.1 + 0.2 → "0.3" (spreadsheets keep 15 figures)."""
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))
    text = f"{value:.15g}"
    return f"{value:.15f}".rstrip("0") if "e-" in text and abs(value) > 1e-9 else text  # noqa: PLR2004
