"""What the machine answers to a mail (RFC 3834), and addresses that servers tell us nobody reads."""

from __future__ import annotations

import pytest

from dialogue.mailer import message, smtp
from tests import factories as make
from tests.mailer.letters import queue
from tests.mailer.test_crash import Mailbox

pytestmark = pytest.mark.django_db


def test_an_automatic_answer_says_so_and_answers_the_mail():
    letter = queue(make.make_person(), automatic=True, answers="<m1@partenaire.example>")
    mail = message.as_mail(letter).message()
    assert (mail["Auto-Submitted"], mail["In-Reply-To"]) == ("auto-replied", "<m1@partenaire.example>")


def test_every_letter_carries_the_mark_that_recognises_it_when_it_comes_back():
    assert message.as_mail(queue(make.make_person())).message()["X-Loop"] == "localhost"


def test_the_envelope_of_an_automatic_answer_has_no_sender(settings):
    from aiosmtpd.controller import Controller

    from tests.inbox.lmtp_server import free_port

    class Noting(Mailbox):
        senders: list[str] = []

        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            self.senders.append(envelope.mail_from)
            return "250 OK"

    box = Noting()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    person = make.make_person()
    try:
        letters = [queue(person), queue(person, automatic=True)]
        assert smtp.EmailBackend().send_messages([message.as_mail(letter) for letter in letters]) == 2
    finally:
        controller.stop()
    assert box.senders == ["dialogue@localhost", "<>"]


def test_rooms_above_have_their_own_turn_of_the_worker(monkeypatch):
    from dialogue.mailer import worker

    done: list[str] = []
    monkeypatch.setattr(worker, "beside", [lambda: done.append("a") or False, lambda: done.append("b") or True])
    assert worker.work_of_rooms() is True
    assert done == ["a", "b"]
