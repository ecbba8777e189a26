"""Import of contributions, measured: seconds, memory, how long the others wait; on SQLite, and on PostgreSQL when it answers.

    python tools/bench_import.py                 # 3,800 and 100,000 lines imported and undone, 200,000 checked
    python tools/bench_import.py --quick         # 3,800 lines only

A database of its own, removed afterwards. Figures go to docs/figures.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
#: Lines → seconds from the start of the import to its end.
IMPORTS = {3_800: 5, 100_000: 60}
CHECKED, BAD, MOST_MEMORY = 200_000, (7, 100_001, 199_999), 300
HEADER = ("identifiant", "titre", "texte", "nature", "commune", "thème", "nom", "courriel", "date")
PLACES = ("Libourne", "Bordeaux", "Arcachon", "Langon", "Blaye", "St-Émilion")
SAID = (
    "Trois écoles du canton cherchent des légumes frais et une camionnette pour les livrer avant midi.",
    "La navette ne passe plus le dimanche : les jeunes restent chez eux et les aînés renoncent à leurs visites.",
    "Nous proposons d’ouvrir la salle des fêtes deux soirs par semaine aux associations qui aident aux devoirs.",
    "Un médecin sur deux part à la retraite dans les cinq ans. Qui reprendra les visites à domicile dans les hameaux ?",
    "La piste cyclable s’arrête à l’entrée du pont : il manque huit cents mètres pour aller au collège sans danger.",
)


def write(path: Path, count: int, bad: tuple[int, ...] = ()) -> None:
    """`count` lines, those of `bad` (counted from 1) with a date that does not exist."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for number in range(1, count + 1):
            day = "31/02/2016" if number in bad else f"{number % 28 + 1:02}/{number % 12 + 1:02}/2016"
            text = f"{SAID[number % 5]} {SAID[number % 3]} Dossier {number}."
            place, author = PLACES[number % 6], number % 5000
            title = f"{SAID[number % 5][:60]} {number}"
            writer.writerow(
                [f"B-{number}", title, text, "Besoin", place, "", f"Habitante {author}", f"h{author}@exemple.fr", day]
            )


def memory() -> float:
    """The most this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path, *, only_check: bool) -> dict[str, Any]:
    """In a process of its own, so that its memory is that of one import."""
    import django

    django.setup()
    from dialogue.contributions.acts import imports, imports_run
    from dialogue.contributions.models import Campaign, Contribution, ImportBatch
    from dialogue.ledger.acts import SYSTEM
    from dialogue.ledger.clock import now

    campaign, _made = Campaign.objects.get_or_create(
        slug=path.stem, defaults={"title": path.stem, "opens_on": "2016-01-01", "is_announced": True}
    )
    before = memory()
    with path.open("rb") as file:
        batch = imports.upload_batch(campaign, by=SYSTEM, now=now(), file=file, filename=path.name)
    imports.map_batch(batch, by=SYSTEM, now=now())
    began = time.perf_counter()
    imports_run.check(batch.pk, imports_run.ask_check(batch), by=SYSTEM)
    found: dict[str, Any] = {"check": time.perf_counter() - began}
    batch = ImportBatch.objects.get(pk=batch.pk)
    found["refused"] = list(batch.problems.filter(is_fatal=True).values_list("line", flat=True))
    if not only_check:
        beat = imports_run.fresh_beat()
        longest = [0.0]
        imports_run._write_chunk = timed(imports_run._write_chunk, longest)
        imports.finish_import.body = timed(imports.finish_import.body, flip := [0.0])
        began, worked = time.perf_counter(), time.process_time()
        imports.start_import(batch, by=SYSTEM, now=now(), beat=beat, may_publish=True)
        imports_run.run(batch.pk, beat)
        found |= {"import": time.perf_counter() - began, "cpu": time.process_time() - worked}
        found |= {"longest": longest[0], "flip": flip[0]}
    found["memory"] = memory() - before
    if not only_check:
        batch = ImportBatch.objects.get(pk=batch.pk)
        found["entered"] = Contribution.objects.filter(batch=batch, stage="received").count()
        began = time.perf_counter()
        imports.undo_import(batch, by=SYSTEM, now=now())
        found |= {"undo": time.perf_counter() - began, "left": Contribution.objects.filter(batch=batch).count()}
    return found


def timed(real: Any, longest: list[float]) -> Any:
    def call(*args: Any, **facts: Any) -> Any:
        began = time.perf_counter()
        try:
            return real(*args, **facts)
        finally:
            longest[0] = max(longest[0], time.perf_counter() - began)

    return call


def child(env: dict[str, str], *arguments: str) -> Any:
    """Runs this file again with a database; returns what it measured."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def prepare(env: dict[str, str]) -> None:
    for command in (["migrate", "-v0"], ["load_frame"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def bench(name: str, url: str, folder: Path, *, quick: bool) -> bool:
    env = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    env |= {"SECRET_KEY": "bench-only", "DEBUG": "0", "IMPORT_MAX_BYTES": "500000000"}
    prepare(env)
    good = True
    print(f"\n{name}\n{'':44}{'target':>12}{'measured':>12}")
    for count, most in IMPORTS.items():
        if quick and count > min(IMPORTS):
            continue
        write(path := folder / f"lines-{count}.csv", count)
        found = child(env, "--measure", str(path))
        lines = [
            (f"{count:,} lines: import, s", f"< {most}", found["import"], found["import"] < most),
            (f"{count:,} lines: of which processor, s", "", found["cpu"], True),
            (f"{count:,} lines: dry run, s", "", found["check"], True),
            (f"{count:,} lines: memory grown, MB", f"< {MOST_MEMORY}", found["memory"], found["memory"] < MOST_MEMORY),
            (f"{count:,} lines: entered", f"{count}", found["entered"], found["entered"] == count),
            (f"{count:,} lines: longest transaction, s", "", max(found["longest"], found["flip"]), True),
            (f"{count:,} lines: undone, s", "", found["undo"], found["left"] == 0),
        ]
        good = tell(lines) and good
        path.unlink()
    if not quick:
        write(path := folder / "checked.csv", CHECKED, BAD)
        found = child(env, "--measure", str(path), "--only-check")
        lines_of_bad = [number + 1 for number in BAD]
        named = found["refused"]
        good = tell([(f"{CHECKED:,} lines: dry run, s", "", found["check"], True)]) and good
        good = tell([(f"{CHECKED:,} lines: bad ones named", "3 of 3", len(named), named == lines_of_bad)]) and good
        good = tell([(f"{CHECKED:,} lines: memory grown, MB", f"< {MOST_MEMORY}", found["memory"], found["memory"] < MOST_MEMORY)]) and good
    return good


def tell(lines: list[tuple[str, str, float, bool]]) -> bool:
    for what, target, measured, is_good in lines:
        shown = f"{measured:.1f}" if isinstance(measured, float) else str(measured)
        print(f"{what:44}{target:>12}{shown:>12}{'' if is_good else '  ✗'}", flush=True)
    return all(is_good for *_rest, is_good in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--measure", type=Path)
    parser.add_argument("--only-check", action="store_true")
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, only_check=given.only_check)))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        good = bench("SQLite", "", Path(folder), quick=given.quick)
    return 0 if on_postgresql(quick=given.quick) and good else 1


def on_postgresql(*, quick: bool) -> bool:
    import psycopg

    from tools import machine

    url, why = machine.postgresql()
    if not url:
        print(f"PostgreSQL: {why}")
        return True
    server = url.split("?", maxsplit=1)[0].rsplit("/", 1)[0]
    name = f"bench_import_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres".replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
                return bench("PostgreSQL", f"{server}/{name}?pool=0", Path(folder), quick=quick)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    raise SystemExit(main())
