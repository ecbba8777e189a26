"""A real `receive_mail` of its own process, on the database of the tests."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.mailer.test_crash import database_url

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """Started at once; `where` is a port of this machine, or the path of a socket."""

    def __init__(self, data_dir: Path, where: str = "", **env: str) -> None:
        self.where = where or f"127.0.0.1:{free_port()}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(data_dir),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "manage.py", "receive_mail", "--listen", self.where]
        self.log = data_dir / "server.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment | env, stdout=log, stderr=subprocess.STDOUT)
        self.wait()

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.connect().quit()
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < end, "the door does not open"
                time.sleep(0.05)
            else:
                return

    def connect(self) -> smtplib.LMTP:
        if "/" in self.where:
            return smtplib.LMTP(self.where, local_hostname="tests")
        host, port = self.where.split(":")
        return smtplib.LMTP(host, int(port), local_hostname="tests")

    def send(self, raw: bytes, to: str, sender: str = "jeanne@partenaire.example") -> None:
        with self.connect() as line:
            line.sendmail(sender, [to], raw)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def stop(self) -> int:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        return int(self.process.returncode)


def until(true: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
