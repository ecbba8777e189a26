"""`make demo`'s launcher, started for real on a port and a data directory of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import serve_demo

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]  # an environment of its own, where the demo is on SQLite
ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 90  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Launcher:
    def __init__(self, data: Path, port: int) -> None:
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        self.port = port
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "tools/serve_demo.py"],
            cwd=ROOT,
            env=kept | {"PORT": str(port), "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def wait_for(self, text: str) -> None:
        limit = time.monotonic() + LIMIT
        while text not in self.said:
            assert time.monotonic() < limit, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
        status = connection.getresponse().status
        connection.close()
        return status

    def children(self) -> list[int]:
        """Every process below this one."""
        tree: dict[int, list[int]] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, parent = int(entry.parent.name), int(entry.read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            tree.setdefault(parent, []).append(pid)
        found, wave = [], [self.process.pid]
        while wave:
            wave = [child for parent in wave for child in tree.get(parent, [])]
            found += wave
        return found

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.reader.join(5)
        return code


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[type[Launcher]]:
    started: list[Launcher] = []

    def start(port: int = 0, data: Path = tmp_path / "demo") -> Launcher:
        started.append(Launcher(data, port or free_port()))
        return started[-1]

    yield start  # type: ignore[misc]
    for launcher in started:
        if launcher.process.poll() is None:
            launcher.process.kill()
            launcher.process.wait()
        assert launcher.process.stdout is not None
        launcher.process.stdout.close()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_it_answers_stops_with_all_its_children_and_starts_again_on_the_kept_data(launch, tmp_path):
    first = launch()
    first.wait_for(f"http://localhost:{first.port}/demo/")
    assert first.status("/sante/") == 200
    assert first.status("/") == 200
    assert first.status("/demo/") == 200
    children = first.children()
    assert len(children) >= 2
    assert first.end(signal.SIGTERM) == 0, first.said
    assert [pid for pid in children if alive(pid)] == []
    assert "Tout est arrêté" in first.said
    kept = (tmp_path / "demo" / "demo.json").read_bytes()

    second = launch()
    second.wait_for("La démonstration est prête")
    assert (tmp_path / "demo" / "demo.json").read_bytes() == kept
    # A server that is killed comes back.
    server = next(pid for pid in second.children() if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.killpg(server, signal.SIGKILL)
    second.wait_for("il redémarre")
    limit = time.monotonic() + LIMIT
    while not serve_demo.answers("127.0.0.1", second.port):
        assert time.monotonic() < limit, second.said
        time.sleep(0.1)
    children = second.children()
    assert second.end(signal.SIGINT) == 0, second.said
    assert [pid for pid in children if alive(pid)] == []


def test_a_port_that_is_taken_is_said_before_anything_is_done(launch, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        launcher = launch(port=taken.getsockname()[1])
        assert launcher.process.wait(20) == 1
        launcher.reader.join(5)
    assert "est déjà pris" in launcher.said
    assert not (tmp_path / "demo").exists()


def test_a_port_that_is_no_number_is_said(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "huit mille")
    assert serve_demo.main() == 1
    assert "il faut un nombre" in capsys.readouterr().err


def test_a_process_that_keeps_dying_stops_everything(tmp_path):
    child = serve_demo.Child("Le service", [sys.executable, "-c", "raise SystemExit(3)"])
    problems: list[str] = []
    limit = time.monotonic() + LIMIT
    child.start(dict(os.environ))
    while not problems and time.monotonic() < limit:
        assert child.process is not None
        child.process.wait(20)
        problems = list(serve_demo.watch([child], dict(os.environ)))
    assert problems == ["Le service s’arrête sans cesse (code 3) : tout est arrêté. Voyez le message ci-dessus."]
    assert len(child.deaths) == serve_demo.RESTARTS + 1
