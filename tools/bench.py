"""`make bench`: what our public pages cost on the production server, beside a bare Django page, interleaved.

    python tools/bench.py [--seconds 4] [--rounds 4] [--threads 4]

Serves the demo with granian on a data directory of its own, removed at the end. Every page is asked in turn, several
times over, so that what else the machine does weighs on all alike; ratios are what to compare from one machine to another.
Then, for each page: SQL queries for an anonymous visitor, bytes of HTML + CSS + JS before compression and as sent (brotli).
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.serve_demo import answers, server  # noqa: E402  needs the checkout on the path

HEADERS = {"Accept-Encoding": "br", "Accept-Language": "fr"}


@dataclass
class Target:
    name: str
    path: str
    times: list[float] = field(default_factory=list)
    spent: float = 0
    queries: int = 0
    raw: int = 0
    sent: int = 0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.times) / self.spent

    def percentile(self, share: int) -> float:
        """Milliseconds."""
        return 1000 * statistics.quantiles(self.times, n=100)[share - 1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(connection: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, bytes, http.client.HTTPResponse]:
    connection.request("GET", path, headers={**HEADERS, **headers})
    response = connection.getresponse()
    return response.status, response.read(), response


def ask(port: int, target: Target, seconds: float, threads: int, *, expected: int = http.HTTPStatus.OK, **headers: str) -> None:
    """`threads` clients with kept connections ask for one page during `seconds`, each answer being `expected`."""
    until, lock, problems = time.perf_counter() + seconds, threading.Lock(), []

    def client() -> None:
        connection, mine = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
        while time.perf_counter() < until:
            started = time.perf_counter()
            status, _body, _response = get(connection, target.path, **headers)
            mine.append(time.perf_counter() - started)
            if status != expected:
                problems.append(status)
                return
        with lock:
            target.times += mine

    started = time.perf_counter()
    clients = [threading.Thread(target=client) for _ in range(threads)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    target.spent += time.perf_counter() - started
    if problems:
        raise SystemExit(f"{target.path} answered {problems[0]}")


def weigh(port: int, target: Target) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    _status, page, _ = get(connection, target.path, **{"Accept-Encoding": "identity"})
    _status, packed, _ = get(connection, target.path)
    target.raw, target.sent = len(page), len(packed)
    for tag in dict.fromkeys(re.findall(r"<(?:link|script)\b[^>]*>", page.decode())):
        if tag.startswith("<link") and 'rel="stylesheet"' not in tag:
            continue
        found = re.search(r'(?:href|src)="(/[^"]+)"', tag)
        if found:
            _status, plain, _ = get(connection, found[1], **{"Accept-Encoding": "identity"})
            _status, packed, _ = get(connection, found[1])
            target.raw, target.sent = target.raw + len(plain), target.sent + len(packed)


def inside(paths: list[str]) -> None:
    """In a process of its own: prints {path: SQL queries of an anonymous visitor} for `paths`."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counts = {}
    for path in paths:
        Client(headers={"host": "localhost"}).get(path)
        with CaptureQueriesContext(connection) as queries:
            Client(headers={"host": "localhost"}).get(path)
        counts[path] = len(queries)
    print(json.dumps(counts))


def first_chantier(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    _status, page, _ = get(connection, "/chantiers/", **{"Accept-Encoding": "identity"})
    found = re.search(r'href="(/chantiers/[a-z0-9-]+/)"', page.decode())
    if not found:
        raise SystemExit("no chantier on the explorer")
    return found[1]


def table(targets: list[Target]) -> str:
    bare = targets[0]
    lines = [f"{'page':<12}{'req/s':>8}{'ratio':>8}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}{'SQL':>6}{'bytes':>10}{'as sent':>10}"]
    lines += [
        f"{t.name:<12}{t.rate:>8.0f}{t.rate / bare.rate:>8.2f}{t.percentile(50):>9.1f}{t.percentile(95):>9.1f}"
        f"{t.percentile(50) / bare.percentile(50):>8.2f}{t.queries:>6}{t.raw:>10}{t.sent:>10}"
        for t in targets
    ]
    return "\n".join(lines)


def measure(port: int, environ: dict[str, str], options: argparse.Namespace) -> list[Target]:
    targets = [
        Target("bare Django", "/vivant/"),
        Target("home", "/"),
        Target("explorer", "/chantiers/"),
        Target("chantier", first_chantier(port)),
    ]
    for target in targets:
        ask(port, target, 0.5, options.threads)  # warm
        target.times, target.spent = [], 0
    for number in range(options.rounds):
        # Each round starts with another page.
        for target in targets[number % len(targets) :] + targets[: number % len(targets)]:
            ask(port, target, options.seconds / options.rounds, options.threads)
    counted = subprocess.run(
        [sys.executable, __file__, "--inside", *[t.path for t in targets]],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    counts = json.loads(counted.stdout.splitlines()[-1])
    for target in targets:
        weigh(port, target)
        target.queries = counts[target.path]
    return targets


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the public pages.")
    parser.add_argument("--seconds", type=float, default=8, help="for each page, in all")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    data, port = tempfile.mkdtemp(prefix="dialogue-bench-"), free_port()
    (Path(data) / "static").mkdir()
    environ = {
        **os.environ,
        "DEMO": "1",
        "BENCH": "1",
        "DATA_DIR": data,
        "BASE_URL": f"http://localhost:{port}",
        "LOG_LEVEL": "WARNING",
    }
    environ |= {"PYTHONPATH": str(ROOT)}
    process = None
    try:
        print("Préparation de la démonstration…", flush=True)
        subprocess.run([sys.executable, ROOT / "tools" / "serve_demo.py", "--prepare"], env=environ, cwd=ROOT, check=True)
        process = subprocess.Popen(server("127.0.0.1", port), env=environ, cwd=ROOT, start_new_session=True)
        limit = time.monotonic() + 60
        while not answers("127.0.0.1", port):
            if time.monotonic() > limit or process.poll() is not None:
                raise SystemExit("the server does not answer")
            time.sleep(0.1)
        print(
            f"granian, 1 worker, 4 threads; {options.threads} clients, {options.seconds:g} s a page in {options.rounds} rounds.\n",
            flush=True,
        )
        print(table(measure(port, environ, options)))
    finally:
        if process is not None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)
        shutil.rmtree(data, ignore_errors=True)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2:])
    else:
        sys.exit(main())
