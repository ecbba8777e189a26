"""The IMAP door: a mailbox is read now and then. A mail is marked only once it is stored; read twice, it is one row."""

from __future__ import annotations

import base64
import imaplib
import logging
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import getaddresses

from django.conf import settings
from django.db import close_old_connections

from dialogue.inbox import addresses
from dialogue.inbox.reception import headers_alone, headers_of, store
from dialogue.inbox.stages import Way

logger = logging.getLogger(__name__)

#: Seconds without an answer of the server after which the poll is given up until the next one.
TIMEOUT = 30
#: Where servers write the envelope's recipient; then what the sender wrote.
_DELIVERED = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")
_WRITTEN = ("To", "Cc", "Resent-To")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Unanswered(RuntimeError):
    """The server said NO, or something that is not IMAP."""


def watch(stop: threading.Event, every: int) -> None:
    """Polls until `stop`; a server that is away costs nothing but time."""
    while not stop.is_set():
        try:
            poll()
        except (OSError, imaplib.IMAP4.error, Unanswered) as problem:
            logger.warning("the mailbox could not be read: %s", problem)
        close_old_connections()
        stop.wait(every)


def poll() -> int:
    """Stores what is new in the mailbox; returns how many. Raises OSError, imaplib.IMAP4.error, Unanswered or DatabaseError: what
    was not marked is read again the next time."""
    count = 0
    with _mailbox() as box:
        for uid in _said(box.uid("SEARCH", "UNDELETED UNSEEN"))[0].split():
            _take(box, uid.decode("ascii"))
            count += 1
        if settings.INBOX_IMAP_DONE:
            with suppress(imaplib.IMAP4.error):
                box.expunge()
    return count


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    host, port = settings.INBOX_IMAP_HOST, settings.INBOX_IMAP_PORT
    if settings.INBOX_IMAP_SSL:
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    else:
        box = imaplib.IMAP4(host, port, timeout=TIMEOUT)
    try:
        box.login(settings.INBOX_IMAP_USER, settings.INBOX_IMAP_PASSWORD)
        _said(box.select(_named(settings.INBOX_IMAP_FOLDER)))
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _take(box: imaplib.IMAP4, uid: str) -> None:
    weighed = b" ".join(part for part in _said(box.uid("FETCH", uid, "(RFC822.SIZE)")) if isinstance(part, bytes))
    found = _SIZE.search(weighed)
    is_heavy = found is not None and int(found[1]) > settings.INBOX_MAX_BYTES
    # Of a mail that is too heavy, the headers are enough to tell its sender.
    answer = _said(box.uid("FETCH", uid, "(BODY.PEEK[HEADER])" if is_heavy else "(BODY.PEEK[])"))
    raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
    if raw is None:
        return  # gone meanwhile: another program reads this mailbox too
    store(headers_alone(raw) if is_heavy else raw, envelope_from_of(raw), recipient_of(raw), Way.IMAP)
    if settings.INBOX_IMAP_DONE:
        _said(box.uid("COPY", uid, _named(settings.INBOX_IMAP_DONE)))
        _said(box.uid("STORE", uid, "+FLAGS", r"(\Seen \Deleted)"))
    else:
        _said(box.uid("STORE", uid, "+FLAGS", r"(\Seen)"))


def _named(folder: str) -> str:
    """The name of a folder as the protocol writes it: quoted, its accents in modified UTF-7 (RFC 3501 §5.1.3)."""
    plain = folder.replace("&", "&-")
    coded = re.sub(
        r"[^\x20-\x7e]+",
        lambda run: "&" + base64.b64encode(run[0].encode("utf-16-be"), b"+,").rstrip(b"=").decode("ascii") + "-",
        plain,
    )
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _said(answer: tuple[str, list]) -> list:
    state, lines = answer
    if state != "OK":
        raise Unanswered(f"{state} {lines!r}"[:500])
    return [line for line in lines if line is not None] or [b""]


def recipient_of(raw: bytes) -> str:
    """The address of ours for which this mail was put into the mailbox; the general one when nothing says which."""
    headers, _body = headers_of(raw)
    for names in (_DELIVERED, _WRITTEN):
        values = [str(value) for name in names for value in headers.get_all(name, [])]
        if best := addresses.best_of([address for _name, address in getaddresses(values)]):
            return best
    return settings.DEFAULT_FROM_EMAIL


def envelope_from_of(raw: bytes) -> str:
    """The return path; without one, the author: a bounce always says `<>`."""
    headers, _body = headers_of(raw)
    if "Return-Path" in headers:
        return str(headers["Return-Path"]).strip().strip("<>").strip()
    return next((address for _name, address in getaddresses([str(headers.get("From", ""))])), "")
