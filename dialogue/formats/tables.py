"""A table in a file of a stranger — CSV, XLSX, ODS, an array of JSON objects — read row by row, in bounded memory.

    source = detect(file)
    heading = header(file, source)
    for row in read(file, source): ...

The file is open in binary, can be sought in, is left open. What it is, its content says: its name counts for nothing.
Every cell is text: dates in ISO 8601 (`2016-11-14`, `2016-11-14T18:05:00`), whole numbers without decimals, decimals with a
point, "oui" and "non", "" for nothing; without spaces around. Formulas are never computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import IO

from dialogue.formats import tables_csv, tables_json, tables_ods, tables_xlsx
from dialogue.formats.tables_base import MAX_COLUMNS, MAX_ROWS, Problem, Row, Source, Unreadable
from dialogue.formats.tables_package import Package

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "Problem", "Row", "Source", "Unreadable", "detect", "header", "read"]

HEAD = 1 << 16
#: Rows among which the heading is looked for, under a title.
LOOKED_AT = 10
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
_OLD_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|div|p|script|svg|iframe|meta|\?php)\b", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\[\s*(?:\{|\]\s*$)|\{\s*\")")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_OR_NUL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PLENTY = 3


def detect(file: IO[bytes], name: str = "") -> Source:
    """What the file is and how it is read; `name` is for people, it decides nothing. Raises Unreadable."""
    file.seek(0)
    head = file.read(HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")
    if head.startswith(b"PK"):
        return _office(file)
    if head.startswith(_OLE):
        raise Unreadable(*_old(file))
    _refuse_others(head, tables_csv.encoding_of(file))
    if _JSON.match(head.removeprefix(b"\xef\xbb\xbf")):
        _first_two(tables_json.read(file))
        return Source("json", encoding="utf-8")
    return tables_csv.detect(file)


def header(file: IO[bytes], source: Source, *, sheet: str | None = None) -> Row:
    """The heading: the first row that holds something — under a title standing alone, the row that names several columns.

    Cells after the last heading are left out, those between are "". Raises Unreadable (empty when there is none).
    """
    return _heading(_rows(file, source, sheet))[0]


def read(file: IO[bytes], source: Source, *, sheet: str | None = None) -> Iterator[Row]:
    """The rows under the heading; `sheet`: the first one when it is not said.

    Rows without a word are left out, the numbers of the others are theirs. A row has as many cells as the heading, or more
    with a Problem extra_cells. Raises Unreadable, possibly after some rows.
    """
    rows = _rows(file, source, sheet)
    heading, first = _heading(rows)
    width = len(heading.cells)
    for count, row in enumerate(chain(first, rows), 1):
        if count > MAX_ROWS:
            raise Unreadable("too_many_rows", most=MAX_ROWS)
        yield row if len(row.cells) == width else _fitted(row, width)


def _rows(file: IO[bytes], source: Source, sheet: str | None) -> Iterator[Row]:
    if source.kind == "csv":
        return tables_csv.read(file, source)
    if source.kind == "json":
        return tables_json.read(file)
    chosen = source.sheets[0] if sheet is None else sheet
    return (tables_xlsx if source.kind == "xlsx" else tables_ods).read(Package(file), chosen)


def _heading(rows: Iterator[Row]) -> tuple[Row, list[Row]]:
    """The heading, and the rows under it that were read to find it."""
    first: list[Row] = []
    filled: list[int] = []
    for row in rows:
        first.append(row)
        filled.append(sum(1 for cell in row.cells if cell))
        if filled[0] > 1 or len(first) == LOOKED_AT:
            break
    if not first:
        raise Unreadable("empty")
    place = 0
    if filled[0] == 1 and max(filled) >= _PLENTY:
        place = next(rank for rank, count in enumerate(filled) if count * 2 > max(filled))
    found = first[place]
    cells = list(found.cells)
    while not cells[-1]:
        cells.pop()
    return found._replace(cells=cells), first[place + 1 :]


def _fitted(row: Row, width: int) -> Row:
    missing = width - len(row.cells)
    if missing > 0:
        return row._replace(cells=row.cells + [""] * missing)
    if any(row.cells[width:]):
        return row._replace(problems=(*row.problems, Problem("extra_cells", width)))
    return row._replace(cells=row.cells[:width])


def _office(file: IO[bytes]) -> Source:
    package = Package(file)
    kind = package.start("mimetype").strip()
    if kind == _ODS:
        return tables_ods.detect(package)
    if kind.startswith(b"application/vnd.oasis."):
        raise Unreadable("not_a_table", found="document")
    if "[Content_Types].xml" not in package.names:
        raise Unreadable("not_a_table", found="archive")
    if any(name.startswith(("word/", "ppt/")) for name in package.names):
        raise Unreadable("not_a_table", found="document")
    if "xl/workbook.bin" in package.names:
        raise Unreadable("old_xls")
    return tables_xlsx.detect(package)


def _old(file: IO[bytes]) -> tuple[str]:
    """The streams of an OLE file are named in its directory, wherever that is: an old workbook, or a new one under a password."""
    code, before = "not_a_table", b""
    file.seek(0)
    while block := file.read(HEAD):
        window = before + block
        if "EncryptedPackage".encode("utf-16-le") in window:
            return ("password",)
        if any(f"{name}\x00".encode("utf-16-le") in window for name in ("Workbook", "Book")):
            code = "old_xls"
        before = block[-64:]
    return (code,)


def _refuse_others(head: bytes, encoding: str) -> None:
    """Raises Unreadable when the first bytes are those of something that is known and is no table."""
    if b"%PDF-" in head[:1024]:
        raise Unreadable("not_a_table", found="pdf")
    if head.startswith(_IMAGES):
        raise Unreadable("not_a_table", found="image")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        if _OLD_XML in head:
            raise Unreadable("old_xls")
        raise Unreadable("not_a_table", found="html" if _HTML.search(head) else "xml")
    odd = _CONTROL.findall(head) if encoding.startswith("utf-16") else _CONTROL_OR_NUL.findall(head)
    if len(odd) > max(2, len(head) // (100 if encoding.startswith("utf-16") else 1000)):
        raise Unreadable("not_a_table", found="binary")


def _first_two(rows: Iterator[Row]) -> None:
    """Raises Unreadable when there is no beginning of a table."""
    next(rows, None)
    next(rows, None)
