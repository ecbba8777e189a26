"""The file of a batch as a table: what was recognised, what a person corrected, its heading and its first lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, cast

from dialogue.contributions.importing.fields import CODES
from dialogue.contributions.models import ImportBatch
from dialogue.formats import decidim, tables
from dialogue.formats.columns import guess_columns
from dialogue.formats.dates import are_serials, is_month_first
from dialogue.formats.tables import Row, Source

#: Lines read to guess columns, to show samples, to settle the order of days and months.
LOOKED_AT = 1_000
SAMPLES = 3
ENCODINGS = ("utf-8", "cp1252", "utf-16", "mac_roman")
DELIMITERS = (";", ",", "\t", "|")


@dataclass(frozen=True)
class Look:
    """What the first lines say: the heading, samples of each column, the columns guessed (field → (column, is sure))."""

    header: list[str]
    samples: list[list[str]]
    guesses: dict[str, tuple[int, bool]]
    is_decidim: bool


def described(source: Source) -> dict[str, Any]:
    """As ImportBatch.source keeps it."""
    sheets = list(source.sheets)
    return {
        "kind": source.kind,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "sheets": sheets,
        "sheet": sheets[0] if sheets else "",
    }


def source_of(said: Mapping[str, Any]) -> Source:
    """What `described` kept."""
    return Source(cast("Any", said["kind"]), said.get("encoding", ""), said.get("delimiter", ""), tuple(said.get("sheets", ())))


def rows(file: IO[bytes], said: Mapping[str, Any]) -> Iterator[Row]:
    """The lines under the heading. Raises Unreadable, possibly after some."""
    return tables.read(file, source_of(said), sheet=said.get("sheet") or None)


def look(file: IO[bytes], said: Mapping[str, Any]) -> Look:
    """Raises Unreadable."""
    header = list(tables.header(file, source_of(said), sheet=said.get("sheet") or None).cells)
    first = [row.cells for row in islice(rows(file, said), LOOKED_AT)]
    samples = [_some([cells[place] for cells in first]) for place in range(len(header))]
    found = decidim.layout(header)
    if found is not None:
        guesses = {field: (column, True) for field, column in first_columns(found).items()}
    else:
        guesses = {
            field: (guess.column, guess.confidence == "sure")
            for field, guess in guess_columns(header, first).items()
            if field in CODES
        }
    return Look(header, samples, guesses, found is not None)


def understand(
    batch: ImportBatch,
    file: IO[bytes],
    *,
    source: Mapping[str, Any] | None = None,
    mapping: Mapping[str, int] | None = None,
    choices: Mapping[str, Any] | None = None,
) -> None:
    """Sets on the batch, without saving it, what the file is and how it is read. Raises Unreadable.

    What is not said stays; a first look, or a new `source`, guesses the columns.
    """
    if not batch.source:
        batch.source = described(tables.detect(file, batch.filename))
        source = source or {}
    if source is not None:
        batch.source = described(source_of(batch.source)) | {"sheet": batch.source.get("sheet", "")} | dict(source)
        found = look(file, batch.source)
        batch.header = found.header
        batch.mapping = {field: column for field, (column, _is_sure) in found.guesses.items()}
    if mapping is not None:
        batch.mapping = dict(mapping)
    order = day_order(file, batch.source, batch.mapping.get("written_on"))
    batch.choices = {**batch.choices, **(choices or {}), **order}


def day_order(file: IO[bytes], said: Mapping[str, Any], column: int | None) -> dict[str, bool]:
    """How the dates of this column are written, as formats.dates.parse_date wants it."""
    if column is None:
        return {"month_first": False, "serial": False}
    cells = [row.cells[column] for row in islice(rows(file, said), LOOKED_AT) if column < len(row.cells)]
    return {"month_first": is_month_first(cells), "serial": are_serials(cells)}


def first_columns(found: decidim.Layout) -> dict[str, int]:
    """For each of our fields, the column of a Decidim export that is looked in first."""
    columns = {field: places[0] for field, places in found.columns.items() if field in CODES}
    if "address" in found.columns:
        columns["place"] = found.columns["address"][0]
    taxonomies = [places[0] for places in found.taxonomies.values()]
    if "theme" not in columns and taxonomies:
        columns["theme"] = taxonomies.pop(0)
    if taxonomies:
        columns["second_theme"] = taxonomies[0]
    return columns


def letter(place: int) -> str:
    """The name of a column in a spreadsheet: 0 → "A", 27 → "AB"."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _some(cells: list[str]) -> list[str]:
    """Different values that say something, cut for a table."""
    found: list[str] = []
    for cell in cells:
        short = " ".join(cell.split())
        short = short if len(short) <= 60 else f"{short[:59]}…"  # noqa: PLR2004
        if short and short not in found:
            found.append(short)
        if len(found) == SAMPLES:
            break
    return found
