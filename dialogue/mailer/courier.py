"""The courier: a small process of the worker's own that speaks to the mail server (docs/adr/0008).

SMTP cannot be part of our transaction: between the server's "250" and our own note of it, whoever is killed no longer
knows. That moment is therefore spent in a process that does nothing else, out of the worker's process group and deaf to
its signals: when the worker is killed, the courier ends the letter it holds, notes it in the journal and goes.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from typing import Protocol

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from dialogue.mailer.journal import Journal
from dialogue.mailer.refusals import Fate, Outcome, outcome_of

logger = logging.getLogger(__name__)

#: Seconds without a letter after which the connection to the mail server is closed.
IDLE = 5.0
READY = "ready"


class Carrier(Protocol):
    """What delivery needs: hand over one mail, know what became of it."""

    def carry(self, message: EmailMessage, message_id: str) -> Outcome: ...


class InProcess:
    """Sends from this very process: for one letter at a time, and for tests. It notes nothing."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def carry(self, message: EmailMessage, message_id: str) -> Outcome:
        try:
            if self._connection is None:
                self._connection = mail.get_connection()
                self._connection.open()
            count = self._connection.send_messages([message])
        except Exception as problem:  # noqa: BLE001 (whatever happens, the letter must get a fate)
            self.rest()
            return outcome_of(problem)
        return Outcome(Fate.SENT) if count else Outcome(Fate.GIVE_UP, "the mail backend sent nothing")

    def rest(self) -> None:
        """Close the connection; the next letter opens another. A server that hangs up rudely changes nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()


class CourierGone(RuntimeError):
    """The courier was killed: the worker must end too, so that the next one reads the journal."""


class Courier:
    """The worker's side of the courier process."""

    def __init__(self, worker: str) -> None:
        """Starts the process; returns once it holds its journal. Call it before any database query or thread."""
        context = multiprocessing.get_context("fork")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_run, args=(worker, theirs, self._line), daemon=False)
        self._process.start()
        theirs.close()
        if not self._line.poll(settings.EMAIL_TIMEOUT) or self._line.recv() != READY:
            raise CourierGone("the courier did not start")

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def carry(self, message: EmailMessage, message_id: str) -> Outcome:
        """Raises CourierGone when the process was killed meanwhile."""
        try:
            self._line.send((message, message_id))
            outcome = self._line.recv()
        except (EOFError, OSError) as problem:
            raise CourierGone("the courier is gone") from problem
        assert isinstance(outcome, Outcome)  # noqa: S101 (both ends are ours)
        return outcome

    def dismiss(self) -> None:
        """Let it end what it holds and go."""
        self._line.close()
        self._process.join(timeout=1)


def _run(worker: str, line: Connection, theirs: Connection) -> None:
    theirs.close()
    os.setsid()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    journal, carrier = Journal(worker), InProcess()
    # A worker that is no longer there reads no answer: the journal does.
    with contextlib.suppress(EOFError, OSError):
        line.send(READY)
        while True:
            if not line.poll(IDLE):
                carrier.rest()
                continue
            message, message_id = line.recv()
            outcome = carrier.carry(message, message_id)
            if outcome.fate is Fate.SENT:
                journal.note(message_id)
            line.send(outcome)
    carrier.rest()
    journal.close()
