"""A mailbox read by the real imaplib, from a small server that speaks enough IMAP (RFC 3501) on this machine."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from dialogue.inbox import imap
from dialogue.inbox.models import Mail
from tests.inbox.letters import mail

pytestmark = pytest.mark.django_db(transaction=True)


class Mailbox(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.mails: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.done: list[bytes] = []

    def put(self, raw: bytes) -> None:
        number = len(self.flags) + 1
        self.mails[number], self.flags[number] = raw, set()


class Line(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.say(b"* OK here")
        for line in self.rfile:
            tag, _space, rest = line.decode().strip().partition(" ")
            words = re.sub(r"^UID ", "UID-", rest, flags=re.IGNORECASE).split(" ", 1)
            name = words[0].upper().replace("-", "_").lower()
            answer = getattr(self, f"do_{name}", lambda _rest: "BAD what?")(words[1] if len(words) > 1 else "")
            self.say(f"{tag} {answer or 'OK done'}".encode())
            if name == "logout":
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def do_capability(self, _rest: str) -> None:
        self.say(b"* CAPABILITY IMAP4rev1")

    def do_login(self, rest: str) -> str | None:
        return None if rest == 'dialogue "secret"' else "NO who are you?"

    def do_select(self, _rest: str) -> None:
        self.say(f"* {len(self.server.mails)} EXISTS".encode())

    def do_uid_search(self, _rest: str) -> None:
        new = [uid for uid in self.server.mails if not self.server.flags[uid] & {r"\Seen", r"\Deleted"}]
        self.say(b"* SEARCH " + " ".join(map(str, new)).encode())

    def do_uid_fetch(self, rest: str) -> None:
        uid = int(rest.split(" ", 1)[0])
        raw = self.server.mails[uid]
        if "RFC822.SIZE" in rest:
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            return
        part = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in rest else raw
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(part)}}}\r\n".encode() + part + b")\r\n")

    def do_uid_store(self, rest: str) -> None:
        uid, flags = int(rest.split(" ", 1)[0]), re.findall(r"\\\w+", rest)
        self.server.flags[uid] |= set(flags)

    def do_uid_copy(self, rest: str) -> str | None:
        if not rest.endswith(' "Trait&AOk-s"'):
            return "NO such folder"
        self.server.done.append(self.server.mails[int(rest.split(" ", 1)[0])])
        return None

    def do_expunge(self, _rest: str) -> None:
        self.server.mails = {uid: raw for uid, raw in self.server.mails.items() if r"\Deleted" not in self.server.flags[uid]}

    def do_logout(self, _rest: str) -> None:
        self.say(b"* BYE")


@pytest.fixture
def box(settings: Any) -> Iterator[Mailbox]:
    server = Mailbox()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.INBOX_IMAP_HOST, settings.INBOX_IMAP_PORT = server.server_address
    settings.INBOX_IMAP_SSL, settings.INBOX_IMAP_USER, settings.INBOX_IMAP_PASSWORD = False, "dialogue", "secret"
    yield server
    server.shutdown()
    server.server_close()


def test_new_mails_are_stored_and_marked_and_read_once(box):
    box.put(mail("Un", to="groupe-3@localhost"))
    box.put(mail("Deux"))
    assert (imap.poll(), imap.poll()) == (2, 0)
    assert sorted(Mail.objects.values_list("via", "envelope_to")) == [
        ("imap", "contact@localhost"),
        ("imap", "groupe-3@localhost"),
    ]
    assert box.flags == {1: {r"\Seen"}, 2: {r"\Seen"}}


def test_a_mail_that_could_not_be_stored_is_not_marked_and_comes_again(box, monkeypatch):
    box.put(mail("Un"))

    def away(*_: Any) -> Mail:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(imap, "store", away)
        with pytest.raises(DatabaseError):
            imap.poll()
    assert (box.flags, Mail.objects.count()) == ({1: set()}, 0)
    assert imap.poll() == 1


def test_killed_between_the_commit_and_the_mark_it_is_read_again_and_is_one_row(box, monkeypatch):
    box.put(mail("Un"))
    real = imap.store

    def die(*given: Any) -> Mail:
        real(*given)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(imap, "store", die)
        with pytest.raises(SystemExit):
            imap.poll()
    assert box.flags == {1: set()}
    assert (imap.poll(), Mail.objects.count()) == (1, 1)


def test_read_mails_are_moved_where_the_settings_say(box, settings):
    settings.INBOX_IMAP_DONE = "Traités"
    box.put(mail("Un"))
    imap.poll()
    assert (box.mails, len(box.done)) == ({}, 1)


def test_of_a_mail_too_heavy_the_headers_are_enough(box, settings):
    settings.INBOX_MAX_BYTES = 1000
    box.put(mail("x" * 2000))
    imap.poll()
    raw = Mail.objects.get().original.raw
    assert raw.startswith(b"X-Dialogue-Too-Large: yes\r\nFrom: ")
    assert b"xxxx" not in raw


def test_the_recipient_is_the_one_that_servers_noted_before_the_one_that_was_written():
    raw = mail(to="contact@localhost", Delivered_To="groupe-4@localhost", Return_Path="<>")
    assert (imap.recipient_of(raw), imap.envelope_from_of(raw)) == ("groupe-4@localhost", "")
    assert imap.recipient_of(mail(to="x@ailleurs.example")) == "dialogue@localhost"
    assert imap.envelope_from_of(mail()) == "jeanne@partenaire.example"


def test_a_wrong_password_and_a_server_away_stop_nothing(box, settings, caplog):
    settings.INBOX_IMAP_PASSWORD = "autre"
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    imap.watch(stop, 1)
    assert "could not be read" in caplog.text


def test_the_command_polls_once_and_says_what_is_missing(box, settings):
    box.put(mail("Un"))
    out = StringIO()
    call_command("receive_mail", "--imap", "--once", stdout=out)
    assert out.getvalue() == "1 courriels relevés.\n"
    settings.INBOX_IMAP_HOST = ""
    with pytest.raises(CommandError):
        call_command("receive_mail", "--imap")
