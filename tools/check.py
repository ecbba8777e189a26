"""`make check`: exactly what continuous integration asks. Every part runs, then the list of those that failed.

python tools/check.py [--without-tests] [--all]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PARTS = [
    ("style (ruff)", [BIN / "ruff", "check", "."]),
    ("gabarits (djlint)", [BIN / "djlint", "dialogue", "--lint", "--quiet"]),
    ("types (mypy)", [BIN / "mypy"]),
    ("contrats d’import (import-linter)", [BIN / "lint-imports", "--no-logo"]),
    ("réglages (manage.py check)", [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]),
    ("migrations à jour", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("traductions compilées", [sys.executable, "tools/compile_locale.py", "--check"]),
]


def main(arguments: list[str]) -> int:
    parts = list(PARTS)
    if "--without-tests" not in arguments:
        parts.append(("tests", [sys.executable, "tools/run_tests.py", *(a for a in arguments if a == "--all")]))
    failed = []
    for name, command in parts:
        print(f"\n━━ {name} ━━", flush=True)
        if subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    print("\n" + (f"✗ À corriger : {', '.join(failed)}" if failed else "✓ Tout est en ordre."), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
