"""Real processes killed (SIGKILL) at every point between the mail server and the comment: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dialogue.discussion.models import Comment
from dialogue.documents.models import Document
from dialogue.inbox import sorting
from dialogue.inbox.models import Mail
from dialogue.mailer.models import Letter
from tests.inbox.letters import mail, received
from tests.inbox.lmtp_server import ROOT, Server, until
from tests.mailer.test_crash import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FILE = (("plan.txt", "text/plain", b"Le plan."),)

#: Run in a process of its own: everything is real but the moment of its death. `point` names a function; it dies before or after.
DYING = """
import os, signal, sys
import django
django.setup()
from dialogue.inbox import sorting
from dialogue.inbox.acts import sorting as acts
from dialogue.ledger import acts as ledger
point, when = sys.argv[1].split()
owner, name = {"take_up": (sorting, "_take_up"), "read": (sorting.mime, "read"), "comment": (acts, "post_comment"),
               "attach": (acts, "attach"), "note": (acts, "note"), "copies": (acts, "_settle_copies"), "sort": (sorting, "sort")}[point]
real = getattr(owner, name)
def dying(*given, **more):
    if when == "after":
        real(*given, **more)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, dying)
sorting.sort_due()
"""


def child(code: str, *arguments: str, data_dir: Path) -> int:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database_url(), "DATA_DIR": str(data_dir)}
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=env, check=False, timeout=60).returncode


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", ["take_up", "read", "comment", "attach", "note", "copies", "sort"])
def test_a_worker_killed_while_it_sorts_posts_once_in_the_end(point, when, group, tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    }
    row = received(mail(files=FILE), group.address)
    assert child(DYING, f"{point} {when}", data_dir=tmp_path) == -9
    row.refresh_from_db()
    assert row.stage == ("posted" if (point, when) == ("sort", "after") else "received")
    Mail.objects.update(next_attempt_at=timezone.now())
    sorting.sort_due()
    row.refresh_from_db()
    assert (row.stage, Comment.objects.count(), Document.objects.count()) == ("posted", 1, 1)
    assert Letter.objects.count() == 1  # to the other member


class Killable(Server):
    """Starts again, at the same place, after each death."""

    def again(self) -> None:
        self.kill()
        self.__init__(self.data_dir, self.where)  # type: ignore[misc]

    def __init__(self, data_dir: Path, where: str = "") -> None:
        self.data_dir = data_dir
        super().__init__(data_dir, where)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Killable]:
    started = Killable(tmp_path)
    yield started
    started.kill()


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA"])
def test_a_door_killed_before_it_says_250_kept_nothing_or_keeps_it_once(point, server):
    raw, line = mail(), server.connect()
    line.ehlo_or_helo_if_needed()
    steps: dict[str, Callable[[], Any]] = {
        "MAIL": lambda: line.mail("a@b.example"),
        "RCPT": lambda: line.rcpt("contact@localhost"),
    }
    for name, step in steps.items():
        step()
        if name == point:
            break
    if point == "DATA":
        line.putcmd("data")
        assert line.getreply()[0] == 354
        line.send(raw[: len(raw) // 2])
    server.again()
    assert not Mail.objects.exists()
    server.send(raw, "contact@localhost")
    assert Mail.objects.count() == 1


def test_a_door_killed_between_the_commit_and_its_250_gets_the_mail_again_and_keeps_one(server):
    """The server behind us heard nothing, and hands the mail over again (RFC 5321)."""
    raw, line = mail(), server.connect()
    line.ehlo_or_helo_if_needed()
    line.mail("a@b.example")
    line.rcpt("contact@localhost")
    line.putcmd("data")
    line.getreply()
    os.kill(server.process.pid, 0)
    line.send(raw + b".\r\n")
    until(Mail.objects.exists)  # committed, whether or not the answer left
    server.again()
    server.send(raw, "contact@localhost")
    assert Mail.objects.count() == 1


def test_a_door_killed_after_250_has_lost_nothing(server):
    server.send(mail("Un"), "contact@localhost")
    server.kill()
    assert Mail.objects.get().original.raw.endswith(b"Un\r\n")


def test_a_hundred_mails_through_a_door_killed_again_and_again(server):
    """The short version of `tools/bench_inbox.py --kill` (10,000 mails, docs/figures.md)."""
    accepted: set[str] = set()

    def speak(n: int) -> None:
        for k in range(25):
            name = f"<{n}-{k}@b.example>"
            while name not in accepted:
                try:
                    server.send(mail(message_id=name), "contact@localhost")
                except (OSError, smtplib.SMTPException):
                    time.sleep(0.02)
                else:
                    accepted.add(name)

    threads = [threading.Thread(target=speak, args=(n,), daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    chance = random.Random(2026)
    for _ in range(3):
        time.sleep(0.05 + chance.random() / 3)
        server.again()
    for thread in threads:
        thread.join(60)
    sorting_names = list(Mail.objects.values_list("original__packed", flat=True))
    assert (len(accepted), Mail.objects.count(), len(sorting_names)) == (100, 100, 100)
