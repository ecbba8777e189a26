"""What the mail server has accepted, on disk before the database is told (docs/adr/0008).

One file a worker, in `DATA_DIR/outbox`, held under a lock as long as its courier lives: whoever obtains the lock knows
that nothing of that worker is on its way any more.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

SUFFIX = ".journal"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "outbox"


def path_of(worker: str) -> Path:
    return folder() / f"{worker}{SUFFIX}"


class Journal:
    """The courier's side: opened and locked once, one Message-ID a line."""

    def __init__(self, worker: str) -> None:
        """Raises BlockingIOError when another process holds the journal of that name."""
        folder().mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path_of(worker), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def note(self, message_id: str) -> None:
        """Returns once the line is on the disk."""
        os.write(self._handle, f"{message_id}\n".encode())
        os.fsync(self._handle)

    def close(self) -> None:
        os.close(self._handle)


@contextmanager
def left_behind(worker: str) -> Iterator[set[str] | None]:
    """What the dead courier of `worker` had sent; None when it still lives, or when the journal is not on this machine.

    The lock is held inside the block: of two workers that recover, one works.
    """
    try:
        handle = os.open(path_of(worker), os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield None
        return
    else:
        with os.fdopen(os.dup(handle), encoding="ascii") as lines:
            # A line cut by a power failure names no letter.
            yield {line.strip() for line in lines if line.endswith("\n")}
    finally:
        os.close(handle)


def is_here(worker: str) -> bool:
    return path_of(worker).exists()


def remove(worker: str) -> None:
    path_of(worker).unlink(missing_ok=True)


def workers() -> list[str]:
    """Those who left a journal on this machine, dead or alive."""
    return sorted(file.name.removesuffix(SUFFIX) for file in folder().glob(f"*{SUFFIX}"))
