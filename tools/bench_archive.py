"""The whole demonstration out and in again: same counts, same hashes; how long each takes.

    python tools/bench_archive.py [--date 2018-03-31] [--keep FOLDER]

Runs the real commands in folders of its own, removed at the end. With DATABASE_URL, the second installation is a PostgreSQL
database made beside the one that is named: what SQLite wrote is read back by the other.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


def manage(folder: Path, *words: str, url: str = "") -> tuple[str, float]:
    """(what the command says, seconds)."""
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "DATA_DIR": str(folder), "DEMO": "1", "SECRET_KEY": "bench-only", "DATABASE_URL": url}
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout.strip(), time.perf_counter() - began


@contextmanager
def second_database() -> Iterator[str]:
    """The URL of a database of its own beside DATABASE_URL, or nothing for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"bench_archive_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default="2018-03-31")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as held, second_database() as url:
        folder = Path(held)
        for name, where in (("one", ""), ("two", url)):
            manage(folder / name, "migrate", "-v0", url=where)
            manage(folder / name, "createcachetable", url=where)
        _said, seconds = manage(folder / "one", "load_demo", "--date", options.date)
        print(f"demonstration loaded: {seconds:.1f} s")
        said, seconds = manage(folder / "one", "export_platform", str(folder / "all.zip"))
        print(f"export: {seconds:.1f} s: {said.splitlines()[0].replace(str(folder), '…')}")
        said, seconds = manage(folder / "two", "import_platform", str(folder / "all.zip"), url=url)
        print(f"import, search index included: {seconds:.1f} s: {said.splitlines()[-2]}")
        said, _seconds = manage(folder / "two", "import_platform", str(folder / "all.zip"), "--check", url=url)
        print(f"compared once more: {said}")


if __name__ == "__main__":
    main()
