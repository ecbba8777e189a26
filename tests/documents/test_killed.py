"""A process killed at any point loses nothing that was accepted, and leaves nothing that nobody names."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_chantier, make_department, make_member
from dialogue.chantiers.stages import Role, Stage
make_department()
chantier = make_chantier(stage=Stage.WORKING)
make_member(chantier)
"""
#: Adds two documents; dies as its argument says during the second.
ADD = """
import os, sys, django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from dialogue.chantiers.models import Chantier, Representative
from dialogue.documents import acts, letters
from tests.documents import files
from tests.factories import NOW
def die(*args, **options):
    os.kill(os.getpid(), 9)
chantier, member = Chantier.objects.get(), Representative.objects.first().person
add = lambda words: acts.add_document(chantier, by=member, now=NOW, file=SimpleUploadedFile(f"{words}.pdf", files.pdf(words)))
add("premier")
if sys.argv[1] == "between":
    letters.tell_added = die  # the file and the row are written, nothing is committed
add("second")
die()
"""
LOOK = """
import django
from datetime import timedelta
django.setup()
from django.core.files.storage import default_storage
from dialogue.documents import tasks
from dialogue.documents.models import Version, Words
from tests.factories import NOW
stored = lambda: sum(len(default_storage.listdir(folder)[1]) for folder in tasks._folders())
before = stored()
tasks.GRACE = -timedelta(days=1)
forgotten = tasks.forget_orphans(NOW)
tasks.timezone.now = lambda: __import__("datetime").datetime.now(__import__("datetime").timezone.utc) + timedelta(hours=1)
tasks.treat_waiting(NOW)
print(before, forgotten, stored(), sorted(Words.objects.values_list("text", flat=True)))
"""


def run(home: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DATA_DIR": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database on the disk with one group, to copy."""
    home = tmp_path_factory.mktemp("group")
    prepared = run(home, PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    return home


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("when", "seen"),
    [("between", "2 1 1 ['premier']"), ("after", "2 0 2 ['premier', 'second']")],
)
def test_killed_between_the_file_and_its_row_or_after_both(tmp_path: Path, group: Path, when: str, seen: str) -> None:
    home = shutil.copytree(group, tmp_path / "data")
    killed = run(home, ADD, when)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    looked = run(home, LOOK)
    assert looked.stdout.strip() == seen, looked.stderr
