"""A real mail server's door, in its own process, spoken to by smtplib."""

from __future__ import annotations

import smtplib
import threading
from typing import Any

import pytest

from dialogue.inbox.models import Mail, Original
from tests.inbox.letters import mail
from tests.inbox.lmtp_server import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def server(tmp_path: Any) -> Any:
    started = Server(tmp_path)
    yield started
    started.kill()


def test_a_mail_is_on_the_disk_byte_for_byte_when_it_is_accepted(server):
    raw = mail("Bonjour, c’est l’été à Créon.\n.\nUne ligne qui commence par un point.\n")
    server.send(raw, "contact@localhost")
    row = Mail.objects.get()
    assert (row.envelope_from, row.envelope_to, row.via, row.stage) == (
        "jeanne@partenaire.example",
        "contact@localhost",
        "lmtp",
        "received",
    )
    assert Original.objects.get().raw == raw
    assert row.size == len(raw)


def test_the_same_mail_handed_over_again_is_the_same_row_and_is_accepted(server):
    raw = mail()
    server.send(raw, "contact@localhost")
    server.send(b"Received: from another by way\r\n" + raw, "contact@localhost")
    assert Mail.objects.count() == 1


def test_two_mails_of_one_sender_are_two_rows(server):
    server.send(mail("Un"), "contact@localhost")
    server.send(mail("Deux"), "contact@localhost")
    assert Mail.objects.count() == 2


def test_an_address_that_is_not_ours_is_refused_before_the_mail_is_sent(server):
    with server.connect() as line:
        line.ehlo_or_helo_if_needed()
        line.mail("a@b.example")
        assert line.rcpt("inconnu@localhost") == (550, b"5.1.1 No such address here")
        assert line.rcpt("contact@ailleurs.example")[0] == 550
        assert line.rcpt("groupe-3@localhost")[0] == 250


def test_a_second_recipient_comes_again_so_that_each_has_its_own_answer(server):
    with server.connect() as line:
        line.ehlo_or_helo_if_needed()
        line.mail("a@b.example")
        assert [line.rcpt(f"groupe-{n}@localhost")[0] for n in (1, 2)] == [250, 452]


def test_a_mail_of_more_than_25_megabytes_is_refused_by_its_announced_size_and_by_its_weight(server):
    with server.connect() as line, pytest.raises(smtplib.SMTPSenderRefused) as refused:
        line.sendmail("a@b.example", ["contact@localhost"], b"x" * 26_000_000)
    assert refused.value.smtp_code == 552
    with server.connect() as line:
        line.ehlo_or_helo_if_needed()
        line.mail("a@b.example")
        line.rcpt("contact@localhost")
        code, _words = line.data((b"y" * 990 + b"\r\n") * 26_500)
    assert (code, Mail.objects.count()) == (552, 0)


def test_ten_megabytes_and_a_line_of_a_million_signs_come_in(server):
    server.send(mail(files=(("plan.bin", "application/octet-stream", b"\0" * 10_000_000),)), "contact@localhost")
    server.send(b"From: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\n" + b"z" * 1_000_000 + b"\r\n", "contact@localhost")
    assert sorted(Mail.objects.values_list("size", flat=True))[1] > 13_000_000


def test_several_connections_at_once_lose_and_double_nothing(server):
    def speak(n: int) -> None:
        with server.connect() as line:
            for k in range(20):
                line.sendmail("a@b.example", ["contact@localhost"], mail(message_id=f"<{n}-{k}@b.example>"))

    threads = [threading.Thread(target=speak, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Mail.objects.count(), Original.objects.count()) == (120, 120)


def test_the_door_is_a_unix_socket_too_and_closes_when_told(tmp_path):
    server = Server(tmp_path, str(tmp_path / "lmtp" / "inbox.sock"))
    server.send(mail(), "contact@localhost")
    assert Mail.objects.count() == 1
    assert server.stop() == 0
