"""Exploring contributions, measured: index, search, first pages of the explorer, file of everything.

    python tools/bench_contributions.py                           # 100,000 contributions, SQLite
    python tools/bench_contributions.py --database postgres://postgres@127.0.0.1:5432/postgres --count 1000000

A database of its own, removed at the end: SQLite in a temporary folder, or one made beside the database that is named.
The contributions are made up (bench_contributions_load). Figures go to docs/figures.md, with their date.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools import bench_contributions_load as loading  # noqa: E402  needs the checkout on the path

#: What is aimed at, by number of contributions: seconds of the index, milliseconds of a search, of a page.
LARGE = 1_000_000
SEARCH, PAGE, INDEX = {True: 80, False: 10}, {True: 400, False: 150}, 60
TIMES, WORDS = 60, 60
SEED = 33


def django_on(folder: str, url: str) -> None:
    os.environ |= {
        "DATA_DIR": folder,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "bench-only",
        "LOG_LEVEL": "ERROR",
        "ALLOWED_HOSTS": "*",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def own_database(url: str) -> tuple[str, Callable[[], None]]:
    """A database beside the one that is named, and what removes it."""
    import psycopg

    name = f"bench_contributions_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")

    def remove() -> None:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return urlsplit(url)._replace(path=f"/{name}").geturl(), remove


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def timed(calls: list[Callable[[], Any]]) -> tuple[float, float]:
    """(median, p95) of these calls, in ms."""
    times = []
    for call in calls:
        began = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times), p95(times)


def searches() -> list[str]:
    """One word, or two, of every rank of the vocabulary but the twenty most frequent, the frequent ones more often."""
    words, rng = [word for word in loading.vocabulary() if word not in loading.IDLE], random.Random(SEED)  # noqa: S311
    found = []
    for _ in range(WORDS):
        one, two = (words[int(20 * (len(words) / 40) ** rng.random())] for _ in range(2))
        found.append(one if rng.random() < 0.6 else f"{one} {two}")  # noqa: PLR2004  six times in ten
    return found


def first_page(text: str) -> Callable[[], Any]:
    """What a search asks of the database: the first page of what matches, by date."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from dialogue.portal.contributions import Scope, Selection
    from dialogue.portal.contributions_list import FIELDS, MOST_RANKED, PER_PAGE, ordered

    reader = AnonymousUser()
    scope = Scope(reader, Selection.read(QueryDict(f"q={quote(text)}&tri=date"), reader))
    # The page knows how many match before it asks for the first ones.
    total = scope.rows()[: MOST_RANKED + 1].count()
    return lambda: list(ordered(scope, total).only(*FIELDS)[:PER_PAGE])


def pages(kind: str) -> list[Callable[[], Any]]:
    from django.test import Client

    client, words = Client(), searches()

    def get(query: str) -> Callable[[], Any]:
        return lambda: client.get(f"/contributions/{query}").content

    queries = {
        "no filter": [""] * TIMES,
        "one theme": [f"?theme=theme-{n % loading.THEMES}" for n in range(TIMES)],
        "words, first time": [f"?q={quote(text)}" for text in words],
    }
    get("")()
    get("")()
    return [get(query) for query in queries[kind]]


def after_a_change() -> float:
    """The first page when something changed: everything is counted anew."""
    from dialogue.portal.contributions_counts import memory

    for key in list(memory._kept):
        del memory._kept[key]
    (call,) = pages("no filter")[:1]
    for key in list(memory._kept):
        del memory._kept[key]
    return timed([call])[0]


def export() -> tuple[float, float, int]:
    """(seconds, MB that the memory grew, MB of the file) of the CSV of the first 100,000 public contributions or so."""
    from django.test import Client

    before, began, size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter(), 0
    for block in Client().get("/contributions/export.csv").streaming_content:
        size += len(block)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return time.perf_counter() - began, grown / 1024, size // 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--database", default="", help="a PostgreSQL server; empty: SQLite")
    parser.add_argument("--no-export", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url, remove = own_database(given.database) if given.database else ("", lambda: None)
        try:
            django_on(folder, url)
            return report(given)
        finally:
            remove()


def report(given: argparse.Namespace) -> int:
    large = given.count >= LARGE
    lines: list[tuple[str, float, float | None]] = []
    began = time.perf_counter()
    loading.load(given.count)
    print(f"{given.count} contributions loaded in {time.perf_counter() - began:.0f} s (load of the machine: {os.getloadavg()[0]:.1f})")
    began = time.perf_counter()
    loading.index()
    lines.append(("index (s)", time.perf_counter() - began, INDEX * given.count / LARGE))
    lines.append(("search, first page, p95 (ms)", timed([first_page(text) for text in searches()])[1], SEARCH[large]))
    kinds = ("no filter", "one theme", "words, first time")
    lines += [(f"explorer, {kind}, p95 (ms)", timed(pages(kind))[1], PAGE[large]) for kind in kinds]
    lines.append(("explorer, after a change (ms)", after_a_change(), None))
    if not given.no_export:
        seconds, grown, size = export()
        lines += [(f"export in CSV of {size} MB (s)", seconds, None), ("… memory (MB)", grown, 100)]
    print(f"{'':36}{'target':>10}{'measured':>10}  met")
    for what, measured, target in lines:
        met = "" if target is None else "yes" if measured <= target else "no"
        print(f"{what:36}{target if target is not None else '':>10}{measured:>10.1f}  {met}")
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return 0 if all(target is None or measured <= target for _what, measured, target in lines) else 1


if __name__ == "__main__":
    raise SystemExit(main())
