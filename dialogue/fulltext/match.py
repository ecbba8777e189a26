"""The full-text test, told to each database in its own words: the only place outside migrations that knows them.

`SearchEntry.objects.filter(stems__match=Terms(...))` becomes, on SQLite, a look into the FTS5 table that the model names
(`words_table`); on PostgreSQL, `vector @@ tsquery` on the column `vector`. Both are made by a migration (`fulltext.tables`) and
follow `stems` by themselves.
Neither database analyses anything: the stems are Python's (docs/adr/0021), made of the letters a to z and of figures.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, models
from django.db.models import Lookup

from dialogue.fulltext.query import Terms

_STEM = re.compile(r"[0-9a-z]+")


class StemsField(models.TextField):
    """Stems between spaces, with a space at each end: ` guid achat `. Its model has `words_table`, the name of its FTS5 table."""


@StemsField.register_lookup
class Match(Lookup):
    """Holds the words of `Terms`; with neither word nor prefix, nothing does."""

    lookup_name = "match"
    prepare_rhs = False

    def _checked(self) -> Terms:
        terms: Terms = self.rhs
        for word in (*terms.words, *terms.without, *filter(None, [terms.prefix])):
            if not _STEM.fullmatch(word):
                raise ValueError(f"{word!r} is not a stem")
        if not terms.words and not terms.prefix:
            raise ValueError("nothing to look for")
        return terms

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        terms = self._checked()
        wanted = [f'"{word}"' for word in terms.words] + ([f'"{terms.prefix}"*'] if terms.prefix else [])
        text = " AND ".join(wanted)
        if terms.without:
            excluded = " OR ".join(f'"{word}"' for word in terms.without)
            text = f"({text}) NOT ({excluded})"
        model: Any = self.lhs.target.model
        pk = f"{self._table(connection)}.{connection.ops.quote_name(model._meta.pk.column)}"
        words = model.words_table
        # A "+" keeps SQLite from starting with the words (PostgreSQL knows by its statistics how many rows have them).
        pk = f"+{pk}" if terms.row_by_row else pk
        return f"{pk} IN (SELECT rowid FROM {words} WHERE {words} MATCH %s)", [text]  # noqa: S608 (names of ours)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        terms = self._checked()
        wanted = [f"'{word}'" for word in terms.words] + ([f"'{terms.prefix}':*"] if terms.prefix else [])
        text = " & ".join([*wanted, *(f"!'{word}'" for word in terms.without)])
        return f"{self._table(connection)}.vector @@ %s::tsquery", [text]

    def _table(self, connection: Any) -> str:
        return str(connection.ops.quote_name(self.lhs.alias))


def latest(model: Any, terms: Terms, most: int) -> list[int]:
    """Keys of rows of `model` (of this module's kind) that hold `terms`, `most` at most, the latest first where it costs nothing.

    The index is read from its end and left as soon as there are enough: a word that stands everywhere is as quick as another.
    """
    if connection.vendor != "sqlite":
        return list(model.objects.filter(stems__match=terms).order_by().values_list("pk", flat=True)[:most])
    if any(not _STEM.fullmatch(word) for word in terms.words) or not terms.words or terms.without or terms.prefix:
        raise ValueError("latest only takes stems")
    words, key = model.words_table, connection.ops.quote_name(model._meta.pk.column)
    sql = f"SELECT rowid AS {key} FROM {words} WHERE {words} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608 (names of ours)
    return [row.pk for row in model.objects.raw(sql, [" AND ".join(f'"{word}"' for word in terms.words), most])]
