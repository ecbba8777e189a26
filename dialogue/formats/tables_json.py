"""An array of JSON objects as a table: one object a row, "a/b" for what is in a of b, as Decidim names its columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from dialogue.formats.json import Malformed, objects
from dialogue.formats.tables_base import MAX_CELL, MAX_COLUMNS, Problem, Row, Unreadable, number_text, tidy


def read(file: IO[bytes]) -> Iterator[Row]:
    """The heading (every name that an object has, in order of appearance), then the objects. Raises Unreadable."""
    names: dict[str, int] = {}
    for flat in _flat(file):
        for name in flat:
            names.setdefault(name, len(names))
        if len(names) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", most=MAX_COLUMNS, line=1)
    if not names:
        raise Unreadable("empty")
    yield Row(0, list(names))
    for number, flat in enumerate(_flat(file), 1):
        cells = [""] * len(names)
        problems: tuple[Problem, ...] = ()
        for name, text in flat.items():
            cells[names[name]] = text[:MAX_CELL]
            if len(text) > MAX_CELL:
                problems += (Problem("cell_cut", names[name]),)
        if any(cells):
            yield Row(number, cells, problems)


def _flat(file: IO[bytes]) -> Iterator[dict[str, str]]:
    try:
        for found in objects(file):
            flat: dict[str, str] = {}
            _flatten(found, "", flat)
            yield flat
    except Malformed as problem:
        raise (Unreadable("damaged") if problem.has_begun else Unreadable("not_a_table", found="json")) from None


def _flatten(value: Any, name: str, flat: dict[str, str]) -> None:
    if isinstance(value, dict) and (value or not name):
        for key, inner in value.items():
            _flatten(inner, f"{name}/{key}" if name else str(key), flat)
    else:
        flat[tidy(name)] = _text(value)


def _text(value: Any) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return number_text(value) if value - value == 0 else ""
    if isinstance(value, list):
        return ", ".join(text for text in map(_text, value) if text)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else tidy(str(value))
