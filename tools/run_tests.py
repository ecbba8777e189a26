"""`make test`: every suite that this machine can run, then what was left out and why.

    python tools/run_tests.py [--all] [pytest arguments]

--all: the minutes-long tests too; a suite that cannot run is a failure, and so is a skipped test (continuous integration).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.machine import chromium, postgresql  # noqa: E402  needs the checkout on the path

PARALLEL = ["-n", "2", "--dist", "loadfile"]
ANY_ORDER = ["-n", "2", "--dist", "load"]  # long tests of one file are shared out too
NO_TESTS = 5


@dataclass
class Suite:
    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    missing: str = ""
    outcome: str = ""
    closing: str = ""
    seconds: float = 0

    @property
    def failed(self) -> bool:
        return self.outcome == "échec"


def suites(everything: bool) -> list[Suite]:
    url, no_server = postgresql()
    browser, no_browser = chromium()
    journeys = "browser" if everything else "browser and not minutes"
    return [
        Suite("tests sur SQLite", ["-m", "not browser and not postgresql", *PARALLEL], {"DATABASE_URL": ""}),
        Suite("tests sur PostgreSQL", ["-m", "not browser and not sqlite", *PARALLEL], {"DATABASE_URL": url}, no_server),
        Suite("parcours dans Chromium", ["-m", journeys, *ANY_ORDER], {"DATABASE_URL": "", "CHROMIUM": browser}, no_browser),
    ]


def run(suite: Suite, extra: list[str]) -> None:
    print(f"\n━━ {suite.name} ━━", flush=True)
    if suite.missing:
        suite.outcome = "laissé de côté"
        print(f"   laissé de côté : {suite.missing}", flush=True)
        return
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", *suite.arguments, *extra]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **suite.environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None  # noqa: S101  asked for just above
    for line in process.stdout:
        print(line, end="", flush=True)
        suite.closing = line.strip() or suite.closing
    code = process.wait()
    suite.seconds = time.monotonic() - started
    suite.outcome = "réussi" if code == 0 else "aucun test" if code == NO_TESTS else "échec"


def main(arguments: list[str]) -> int:
    everything = "--all" in arguments
    extra = [argument for argument in arguments if argument != "--all"]
    if everything:
        os.environ["NOTHING_SKIPPED"] = "1"
    done = suites(everything)
    for suite in done:
        run(suite, extra)
    print("\n━━ Bilan ━━")
    for suite in done:
        print(f"   {suite.outcome:<15} {suite.name:<24} {suite.closing}")
    left_out = [suite for suite in done if suite.missing]
    if left_out or not everything:
        print("\n   ⚠ LAISSÉ DE CÔTÉ :")
        for suite in left_out:
            print(f"     – {suite.name} : {suite.missing}")
    if not everything:
        print("     – axe sur chaque page de la maison (plusieurs minutes) : .ci/run le fait")
    sys.stdout.flush()
    # An empty selection is what a narrowed run gives (`-k …`); a whole run always finds tests.
    empty = [suite for suite in done if suite.outcome == "aucun test" and (everything or not extra)]
    return 1 if any(suite.failed for suite in done) or empty or (everything and left_out) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
