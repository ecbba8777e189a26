"""An import killed at any point, by SIGKILL, in a process of its own: nothing is seen by halves, nothing comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from dialogue.contributions.acts import imports, imports_run
from dialogue.contributions.models import Contribution, ContributionWords, ImportBatch
from dialogue.ledger.models import Entry
from tests.contributions.imports_made import check, csv_of, frame, numbered, start, upload
from tests.factories import NOW, make_contribution, make_coordinator
from tests.mailer.test_crash import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
ROWS = 25
#: Imports ten lines at a time; dies at the point of its argument, the time of its argument.
IMPORT = """
import os, sys
from datetime import datetime
import django
django.setup()
from dialogue.contributions.acts import imports, imports_rows, imports_run
pk, beat, point, times = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3], int(sys.argv[4])
imports_run.CHUNK = 10
left = [times]
def die_when(name, real, after=False):
    def maybe(*args, **facts):
        if name == point and not after:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), 9)
        result = real(*args, **facts)
        if name == point and after:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), 9)
        return result
    return maybe
imports_run._write = die_when("taken", imports_run._write)
imports_run._write_chunk = die_when("between", imports_run._write_chunk)
imports_rows.insert = die_when("within", imports_rows.insert, after=True)
finish = imports.finish_import
finish.body = die_when("flipped", finish.body, after=True)
imports.finish_import = die_when("before the flip", finish)
imports_run.run(pk, beat)
if point == "done":
    os.kill(os.getpid(), 9)
"""


def dies(batch: ImportBatch, beat: Any, tmp_path: Path, point: str, times: int = 0) -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", IMPORT, str(batch.pk), beat.isoformat(), point, str(times)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture
def batch() -> ImportBatch:
    return check(upload(frame(), csv_of(*numbered(ROWS))))


@pytest.mark.parametrize(
    ("point", "times", "drafts"),
    [
        ("taken", 0, 0),
        ("between", 0, 0),
        ("between", 1, 10),
        ("within", 0, 0),
        ("within", 2, 20),
        ("before the flip", 0, 25),
        ("flipped", 0, 25),
    ],
)
def test_killed_at_any_point_it_shows_nothing_and_is_taken_up(batch, tmp_path, point, times, drafts):
    dies(batch, start(batch), tmp_path, point, times)
    by = make_coordinator()
    assert Contribution.objects.filter(stage="draft").count() == Contribution.objects.count() == drafts
    assert ContributionWords.objects.count() == drafts
    assert (Contribution.objects.visible_to(by).count(), Contribution.objects.published_to(by).count()) == (0, 0)
    assert imports_run.silent() == []
    ImportBatch.objects.update(beat_at=imports_run.fresh_beat() - timedelta(minutes=2))
    between = make_contribution(number=900)
    for pk, beat in imports_run.silent():
        imports_run.run(pk, beat)
    batch.refresh_from_db()
    assert (batch.stage, batch.created, batch.known, batch.refused) == ("done", ROWS, 0, 0)
    rows = Contribution.objects.exclude(pk=between.pk)
    assert Counter(rows.values_list("external_id", flat=True)) == Counter(f"A-{n}" for n in range(1, ROWS + 1))
    assert rows.filter(stage="received").count() == ContributionWords.objects.count() - 1 == ROWS
    assert Entry.objects.filter(act="contributions.finish_import").count() == 1


def test_killed_once_all_is_in_there_is_nothing_to_take_up(batch, tmp_path):
    dies(batch, start(batch), tmp_path, "done")
    ImportBatch.objects.filter(beat_at__isnull=False).update(beat_at=imports_run.fresh_beat() - timedelta(minutes=2))
    assert imports_run.silent() == []
    assert Contribution.objects.filter(stage="received").count() == ROWS


def test_killed_again_and_again_it_ends_all_the_same(batch, tmp_path):
    beat = start(batch)
    for point, times in (("within", 0), ("between", 1), ("before the flip", 0)):
        dies(batch, beat, tmp_path, point, times)
        ImportBatch.objects.update(beat_at=imports_run.fresh_beat() - timedelta(minutes=2))
        ((_pk, beat),) = imports_run.silent()
    imports_run.run(batch.pk, beat)
    assert Contribution.objects.filter(stage="received").count() == Contribution.objects.count() == ROWS
    assert len(default_storage.listdir("imports")[1]) == 1


def test_killed_while_it_is_undone_nothing_is_undone(batch, tmp_path):
    imports_run.run(batch.pk, start(batch))
    batch.refresh_from_db()
    script = """
import os, sys, django
django.setup()
from dialogue.contributions.acts import imports, imports_run
from dialogue.contributions.models import ImportBatch
from dialogue.ledger.acts import SYSTEM
from dialogue.ledger.clock import now
real = imports_run.remove
def die(rows):
    real(rows)
    os.kill(os.getpid(), 9)
imports_run.remove = die
imports.undo_import(ImportBatch.objects.get(), by=SYSTEM, now=now())
"""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    batch.refresh_from_db()
    assert (batch.stage, Contribution.objects.filter(stage="received").count()) == ("done", ROWS)
    imports.undo_import(batch, by=make_coordinator(), now=NOW)
    assert Contribution.objects.count() == ContributionWords.objects.count() == 0


def test_two_imports_and_deposits_at_once_never_share_a_number(batch, tmp_path):
    """Two processes import in two campaigns while this one deposits."""
    from django.db import transaction

    from dialogue.contributions.acts.rows import next_number
    from tests.factories import make_campaign

    other = check(upload(make_campaign(), csv_of(*numbered(200))))
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", IMPORT, str(each.pk), start(each).isoformat(), "never", "0"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for each in (batch, other)
    ]
    deposits = 0
    while any(worker.poll() is None for worker in workers):
        with transaction.atomic():
            make_contribution(number=next_number(), campaign=batch.campaign)
        deposits += 1
    said = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    numbers = list(Contribution.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == ROWS + 200 + deposits
    assert Contribution.objects.filter(stage="draft").count() == 0
