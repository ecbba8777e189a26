"""Sheets of OpenDocument spreadsheets (ODF 1.3, part 3, chapter 9), row by row: what each cell holds, nothing is computed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogue.formats.tables_base import (
    MAX_CELL,
    MAX_COLUMNS,
    MOST_REPEATED,
    Problem,
    Row,
    Source,
    Unreadable,
    number_text,
    tidy,
)
from dialogue.formats.tables_package import Package

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
#: What stands in or beside cells and is not their content.
_APART = {
    f"{_OFFICE}annotation",
    f"{_TABLE}tracked-changes",
    f"{_TABLE}shapes",
    f"{_TABLE}dde-links",
    f"{_DRAW}frame",
    f"{_DRAW}custom-shape",
}
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_PARAGRAPHS = {f"{_TEXT}p", f"{_TEXT}h"}
_BREAKS = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": "\t"}
_NUMBERS = {"float", "currency", "percentage"}
_CONTENT = "content.xml"
_TIME = re.compile(r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d+)?S)?)?$")
_SPACES = 100


def detect(package: Package) -> Source:
    """The sheets. Raises Unreadable (password, damaged, bomb)."""
    if b"encryption-data" in package.start("META-INF/manifest.xml", 1 << 20):
        raise Unreadable("password")
    names = _Names()
    package.read(_CONTENT, names)
    if not names.found:
        raise Unreadable("damaged")
    return Source("ods", sheets=tuple(names.found))


def read(package: Package, sheet: str) -> Iterator[Row]:
    """Rows of a sheet that hold something, the heading too. Raises Unreadable."""
    reader = _Sheet(sheet)
    for _pause in package.walk(_CONTENT, reader) if _CONTENT in package.names else ():
        for row, times in reader.take():
            for again in range(times):
                yield row._replace(number=row.number + again, cells=list(row.cells)) if again else row
        if reader.is_over:
            return
    if not reader.is_over:
        raise Unreadable("no_such_sheet", sheet=sheet)


class _Names:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            if not self._depth:
                self.found.append(tidy(attributes.get(f"{_TABLE}name", "")))
            self._depth += 1

    def end(self, name: str) -> None:
        if name == f"{_TABLE}table":
            self._depth -= 1

    def text(self, data: str) -> None:
        """Names are attributes."""


class _Sheet:
    """The rows of one sheet and how many times each stands, taken between two blocks of the file."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._inside = False
        self.is_over = False
        # Tables in cells, and what stands apart: nothing of theirs is read.
        self._tables = self._apart = 0
        self._done: list[tuple[Row, int]] = []
        self._number, self._rows = 1, 1
        self._cells: dict[int, str] = {}
        self._problems: list[Problem] = []
        self._column = 0
        self._facts: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._length = self._paragraphs = self._open = 0

    def take(self) -> list[tuple[Row, int]]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._begin_table(attributes)
        elif not self._inside or self._tables > 1:
            return
        elif self._apart or name in _APART:
            self._apart += name in _APART
        elif name in _CELLS:
            self._facts = attributes
            self._pieces, self._length, self._paragraphs = [], 0, 0
        elif name == f"{_TABLE}table-row":
            self._rows = _count(attributes.get(f"{_TABLE}number-rows-repeated"))
            self._cells, self._problems, self._column = {}, [], 0
        elif name in _PARAGRAPHS:
            if self._paragraphs:
                self._add("\n")
            self._paragraphs += 1
            self._open += 1
        elif name == f"{_TEXT}s":
            self._add(" " * min(_count(attributes.get(f"{_TEXT}c")), _SPACES))
        elif name in _BREAKS:
            self._add(_BREAKS[name])

    def end(self, name: str) -> None:
        if name == f"{_TABLE}table":
            self._tables -= 1
            if not self._tables and self._inside:
                self._inside, self.is_over = False, True
        elif not self._inside or self._tables > 1:
            return
        elif self._apart:
            self._apart -= name in _APART
        elif name in _PARAGRAPHS:
            self._open -= 1
        elif name in _CELLS:
            self._end_cell()
        elif name == f"{_TABLE}table-row":
            self._end_row()

    def text(self, data: str) -> None:
        if self._open and not self._apart and self._tables == 1:
            self._add(data)

    def _begin_table(self, attributes: dict[str, str]) -> None:
        if not self._tables and not self.is_over:
            self._inside = tidy(attributes.get(f"{_TABLE}name", "")) == self._sheet
        self._tables += 1

    def _add(self, piece: str) -> None:
        if self._facts is not None and self._length <= MAX_CELL:
            self._pieces.append(piece)
            self._length += len(piece)

    def _end_cell(self) -> None:
        facts, self._facts = self._facts or {}, None
        times = _count(facts.get(f"{_TABLE}number-columns-repeated"))
        first, self._column = self._column, self._column + times
        text, problem = _value(facts, tidy("".join(self._pieces)))
        if not text and not problem:
            return
        if first + (times if text else 1) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", most=MAX_COLUMNS, line=self._number)
        if len(text) > MAX_CELL:
            text, problem = text[:MAX_CELL], "cell_cut"
        for column in range(first, first + (times if text else 1)):
            self._cells[column] = text
            if problem:
                self._problems.append(Problem(problem, column))

    def _end_row(self) -> None:
        if any(self._cells.values()):
            if self._rows > MOST_REPEATED:
                raise Unreadable("bomb")
            cells = [""] * (max(self._cells) + 1)
            for column, text in self._cells.items():
                cells[column] = text
            self._done.append((Row(self._number, cells, tuple(self._problems)), self._rows))
        self._number += self._rows
        self._cells = {}


def _count(said: str | None) -> int:
    """How many times, from 1 to a million and a half (a sheet has 1,048,576 rows)."""
    return min(max(int(said), 1), 1_500_000) if said and said.isdecimal() and len(said) < 8 else 1  # noqa: PLR2004


def _value(facts: dict[str, str], shown: str) -> tuple[str, str]:
    """What the cell holds as text, and the code of a problem or ""."""
    kind = facts.get(f"{_OFFICE}value-type", "")
    if facts.get(_CALC) == "error":
        return "", "error_value"
    if kind in _NUMBERS:
        return _number(facts.get(f"{_OFFICE}value", ""), shown), ""
    if kind == "date":
        return _date(facts.get(f"{_OFFICE}date-value", shown)), ""
    if kind == "boolean":
        return ("oui" if facts.get(f"{_OFFICE}boolean-value") == "true" else "non"), ""
    if kind == "time":
        return _length(facts.get(f"{_OFFICE}time-value", ""), shown), ""
    text = shown or tidy(facts.get(f"{_OFFICE}string-value", ""))
    is_unknown = not text and not kind and f"{_TABLE}formula" in facts
    return text, "formula_without_value" if is_unknown else ""


def _number(raw: str, shown: str) -> str:
    try:
        text = number_text(float(raw))
    except (ValueError, OverflowError):
        return shown
    # Codes of communes are often numbers shown with their zero.
    is_code = shown.startswith("0") and shown.isdecimal() and shown.lstrip("0") == text
    return shown if is_code else text


def _date(raw: str) -> str:
    """ "2016-11-14T00:00:00" → "2016-11-14"; fractions of a second go."""
    day, _sign, hour = raw.partition("T")
    hour = hour.partition(".")[0]
    return f"{day}T{hour}" if hour and hour != "00:00:00" else day


def _length(raw: str, shown: str) -> str:
    found = _TIME.match(raw)
    if not found:
        return shown
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return f"{found[1]}{total // 3600:02}:{total % 3600 // 60:02}:{total % 60:02}"
