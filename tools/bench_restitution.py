"""`make bench-restitution`: the progress points of nine territories, drafted from the data, frozen, and made as PDF, slides and .pptx.

    python tools/bench_restitution.py [--chantiers 26] [--runs 3]

A database of its own in a temporary folder: nine territories, the chantiers with a roadmap, four meetings, decisions of published
minutes and a météo each. Prints a table; leaves with 1 when the target is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TARGET, TERRITORIES = 3.0, 9


def world(count: int) -> Any:
    """Nine territories and `count` chantiers; returns who prepares."""
    from dialogue.chantiers.stages import Role, Stage
    from dialogue.meetings.models import Decision, Minutes
    from dialogue.people.stages import Circle
    from tests import factories as make

    make.make_department()
    places = [make.make_territory(code=f"t{n}", name=f"Territoire {n}") for n in range(TERRITORIES)]
    theme, person = make.make_theme(), make.make_person()
    for n in range(count):
        chantier = make.make_chantier(
            number=n + 1, slug=f"c{n}", title=f"Chantier {n}", stage=Stage.WORKING, theme=theme, territories=[places[n % TERRITORIES]]
        )
        for _ in range(8):
            make.make_member(chantier, role=Role.PARTNER)
        roadmap = make.make_roadmap(chantier, stage="adopted", circle=Circle.PUBLIC)
        for step in range(5):
            done = date(2017, 9, 1) if step < 2 else None  # noqa: PLR2004
            make.make_step(roadmap, title=f"Étape {step} du travail", due_on=date(2017, 8 + step // 2, 1), done_on=done)
        make.make_deliverable(roadmap, due_on=date(2018, 2, 1))
        for k in range(4):
            at = make.NOW - timedelta(days=30 * (k + 1))
            meeting = make.make_meeting(chantier, number=k + 1, stage="held", starts_at=at, held_at=at)
            facts = {"stage": "published", "approved_at": at, "published_at": at, "deadline": at, "reviewed_at": at}
            Minutes.objects.create(meeting=meeting, chantier=chantier, circle=Circle.PUBLIC, **facts)
            words = {"text": "Le groupe retient cette étape.", "by": person, "at": at}
            Decision.objects.create(chantier=chantier, meeting=meeting, number=k + 1, **words)
        make.make_weather(chantier, by=person)
    return make.make_coordinator()


def timed(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """((seconds, seconds of processor), what was made)."""
    start, worked = time.perf_counter(), time.process_time()
    made = work()
    return (time.perf_counter() - start, time.process_time() - worked), made


def once(desk: Any, series: int) -> dict[str, tuple[float, float]]:
    """Seconds for the nine together, part by part."""
    from dialogue.restitution import pdf, reading, slides
    from dialogue.restitution.acts import points
    from dialogue.restitution.stages import Where
    from dialogue.territories.models import Territory
    from tests.factories import NOW

    territories, facts = list(Territory.objects.all()), {"by": desk, "now": NOW}
    drafting = {"kind": Where.COUNCIL, "series": series}
    spent: dict[str, tuple[float, float]] = {}
    spent["drafted"], drafts = timed(lambda: [points.draft_point(t, **facts, **drafting) for t in territories])
    spent["frozen"], versions = timed(lambda: [points.freeze_point(point, **facts) for point in drafts])
    reads = [(version, reading.point(version.content, version.reserved)) for version in versions]
    spent["PDF"], _made = timed(lambda: [pdf.of_point(*each) for each in reads])
    spent["slides, PDF"], _made = timed(lambda: [slides.as_pdf(*each, slides.of_point(each[1])) for each in reads])
    spent["slides, .pptx"], _made = timed(lambda: [slides.as_pptx(*each, slides.of_point(each[1])) for each in reads])
    return spent


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chantiers", type=int, default=26)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.setdefault("DEMO", "1")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        desk = world(options.chantiers)
        runs = [once(desk, series) for series in range(1, options.runs + 1)]
    print("| nine progress points | quickest s | median s | processor s |\n| --- | --- | --- | --- |")
    for name in runs[0]:
        found, worked = [run[name][0] for run in runs], [run[name][1] for run in runs]
        print(f"| {name} | {min(found):.2f} | {statistics.median(found):.2f} | {min(worked):.2f} |")
    asked, worked = (min(run["drafted"][n] + run["PDF"][n] for run in runs) for n in (0, 1))
    said = "met" if asked < TARGET else "MISSED"
    load = os.getloadavg()[0]
    print(f"\nDrafted and PDF: {asked:.2f} s ({worked:.2f} s of processor, load {load:.1f}), target {TARGET} s: {said}")
    return 0 if asked < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
