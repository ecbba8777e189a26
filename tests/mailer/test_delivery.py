"""From the outbox to the mail server, in one process: every fate of a letter, claims, recovery."""

from __future__ import annotations

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from dialogue.mailer import audience, delivery, journal
from dialogue.mailer.courier import InProcess
from dialogue.mailer.models import Letter, Suspension
from dialogue.mailer.refusals import Fate, Outcome
from dialogue.people.models import Person
from tests import factories as make
from tests.mailer.letters import make_letter, queue, stages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA_DIR = tmp_path


class Answering:
    """A carrier that always answers the same, and remembers what it carried."""

    def __init__(self, fate: Fate = Fate.SENT, words: str = "") -> None:
        self.outcome, self.carried = Outcome(fate, words), []

    def carry(self, message, message_id):
        self.carried.append(message_id)
        return self.outcome


def deliver(carrier=None) -> int:
    return delivery.deliver_due(carrier or InProcess(), "w1")


def test_a_due_letter_is_sent_once_and_marked():
    letter = queue(make.make_person())
    assert (deliver(), deliver()) == (1, 0)
    letter.refresh_from_db()
    assert (letter.stage, letter.attempts, letter.claimed_by, letter.error) == ("sent", 1, "", "")
    assert letter.sent_at is not None
    assert [sent.message()["Message-ID"] for sent in mail.outbox] == [letter.message_id]


def test_a_letter_for_the_digest_is_not_sent_alone():
    queue(make.make_person(), "tests.summed")
    assert deliver() == 0


def test_a_code_does_not_wait_behind_the_others():
    first, second = make_letter(), make_letter()
    code = make_letter(mandatory=True)
    carrier = Answering()
    deliver(carrier)
    assert carrier.carried == [code.message_id, first.message_id, second.message_id]


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 5), (2, 30), (3, 120), (4, 480), (5, 1440)])
def test_a_server_that_is_down_makes_the_letter_wait_longer_each_time(attempts, minutes):
    letter = make_letter(attempts=attempts)
    before = timezone.now()
    assert deliver(Answering(Fate.LATER, "451 later")) == 1
    letter.refresh_from_db()
    assert (letter.stage, letter.attempts, letter.error) == ("queued", attempts + 1, "451 later")
    wait = letter.next_attempt_at - before
    assert timedelta(minutes=minutes) <= wait < timedelta(minutes=minutes, seconds=30)
    assert deliver() == 0


def test_after_the_seventh_attempt_it_has_failed_and_says_why():
    letter = make_letter(attempts=6)
    deliver(Answering(Fate.LATER, "451 later"))
    letter.refresh_from_db()
    assert (letter.stage, letter.error, letter.attempts) == ("failed", "451 later", 7)


def test_an_address_that_does_not_exist_is_suspended_and_what_waits_for_it_is_dropped():
    for _ in range(2):
        make_letter(address="perdue@partenaire.example")
    other = make_letter()
    deliver(Answering(Fate.SUSPEND, "550 5.1.1 no such user"))
    assert stages() == ["failed", "dropped", "failed"]
    assert dict(Suspension.objects.values_list("address", "reason")) == {
        "perdue@partenaire.example": "550 5.1.1 no such user",
        other.address: "550 5.1.1 no such user",
    }


def test_a_refused_message_fails_without_suspending_its_reader():
    make_letter()
    deliver(Answering(Fate.GIVE_UP, "554 spam"))
    assert stages() == ["failed"]
    assert not Suspension.objects.exists()


def test_someone_who_left_meanwhile_gets_nothing():
    person = make.make_person()
    queue(person)
    Person.objects.filter(pk=person.pk).update(stage="refused")
    carrier = Answering()
    deliver(carrier)
    assert (stages(), carrier.carried) == (["dropped"], [])


def test_a_letter_that_cannot_be_written_as_a_mail_stops_no_other():
    make_letter(reply_to="a\nb@partenaire.example")
    make_letter()
    assert deliver() == 2
    assert stages() == ["failed", "sent"]
    assert len(mail.outbox) == 1


def test_a_worker_that_is_told_to_stop_begins_no_other_letter():
    make_letter()
    assert delivery.deliver_due(Answering(), "w1", enough=lambda: True) == 0
    assert stages() == ["queued"]


def test_in_process_an_error_of_the_server_becomes_an_outcome_and_the_next_letter_leaves(settings):
    settings.EMAIL_BACKEND = "tests.mailer.test_delivery.Moody"
    make_letter()
    make_letter()
    deliver()
    assert stages() == ["queued", "sent"]


class Moody:
    """A mail connection that fails once."""

    failed = False

    def open(self):
        return True

    def close(self):
        raise OSError("already closed")

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        if not Moody.failed:
            Moody.failed = True
            raise smtplib.SMTPServerDisconnected("gone")
        return len(messages)


class TestRecovery:
    def hold(self, owner="dead", **fields):
        return make_letter(stage="sending", claimed_by=owner, claimed_at=timezone.now(), **fields)

    def test_what_the_journal_of_a_dead_worker_holds_is_sent_the_rest_leaves_again(self):
        done, lost = self.hold(), self.hold()
        kept = journal.Journal("dead")
        kept.note(done.message_id)
        kept.close()
        assert delivery.recover("w1") == 2
        assert stages() == ["sent", "queued"]
        assert not journal.is_here("dead")
        lost.refresh_from_db()
        assert (lost.claimed_by, lost.claimed_at) == ("", None)
        assert deliver() == 1

    def test_a_line_cut_by_a_power_failure_names_no_letter(self):
        letter = self.hold()
        journal.folder().mkdir(parents=True)
        journal.path_of("dead").write_text(letter.message_id)
        delivery.recover("w1")
        assert stages() == ["queued"]

    def test_the_letters_of_a_worker_whose_courier_still_works_are_left_alone(self):
        self.hold("alive")
        held = journal.Journal("alive")
        assert delivery.recover("w1") == 0
        assert stages() == ["sending"]
        held.close()
        assert delivery.recover("w1") == 1

    def test_ones_own_letters_are_left_alone(self):
        self.hold("w1")
        assert delivery.recover("w1") == 0

    def test_without_a_journal_on_this_machine_a_claim_is_given_back_after_an_hour(self):
        letter = self.hold("elsewhere")
        assert delivery.recover("w1") == 0
        Letter.objects.filter(pk=letter.pk).update(claimed_at=timezone.now() - timedelta(minutes=61))
        assert delivery.recover("w1") == 1
        assert stages() == ["queued"]

    def test_an_answer_that_comes_after_the_claim_was_taken_back_changes_nothing(self):
        letter = self.hold("slow")
        Letter.objects.filter(pk=letter.pk).update(stage="queued", claimed_by="")
        delivery.settle(letter, "slow", Outcome(Fate.GIVE_UP, "late"))
        assert stages() == ["queued"]

    def test_the_journal_of_a_worker_that_left_nothing_behind_is_removed(self):
        journal.Journal("idle").close()
        delivery.recover("w1")
        assert journal.workers() == []

    def test_two_processes_cannot_hold_the_same_journal(self):
        held = journal.Journal("w1")
        with pytest.raises(BlockingIOError):
            journal.Journal("w1")
        held.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_only_one_gets_each_letter():
    for _ in range(6):
        make_letter()
    pks = list(Letter.objects.values_list("pk", flat=True))
    start, won = threading.Barrier(2), {"a": [], "b": []}

    def work(name: str) -> None:
        try:
            start.wait(10)
            won[name] += [pk for pk in pks if delivery.claim(pk, name) is not None]
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in won]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(won["a"] + won["b"]) == pks
    assert {name: sorted(taken) for name, taken in won.items()} == {
        name: list(Letter.objects.filter(claimed_by=name).values_list("pk", flat=True).order_by("pk")) for name in won
    }


class TestWhoeverLeftSince:
    """The room that owns the space is asked when the letter leaves."""

    @pytest.fixture(autouse=True)
    def a_group(self, monkeypatch):
        monkeypatch.setitem(audience.REGISTRY, "essai", lambda person, space, kind: False)

    def test_a_letter_of_a_group_that_the_reader_left_is_dropped(self):
        queue(make.make_person(), space="essai/a")
        deliver(Answering())
        assert stages() == ["dropped"]

    def test_what_speaks_of_the_reader_alone_still_leaves(self):
        queue(make.make_person(), "tests.duty", space="essai/a")
        deliver(Answering())
        assert stages() == ["sent"]
