"""SQLite without opening the file anew for each request: reading the schema of some 150 tables costs more than most pages' queries.

A pool rather than persistent connections, for the reason of docs/adr/0005: the server's threads come and go.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict, deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

#: As many as the server has threads, and some for the worker's.
MOST = 8
#: (process, file) → connections at rest. A file that was put in the place of another is another file; a fork opens its own.
_resting: dict[tuple[int, int, int], deque[sqlite3.Connection]] = defaultdict(lambda: deque(maxlen=MOST))


class DatabaseWrapper(base.DatabaseWrapper):
    """`close` puts the connection at rest, the next one takes it up; one that is in a transaction, or too many, is closed."""

    _key: tuple[int, int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._key = _key_of(conn_params["database"])
        while self._key and (resting := _resting[self._key]):
            with suppress(IndexError, sqlite3.Error):  # another thread was faster; it was closed behind our back
                connection = resting.pop()
                connection.execute("PRAGMA foreign_keys = ON")
                return connection
        connection = super().get_new_connection(conn_params)
        self._key = _key_of(conn_params["database"])
        return connection

    def _close(self) -> None:
        connection, key = self.connection, self._key
        if connection is None:
            return
        if key is None or key[0] != os.getpid() or connection.in_transaction or len(_resting[key]) >= MOST:
            super()._close()
            return
        _resting[key].append(connection)


def _key_of(database: Any) -> tuple[int, int, int] | None:
    """None for a database in memory, or one that is not there yet."""
    if "memory" in str(database) or str(database).startswith("file:"):
        return None
    try:
        found = Path(database).stat()
    except OSError:
        return None
    return os.getpid(), found.st_dev, found.st_ino


def forget() -> None:
    """Closes what rests; for tests, and before a file is moved."""
    while _resting:
        _key, resting = _resting.popitem()
        while resting:
            resting.pop().close()
