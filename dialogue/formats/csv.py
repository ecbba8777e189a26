"""CSV as spreadsheets of French offices open it: UTF-8 with its mark, `;`, CRLF, formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

#: First characters that make a spreadsheet compute a cell (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(header: Sequence[str], lines: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The file, line by line, for a streamed answer: nothing is built whole in memory.

    Numbers stay numbers, dates are ISO 8601, None is empty, a text that would be a formula is preceded by an apostrophe.
    Raises ValueError for a line that is not as long as the header.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    yield _line(buffer, writer, header)
    for line in lines:
        if len(line) != len(header):
            raise ValueError(f"{len(line)} cells under {len(header)} headings")
        yield _line(buffer, writer, line)


def cell(value: Any) -> str:
    """One value as it is written (see `rows`)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA) else text


def _line(buffer: io.StringIO, writer: Any, values: Sequence[Any]) -> bytes:
    writer.writerow([cell(value) for value in values])
    line = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return line
