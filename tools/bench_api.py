"""`make bench-api`: what the public API costs on the production server, beside a bare Django page, interleaved.

    python tools/bench_api.py [--seconds 8] [--rounds 4] [--threads 4]

As tools/bench.py: the demo served by granian on a data directory of its own, every address asked in turn; ratios are what to compare.
A `304` is asked with the mark of the answer before it. The limit of requests is set out of reach, and counted all the same.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.bench import Target, ask, free_port, get  # noqa: E402  needs the checkout on the path
from tools.serve_demo import answers, server  # noqa: E402  the same


@dataclass
class Asked(Target):
    """`mark`: the ETag to show, so that a 304 is answered."""

    wants_304: bool = False
    mark: str = ""


def ask_api(port: int, target: Asked, seconds: float, threads: int) -> None:
    expected = http.HTTPStatus.NOT_MODIFIED if target.wants_304 else http.HTTPStatus.OK
    shown = {"If-None-Match": target.mark} if target.wants_304 else {}
    ask(port, target, seconds, threads, expected=expected, **shown)


def targets(port: int) -> list[Asked]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    _status, body, _response = get(connection, "/api/v1/chantiers/", **{"Accept-Encoding": "identity"})
    code = json.loads(body)["results"][0]["code"]
    found = [
        Asked("bare Django", "/vivant/"),
        Asked("chantiers, 20", "/api/v1/chantiers/"),
        Asked("one chantier", f"/api/v1/chantiers/{code}/"),
        Asked("contributions, 20", "/api/v1/contributions/"),
        Asked("communes, 100", "/api/v1/communes/?limit=100"),
        Asked("chantiers, 304", "/api/v1/chantiers/", wants_304=True),
        Asked("list to embed", "/integrer/chantiers/"),
    ]
    for target in found:
        _status, body, response = get(connection, target.path)
        target.sent, target.mark = len(body), response.getheader("ETag", "")
    return found


def measure(port: int, options: argparse.Namespace) -> list[Asked]:
    found = targets(port)
    for target in found:
        ask_api(port, target, 0.5, options.threads)  # warm
        target.times, target.spent = [], 0
    for number in range(options.rounds):
        for target in found[number % len(found) :] + found[: number % len(found)]:
            ask_api(port, target, options.seconds / options.rounds, options.threads)
    return found


def table(found: list[Asked]) -> str:
    bare = found[0]
    lines = [f"{'address':<20}{'req/s':>8}{'p50 ms':>9}{'ratio':>8}{'p95 ms':>9}{'ratio':>8}{'as sent':>10}"]
    lines += [
        f"{t.name:<20}{t.rate:>8.0f}{t.percentile(50):>9.1f}{t.percentile(50) / bare.percentile(50):>8.2f}"
        f"{t.percentile(95):>9.1f}{t.percentile(95) / bare.percentile(95):>8.2f}{t.sent:>10}"
        for t in found
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the public API.")
    parser.add_argument("--seconds", type=float, default=8, help="for each address, in all")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--data", help="a data directory where the demo stands already; it is left as it was")
    options = parser.parse_args()
    data, port = options.data or tempfile.mkdtemp(prefix="dialogue-bench-"), free_port()
    (Path(data) / "static").mkdir(exist_ok=True)
    environ = {
        **os.environ,
        "DEMO": "1",
        "BENCH": "1",
        "DATA_DIR": data,
        "BASE_URL": f"http://localhost:{port}",
        "LOG_LEVEL": "ERROR",
        "API_REQUESTS_PER_MINUTE": "100000000",
        "PYTHONPATH": str(ROOT),
    }
    process = None
    try:
        if not options.data:
            print("Préparation de la démonstration…", flush=True)
            subprocess.run([sys.executable, ROOT / "tools" / "serve_demo.py", "--prepare"], env=environ, cwd=ROOT, check=True)
        process = subprocess.Popen(server("127.0.0.1", port), env=environ, cwd=ROOT, start_new_session=True)
        limit = time.monotonic() + 120
        while not answers("127.0.0.1", port):
            if time.monotonic() > limit or process.poll() is not None:
                raise SystemExit("the server does not answer")
            time.sleep(0.1)
        print(f"granian, 1 worker, 4 threads; {options.threads} clients, {options.seconds:g} s each in {options.rounds} rounds.\n")
        print(table(measure(port, options)), flush=True)
    finally:
        if process is not None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)
        if not options.data:
            shutil.rmtree(data, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
