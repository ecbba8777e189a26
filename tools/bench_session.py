"""`make bench-session`: thirty people in one meeting, five of them typing, on the production server and SQLite.

    python tools/bench_session.py [--seconds 120] [--readers 25] [--writers 5]

Everyone asks for news every two seconds, as the page does. Writers save the notes of two items, one and a half seconds after a
line, as the page does, two or three of them in the same item; every fifth line is a decision. A bare page is asked in between.
At the end the database is read: every line must be in the notes, in a text kept beside, or in the log, and decisions once each.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.bench_inbox import django_on, free_port  # noqa: E402  needs the checkout on the path
from tools.serve_demo import answers, server  # noqa: E402

PAUSE, LOOK, TARGET = 1.5, 2.0, 150
LIVE = "/chantiers/seance/espace/seances/1/direct/"


@dataclass
class Measures:
    times: dict[str, list[float]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float) -> None:
        with self.lock:
            self.times.setdefault(what, []).append(1000 * seconds)


def meeting_of(people: int) -> tuple[int, list[int], list[str]]:
    """A meeting in session: (its row, its items, the session cookie of each person)."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from dialogue.chantiers.stages import Stage
    from dialogue.meetings.acts import agenda, convening
    from tests import factories as make

    now = timezone.now()
    make.make_department()
    chantier = make.make_chantier(slug="seance", stage=Stage.WORKING)
    persons = [make.make_member(chantier).person for _ in range(people)]
    meeting = make.make_meeting(chantier, number=1, starts_at=now - timedelta(minutes=5))
    chief = make.make_coordinator()
    items = [agenda.add_item(meeting, by=chief, now=now, title=f"Point {n}").pk for n in range(2)]
    convening.open_session(meeting, by=chief, now=now)
    keys = []
    for person in persons:
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        store.save()
        keys.append(store.session_key)
    return meeting.pk, items, keys


class Visitor(threading.Thread):
    """One browser: asks for news; a writer also types into `item`."""

    def __init__(self, n: int, port: int, key: str, measures: Measures, until: float, item: int = 0) -> None:
        super().__init__(daemon=True)
        self.n, self.port, self.measures, self.until, self.item = n, port, measures, until, item
        self.chance, self.pulse = random.Random(n), "0"  # noqa: S311  a measure, no secret
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        # Any secret of 32 letters will do: cookie and field bear the same one.
        self.token = "b" * 32
        self.cookies = f"sessionid={key}; csrftoken={self.token}"
        self.base, self.revision, self.lines = "", 0, 0
        self.pending: list[str] = []

    def ask(self, what: str, method: str, path: str, fields: dict[str, Any] | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookies, "X-Requested-With": "fetch", "Host": f"localhost:{self.port}"}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        told = answer.read()
        self.measures.note(what, time.perf_counter() - started)
        if answer.status not in {200, 204}:
            self.measures.problems.append(f"{what}: {answer.status}")
        return answer.status, told

    def run(self) -> None:
        time.sleep(self.chance.random() * LOOK)
        next_save = time.monotonic() + self.chance.random() * PAUSE
        while time.monotonic() < self.until:
            self.look()
            if self.n % 10 == 0:
                self.ask("bare page", "GET", "/vivant/")
            end = time.monotonic() + LOOK
            while self.item and next_save < end:
                time.sleep(max(0, next_save - time.monotonic()))
                self.write()
                next_save = time.monotonic() + PAUSE
            time.sleep(max(0, end - time.monotonic()))

    def look(self) -> None:
        status, told = self.ask("news", "GET", f"{LIVE}nouvelles/?depuis={self.pulse}&point=0")
        if status != http.HTTPStatus.OK:
            return
        heard = json.loads(told)
        self.pulse = heard["pulse"]
        for item in heard["items"]:
            if item["pk"] == self.item:
                self.base, self.revision = item["notes"], item["revision"]

    def write(self) -> None:
        self.lines += 1
        line = f"Ligne {self.lines} de la personne {self.n}."
        if self.lines % 5 == 0:
            fields = {"line": "decision", "text": line, "client_key": str(uuid.uuid4())}
            self.ask("save a line", "POST", f"{LIVE}points/{self.item}/ajouter/", fields)
            self.measures.decided.append(line)
            return
        # People write where they are in the text, not all at its end.
        lines = self.base.split("\n") if self.base else []
        place = self.chance.randint(0, len(lines))
        text = "\n".join([*lines[:place], line, *lines[place:]])
        fields = {"notes": text, "base": self.base, "revision": self.revision, "client_key": str(uuid.uuid4()), "state": "to_do"}
        status, told = self.ask("save notes", "POST", f"{LIVE}points/{self.item}/notes/", fields)
        self.measures.written.append(line)
        if status == http.HTTPStatus.OK:
            saved = json.loads(told)
            self.base, self.revision = saved["text"], saved["revision"]


def lost(measures: Measures) -> tuple[list[str], int, int]:
    """(lines that are nowhere, decisions that are not there exactly once, texts kept beside)."""
    from dialogue.meetings.models import AgendaItem, Decision, NotesConflict

    kept = list(AgendaItem.objects.values_list("notes", flat=True)) + list(NotesConflict.objects.values_list("text", flat=True))
    known = {line for text in kept for line in text.split("\n")}
    decided = list(Decision.objects.values_list("text", flat=True))
    twice = sum(decided.count(line) != 1 for line in measures.decided)
    return [line for line in measures.written if line not in known], twice, NotesConflict.objects.count()


def run(given: argparse.Namespace, folder: str) -> int:
    Path(folder, "static").mkdir()
    django_on(folder)
    people = given.readers + given.writers
    _meeting, items, keys = meeting_of(people)
    port = free_port()
    environ = os.environ | {"BASE_URL": f"http://localhost:{port}", "BENCH": "1"}
    running = subprocess.Popen(server("127.0.0.1", port), cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        while not answers("127.0.0.1", port):
            if running.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.2)
        measures = Measures()
        until = time.monotonic() + given.seconds
        visitors = [
            Visitor(n, port, key, measures, until, items[n % 2] if n < given.writers else 0) for n, key in enumerate(keys)
        ]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    finally:
        running.terminate()
        running.wait(30)
    return report(given, measures)


def report(given: argparse.Namespace, measures: Measures) -> int:
    missing, twice, beside = lost(measures)
    people = given.readers + given.writers
    load = os.getloadavg()[0]
    print(f"{people} people, {given.writers} typing, {given.seconds} s; load of the machine {load:.1f}")
    print(f"{'':14}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    shares: dict[str, float] = {}
    for what, times in sorted(measures.times.items()):
        cuts = statistics.quantiles(times, n=100)
        shares[what] = cuts[94]
        print(f"{what:14}{len(times):>10}{cuts[49]:>9.1f}{cuts[94]:>9.1f}{max(times):>9.1f}")
    saves = measures.times.get("save notes", []) + measures.times.get("save a line", [])
    p95 = statistics.quantiles(saves, n=100)[94]
    print(f"{'p95 of a save':30}{p95:>8.1f}   target {TARGET} ms")
    print(f"{'lines lost':30}{len(missing):>8}   target 0, of {len(measures.written)} (kept beside as conflicts: {beside} texts)")
    print(f"{'decisions missing or doubled':30}{twice:>8}   target 0, of {len(measures.decided)}")
    print(f"{'requests refused':30}{len(measures.problems):>8}   target 0 {sorted(set(measures.problems))[:3] or ''}")
    return 1 if missing or twice or measures.problems or p95 > TARGET else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--readers", type=int, default=25)
    parser.add_argument("--writers", type=int, default=5)
    with tempfile.TemporaryDirectory() as folder:
        return run(parser.parse_args(), folder)


if __name__ == "__main__":
    sys.exit(main())
