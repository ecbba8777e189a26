"""Files of strangers are opened in a process of their own: bounded in time and memory, without the secrets of ours.

The parsers of PDF, office documents and images meet whatever is sent. What hangs, swells or dies there harms nobody:
the file is said unreadable, the worker goes on.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from dialogue.documents import reading

#: Seconds of processor, seconds in all, bytes of memory.
PROCESSOR, PATIENCE, MEMORY = 60, 120, 2 << 30
#: Seconds that somebody waits for at most, in front of a page.
PAGE_PATIENCE = 15
ROOT = Path(__file__).resolve().parents[2]


def words_of(file: IO[bytes], extension: str) -> str:
    """As reading.words_of. Raises reading.Unreadable, also when it took too long or too much."""
    return _apart(file, "words", extension).decode()


def preview_of(file: IO[bytes]) -> bytes:
    """As reading.preview_of, likewise."""
    return _apart(file, "preview", "")


def is_tagged(file: IO[bytes]) -> bool:
    """As reading.is_tagged, likewise, while somebody waits for the page."""
    return _apart(file, "tags", "pdf", patience=PAGE_PATIENCE) == b"yes"


def _apart(file: IO[bytes], what: str, extension: str, *, patience: float | None = None) -> bytes:
    command = [sys.executable, "-m", "dialogue.documents.bounded", what, extension]
    env = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        try:
            done = subprocess.run(command, stdin=copy, capture_output=True, timeout=patience or PATIENCE, env=env, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise reading.Unreadable("too long") from None
    if done.returncode:
        raise reading.Unreadable(done.stderr.decode(errors="replace")[-300:] or f"stopped ({done.returncode})")
    return done.stdout


def _limit() -> None:
    """As far as the system knows these limits (not all do)."""
    for kind, most in ((resource.RLIMIT_CPU, PROCESSOR), (resource.RLIMIT_AS, MEMORY)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _asked(file: IO[bytes], what: str, extension: str) -> bytes:
    if what == "preview":
        return reading.preview_of(file)
    if what == "tags":
        return b"yes" if reading.is_tagged(file) else b"no"
    return reading.words_of(file, extension).encode(errors="replace")


def main(what: str, extension: str) -> int:
    _limit()
    try:
        file = sys.stdin.buffer
        result = _asked(file, what, extension)
    except (reading.Unreadable, MemoryError, RecursionError) as problem:
        sys.stderr.write(f"{type(problem).__name__}: {problem}")
        return 3
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
