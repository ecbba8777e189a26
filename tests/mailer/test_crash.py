"""Real workers, killed at every point of a delivery to a real mail server on this machine (docs/adr/0008)."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from dialogue.mailer import delivery
from dialogue.mailer.courier import InProcess
from dialogue.mailer.models import Heartbeat, Letter, Suspension
from tests.mailer.letters import make_letter, stages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60


class Mailbox:
    """A mail server that keeps what it accepts and, at the points of `plan`, does what the plan says."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.plan: dict[str, Callable[[], None]] = {}

    def at(self, point: str) -> None:
        if todo := self.plan.pop(point, None):
            todo()

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        session.host_name = hostname
        self.at("EHLO")
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.at("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.at("RCPT")
        if address.startswith("inconnue"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.at("before accepting")
        self.accepted.append(re.search(rb"^Message-ID: (\S+)", envelope.content, re.MULTILINE)[1].decode())
        self.at("after accepting")
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    controller.stop()


def database_url() -> str:
    """The database of the tests, as a worker of its own process reaches it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}?pool=0"


@pytest.fixture
def start(settings: Any) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`start()`: a real worker on this database and this mail server."""
    running: list[subprocess.Popen[str]] = []

    def begin(*options: str) -> subprocess.Popen[str]:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
            "EMAIL_HOST": settings.EMAIL_HOST,
            "EMAIL_PORT": str(settings.EMAIL_PORT),
            "PYTHONUNBUFFERED": "1",
            # The suite passes in the evening and on Sundays too.
            "QUIET_HOURS": "0",
        }
        env.pop("EMAIL_BACKEND", None)
        command = [sys.executable, "manage.py", "run_worker", *options]
        running.append(subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        return running[-1]

    yield begin
    for worker in running:
        if worker.poll() is None:
            worker.kill()
        worker.communicate(timeout=PATIENCE)


def courier_of(worker: subprocess.Popen[str]) -> int:
    return int(Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()[0])


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"nothing happens: {stages()}"
        time.sleep(0.05)


def finish() -> None:
    """What the next worker does, here: settle what the dead left, send the rest."""

    def nothing_is_left() -> bool:
        delivery.recover("next")
        delivery.deliver_due(InProcess(), "next")
        return not Letter.objects.exclude(stage="sent").exists()

    until(nothing_is_left)


def everything_once() -> Counter[str]:
    return Counter(Letter.objects.values_list("message_id", flat=True))


@pytest.mark.parametrize("point", ["EHLO", "MAIL", "RCPT", "before accepting", "after accepting"])
def test_a_worker_killed_during_the_conversation_neither_loses_nor_doubles_a_letter(point, mailbox, start):
    for _ in range(3):
        make_letter()
    worker: list[subprocess.Popen[str]] = []
    mailbox.plan[point] = lambda: os.kill(worker[0].pid, signal.SIGKILL)
    worker.append(start())
    assert worker[0].wait(PATIENCE) == -signal.SIGKILL
    assert Letter.objects.filter(stage="sending").count() == 1
    finish()
    assert Counter(mailbox.accepted) == everything_once()


def test_workers_killed_again_and_again_at_random_neither_lose_nor_double_a_letter(mailbox, start):
    chance = random.Random(2017)
    for _ in range(40):
        make_letter()
    for _ in range(4):
        until_now = len(mailbox.accepted)
        worker = start()
        until(lambda before=until_now: len(mailbox.accepted) > before)
        time.sleep(chance.random() / 20)
        worker.kill()
        worker.wait(PATIENCE)
        if len(mailbox.accepted) == 40:
            break
    worker = start("--once")
    assert worker.wait(PATIENCE) == 0
    finish()
    assert Counter(mailbox.accepted) == everything_once()


def test_two_workers_at_once_double_nothing(mailbox, start):
    for _ in range(20):
        make_letter()
    workers = [start("--once"), start("--once")]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    assert set(stages()) == {"sent"}
    assert Counter(mailbox.accepted) == everything_once()


def test_a_courier_killed_between_the_server_s_yes_and_its_own_note_sends_the_same_mail_again(mailbox, start):
    """The one window that SMTP leaves open: nothing is lost, and both copies are the same Message-ID."""
    letter = make_letter()
    worker: list[subprocess.Popen[str]] = []
    mailbox.plan["after accepting"] = lambda: os.kill(courier_of(worker[0]), signal.SIGKILL)
    worker.append(start())
    # Without its courier a worker ends, so that the next one reads the journal first.
    assert worker[0].wait(PATIENCE) == 1
    finish()
    assert mailbox.accepted == [letter.message_id] * 2


def test_a_worker_told_to_stop_goes_within_five_seconds_and_leaves_nothing_behind(mailbox, start, settings):
    make_letter()
    worker = start()
    until(lambda: stages() == ["sent"])
    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    assert time.monotonic() - began < 5
    assert not Heartbeat.objects.exists()
    assert list((settings.DATA_DIR / "outbox").iterdir()) == []


def test_a_refused_reader_is_suspended_and_the_others_get_their_letters(mailbox, start):
    make_letter(address="inconnue@partenaire.example")
    make_letter()
    assert start("--once").wait(PATIENCE) == 0
    assert stages() == ["failed", "sent"]
    assert Suspension.objects.get().reason == "550 5.1.1 no such mailbox"


def test_a_mail_server_that_is_away_costs_nothing_but_time(mailbox, start, settings):
    settings.EMAIL_PORT = 1
    make_letter()
    assert start("--once").wait(PATIENCE) == 0
    letter = Letter.objects.get()
    assert (letter.stage, letter.attempts) == ("queued", 1)
    assert "ConnectionRefusedError" in letter.error
