"""The dry run: every line is read as it would be written, what is wrong is named, nothing is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any, TypeVar

from dialogue.contributions.importing import tables
from dialogue.contributions.importing.lines import Line, Reader
from dialogue.contributions.importing.problems import KEPT_FATAL, KEPT_NOTICES
from dialogue.contributions.models import Contribution, ImportBatch

T = TypeVar("T")
#: Lines read between two looks at the database.
CHUNK = 1000
#: Words that are not ours, the most frequent first.
MOST_WORDS, SHOWN_WORDS = 5_000, 100
UNKNOWN = {"unknown_theme": "themes", "unknown_territory": "territories", "unknown_commune": "communes"}


@dataclass
class Report:
    """What the dry run found. `problems`: (line, column, code, value, is fatal), the first ones of each code."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    refused: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, str, str, str, bool]] = field(default_factory=list)
    unknown: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in UNKNOWN.values()})

    @property
    def words(self) -> dict[str, list[tuple[str, int]]]:
        """Words that are not ours, with the number of their lines."""
        return {name: counter.most_common(SHOWN_WORDS) for name, counter in self.unknown.items()}


def lines(batch: ImportBatch, file: IO[bytes], *, now: datetime) -> Iterator[Line]:
    """The lines of the file, those that repeat another one marked. Raises Unreadable, possibly after some."""
    reader = Reader(batch.campaign, batch.header, batch.mapping, batch.choices, at=batch.at, now=now)
    seen: set[bytes] = set()
    for row in tables.rows(file, batch.source):
        line = reader.line(row)
        if not line.is_refused:
            line.mark = _mark(line.external_id)
            if line.mark in seen:
                own = line.has_own_id
                line.note("duplicate_id" if own else "duplicate_line", "external_id" if own else "", line.external_id if own else "")
            seen.add(line.mark)
        yield line


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


class Known:
    """What the campaign has already, asked once: one import at a time writes identifiers into a campaign."""

    def __init__(self, batch: ImportBatch) -> None:
        rows = Contribution.objects.filter(campaign_id=batch.campaign_id).exclude(external_id="").order_by()
        self._others: set[bytes] = set()
        self._own: set[bytes] = set()
        for external_id, batch_id in rows.values_list("external_id", "batch_id").iterator(chunk_size=5000):
            (self._own if batch_id == batch.pk and batch.pk is not None else self._others).add(_mark(external_id))

    def has(self, line: Line) -> bool:
        """Brought by another way than this batch."""
        return line.mark in self._others

    def is_written(self, line: Line) -> bool:
        """By this batch, before the process that wrote it was killed."""
        return line.mark in self._own


def _mark(external_id: str) -> bytes:
    """Short, so that a million fit in memory."""
    return hashlib.blake2b(external_id.encode("utf-8", "replace"), digest_size=10).digest()


def check(batch: ImportBatch, file: IO[bytes], *, now: datetime, tick: Callable[[int], Any] | None = None) -> Report:
    """Reads everything; `tick(lines read)` after each thousand. Raises Unreadable."""
    report = Report()
    names, known = _column_names(batch), Known(batch)
    for chunk in chunks(lines(batch, file, now=now)):
        for line in chunk:
            if known.has(line) and not line.is_refused:
                line.note("known", "external_id" if line.has_own_id else "")
                report.known += 1
            elif line.is_refused:
                report.refused += 1
            else:
                report.taken += 1
            _note(report, line, names)
        report.rows += len(chunk)
        if tick is not None:
            tick(report.rows)
    return report


def _note(report: Report, line: Line, names: dict[str, str]) -> None:
    for problem in line.problems:
        report.codes[problem.code] += 1
        if problem.code in UNKNOWN:
            words = report.unknown[UNKNOWN[problem.code]]
            if problem.value in words or len(words) < MOST_WORDS:
                words[problem.value] += 1
        if report.codes[problem.code] <= (KEPT_FATAL if problem.is_fatal else KEPT_NOTICES):
            column = names.get(problem.column) or _beyond(problem.column)
            value = " ".join(problem.value.split())
            value = value if len(value) <= 200 else f"{value[:199]}…"  # noqa: PLR2004
            report.problems.append((line.number, column[:120], problem.code, value, problem.is_fatal))


def _column_names(batch: ImportBatch) -> dict[str, str]:
    """Our code, or "#3" → what the heading says; the letter of the spreadsheet where it says nothing."""
    names = {f"#{place}": name or tables.letter(place) for place, name in enumerate(batch.header)}
    return names | {code: names.get(f"#{place}", "") for code, place in batch.mapping.items()}


def _beyond(column: str) -> str:
    """A column after the last heading has only its letter."""
    return tables.letter(int(column[1:])) if column.startswith("#") else ""
