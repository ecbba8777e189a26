"""What every test gets: closed sockets, an empty cache, folders of its own (see also tests/settings.py)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = {"127.0.0.1", "::1", "localhost", ""}


class SocketClosed(RuntimeError):
    """A test tried to speak to the outside."""


def _guard(real: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise SocketClosed(f"tests may not connect to {address[0]}")
        return real(self, address)

    return connect


@pytest.fixture(autouse=True, scope="session")
def closed_sockets() -> Iterator[None]:
    """Sockets are closed, except to this machine."""
    kept = socket.socket.connect, socket.socket.connect_ex
    socket.socket.connect, socket.socket.connect_ex = map(_guard, kept)  # type: ignore[method-assign]
    yield
    socket.socket.connect, socket.socket.connect_ex = kept  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def clean_slate(settings: Any, tmp_path: Path) -> Iterator[None]:
    """An empty cache and folders of its own for every test."""
    from django.core.cache import cache
    from django.utils import translation

    from dialogue.opendata import serving

    settings.MAIL_FOLDER = tmp_path / "mail"
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    cache.clear()
    serving.forget()
    translation.activate("fr")
    yield
    translation.deactivate()


@pytest.fixture
def client_for() -> Callable[..., Any]:
    """`client_for(person)`: a browser in which `person` is signed in; `client_for()` is a visitor."""
    from django.test import Client

    def make(person: Any = None, **options: Any) -> Client:
        client = Client(**options)
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def now() -> Any:
    from tests.factories import NOW

    return NOW


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With NOTHING_SKIPPED=1 (CI), a skipped test is a failure of the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NOTHING_SKIPPED") != "1" or reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = [report.nodeid for report in reporter.stats.get("skipped", [])]
    if skipped:
        reporter.write_line(f"NOTHING_SKIPPED: {len(skipped)} test(s) were skipped: " + ", ".join(skipped[:10]), red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
