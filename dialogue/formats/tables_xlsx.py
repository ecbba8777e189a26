"""Sheets of Excel workbooks (ECMA-376, transitional and strict), row by row: what each cell holds, nothing is computed.

openpyxl tells dates from numbers (formats, calendars). The sheet itself is read here: openpyxl's reader builds whole rows
before one can refuse them, trusts the row numbers of the file, keeps all shared texts in memory, and does not say which cells
are formulas without a value. It also took 5.2 s where this takes 1.4 s (20,000 rows of 12 cells).
"""

from __future__ import annotations

import posixpath
import re
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time, timedelta
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from dialogue.formats.tables_base import MAX_CELL, MAX_COLUMNS, Problem, Row, Source, Unreadable, number_text, tidy
from dialogue.formats.tables_package import Package

#: Characters of shared texts kept in memory; the others wait in a temporary file.
HELD = 32_000_000
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile("[A-Z]{1,3}")
_ZEROS = re.compile("0{2,20}$")


def detect(package: Package) -> Source:
    """The visible sheets. Raises Unreadable."""
    book = _book(package)
    return Source("xlsx", sheets=tuple(book.visible or book.sheets))


def read(package: Package, sheet: str) -> Iterator[Row]:
    """Rows of a sheet that hold something, the heading too. Raises Unreadable."""
    book = _book(package)
    if sheet not in book.sheets:
        raise Unreadable("no_such_sheet", sheet=sheet)
    styles = _Styles()
    package.read(book.styles, styles)
    with closing(_Strings()) as strings:
        package.read(book.strings, strings)
        reader = _Sheet(strings, styles, is_1904=book.is_1904)
        for _pause in package.walk(book.sheets[sheet], reader):
            yield from reader.take()


class _Listener:
    """Short names of elements and attributes, whatever their namespace is called."""

    def __init__(self) -> None:
        self._local: dict[str, str] = {}

    def local(self, name: str) -> str:
        found = self._local.get(name)
        if found is None:
            found = self._local[name] = name.rpartition(" ")[2]
        return found

    def end(self, name: str) -> None:
        """Nothing, for those who only look at what begins."""

    def text(self, data: str) -> None:
        """Nothing either."""


class _Book(_Listener):
    """Where the parts of the workbook are."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.targets: dict[str, tuple[str, str]] = {}
        self.sheets: dict[str, str] = {}
        self.visible: list[str] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self.local(name)
        facts = {self.local(key): value for key, value in attributes.items()}
        if kind == "Relationship":
            target = posixpath.normpath(posixpath.join("/", self.base, facts.get("Target", ""))).lstrip("/")
            self.targets[facts.get("Id", "")] = (facts.get("Type", "").rpartition("/")[2], target)
        elif kind == "workbookPr":
            self.is_1904 = facts.get("date1904") in {"1", "true"}
        elif kind == "sheet":
            type_, target = self.targets.get(facts.get("id", ""), ("", ""))
            if type_ == "worksheet":
                self.sheets[tidy(facts.get("name", ""))] = target
                if facts.get("state", "visible") == "visible":
                    self.visible.append(tidy(facts.get("name", "")))

    def part(self, type_: str) -> str:
        return next((target for found, target in self.targets.values() if found == type_), "")

    @property
    def styles(self) -> str:
        return self.part("styles")

    @property
    def strings(self) -> str:
        return self.part("sharedStrings")


def _book(package: Package) -> _Book:
    root = _Book()
    package.read("_rels/.rels", root)
    workbook = root.part("officeDocument") or "xl/workbook.xml"
    book = _Book()
    book.base = posixpath.dirname(workbook)
    package.read(f"{book.base}/_rels/{posixpath.basename(workbook)}.rels", book)
    package.read(workbook, book)
    book.sheets = {name: target for name, target in book.sheets.items() if target in package.names}
    book.visible = [name for name in book.visible if name in book.sheets]
    if not book.sheets:
        raise Unreadable("damaged")
    return book


class _Styles(_Listener):
    """What the number of each cell style means: a date, a length of time, or a code with zeros before (“00000”)."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self._inside = False
        self.meanings: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self.local(name)
        if kind == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif kind == "cellXfs":
            self._inside = True
        elif kind == "xf" and self._inside:
            number = attributes.get("numFmtId", "0")
            self.meanings.append(_meaning(self._formats.get(int(number) if number.isdecimal() else 0, "")))

    def end(self, name: str) -> None:
        if self.local(name) == "cellXfs":
            self._inside = False

    def of(self, style: str) -> str:
        return self.meanings[int(style)] if style.isdecimal() and int(style) < len(self.meanings) else ""


def _meaning(code: str) -> str:
    if is_timedelta_format(code):
        return "length"
    if is_date_format(code):
        return "date"
    return code if _ZEROS.match(code) else ""


class _Strings(_Listener):
    """The texts that cells point to, by their rank."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str | int] = []
        self._held = 0
        self._file: IO[bytes] | None = None
        self._lengths = array("Q")
        self._pieces: list[str] = []
        self._wanted = self._sounds = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self.local(name)
        if kind == "si":
            self._pieces.clear()
        elif kind == "rPh":
            self._sounds = True
        elif kind == "t":
            self._wanted = not self._sounds

    def text(self, data: str) -> None:
        if self._wanted:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        kind = self.local(name)
        if kind == "t":
            self._wanted = False
        elif kind == "rPh":
            self._sounds = False
        elif kind == "si":
            self._add("".join(self._pieces))

    def _add(self, text: str) -> None:
        self._held += len(text)
        if self._held <= HELD:
            self._texts.append(text)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        data = text.encode("utf-8", "replace")
        self._texts.append(self._file.tell())
        self._lengths.append(len(data))
        self._file.write(data)

    def __getitem__(self, rank: int) -> str:
        found = self._texts[rank]
        if isinstance(found, str) or self._file is None:
            return str(found)
        self._file.seek(found)
        return self._file.read(self._lengths[rank - len(self._texts)]).decode()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class _Sheet(_Listener):
    """Rows, taken between two blocks of the file."""

    def __init__(self, strings: _Strings, styles: _Styles, *, is_1904: bool) -> None:
        super().__init__()
        self._strings, self._styles = strings, styles
        self._epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        self._done: list[Row] = []
        self._number = self._column = 0
        self._cells: dict[int, str] = {}
        self._problems: list[Problem] = []
        self._type = self._style = ""
        self._pieces: list[str] = []
        self._length = 0
        self._wanted = self._sounds = self._is_formula = False

    def take(self) -> list[Row]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self.local(name)
        if kind == "c":
            self._begin_cell(attributes)
        elif kind in {"v", "t"}:
            self._wanted = not self._sounds
        elif kind == "f":
            self._is_formula = True
        elif kind == "row":
            said = attributes.get("r", "")
            # A sheet has 1,048,576 rows.
            self._number = int(said) if said.isdecimal() and len(said) < 8 else self._number + 1  # noqa: PLR2004
            self._column = -1
            self._cells, self._problems = {}, []
        elif kind == "rPh":
            self._sounds = True

    def text(self, data: str) -> None:
        if self._wanted and self._length <= MAX_CELL:
            self._pieces.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        kind = self.local(name)
        if kind in {"v", "t"}:
            self._wanted = False
        elif kind == "c":
            self._end_cell()
        elif kind == "row" and self._cells:
            cells = [""] * (max(self._cells) + 1)
            for column, text in self._cells.items():
                cells[column] = text
            if any(cells):
                self._done.append(Row(self._number, cells, tuple(self._problems)))
            self._cells = {}
        elif kind == "rPh":
            self._sounds = False

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        letters = _LETTERS.match(attributes.get("r", ""))
        self._column = _rank(letters[0]) if letters else self._column + 1
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._pieces, self._length = [], 0
        self._wanted = self._sounds = self._is_formula = False

    def _end_cell(self) -> None:
        if not self._pieces:
            if self._is_formula and self._column < MAX_COLUMNS:
                self._cells[self._column] = ""
                self._problems.append(Problem("formula_without_value", self._column))
            return
        text = self._value("".join(self._pieces))
        if not text:
            return
        if self._column >= MAX_COLUMNS:
            raise Unreadable("too_many_columns", most=MAX_COLUMNS, line=self._number)
        if len(text) > MAX_CELL:
            text = text[:MAX_CELL]
            self._problems.append(Problem("cell_cut", self._column))
        self._cells[self._column] = text

    def _value(self, raw: str) -> str:
        if self._type == "n":
            return self._number_or_date(raw)
        if self._type == "s":
            try:
                raw = self._strings[int(raw)]
            except (ValueError, IndexError):
                raise Unreadable("damaged") from None
        elif self._type == "b":
            return "oui" if raw.strip() in {"1", "true"} else "non"
        elif self._type == "e":
            self._problems.append(Problem("error_value", self._column))
            return ""
        if "_x" in raw:
            raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)
        return tidy(raw)

    def _number_or_date(self, raw: str) -> str:
        try:
            value = float(raw)
            text = number_text(value)
        except (ValueError, OverflowError):
            return tidy(raw)
        meaning = self._styles.of(self._style) if self._style else ""
        if not meaning:
            return text
        if meaning.startswith("0"):
            return text.zfill(len(meaning)) if text.isdecimal() else text
        try:
            if value >= 0 or meaning == "length":
                return _date_text(from_excel(value, self._epoch, timedelta=meaning == "length"))
        except (ValueError, OverflowError):
            pass  # As a day before the first: the number is kept.
        self._problems.append(Problem("bad_date", self._column))
        return text


def _date_text(value: datetime | time | timedelta | None) -> str:
    """ISO 8601, to the second; a day alone when it is midnight; a length of time as hours:minutes:seconds."""
    if isinstance(value, datetime):
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds")
    seconds = round(value.total_seconds()) if value else 0
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600:02}:{abs(seconds) % 3600 // 60:02}:{abs(seconds) % 60:02}"


def _rank(letters: str) -> int:
    """ "A" → 0, "AA" → 26."""
    rank = 0
    for letter in letters:
        rank = rank * 26 + ord(letter) - 64
    return rank - 1
