"""Bytes to text, JSON and tables: encodings, sizes, syntax, each error with its line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dialogue.language.text import normalise
from dialogue.territories.frame.problems import Problems, shown

#: The frame of a large Département is under 300 kB.
MAX_BYTES = 4_000_000

#: What each column may be called, normalised (case, accents, signs aside).
COLUMNS = {
    "insee_code": ("code insee", "insee", "insee code", "code commune", "codgeo", "code"),
    "name": ("nom", "name", "commune", "nom commune", "libelle"),
    "territory": ("territoire", "territory", "code territoire"),
    "population": ("population", "pop", "habitants"),
    "epci_name": ("epci nom", "epci name", "nom epci", "epci", "intercommunalite"),
}
NEEDED = {"insee_code": "code_insee", "name": "nom", "territory": "territoire", "population": "population"}


def load_bytes(path: Path, problems: Problems, limit: int = MAX_BYTES) -> bytes | None:
    """The content, or None and a problem: absent, a folder, too large."""
    try:
        size = path.stat().st_size
        if size > limit:
            sentence = _("le fichier pèse %(size)s Mo, la limite est de %(limit)s Mo.")
            problems.add(path.name, sentence % {"size": f"{size / 1e6:.1f}".replace(".", ","), "limit": limit // 1_000_000})
            return None
        return path.read_bytes()
    except OSError:
        problems.add(path.name, _("le fichier ne peut pas être lu. Vérifiez son nom et sa place."))
        return None


def load_text(path: Path, problems: Problems, limit: int = MAX_BYTES) -> str | None:
    """The text, from UTF-8 (with or without mark) or Windows' cp1252."""
    content = load_bytes(path, problems, limit)
    if content is None:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    problems.add(path.name, _("ce n’est pas du texte en UTF-8 ni en Windows-1252. Enregistrez-le en UTF-8."))
    return None


def load_json(path: Path, problems: Problems, limit: int = MAX_BYTES) -> Any:
    """The document, or None and a problem with its line and column; a key written twice is a problem too."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _value in found]
        for key in {key for key in keys if keys.count(key) > 1}:
            problems.add(path.name, _("la clé %(key)s est écrite deux fois dans le même objet.") % {"key": shown(key)})
        return dict(found)

    def constant(name: str) -> Any:
        problems.add(path.name, _("%(name)s n’est pas un nombre.") % {"name": shown(name)})

    text = load_text(path, problems, limit)
    if text is None:
        return None
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        place = _("%(file)s, ligne %(line)s, colonne %(column)s")
        problems.add(
            place % {"file": path.name, "line": error.lineno, "column": error.colno},
            _("ce n’est pas du JSON. Il manque peut-être une virgule, un guillemet ou une accolade."),
        )
    except (RecursionError, ValueError):
        problems.add(path.name, _("ce n’est pas du JSON lisible : trop de niveaux, ou un nombre démesuré."))
    return None


def load_communes(path: Path, problems: Problems) -> list[dict[str, Any]]:
    """The communes of a CSV with a line of titles, `;` or `,`. Each row: the fields and its `line`, to name errors."""
    text = load_text(path, problems)
    if text is None:
        return []
    first = text.split("\n", 1)[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if first.count(";") >= first.count(",") else ",", strict=True)
    rows: list[dict[str, Any]] = []
    try:
        titles = next(reader, [])
        columns = _columns(path.name, titles, problems)
        for cells in reader:
            if columns and any(cell.strip() for cell in cells):
                _commune_row(path.name, reader.line_num, cells, titles, columns, rows, problems)
    except csv.Error:
        problems.add(
            _("%(file)s, ligne %(line)s") % {"file": path.name, "line": reader.line_num},
            _("les guillemets de cette ligne ne se referment pas."),
        )
    if columns and not rows:
        problems.add(path.name, _("aucune commune."))
    return rows


def _columns(file: str, titles: list[str], problems: Problems) -> dict[str, int]:
    """Field → rank of its column; {} and problems when one is missing."""
    names = [normalise(title) for title in titles]
    columns = {}
    for field, known in COLUMNS.items():
        ranks = [names.index(name) for name in known if name in names]
        if field == "population":
            ranks += [rank for rank, name in enumerate(names) if name.startswith("population")]
        if ranks:
            columns[field] = ranks[0]
    missing = [title for field, title in NEEDED.items() if field not in columns]
    for title in missing:
        problems.add(
            _("%(file)s, ligne 1") % {"file": file},
            _("il manque la colonne %(title)s. Séparez les colonnes par un point-virgule ou une virgule.")
            % {"title": shown(title)},
        )
    return {} if missing else columns


def _commune_row(
    file: str,
    line: int,
    cells: list[str],
    titles: list[str],
    columns: dict[str, int],
    rows: list[dict[str, Any]],
    problems: Problems,
) -> None:
    place = _("%(file)s, ligne %(line)s") % {"file": file, "line": line}
    if len(cells) != len(titles):
        sentence = _("%(found)s colonnes au lieu de %(expected)s.")
        problems.add(place, sentence % {"found": len(cells), "expected": len(titles)})
        return
    row: dict[str, Any] = {field: cells[rank].strip() for field, rank in columns.items()}
    figures = "".join(row["population"].split())
    if figures.isascii() and figures.isdigit():
        row["population"] = int(figures)
    row["place"] = {field: _column(place, titles[rank].strip()) for field, rank in columns.items()}
    rows.append(row)


def _column(place: str, title: str) -> str:
    return _("%(place)s, colonne « %(title)s »") % {"place": place, "title": title}
