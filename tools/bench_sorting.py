"""How long the pages of sorting take with a hundred thousand contributions, on SQLite and on PostgreSQL.

    python tools/bench_sorting.py [--contributions 100000] [--rounds 15] [--only sqlite|postgresql]

Fills a database of its own, removed at the end, then asks each page through Django's test client (no network, no browser).
Prints one table: what | target | measured. On a machine that works for others, the CPU column says what a page costs alone.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.machine import postgresql  # noqa: E402  needs the checkout on the path

DATABASE = "dialogue_bench_sorting"
TARGET_MS, TARGET_QUERIES, CHUNK = 200, 15, 2000
WORDS = [
    "cantines", "légumes", "producteurs", "transport", "collège", "médecin", "village", "bus", "logement", "jeunes", "fleuve",
    "vélo", "numérique", "association", "école", "marché", "habitat", "quartier", "commune", "rivière", "forêt", "emploi",
    "formation", "santé", "culture", "sport", "bibliothèque", "gare", "route", "pont",
]  # fmt: skip


def django_on() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import logging

    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)


def rows_of(count: int, frame: dict[str, list[Any]], now: Any) -> Iterator[Any]:
    """Seven in ten to be sorted, nine in ten analysed, one in twenty late."""
    from dialogue.contributions.models import Contribution

    pick = random.Random(2017)  # noqa: S311  the same rows every time
    stages = ["received"] * 5 + ["admissible"] * 2 + ["qualified", "answered", "closed"]
    for n in range(1, count + 1):
        stage, analysed = pick.choice(stages), pick.random() < 0.9  # noqa: PLR2004  a share
        title = " ".join(pick.choices(WORDS, k=6))
        yield Contribution(
            number=n,
            campaign=pick.choice(frame["campaigns"]),
            territory=pick.choice(frame["territories"]),
            title=title.capitalize(),
            text=" ".join(pick.choices(WORDS, k=60)),
            author_key=f"{n // 2:064d}",
            author_email=f"auteur{n // 2}@habitant.example",
            suggested_theme=pick.choice(frame["themes"]) if analysed else None,
            doubt=pick.random() if analysed else None,
            stage=stage,
            outcome="closed" if stage in {"answered", "closed"} else "",
            answer="Merci." if stage in {"answered", "closed"} else "",
            answered_at=now if stage == "answered" else None,
            circle="public",
            may_publish=True,
            is_published=stage != "received",
            written_at=now - timedelta(minutes=count - n),
            received_at=now - timedelta(minutes=count - n),
            due_on=now.date() + timedelta(days=pick.choice([-3, *range(10, 29)])),
            key=f"cle-{n}",
        )


def fill(count: int) -> Any:
    """The contributions, their words and suggestions, five thousand pairs. Returns who sorts."""
    from django.utils import timezone

    from dialogue.contributions.models import Contribution, ContributionWords, Pair, Suggestion
    from dialogue.fulltext.stems import stems_of
    from tests import factories as make

    make.make_department()
    frame = {
        "campaigns": [make.make_campaign() for _ in range(3)],
        "territories": [make.make_territory() for _ in range(9)],
        "themes": [make.make_theme() for _ in range(14)],
    }
    stem = {word: stems_of(word).strip() for word in WORDS}
    codes = [theme.code for theme in frame["themes"]]
    batch: list[Any] = []
    for row in rows_of(count, frame, timezone.now()):
        batch.append(row)
        if len(batch) == CHUNK or row.number == count:
            Contribution.objects.bulk_create(batch)
            texts = [(each, each.text.split()) for each in batch]
            ContributionWords.objects.bulk_create(
                [ContributionWords(contribution=each, stems=f" {' '.join(stem[word] for word in words)} ") for each, words in texts]
            )
            guess = [{"theme": code, "confidence": 0.9 - k / 4, "words": WORDS[:2]} for k, code in enumerate(codes[:3])]
            Suggestion.objects.bulk_create([Suggestion(contribution=each, themes=guess) for each in batch])
            batch = []
    keys = list(Contribution.objects.order_by("number").values_list("pk", flat=True)[:10_000])
    Pair.objects.bulk_create([Pair(first_id=a, second_id=b, score=0.9) for a, b in zip(keys[::2], keys[1::2], strict=True)])
    from django.db import connection

    with connection.cursor() as cursor:
        # Without its statistics SQLite takes the wrong index; PostgreSQL gathers its own, later.
        cursor.execute("ANALYZE")
    return make.make_coordinator()


def measured(deed: Callable[[], Any], rounds: int) -> tuple[float, float, float, int]:
    """Median and quickest in milliseconds, median of this process's own work, queries; the first time is left aside."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, work = [], []
    for _round in range(rounds + 1):
        start, own = time.perf_counter(), time.process_time()
        deed()
        times.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.process_time() - own))
    with CaptureQueriesContext(connection) as seen:
        deed()
    return statistics.median(times[1:]), min(times[1:]), statistics.median(work[1:]), len(seen)


def deeds(client: Any) -> dict[str, Callable[[], Any]]:
    from django.urls import reverse

    from dialogue.contributions.models import Contribution
    from dialogue.contributions.sorting import ToSort
    from dialogue.territories.models import Territory, Theme

    sort, theme, territory = reverse("contributions:sort"), Theme.objects.all()[3], Territory.objects.all()[3]
    waiting = Contribution.objects.filter(ToSort("stage")).order_by("-doubt").values_list("number", flat=True)
    numbers = iter(list(waiting[2000:2400]))

    def get(query: str) -> Callable[[], Any]:
        def ask() -> None:
            if client.get(query).status_code != 200:  # noqa: PLR2004  HTTP
                raise SystemExit(f"{query} did not answer")

        return ask

    def decide() -> None:
        url = reverse("contributions:decide", args=[next(numbers)])
        answer = client.post(url, {"decision": "qualify", "revision": 0, "theme": theme.code})
        if answer.status_code != 302:  # noqa: PLR2004  HTTP
            raise SystemExit("not classified")

    return {
        "sort: the queue": get(sort),
        "sort: by suggested theme": get(f"{sort}?theme={theme.code}"),
        "sort: by territory": get(f"{sort}?territoire={territory.code}"),
        "sort: by words": get(f"{sort}?q=cantines+collège"),
        "sort: late": get(f"{sort}?retard=1"),
        "sort: without theme": get(f"{sort}?sans_theme=1"),
        "sort: mine": get(f"{sort}?a_moi=1"),
        "classify, and take the next": decide,
        "overview": get(reverse("contributions:pilot")),
        "list of a stage": get(f"{reverse('contributions:listing')}?etape=qualified"),
        "duplicates": get(reverse("contributions:pairs")),
        "answers": get(reverse("contributions:answers")),
        "dossier": get(reverse("contributions:file", args=[next(numbers)])),
    }


def bulk(reader: Any) -> float:
    """Seconds that one chunk of two hundred takes."""
    import uuid

    from django.utils import timezone

    from dialogue.contributions.forms.sorting import BulkForm
    from dialogue.contributions.sorting import Filters, Frame
    from dialogue.contributions.sorting_bulk import chosen, run_chunk

    frame, now = Frame(), timezone.now()
    form = BulkForm({"action": "accept", "scope": "all", "confidence": 80}, frame=frame)
    if not form.is_valid():
        raise SystemExit(str(form.errors))
    rows = chosen(reader, form.cleaned_data, [], Filters(), frame, today=now.date(), at=now)
    start = time.perf_counter()
    told = run_chunk(rows, form.cleaned_data, form, by=reader, now=now, group=uuid.uuid4(), after=50_000, until=10**8)
    print(f"  bulk: {told.done} accepted in one chunk")
    return time.perf_counter() - start


def child(count: int, rounds: int) -> None:
    django_on()
    start = time.perf_counter()
    reader = fill(count)
    from django.db import connection
    from django.test import Client

    print(f"\n{connection.vendor}: {count} contributions loaded in {time.perf_counter() - start:.0f} s")
    client = Client(headers={"host": "localhost"})
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    print(f"| {'what':<28} | target | median ms | quickest ms | CPU ms | queries | |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name, deed in deeds(client).items():
        median, quickest, own, queries = measured(deed, rounds)
        is_page = name.startswith("sort")
        verdict = "met" if median < TARGET_MS and (not is_page or queries <= TARGET_QUERIES) else "short"
        target = f"< {TARGET_MS} ms" + (f", ≤ {TARGET_QUERIES}" if is_page else "")
        print(f"| {name:<28} | {target} | {median:.0f} | {quickest:.0f} | {own:.0f} | {queries} | {verdict} |", flush=True)
    print(f"| bulk, one chunk of 200       | < 3 s | {1000 * bulk(reader):.0f} | | | | |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contributions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.contributions, options.rounds)
        return
    command = [sys.executable, __file__, "--child", f"--contributions={options.contributions}", f"--rounds={options.rounds}"]
    if options.only != "postgresql":
        subprocess.run(command, check=True, env={**os.environ, "DATABASE_URL": ""})
    if options.only != "sqlite":
        on_postgresql(command)


def on_postgresql(command: list[str]) -> None:
    import psycopg

    url, why = postgresql()
    if not url:
        print(f"PostgreSQL left out: {why}")
        return
    server = url.split("?", maxsplit=1)[0].rsplit("/", 1)[0]
    with psycopg.connect(f"{server.replace('postgres://', 'postgresql://', 1)}/postgres", autocommit=True) as door:
        door.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        door.execute(f"CREATE DATABASE {DATABASE}")
        try:
            subprocess.run(command, check=True, env={**os.environ, "DATABASE_URL": f"{server}/{DATABASE}"})
        finally:
            door.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


if __name__ == "__main__":
    main()
