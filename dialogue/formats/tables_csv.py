"""CSV as it comes: encodings and separators of French offices, quotes that people forget to close."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import IO

from dialogue.formats.tables_base import (
    MAX_CELL,
    MAX_COLUMNS,
    Problem,
    Row,
    Source,
    Unreadable,
    rearmed,
    without_controls,
)

BLOCK = 1 << 16
DELIMITERS = (";", "\t", "|", ",")
#: Characters of one physical line; lines looked at to find the separator; quotes never closed before the file is given up.
LONGEST_LINE, LOOKED_AT, MOST_BROKEN = 2_000_000, 30, 50
#: In a file that is nearly UTF-8, one sign beyond ASCII in a hundred may be damaged; so many settle it early.
_MOSTLY, _ENOUGH = 100, 10_000
_FRENCH = frozenset("éèêëàâçùûîïôœÉÈÊÀÂÇÔŒ’‘“”«»–—…€°\u00a0")
_SEPARATOR_LINE = re.compile(r' *sep=([^\w"\n ]) *$', re.IGNORECASE)
#: What is left of a quoted cell, up to the quote that closes it; two quotes are one.
_TO_CLOSING = re.compile(r'[^"]*(?:""[^"]*)*"(?!")')
_LOST = "\ufffd"


def detect(file: IO[bytes]) -> Source:
    """Encoding and separator. Raises Unreadable (empty)."""
    encoding = encoding_of(file)
    first: list[str] = []
    size = 0
    for line in _lines(file, encoding):
        if line.strip():
            first.append(line[:BLOCK])
            size += len(first[-1])
        if len(first) >= LOOKED_AT or size > 4 * BLOCK:
            break
    if not first:
        raise Unreadable("empty")
    said = _SEPARATOR_LINE.match(first[0])
    return Source("csv", encoding, said[1] if said else _delimiter(first))


def encoding_of(file: IO[bytes]) -> str:
    """By the byte-order mark, else by what the whole file can be: UTF-8, Windows, or old Mac when clearly so."""
    file.seek(0)
    head = file.read(BLOCK)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) > 3:  # noqa: PLR2004 (no mark: Latin letters in 16 bits are half zeros)
        odd, even = head[1::2].count(0), head[::2].count(0)
        if odd * 10 > 3 * len(head[1::2]) and even * 10 < odd:
            return "utf-16-le"
        if even * 10 > 3 * len(head[::2]) and odd * 10 < even:
            return "utf-16-be"
    return "utf-8" if _is_utf8(file) else _single_byte(file)


def _is_utf8(file: IO[bytes]) -> bool:
    """Nearly all of what is beyond ASCII is well formed: a few damaged bytes do not make Windows of it."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = lost = 0
    file.seek(0)
    while block := file.read(1 << 20):
        text = decoder.decode(block)
        if not text.isascii():
            damaged = text.count(_LOST)
            lost += damaged
            good += len(text) - len(text.encode("ascii", "ignore")) - damaged
            if lost > _ENOUGH and lost > good:
                return False
    lost += len(decoder.decode(b"", final=True))
    return lost * _MOSTLY <= good


def _single_byte(file: IO[bytes]) -> str:
    counts: Counter[int] = Counter()
    ascii_bytes = bytes(range(128))
    file.seek(0)
    while block := file.read(1 << 20):
        counts.update(block.translate(None, ascii_bytes))
    windows, mac = (
        sum(times * (1 if bytes([byte]).decode(name, "replace") in _FRENCH else -1) for byte, times in counts.items())
        for name in ("cp1252", "mac_roman")
    )
    return "mac_roman" if mac > 0 > windows else "cp1252"


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    """Physical lines, whatever ends them, without their end. Raises Unreadable (line_too_long)."""
    file.seek(0)
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    rest = ""
    number = 0
    while True:
        block = file.read(BLOCK)
        pieces = (rest + without_controls(decoder.decode(block, final=not block))).split("\n")
        rest = pieces.pop()
        if len(rest) > LONGEST_LINE:
            raise Unreadable("line_too_long", line=number + len(pieces) + 1, most=LONGEST_LINE)
        number += len(pieces)
        yield from pieces
        if not block:
            break
    if rest:
        yield rest


def _delimiter(lines: list[str]) -> str:
    """The sign that cuts the heading in several cells, and the lines below in as many."""
    best, found = 0.0, ";"
    for sign in DELIMITERS:
        widths = [len(row.cells) for row in _records(iter(lines), sign)]
        width, times = widths[0] if widths else 1, widths.count(widths[0]) if widths else 0
        weight = 1.0
        if width == 1 and len(widths) > 1:
            # A title may stand alone above the heading: then the width is that of most rows.
            width, times = Counter(widths).most_common(1)[0]
            weight = 0.5 if width > 2 and times * 2 > len(widths) else 0  # noqa: PLR2004
        score = weight * (times / len(widths) + min(width, 20) / 100) if width > 1 else 0
        if score > best:
            best, found = score, sign
    return found


def read(file: IO[bytes], source: Source) -> Iterator[Row]:
    """Rows, the heading too, empty ones left out. Raises Unreadable (line_too_long, broken_quotes, too_many_columns)."""
    return _records(_lines(file, source.encoding), source.delimiter)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    reader = _Reader(lines, delimiter)
    while (line := reader.next_line()) is not None:
        number = reader.number
        if number == 1 and _SEPARATOR_LINE.match(line):
            continue
        problems: tuple[Problem, ...] = ()
        if '"' in line:
            quoted = reader.quoted(line)
            if quoted is None:
                problems = (Problem("broken_quote"),)
            cells = line.split(delimiter) if quoted is None else quoted
        else:
            cells = line.split(delimiter)
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield _row(number, cells, problems)


def _row(number: int, cells: list[str], problems: tuple[Problem, ...]) -> Row:
    while len(cells) > MAX_COLUMNS and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise Unreadable("too_many_columns", most=MAX_COLUMNS, line=number)
    text = "".join(cells)
    if "'" in text or _LOST in text or len(text) > MAX_CELL:
        for column, cell in enumerate(cells):
            cells[column] = rearmed(cell)[:MAX_CELL]
            if len(cell) > MAX_CELL:
                problems += (Problem("cell_cut", column),)
            if _LOST in cell:
                problems += (Problem("lost_characters", column),)
    return Row(number, cells, problems)


class _Reader:
    """Lines that can be given back, because a quote that is never closed must not swallow those below it."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._again: deque[str] = deque()
        self._broken = 0
        self._first_broken = 0
        self.number = 0

    def next_line(self) -> str | None:
        line = self._again.popleft() if self._again else next(self._lines, None)
        self.number += line is not None
        return line

    def quoted(self, line: str) -> list[str] | None:
        """The cells of the record that begins with this line; None when a quote is not closed (the line alone is used up)."""
        number, below = self.number, list[str]()
        cells = self._cells(line, below)
        if cells is None:
            self.number = number
            self._again.extendleft(reversed(below))
            self._broken += 1
            self._first_broken = self._first_broken or number
            if self._broken > MOST_BROKEN:
                raise Unreadable("broken_quotes", line=self._first_broken)
        return cells

    def _cells(self, line: str, below: list[str]) -> list[str] | None:
        cells: list[str] = []
        place = size = 0
        while True:
            cell, spans = "", False
            if line.startswith('"', place):
                place += 1
                pieces: list[str] = []
                while (closing := _TO_CLOSING.match(line, place)) is None:
                    pieces.append(line[place:])
                    size += len(line) - place + 1
                    following = self.next_line() if size <= MAX_CELL else None
                    if following is None:
                        return None
                    below.append(following)
                    line, place, spans = following, 0, True
                pieces.append(line[place : closing.end() - 1])
                cell, place = "\n".join(pieces).replace('""', '"'), closing.end()
            end = line.find(self._delimiter, place)
            rest = line[place:] if end < 0 else line[place:end]
            if spans and rest.strip():
                # Words right after a quote that closes lines below: it was the opening quote of another cell.
                return None
            cells.append(cell + rest)
            if end < 0:
                return cells
            place = end + len(self._delimiter)
