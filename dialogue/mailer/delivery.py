"""Delivery: the worker takes letters from the outbox, sends them, and survives being killed (docs/adr/0008).

Everything here is real time, never the demo's.
"""

from __future__ import annotations

import logging
import os
import smtplib
import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.utils import timezone

from dialogue.mailer.kinds import Mode
from dialogue.mailer.message import as_mail
from dialogue.mailer.models import Letter, LetterStage, Suspension

logger = logging.getLogger(__name__)

#: Waits before the next attempt; after the last one the letter has failed and the coordination sees it.
BACKOFF = [timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 1440)]
#: A claim of another machine that is older is taken over.
LEASE = timedelta(minutes=15)
BATCH = 50
PERMANENT = 500


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}"


class Journal:
    """What the mail server has accepted, one Message-ID a line, written before the database is told.

    A worker killed between the two finds here, when it starts again, what must not be sent twice.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.file = (folder or Path(settings.DATA_DIR)) / "mail-accepted.journal"

    def note(self, message_id: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{message_id}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def accepted(self) -> set[str]:
        return set(self.file.read_text().split()) if self.file.exists() else set()

    def forget(self) -> None:
        """Once the database knows everything that stands in it."""
        self.file.unlink(missing_ok=True)


def recover(now: datetime | None = None) -> int:
    """Take back the letters that a dead worker held: sent if the journal says so, else queued again. Returns how many."""
    now = now or timezone.now()
    accepted = Journal().accepted()
    taken = 0
    held = Letter.objects.filter(stage=LetterStage.SENDING)
    for letter in held:
        if not _is_orphan(letter, now):
            continue
        stage = LetterStage.SENT if letter.message_id in accepted else LetterStage.QUEUED
        fields = {"stage": stage, "claimed_by": "", "claimed_at": None}
        if stage == LetterStage.SENT:
            fields["sent_at"] = now
        taken += held.filter(pk=letter.pk, claimed_by=letter.claimed_by).update(**fields)
    if accepted and not held.exists():
        Journal().forget()
    return taken


def _is_orphan(letter: Letter, now: datetime) -> bool:
    host, _colon, pid = letter.claimed_by.rpartition(":")
    if host == socket.gethostname()[:30] and pid.isdigit():
        return int(pid) == os.getpid() or not _is_alive(int(pid))
    return letter.claimed_at is None or letter.claimed_at < now - LEASE


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def deliver(now: datetime | None = None, *, limit: int = BATCH) -> int:
    """Send what is due, at most `limit` letters. Returns how many were accepted by the mail server."""
    now = now or timezone.now()
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    rows = Letter.objects.filter(due, stage=LetterStage.QUEUED, mode=Mode.IMMEDIATE).values_list("pk", flat=True)[:limit]
    waiting = list(rows)
    if not waiting:
        return 0
    connection = get_connection()
    sent = 0
    try:
        for pk in waiting:
            letter = _claim(pk, now)
            if letter is not None:
                sent += _send(letter, connection, now)
    finally:
        connection.close()
    return sent


def _claim(pk: int, now: datetime) -> Letter | None:
    """One worker gets it: a conditional UPDATE, the same on both databases."""
    rows = Letter.objects.filter(pk=pk, stage=LetterStage.QUEUED)
    if rows.update(stage=LetterStage.SENDING, claimed_by=worker_name(), claimed_at=now) != 1:
        return None
    return Letter.objects.select_related("person").get(pk=pk)


def _send(letter: Letter, connection: BaseEmailBackend, now: datetime) -> bool:
    if _is_unwanted(letter):
        _settle(letter, LetterStage.DROPPED, error="the reader left, or their address refuses our mail")
        return False
    mail = as_mail(letter)
    mail.connection = connection
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code, reason = next(iter(refusal.recipients.values()))
        _refused(letter, code, reason, now)
        return False
    except smtplib.SMTPResponseException as refusal:
        _refused(letter, refusal.smtp_code, refusal.smtp_error, now, suspend=False)
        return False
    except (smtplib.SMTPException, OSError) as problem:
        _later(letter, str(problem), now)
        return False
    Journal().note(letter.message_id)
    _settle(letter, LetterStage.SENT, sent_at=timezone.now())
    return True


def _is_unwanted(letter: Letter) -> bool:
    left = letter.person is not None and not letter.person.can_receive_mail
    return left or Suspension.objects.filter(address=letter.address).exists()


def _refused(letter: Letter, code: int, reason: bytes | str, now: datetime, *, suspend: bool = True) -> None:
    text = f"{code} {reason.decode(errors='replace') if isinstance(reason, bytes) else reason}"[:500]
    if code < PERMANENT:
        _later(letter, text, now)
        return
    if suspend:
        Suspension.objects.get_or_create(address=letter.address, defaults={"reason": text})
    _settle(letter, LetterStage.FAILED, error=text)


def _later(letter: Letter, problem: str, now: datetime) -> None:
    if letter.attempts >= len(BACKOFF):
        _settle(letter, LetterStage.FAILED, error=problem[:500])
        return
    logger.warning("letter %s waits: %s", letter.pk, problem)
    _settle(
        letter, LetterStage.QUEUED, error=problem[:500], attempts=letter.attempts + 1,
        next_attempt_at=now + BACKOFF[letter.attempts],
    )


def _settle(letter: Letter, stage: LetterStage, **fields: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(stage=stage, claimed_by="", claimed_at=None, **fields)
