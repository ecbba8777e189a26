"""Mail in, measured: how many mails a second are accepted, and whether one is ever lost or doubled when processes are killed.

    python tools/bench_inbox.py                     # 3,000 mails, 8 connections
    python tools/bench_inbox.py --kill --mails 10000    # the same door, killed every few seconds
    python tools/bench_inbox.py --kill --sort --mails 10000  # and a worker that posts them, killed too

A database of its own (SQLite in a temporary folder, or the empty one that DATABASE_URL names). Figures go to docs/figures.md.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import queue
import random
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TARGET = 100
DAYS = "Fri, 27 Nov 2026 10:00:00 +0100"


def django_on(folder: str) -> None:
    os.environ |= {
        "DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MAIL_DOMAIN": "dialogue.example",
        "EMAIL_BACKEND": "dialogue.mailer.folder.FolderBackend",
        "SECRET_KEY": "bench-only",
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def groups(count: int) -> list[tuple[str, str]]:
    """(sender, reply address) of `count` people, three a group, each in the talk of theirs."""
    from dialogue.mailer import replying
    from tests import factories as make

    found = []
    theme, territory = make.make_theme(), make.make_territory()
    while len(found) < count:
        chantier = make.make_chantier(theme=theme, territories=[territory])
        thread = chantier.threads.create(title="Cantines", started_at=make.NOW, last_at=make.NOW)
        for _ in range(3):
            person = make.make_member(chantier).person
            found.append((person.email, replying.address(person, "thread", thread.pk)))
    return found[:count]


def letter(n: int, sender: str, to: str) -> bytes:
    """About 6 kB: a short answer above a long quote, as mail clients write it."""
    quote = "\r\n".join(f"> {k} Le groupe a parlé des cantines, des circuits courts et de la légumerie." for k in range(60))
    head = (
        f"Message-ID: <bench-{n}@partenaire.example>\r\nFrom: Personne {n} <{sender}>\r\nTo: {to}\r\nDate: {DAYS}\r\n"
        "Subject: Re: Cantines\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    )
    return f"{head}\r\nBonjour,\r\n\r\nRéponse numéro {n}.\r\n\r\nLe 27 nov. 2026 à 09:00, Dialogue a écrit :\r\n\r\n{quote}\r\n".encode()


class Process:
    """`manage.py …`, started again after each death."""

    def __init__(self, *command: str) -> None:
        self.command = [sys.executable, "manage.py", *command]
        self.deaths = 0
        self.start()

    def start(self) -> None:
        self.running = subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        self.running.kill()
        self.running.wait()
        self.deaths += 1
        self.start()

    def end(self) -> None:
        self.running.terminate()
        try:
            self.running.wait(30)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


class Senders:
    """Connections that hand over mails until each one is accepted, whatever happens to the door."""

    def __init__(self, port: int, mails: list[tuple[str, str, bytes]], connections: int) -> None:
        self.port, self.todo, self.waits, self.again = port, queue.SimpleQueue(), [], 0
        for mail in mails:
            self.todo.put(mail)
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(connections)]

    def run(self) -> float:
        began = time.perf_counter()
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()
        return time.perf_counter() - began

    def _work(self) -> None:
        line = None
        while True:
            try:
                mail = self.todo.get_nowait()
            except queue.Empty:
                break
            while True:
                try:
                    line = line or smtplib.LMTP("127.0.0.1", self.port, local_hostname="bench")
                    began = time.perf_counter()
                    line.sendmail(mail[0], [mail[1]], mail[2])
                except (OSError, smtplib.SMTPException):
                    self.again += 1
                    if line is not None:
                        line.close()
                    line = None
                    time.sleep(0.05)
                else:
                    self.waits.append(time.perf_counter() - began)
                    break
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_open(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise SystemExit("the door does not open")


def mishaps(processes: list[Process], every: float, stop: threading.Event) -> None:
    chance = random.Random(2026)  # noqa: S311 (moments of deaths, not secrets)
    for process in itertools.cycle(processes):
        if stop.wait(every * (0.5 + chance.random()) / len(processes)):
            return
        process.kill()


def counted(mails: int, *, sort: bool) -> list[tuple[str, Any, Any]]:
    from dialogue.discussion.models import Comment
    from dialogue.inbox.models import Mail, Original

    lines: list[tuple[str, Any, Any]] = [("mails stored, each once", Mail.objects.count(), mails)]
    lines.append(("with their bytes", Original.objects.count(), mails))
    if sort:
        lines.append(("posted", Mail.objects.filter(stage="posted").count(), mails))
        lines.append(
            ("comments, each of another mail", Comment.objects.filter(via="mail").values("text").distinct().count(), mails)
        )
        lines.append(("comments in all", Comment.objects.filter(via="mail").count(), mails))
    return lines


def wait_sorted(patience: float) -> None:
    from dialogue.inbox.models import Mail

    end = time.monotonic() + patience
    while Mail.objects.filter(stage="received").exists() and time.monotonic() < end:
        time.sleep(2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--kill", action="store_true", help="kill the processes every few seconds")
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two deaths, on average")
    parser.add_argument("--sort", action="store_true", help="a worker posts what comes in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-inbox-") as folder:
        return run(given, folder)


def run(given: argparse.Namespace, folder: str) -> int:
    django_on(folder)
    people = groups(max(3, -(-given.mails // 50)))  # fewer than FLOOD mails each
    mails = [(*people[n % len(people)], letter(n, *people[n % len(people)])) for n in range(given.mails)]
    port = free_port()
    door = Process("receive_mail", "--listen", f"127.0.0.1:{port}")
    processes = [door, *([Process("run_worker")] if given.sort else [])]
    wait_open(port)
    stop = threading.Event()
    killer = threading.Thread(target=mishaps, args=(processes, given.every, stop), daemon=True)
    if given.kill:
        killer.start()
    senders = Senders(port, mails, given.connections)
    seconds = senders.run()
    if given.sort:
        wait_sorted(3600)
    stop.set()
    if given.kill:
        killer.join(30)
    for process in processes:
        process.end()
    return report(given, senders, seconds, processes)


def report(given: argparse.Namespace, senders: Senders, seconds: float, processes: list[Process]) -> int:
    waits = sorted(senders.waits)
    rate = given.mails / seconds
    print(f"{given.mails} mails of 6 kB, {given.connections} connections: {seconds:.1f} s")
    lines: list[tuple[str, Any, Any]] = [("mails a second", round(rate), f">= {TARGET}")] if not given.kill else []
    lines += counted(given.mails, sort=given.sort)
    for what, measured, target in lines:
        print(f"{what:34}{measured!s:>8}   target {target}")
    print(
        f"{'wait for 250, p50 / p95 (ms)':34}{statistics.median(waits) * 1000:>8.1f} / {waits[int(len(waits) * 0.95)] * 1000:.1f}"
    )
    if given.kill:
        names = [process.command[2] for process in processes]
        said = ", ".join(f"{name} {process.deaths} times" for name, process in zip(names, processes, strict=True))
        print(f"killed: {said}; mails handed over again: {senders.again}")
    exact = all(measured == target for _what, measured, target in lines if isinstance(target, int))
    return 0 if exact and (given.kill or rate >= TARGET) else 1


if __name__ == "__main__":
    raise SystemExit(main())
