"""The one way in: a mail is on the disk, in one transaction with its bytes, before anybody is told that it was accepted.

`store` is what the three doors call (LMTP, IMAP, webhook). A door that many knock at together uses a `Clerk`: those who wait
share one commit, so that one flush of the disk serves them all (docs/adr/0019).
"""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
import zlib
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from django.conf import settings
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction

from dialogue.inbox.models import Mail, Original
from dialogue.inbox.stages import Way
from dialogue.ledger import clock

logger = logging.getLogger(__name__)

#: What one commit takes at most, in mails and in bytes.
TOGETHER, WEIGHT = 64, 32 << 20
#: The header of a mail of which, too heavy, only the headers were kept.
TOO_LARGE = "X-Dialogue-Too-Large"
_END = (b"\r\n\r\n", b"\n\n")


@dataclass(frozen=True)
class Arrival:
    """A mail at the door. `key` is what makes it the same one when it is handed over again."""

    raw: bytes
    envelope_from: str
    envelope_to: str
    via: Way
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", key_of(self.raw, self.envelope_to))


def headers_of(raw: bytes) -> tuple[Message, bytes]:
    """The headers, parsed, and the body as bytes: reading a key does not need the attachments."""
    ends = [(raw.find(mark), len(mark)) for mark in _END if mark in raw]
    at, length = min(ends) if ends else (len(raw), 0)
    return BytesHeaderParser(policy=compat32).parsebytes(raw[:at] + b"\n\n"), raw[at + length :]


def key_of(raw: bytes, envelope_to: str) -> str:
    """Recipient, Message-ID, author and date; without a Message-ID, the body speaks. Trace headers, which every server on the way
    adds, count for nothing."""
    headers, body = headers_of(raw)
    said = [str(headers.get(name, "")).strip() for name in ("Message-ID", "From", "Date")]
    if not said[0]:
        said += [str(headers.get("Subject", "")), hashlib.sha256(body.replace(b"\r\n", b"\n").rstrip()).hexdigest()]
    parts = [envelope_to.strip().lower(), *said]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def headers_alone(raw: bytes) -> bytes:
    """What is kept of a mail that is too heavy: enough to tell its sender. (By LMTP it is not even accepted.)"""
    ends = [raw.find(mark) for mark in _END if mark in raw]
    return f"{TOO_LARGE}: yes\r\n".encode() + raw[: min(ends) if ends else 0].rstrip() + b"\r\n\r\n"


def store(raw: bytes, envelope_from: str, envelope_to: str, via: Way) -> Mail:
    """The row of this mail, committed; that of the first time when it was received before. Raises DatabaseError when it could
    not be written: the door must then ask for it again."""
    if len(raw) > settings.INBOX_MAX_BYTES:
        raw = headers_alone(raw)
    return store_all([Arrival(raw, envelope_from, envelope_to, via)])[0]


def store_all(arrivals: Iterable[Arrival]) -> list[Mail]:
    """As `store`, several in one transaction."""
    arrivals, now = list(arrivals), clock.now()
    packed = {each.key: zlib.compress(each.raw, 1) for each in arrivals}
    try:
        return _write(arrivals, packed, now)
    except IntegrityError:
        # Another process took one of them at the same moment: one by one, each finds the row that is there.
        return [_write([each], packed, now)[0] for each in arrivals]


def _write(arrivals: list[Arrival], packed: dict[str, bytes], now: datetime) -> list[Mail]:
    with transaction.atomic():
        known = {mail.key: mail for mail in Mail.objects.filter(key__in=packed)}
        fresh = {each.key: _row(each, now) for each in arrivals if each.key not in known}
        rows = Mail.objects.bulk_create(fresh.values())
        Original.objects.bulk_create([Original(mail=row, packed=packed[row.key]) for row in rows])
    known |= {row.key: row for row in rows}
    return [known[each.key] for each in arrivals]


def _row(arrival: Arrival, now: datetime) -> Mail:
    return Mail(
        key=arrival.key,
        via=arrival.via,
        envelope_from=arrival.envelope_from.strip().strip("<>")[:320],
        envelope_to=arrival.envelope_to.strip()[:320],
        at=now,
        size=len(arrival.raw),
    )


class Clerk:
    """One thread that writes; whoever comes while it waits for the disk is in the next commit."""

    def __init__(self) -> None:
        self._line: queue.SimpleQueue[tuple[Arrival, Future[Mail]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="clerk", daemon=True)
        self._thread.start()

    def hand_over(self, arrival: Arrival) -> Future[Mail]:
        """Done once the mail is committed; carries the DatabaseError when it could not be."""
        future: Future[Mail] = Future()
        self._line.put((arrival, future))
        return future

    def close(self) -> None:
        """Ends what was handed over."""
        self._line.put(None)
        self._thread.join()

    def _work(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._batch()
            if batch:
                self._keep(batch)
        connection.close()

    def _batch(self) -> tuple[list[tuple[Arrival, Future[Mail]]], bool]:
        batch: list[tuple[Arrival, Future[Mail]]] = []
        weight, item = 0, self._line.get()
        while item is not None:
            batch.append(item)
            weight += len(item[0].raw)
            if len(batch) >= TOGETHER or weight >= WEIGHT or self._line.empty():
                return batch, True
            item = self._line.get()
        return batch, False

    def _keep(self, batch: list[tuple[Arrival, Future[Mail]]]) -> None:
        try:
            rows = store_all([arrival for arrival, _future in batch])
        except Exception as problem:  # each of those who wait must hear of it
            if not isinstance(problem, DatabaseError):
                logger.exception("mail could not be stored")
            close_old_connections()
            for _arrival, future in batch:
                future.set_exception(problem)
            return
        for (_arrival, future), row in zip(batch, rows, strict=True):
            future.set_result(row)
