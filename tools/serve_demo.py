"""`make demo`: prepares the demo data once, then serves it, with the background worker beside; one Ctrl-C stops all.

Environment: PORT (8000), LISTEN (127.0.0.1), DATA_DIR (data/demo, kept from one run to the next), DATABASE_URL.
SIGINT and SIGTERM stop every process and the exit code is 0. A process that dies is started again; when it keeps dying,
everything stops and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
FIRST_ANSWER = 60  # seconds that the server may take to answer for the first time
GRACE = 10  # seconds that a process may take to stop by itself
RESTARTS, WITHIN = 3, 60  # a process may die this many times within so many seconds
PR_SET_PDEATHSIG = 1  # prctl(2)


class Stopped(Exception):
    """Someone asked for the end."""


@dataclass
class Child:
    """One process of the demo, in a session of its own: signals reach it through us alone."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_die_with_us
        )

    def signal(self, number: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _die_with_us() -> None:
    """Linux: should this launcher be killed outright, its children are told to stop."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def say(line: str) -> None:
    print(f"• {line}", flush=True)


def fail(line: str) -> int:
    print(f"✗ {line}", file=sys.stderr, flush=True)
    return 1


def environment(host: str, port: int) -> dict[str, str]:
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data" / "demo").resolve()
    given = {"DEMO": "1", "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    defaults = {"BASE_URL": f"http://localhost:{port}", "LOG_LEVEL": "WARNING"}
    if host not in {"127.0.0.1", "localhost"}:
        defaults["ALLOWED_HOSTS"] = "*"
    return {**defaults, **os.environ, **given}


def port_is_taken(host: str, port: int) -> str:
    """Why `port` cannot be used, or an empty text."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return str(error.strerror or error)
    return ""


def prepare() -> None:
    """In a process of its own: the database up to date, the demo data loaded if they are not."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    say("Mise à jour de la base de données…")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    say("Données de démonstration…")
    call_command("load_demo")


def server(host: str, port: int) -> list[str]:
    granian = str(Path(PYTHON).parent / "granian")
    options = {"interface": "wsgi", "host": host, "port": port, "workers": 1, "blocking-threads": 4, "backpressure": 32}
    options |= {"log-level": "warning", "workers-kill-timeout": GRACE - 2}
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return [granian, *flags, "--respawn-failed-workers", "--no-ws", "config.wsgi:application"]


def answers(host: str, port: int) -> bool:
    """Whether the health page says that all is well."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104
        connection.request("GET", "/sante/", headers={"Host": f"localhost:{port}"})
        status = connection.getresponse().status
        connection.close()
    except (OSError, http.client.HTTPException):
        return False
    return status == http.HTTPStatus.OK


def watch(children: list[Child], environ: dict[str, str]) -> Iterator[str]:
    """One round: dead children start again. Yields a sentence when one has died too often."""
    for child in children:
        if child.alive:
            continue
        code = child.process.returncode if child.process else 0
        moment = time.monotonic()
        child.deaths = [death for death in child.deaths if moment - death < WITHIN] + [moment]
        if len(child.deaths) > RESTARTS:
            yield f"{child.name} s’arrête sans cesse (code {code}) : tout est arrêté. Voyez le message ci-dessus."
            return
        say(f"{child.name} s’est arrêté (code {code}) : il redémarre.")
        child.start(environ)


def stop(children: list[Child]) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    limit = time.monotonic() + GRACE
    while time.monotonic() < limit and any(child.alive for child in children):
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)  # what is left of its group, if anything
        if child.process is not None:
            child.process.wait()


def _on_signal(number: int, frame: object) -> None:
    raise Stopped(signal.Signals(number).name)


def serve(host: str, port: int, environ: dict[str, str]) -> int:
    children = [
        Child("Le serveur", server(host, port)),
        Child("Le service d’arrière-plan", [PYTHON, "manage.py", "run_worker"]),
    ]
    try:
        for child in children:
            child.start(environ)
        limit, announced = time.monotonic() + FIRST_ANSWER, False
        while True:
            for problem in watch(children, environ):
                return fail(problem)
            if not announced and answers(host, port):
                announced = True
                welcome(port, environ)
            if not announced and time.monotonic() > limit:
                return fail(f"Le serveur n’a pas répondu en {FIRST_ANSWER} s : tout est arrêté.")
            time.sleep(0.2)
    finally:
        # A second Ctrl-C must not leave anything behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop(children)


def welcome(port: int, environ: dict[str, str]) -> None:
    print(
        f"\n  La démonstration est prête :  http://localhost:{port}/\n"
        f"  Se connecter sous un rôle :   http://localhost:{port}/demo/\n"
        f"  Données gardées dans :        {environ['DATA_DIR']}\n"
        "  Ctrl-C arrête tout.\n",
        flush=True,
    )


def main() -> int:
    host = os.environ.get("LISTEN") or "127.0.0.1"
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        return fail(f"PORT={os.environ['PORT']} : il faut un nombre, par exemple PORT=8001.")
    reason = port_is_taken(host, port)
    if reason:
        return fail(f"Le port {port} est déjà pris ({reason}). Choisissez-en un autre : make demo PORT={port + 1}")
    environ = environment(host, port)
    (Path(environ["DATA_DIR"]) / "static").mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    preparing = Child("La préparation", [PYTHON, __file__, "--prepare"])
    try:
        preparing.start(environ)
        if preparing.process and preparing.process.wait() != 0:
            return fail("La préparation a échoué : voyez le message ci-dessus. Rien n’est servi.")
        return serve(host, port, environ)
    except Stopped:
        say("Tout est arrêté ; les données sont gardées.")
        return 0
    finally:
        stop([preparing])


if __name__ == "__main__":
    if sys.argv[1:] == ["--prepare"]:
        prepare()
    else:
        sys.exit(main())
