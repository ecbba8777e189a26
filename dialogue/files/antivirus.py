"""The antivirus, if there is one: a `clamd` (its INSTREAM command, clamd(8)) or a command that reads a file on its input.

Setting CLAMAV: `unix:///run/clamav/clamd.ctl`, `tcp://127.0.0.1:3310`, or `command:clamdscan --no-summary -`.
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from dialogue.files.stages import Scan

CHUNK = 1 << 16
TIMEOUT = 60
INFECTED_EXIT = 1


class Unreachable(Exception):
    """The antivirus did not answer, or not in a way we know: the file waits."""


def is_set() -> bool:
    return bool(settings.CLAMAV)


def scan(file: IO[bytes]) -> Scan:
    """What the antivirus says of an open file. UNCHECKED when there is none; raises Unreachable."""
    if not is_set():
        return Scan.UNCHECKED
    file.seek(0)
    try:
        if settings.CLAMAV.startswith("command:"):
            return _command(file, settings.CLAMAV.removeprefix("command:"))
        return _clamd(file, settings.CLAMAV)
    except (OSError, subprocess.SubprocessError) as problem:
        raise Unreachable(str(problem)) from problem


def _command(file: IO[bytes], command: str) -> Scan:
    done = subprocess.run(shlex.split(command), input=file.read(), capture_output=True, timeout=TIMEOUT, check=False)  # noqa: S603
    if done.returncode not in {0, INFECTED_EXIT}:
        raise Unreachable(done.stderr.decode(errors="replace")[:200])
    return Scan.CLEAN if done.returncode == 0 else Scan.INFECTED


def _clamd(file: IO[bytes], address: str) -> Scan:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: object = parts.path
    else:
        line, target = socket.socket(socket.AF_INET, socket.SOCK_STREAM), (parts.hostname, parts.port or 3310)
    with line:
        line.settimeout(TIMEOUT)
        line.connect(target)  # type: ignore[arg-type]
        line.sendall(b"zINSTREAM\0")
        while block := file.read(CHUNK):
            line.sendall(struct.pack(">I", len(block)) + block)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    words = answer.strip(b"\0\n ").decode(errors="replace")
    if words.endswith(" OK"):
        return Scan.CLEAN
    if words.endswith(" FOUND"):
        return Scan.INFECTED
    raise Unreachable(words[:200])
