"""`make bench-assembly`: 10,000 délibérations out as SCDL.

    python tools/bench_assembly.py [--rows 10000]

On a database of its own (SQLite in a folder that goes away, or DATABASE_URL). The file is read again and counted.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
import tempfile
import time
import tracemalloc
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TARGET = 2.0


def django_on(folder: Path) -> None:
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "bench", "DEBUG": "0"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def load(rows: int) -> None:
    """One chantier, and `rows` votes on as many propositions."""
    from dialogue.assembly.models import Proposition, Resolution
    from dialogue.chantiers.stages import Stage
    from tests import factories as make

    make.make_department(siret="22330001300016")
    chantier = make.make_chantier(stage=Stage.DELIVERED)
    meeting = make.make_held_meeting(chantier)
    sessions = [make.make_session(date=date(2017, 10, 30) - timedelta(days=n)) for n in range(20)]
    common = {
        "chantier": chantier, "text": "Le Département achète ses légumes à moins de 60 km.", "circle": "public", "created_at": make.NOW,
        "adopted_at_meeting": meeting, "adopted_by_group_on": date(2017, 10, 1), "stage": "tabled",
    }  # fmt: skip
    made = [
        Proposition(number=n, title=f"Proposition {n}", session=sessions[n % 20], **common)
        for n in range(1, rows + 1)
    ]
    Proposition.objects.bulk_create(made, batch_size=500)
    voted = list(Proposition.objects.select_related("session"))
    Resolution.objects.bulk_create(
        [
            Resolution(
                proposition=row, session=row.session, outcome="adopted", number=f"CD-{row.number}", date=row.session.date,
                matter_code="7.5", matter_name="Finances locales/Subventions", object=f"{row.title} ; « subvention », suite",
                votes_for=58, votes_against=4, abstentions=2, votes_cast=64, members_count=66, recorded_at=make.NOW,
                budget_year=2018, budget_name="Budget principal", url=f"https://gironde.example/{row.number}.pdf",
            )
            for row in voted
        ],
        batch_size=500,
    )  # fmt: skip


def export() -> tuple[float, int, int]:
    """(seconds, lines, bytes of memory at the most) of the file, as a visitor downloads it."""
    from django.contrib.auth.models import AnonymousUser

    from dialogue.assembly.exports import scdl
    from dialogue.assembly.models import Resolution
    from dialogue.territories.models import Department

    department = Department.objects.get()
    begun = time.perf_counter()
    data = b"".join(scdl(Resolution.objects.visible_to(AnonymousUser()), department))
    seconds = time.perf_counter() - begun
    tracemalloc.start()
    for _piece in scdl(Resolution.objects.visible_to(AnonymousUser()), department):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, sum(1 for _line in csv.DictReader(io.StringIO(data.decode()))), peak


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        django_on(Path(folder))
        load(rows)
        seconds, lines, peak = export()
    met = seconds < TARGET and lines == rows
    print(f"SCDL: {lines} délibérations in {seconds:.2f} s (target {TARGET:.0f} s), {peak / 1e6:.1f} MB at the most while streaming")
    print("met" if met else "not met")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
