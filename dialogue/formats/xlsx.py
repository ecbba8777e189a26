"""XLSX as offices open it: one sheet, the heading in bold that stays in sight, dates that are dates, texts that stay texts.

In a workbook a text is inert: what CSV must disarm with an apostrophe (formats.csv) is written here as it is, with the type
“text” and the mark `quotePrefix`, so that editing the cell does not make a formula of it either.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dialogue.formats.csv import FORMULA

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What Excel accepts: characters of a cell, rows of a sheet, characters of its name.
LONGEST, MOST_ROWS, LONGEST_NAME = 32_767, 1_048_576, 31
BLOCK = 1 << 16
#: Lines whose texts say how wide the columns are; the width, in characters.
_MEASURED, _NARROWEST, _WIDEST = 100, 10, 60
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# “_x0041_” would be read as “A” (ECMA-376, ST_Xstring).
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NAME = re.compile(r"[\[\]:*?/\\']")
_FORMATS = {datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm"}


def rows(header: Sequence[str], lines: Iterable[Sequence[Any]], *, sheet: str = "Feuille 1") -> Iterator[bytes]:
    """The file in blocks, for a streamed answer. It is written first to a temporary file: memory does not grow with it.

    Raises as `write`.
    """
    with tempfile.TemporaryFile() as file:
        write(file, header, lines, sheet=sheet)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def write(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[Any]], *, sheet: str = "Feuille 1") -> None:
    """Write the workbook to an open file.

    Numbers, booleans, dates and times keep their kind (a time zone is dropped: give the hour that is to be read), None is
    empty, all else is text, cut at 32,767 characters with “…”. Raises ValueError for a line that is not as long as the
    header, or one line more than a sheet has.
    """
    book = Workbook(write_only=True)
    page: Worksheet = book.create_sheet(_NAME.sub(" ", text(sheet))[:LONGEST_NAME].strip() or "1")
    lines = iter(lines)
    first = list(islice(lines, _MEASURED))
    for place, width in enumerate(_widths(header, first), 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "A2"
    page.append([_heading(page, name) for name in header])
    for count, line in enumerate(chain(first, lines), 2):
        if len(line) != len(header):
            raise ValueError(f"{len(line)} cells under {len(header)} headings")
        if count > MOST_ROWS:
            raise ValueError(f"more than {MOST_ROWS} rows")
        page.append([_cell(page, value) for value in line])
    book.save(file)


def text(value: object) -> str:
    """A text as it is written: without characters that XML refuses, cut where Excel cuts."""
    found = _ESCAPE.sub("_x005F_", _ILLEGAL.sub("", str(value)))
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"


def _cell(page: Worksheet, value: Any) -> Any:
    """What openpyxl writes as it should, or a cell that says how."""
    if value is None or isinstance(value, (bool, int, timedelta)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, (datetime, date, time)):
        return _date(page, value)
    written = text(value)
    if not written.lstrip(" \u00a0").startswith(FORMULA) and written not in ERROR_CODES:
        return written
    cell = WriteOnlyCell(page, value="")
    # Assigning the value would guess its type: “=…” would be a formula, “#N/A” an error.
    cell._value, cell.data_type = written, "s"
    cell.quotePrefix = True
    return cell


def _date(page: Worksheet, value: date | time) -> Any:
    if isinstance(value, (datetime, time)):
        value = value.replace(tzinfo=None)
    if isinstance(value, date) and value.year < 1900:  # noqa: PLR2004 (no such day in Excel)
        return value.isoformat()
    cell = WriteOnlyCell(page, value=value)
    cell.number_format = next(code for kind, code in _FORMATS.items() if isinstance(value, kind))
    return cell


def _heading(page: Worksheet, name: str) -> Any:
    cell = WriteOnlyCell(page, value="")
    cell._value, cell.data_type = text(name), "s"
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _widths(header: Sequence[str], lines: list[Sequence[Any]]) -> list[int]:
    """Wide enough for the heading and most first lines, without a column that fills the screen."""
    widths = [len(name) + 2 for name in header]
    for line in lines:
        for place, value in enumerate(line[: len(widths)]):
            size = 17 if isinstance(value, datetime) else len(str(value)) + 2 if value is not None else 0
            widths[place] = max(widths[place], size)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]
