"""Starts `make demo` as anyone would, on a port and a data directory of its own, reads pages, stops it; twice.

Exit code 0 when it answered, stopped cleanly and started again on the kept data.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/", "/chantiers/", "/demo/")
LIMIT = 120  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": f"localhost:{port}"})
    return connection.getresponse().status


def once(port: int, data: str) -> None:
    # The address of the tests' server is not the demo's.
    environ = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MAKEFLAGS", "MAKELEVEL"}}
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "demo"], cwd=ROOT, env={**environ, "PORT": str(port), "DATA_DIR": data}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101  asked for just above
        for line in process.stdout:
            print("   ", line, end="", flush=True)
            if f"http://localhost:{port}/demo/" in line:
                break
            if time.monotonic() - started > LIMIT:
                raise SystemExit("make demo is too slow")
        answered = time.monotonic() - started
        found = {path: status_of(port, path) for path in PAGES}
        if set(found.values()) != {200}:
            raise SystemExit(f"make demo answered {found}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SystemExit("something still listens after the stop")
    print(f"    réponse en {answered:.1f} s, arrêt net")


def main() -> int:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="dialogue-smoke-") as data:
        once(port, data)
        once(port, data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
