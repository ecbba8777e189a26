"""From a received mail to what it becomes, through the acts of the rooms below."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from dialogue.discussion.acts import close_thread
from dialogue.discussion.models import Comment
from dialogue.documents.models import Document
from dialogue.inbox import sorting
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage, Reason
from dialogue.mailer import replying
from dialogue.mailer.models import Letter, SoftBounce, Suspension
from tests import factories as make
from tests.factories import NOW
from tests.inbox.letters import mail, received
from tests.mailer.letters import make_letter

pytestmark = pytest.mark.django_db
QUOTE = "\nLe 6 nov. 2017 à 09:00, Dialogue a écrit :\n> Serez-vous là ?\n"


def what(row: Mail) -> tuple[str, str]:
    return row.stage, row.reason


# Published ------------------------------------------------------------------
def test_an_answer_is_a_comment_of_its_author_by_mail_with_the_quote_folded(arrives, group):
    row = arrives("Nous serons deux." + QUOTE)
    comment = Comment.objects.get()
    assert (comment.text, comment.author, comment.via, comment.thread) == (
        "Nous serons deux.",
        group.jeanne,
        "mail",
        group.thread,
    )
    assert "Serez-vous là" in comment.folded
    assert what(row) == (MailStage.POSTED, "")
    assert (row.comment, row.text, row.person) == (comment, "", group.jeanne)
    assert group.letters() == []


def test_another_proven_address_of_the_account_is_the_same_person(arrives, group):
    EmailAddress.objects.create(user=group.jeanne, email="jm@maison.example", verified=True)
    assert what(arrives(sender="jm@maison.example")) == (MailStage.POSTED, "")


def test_an_unproven_address_is_nobody_s(arrives, group):
    EmailAddress.objects.create(user=group.jeanne, email="jm@maison.example", verified=False)
    assert what(arrives(sender="jm@maison.example")) == (MailStage.TO_FILE, Reason.OTHER_SENDER)


def test_files_become_documents_once_and_small_inline_images_do_not(arrives, group):
    pdf = ("plan.txt", "text/plain", "Le plan des cantines, en détail.".encode())
    arrives(files=(pdf,))
    row = arrives("De nouveau.", files=(pdf,))
    assert [document.title for document in Document.objects.all()] == ["plan"]
    assert Document.objects.get().comments.count() == 2
    assert row.attachments == [{"name": "plan.txt", "content_type": "text/plain", "size": 33, "kept": True}]


def test_files_alone_are_a_message_that_says_so(arrives):
    arrives("\n", files=(("plan.txt", "text/plain", b"Le plan."),))
    assert Comment.objects.get().text == "Pièce jointe envoyée par courriel."


def test_a_refused_file_is_told_to_the_sender_and_the_message_stays(arrives, group):
    row = arrives(files=(("virus.exe", "application/octet-stream", b"MZ\x90\0" * 50),))
    assert what(row) == (MailStage.POSTED, "")
    [letter] = group.letters()
    assert letter.subject == "Pièces jointes non gardées : Re: Cantines"
    assert "virus.exe" in letter.text


def test_a_refused_file_alone_is_a_refused_mail(arrives, group):
    row = arrives("\n", files=(("virus.exe", "application/octet-stream", b"MZ\x90\0" * 50),))
    assert (what(row), Comment.objects.count()) == ((MailStage.REFUSED, Reason.FILES), 0)
    assert "virus.exe" in group.letters()[0].text


def test_a_text_longer_than_a_message_keeps_its_end_folded(arrives):
    arrives("a" * 25_000)
    comment = Comment.objects.get()
    assert len(comment.text) == 20_000
    assert len(comment.folded) >= 5_000


def test_an_answer_to_our_general_address_finds_its_thread_by_the_letter_it_answers(arrives, group):
    make_letter(person=group.jeanne, address=group.jeanne.email, reply_to=group.address, message_id="<lettre@localhost>")
    assert what(arrives(at="dialogue@localhost", In_Reply_To="<lettre@localhost>")) == (MailStage.POSTED, "")


def test_somebody_else_who_answers_that_letter_waits(arrives, group):
    make_letter(person=group.jeanne, address=group.jeanne.email, reply_to=group.address, message_id="<lettre@localhost>")
    row = arrives(at="dialogue@localhost", sender="autre@partenaire.example", In_Reply_To="<lettre@localhost>")
    assert what(row) == (MailStage.TO_FILE, Reason.OTHER_SENDER)
    assert (row.thread, row.chantier) == (group.thread, group.chantier)


# It waits --------------------------------------------------------------------
def test_another_sender_is_never_posted_and_both_sides_are_told(arrives, group):
    row = arrives("Ce que je pense.", sender="denis@ailleurs.example", name="Denis")
    assert (what(row), Comment.objects.count()) == ((MailStage.TO_FILE, Reason.OTHER_SENDER), 0)
    assert (row.text, row.thread, row.chantier) == ("Ce que je pense.", group.thread, group.chantier)
    [answer] = group.letters()
    assert (answer.address, answer.automatic, answer.answers) == ("denis@ailleurs.example", True, row.message_id)
    assert "Ce que je pense" not in answer.text
    assert [letter.person for letter in group.letters("inbox.waiting")] == [group.lead]


def test_a_broken_reply_address_waits_for_the_coordination(arrives, group):
    make.make_coordinator(email="coordination@gironde.example")
    stranger = arrives(at=group.address[:12] + "@localhost", sender="x@ailleurs.example")
    assert (what(stranger), stranger.chantier) == ((MailStage.TO_FILE, Reason.BROKEN_ADDRESS), None)
    assert [letter.address for letter in group.letters("inbox.waiting")] == ["coordination@gironde.example"]
    # A member of one group only: that group is suggested.
    assert arrives(at=group.address[:12] + "@localhost").chantier == group.chantier


def test_a_mail_to_the_group_s_address_waits_for_its_lead_and_nobody_is_answered(arrives, group):
    row = arrives(at="groupe-12@localhost", sender="mairie@commune.example")
    assert (what(row), row.chantier) == ((MailStage.TO_FILE, Reason.GROUP), group.chantier)
    assert group.letters() == []


def test_a_mail_to_the_general_address_waits_for_the_coordination(arrives):
    row = arrives(at="contact@localhost", sender="mairie@commune.example")
    assert (what(row), row.chantier) == ((MailStage.TO_FILE, Reason.CONTACT), None)


def test_those_in_charge_get_one_letter_a_day(arrives, group):
    for _ in range(3):
        arrives(at="groupe-12@localhost", sender="mairie@commune.example")
    assert len(group.letters("inbox.waiting")) == 1


def test_an_account_that_was_closed_speaks_no_more(arrives, group):
    from dialogue.people.models import Person

    Person.objects.filter(pk=group.jeanne.pk).update(is_active=False, stage="closed", closed_at=NOW)
    assert what(arrives()) == (MailStage.TO_FILE, Reason.OTHER_SENDER)


# Refused, with the reason -------------------------------------------------------
def test_an_empty_answer_is_told_once_a_day(arrives, group, monkeypatch):
    for _ in range(3):
        assert what(arrives(QUOTE)) == (MailStage.REFUSED, Reason.EMPTY)
    [letter] = group.letters()
    assert letter.subject == "Votre courriel n’est pas publié : Re: Cantines"
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: tomorrow)
    arrives(QUOTE)
    assert len(group.letters()) == 2


def test_who_left_the_group_is_told(arrives, group):
    group.jeanne.representations.update(until=NOW.date())
    row = arrives("Encore un mot.")
    assert (what(row), Comment.objects.count()) == ((MailStage.REFUSED, Reason.LEFT), 0)
    assert "Encore un mot." in group.letters()[0].text


def test_a_closed_discussion_is_told_with_the_words_of_the_room(arrives, group):
    close_thread(group.thread, by=make.make_coordinator(), now=NOW)
    row = arrives()
    assert (what(row), row.motive) == ((MailStage.REFUSED, Reason.CLOSED), "Cette discussion est close.")
    assert "Cette discussion est close." in group.letters()[0].text


def test_a_mail_too_heavy_of_which_a_mailbox_gave_the_headers(group, settings):
    settings.INBOX_MAX_BYTES = 500
    row = received(mail("x" * 1000), group.address)
    sorting.sort_due()
    row.refresh_from_db()
    assert what(row) == (MailStage.REFUSED, Reason.TOO_LARGE)
    assert "trop lourd" in group.letters()[0].text


# Machines ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, Reason.AUTOMATIC),
        ({"envelope_from": ""}, Reason.AUTOMATIC),
        ({"X_Loop": "localhost"}, Reason.LOOP),
        ({"message_id": "<abc@localhost>"}, Reason.LOOP),
    ],
)
def test_machines_are_recognised_and_never_answered(options, reason, arrives):
    row = arrives(QUOTE, **options)
    assert what(row) == (MailStage.IGNORED, reason)
    assert not Letter.objects.exists()


def test_a_sender_who_writes_without_end_is_left_alone(arrives, monkeypatch):
    monkeypatch.setattr(sorting, "FLOOD", 3)
    rows = [arrives(f"Numéro {n}") for n in range(5)]
    assert [row.stage for row in rows] == ["posted"] * 3 + ["ignored"] * 2
    assert rows[4].reason == Reason.FLOOD


def test_the_same_mail_at_two_addresses_speaks_once(arrives, group):
    one = arrives(message_id="<un@x.example>")
    two = arrives(message_id="<un@x.example>", at="groupe-12@localhost")
    assert (what(one), what(two)) == ((MailStage.POSTED, ""), (MailStage.IGNORED, Reason.TWICE))


def test_the_same_mail_that_waits_elsewhere_waits_no_longer_once_posted(arrives):
    waiting = arrives(message_id="<un@x.example>", at="groupe-12@localhost")
    assert what(arrives(message_id="<un@x.example>")) == (MailStage.POSTED, "")
    waiting.refresh_from_db()
    assert what(waiting) == (MailStage.IGNORED, Reason.TWICE)


def test_one_mail_to_two_talks_is_said_in_both(arrives, group):
    other = group.chantier.threads.create(title="Budget", started_at=NOW, last_at=NOW)
    arrives(message_id="<un@x.example>")
    arrives(message_id="<un@x.example>", at=replying.address(group.jeanne, "thread", other.pk))
    assert sorted(Comment.objects.values_list("thread__title", flat=True)) == ["Budget", "Cantines"]


# Notices of non-delivery -------------------------------------------------------
def notice(message_id: str, status: str, action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@serveur.example\r\nTo: dialogue@localhost\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{status}-{next(make.count)}@serveur.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; serveur.example\r\n\r\n"
        f"Final-Recipient: rfc822; partie@partenaire.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} said the server\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: dialogue@localhost\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def told(status: str, message_id: str = "<lettre@localhost>", action: str = "failed") -> Mail:
    row = received(notice(message_id, status, action), "dialogue@localhost", envelope_from="")
    sorting.sort_due()
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("status", "reason", "suspended"),
    [("5.1.1", Reason.HARD, 1), ("5.2.1", Reason.HARD, 1), ("5.2.2", Reason.SOFT, 0), ("5.7.1", Reason.OTHER_NOTICE, 0)],
)
def test_a_notice_speaks_of_the_address_of_the_letter_it_returns(status, reason, suspended, db):
    make_letter(address="partie@partenaire.example", message_id="<lettre@localhost>")
    row = told(status)
    assert (row.stage, row.reason, row.bounced) == (MailStage.BOUNCE, reason, "partie@partenaire.example")
    assert Suspension.objects.filter(address="partie@partenaire.example").count() == suspended


def test_three_refusals_for_now_within_ten_days_suspend_the_address(db):
    make_letter(address="partie@partenaire.example", message_id="<lettre@localhost>")
    told("5.2.2")
    told("4.4.1")
    SoftBounce.objects.filter(status="4.4.1").update(at=timezone.now() - timedelta(days=11))
    told("5.2.2")
    assert not Suspension.objects.exists()
    told("5.2.2")
    assert Suspension.objects.get().address == "partie@partenaire.example"


def test_a_notice_that_returns_no_letter_of_ours_silences_nobody(db):
    make_letter(address="partie@partenaire.example", message_id="<lettre@localhost>")
    assert (told("5.1.1", "<inventee@localhost>").reason, Suspension.objects.count()) == (Reason.OTHER_NOTICE, 0)


# Attempts ------------------------------------------------------------------------
def test_a_mail_that_cannot_be_read_is_tried_again_and_then_given_up(group, monkeypatch):
    def broken(raw: bytes) -> Any:
        raise ValueError("mauvais octets")

    row = received(mail(), group.address)
    monkeypatch.setattr(sorting.mime, "read", broken)
    sorting.sort_due()
    row.refresh_from_db()
    assert (row.stage, row.attempts, row.error) == (MailStage.RECEIVED, 1, "ValueError: mauvais octets")
    assert row.next_attempt_at > timezone.now()
    assert sorting.sort_due() is False
    for _ in range(len(sorting.BACKOFF)):
        Mail.objects.update(next_attempt_at=timezone.now())
        sorting.sort_due()
    row.refresh_from_db()
    assert what(row) == (MailStage.FAILED, Reason.UNREADABLE)
    assert row.error == "ValueError: mauvais octets"


def test_two_workers_do_not_take_the_same_mail(group):
    row = received(mail(), group.address)
    assert sorting._take_up(row.pk) is not None
    assert sorting._take_up(row.pk) is None


def test_nothing_is_posted_when_the_stage_cannot_be_written(arrives, group, monkeypatch):
    """Post and stage are one transaction: a worker that dies between them has done neither."""
    from dialogue.inbox.acts import sorting as acts

    with monkeypatch.context() as patched:
        patched.setattr(acts, "_settle_copies", lambda *_a, **_k: 1 / 0)
        row = arrives()
    assert (row.stage, Comment.objects.count(), Letter.objects.count()) == (MailStage.RECEIVED, 0, 0)
    Mail.objects.update(next_attempt_at=timezone.now())
    sorting.sort_due()
    assert Comment.objects.count() == 1
