"""The full-text side of a table with a `StemsField`, which no model describes: made by a migration.

On SQLite, a later migration that makes the table anew (Django does, to change a column) loses the triggers: it must run `make`
again after a DROP TABLE of the words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

SQLITE = """
CREATE VIRTUAL TABLE {words} USING fts5(stems, content='{table}', content_rowid='{pk}', tokenize='ascii', detail=none);
CREATE TRIGGER {words}_insert AFTER INSERT ON {table} BEGIN
  INSERT INTO {words}(rowid, stems) VALUES (new.{pk}, new.stems);
END;
CREATE TRIGGER {words}_delete AFTER DELETE ON {table} BEGIN
  INSERT INTO {words}({words}, rowid, stems) VALUES ('delete', old.{pk}, old.stems);
END;
CREATE TRIGGER {words}_update AFTER UPDATE ON {table} BEGIN
  INSERT INTO {words}({words}, rowid, stems) VALUES ('delete', old.{pk}, old.stems);
  INSERT INTO {words}(rowid, stems) VALUES (new.{pk}, new.stems);
END;
"""
POSTGRESQL = """
ALTER TABLE {table} ADD COLUMN vector tsvector
  GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(stems), ' '))) STORED;
CREATE INDEX {table}_vector ON {table} USING gin (vector);
"""


def make(schema_editor: Any, *, table: str, words: str, pk: str = "id") -> None:
    """For `table` with a column `stems`: the FTS5 table `words` and its triggers, or a tsvector column under GIN."""
    names = {"table": table, "words": words, "pk": pk}
    if schema_editor.connection.vendor == "sqlite":
        for statement in _statements(SQLITE.format(**names)):
            schema_editor.execute(statement, params=None)
    else:
        for statement in POSTGRESQL.format(**names).strip().split(";\n"):
            schema_editor.execute(statement.rstrip(";"), params=None)


def drop(schema_editor: Any, *, words: str) -> None:
    """Undoes `make`; PostgreSQL drops the column with its table."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE {words}", params=None)


def _statements(script: str) -> Iterator[str]:
    """Of a script of SQLite: a trigger ends with END."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
