"""What makes two mails the same one; what several at once cost."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from dialogue.inbox import reception
from dialogue.inbox.models import Mail, Original
from dialogue.inbox.reception import Arrival, Clerk, key_of, store_all
from dialogue.inbox.stages import Way
from tests.inbox.letters import mail, received

BOX = "contact@localhost"


def test_trace_headers_of_servers_change_nothing():
    raw = mail()
    assert key_of(b"Received: by x\r\nReturn-Path: <a@b.example>\r\n" + raw, BOX) == key_of(raw, BOX)


def test_another_recipient_another_date_or_another_message_id_is_another_mail():
    raw = mail(message_id="<un@x.example>")
    others = [
        key_of(raw, "groupe-1@localhost"),
        key_of(raw.replace(b"10:00:00", b"10:00:01"), BOX),
        key_of(raw.replace(b"<un@", b"<deux@"), BOX),
    ]
    assert len({key_of(raw, BOX), *others}) == 4


def test_without_a_message_id_the_body_speaks_whatever_its_line_ends():
    raw = mail("Un", message_id="")
    assert key_of(raw.replace(b"\r\n", b"\n"), BOX) == key_of(raw, BOX)
    assert key_of(mail("Deux", message_id=""), BOX) != key_of(raw, BOX)


def test_what_is_no_mail_at_all_has_a_key_too():
    assert key_of(b"", BOX) != key_of(b"\0\xff\n\nbonjour", BOX)


@pytest.mark.django_db
def test_an_empty_envelope_sender_is_kept_empty():
    assert received(mail(), envelope_from="<>").envelope_from == ""


@pytest.mark.django_db
def test_several_are_one_transaction_and_the_same_one_twice_is_one_row(django_assert_num_queries):
    raws = [mail() for _ in range(10)]
    arrivals = [Arrival(raw, "a@b.example", BOX, Way.LMTP) for raw in [*raws, raws[0]]]
    with django_assert_num_queries(5):  # begin, which are known, rows, bytes, commit
        rows = store_all(arrivals)
    assert (len(rows), rows[0].pk, Mail.objects.count()) == (11, rows[10].pk, 10)
    assert [bytes(original.raw) for original in Original.objects.order_by("pk")] == raws


@pytest.mark.django_db(transaction=True)
def test_who_hands_over_while_the_database_is_away_hears_of_it(monkeypatch):
    clerk = Clerk()

    def away(*_):
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(reception, "_write", away)
        with pytest.raises(DatabaseError):
            clerk.hand_over(Arrival(mail(), "", BOX, Way.LMTP)).result(10)
    assert clerk.hand_over(Arrival(mail(), "", BOX, Way.LMTP)).result(10).pk
    clerk.close()


@pytest.mark.django_db
def test_two_processes_that_take_the_same_mail_at_once_make_one_row(monkeypatch):
    """The other one's row comes between the question and the answer."""
    first = received(mail(message_id="<un@x.example>"))
    asked: list[int] = []
    real = Mail.objects.filter

    def filtered(*args, **kwargs):
        asked.append(1)
        return Mail.objects.none() if len(asked) == 1 else real(*args, **kwargs)

    monkeypatch.setattr(Mail.objects, "filter", filtered)
    assert received(mail(message_id="<un@x.example>")).pk == first.pk
