"""What a person does with a mail that waits; who may; what others see of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dialogue.discussion.acts import close_thread
from dialogue.discussion.models import Comment
from dialogue.documents.models import Document
from dialogue.inbox import exports, pages, tasks
from dialogue.inbox.acts import filing
from dialogue.inbox.acts.meetings import answer_meeting
from dialogue.inbox.acts.sorting import give_up_on_mail, hold_mail, ignore_mail, note_notice, post_mail, refuse_mail
from dialogue.inbox.files import enclosed_in
from dialogue.inbox.models import Mail, Original
from dialogue.inbox.stages import MailStage, Reason
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from tests import factories as make
from tests.factories import NOW
from tests.inbox.letters import received

pytestmark = pytest.mark.django_db
STRANGER = {"sender": "denis@commune.example", "name": "Denis Roy"}


@pytest.fixture
def waiting(arrives: Any, group: Any) -> Mail:
    return arrives(
        "Nous prêtons la salle.", at="groupe-12@localhost", files=(("plan.txt", "text/plain", b"Le plan."),), **STRANGER
    )


def test_the_officer_publishes_it_for_its_sender_without_showing_the_address(waiting, group):
    comment = filing.file_mail(waiting, by=group.lead, now=NOW, thread=group.thread, files=enclosed_in(waiting))
    assert (comment.author, comment.via) == (group.lead, "mail")
    assert comment.text == "Pour Denis Roy, reçu par courriel :\n\nNous prêtons la salle."
    assert Document.objects.get().title == "plan"
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.settled_by, waiting.comment, waiting.text) == (MailStage.POSTED, group.lead, comment, "")


def test_a_member_who_wrote_from_their_address_is_its_author(arrives, group):
    row = arrives("Oui.", at="groupe-12@localhost")
    comment = filing.file_mail(row, by=group.lead, now=NOW, title="Salle", author=pages.author_of(row))
    assert (comment.author, comment.text, comment.thread.title) == (group.jeanne, "Oui.", "Salle")


def test_filed_twice_it_is_said_once(waiting, group):
    filing.file_mail(waiting, by=group.lead, now=NOW, thread=group.thread)
    with pytest.raises(Refused):
        filing.file_mail(Mail.objects.get(pk=waiting.pk), by=group.lead, now=NOW, thread=group.thread)
    assert Comment.objects.count() == 1


def test_a_closed_discussion_or_one_of_another_group_refuses_it(waiting, group):
    close_thread(group.thread, by=group.lead, now=NOW)
    other = make.make_chantier().threads.create(title="Ailleurs", started_at=NOW, last_at=NOW)
    for thread in (group.thread, other):
        with pytest.raises(Refused):
            filing.file_mail(waiting, by=group.lead, now=NOW, thread=thread)
    waiting.refresh_from_db()
    assert (waiting.stage, Comment.objects.count()) == (MailStage.TO_FILE, 0)


def test_set_aside_is_undone(waiting, group):
    filing.set_aside(waiting, by=group.lead, now=NOW)
    assert (waiting.stage, group.letters()) == (MailStage.SET_ASIDE, [])
    filing.take_back(waiting, by=group.lead, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.settled_by, waiting.settled_at) == (MailStage.TO_FILE, None, None)


def test_rejected_with_a_letter_that_says_why(waiting, group):
    with pytest.raises(Refused):
        filing.reject_mail(waiting, by=group.lead, now=NOW, motive=" ")
    filing.reject_mail(waiting, by=group.lead, now=NOW, motive="Écrivez plutôt au service des salles.")
    [letter] = group.letters()
    assert (letter.address, letter.automatic) == ("denis@commune.example", False)
    assert "Écrivez plutôt au service des salles." in letter.text


def test_handed_over_to_a_group_its_lead_is_told(arrives, group):
    row = arrives(at="contact@localhost", **STRANGER)
    with pytest.raises(Refused):
        filing.file_mail(row, by=make.make_coordinator(), now=NOW, title="Salle")
    filing.assign_mail(row, by=make.make_coordinator(), now=NOW, chantier=group.chantier)
    assert group.lead in [letter.person for letter in group.letters("inbox.waiting")]
    assert list(Mail.objects.visible_to(group.lead)) == [row]


def test_only_those_who_answer_for_the_group_and_the_coordination_read_and_decide(waiting, group):
    other_lead = make.make_member(make.make_chantier(), role="lead").person
    for person in (group.jeanne, other_lead, make.make_person()):
        assert not Mail.objects.visible_to(person).exists()
        assert not Original.objects.visible_to(person).exists()
        for act in (filing.file_mail, filing.set_aside, filing.reject_mail, filing.take_back, filing.assign_mail):
            with pytest.raises(NotAllowed):
                act(waiting, by=person, now=NOW)
    for person in (group.lead, make.make_coordinator()):
        assert list(Mail.objects.visible_to(person)) == [waiting]


def test_people_do_not_sort_by_hand_what_the_platform_sorts(waiting, group):
    for act in (post_mail, answer_meeting, hold_mail, ignore_mail, refuse_mail, note_notice, give_up_on_mail):
        with pytest.raises(NotAllowed):
            act(waiting, by=group.lead, now=NOW)


def test_a_mail_that_failed_is_tried_again(group):
    row = received(b"\0")
    give_up_on_mail(row, by=SYSTEM, now=NOW, error="x")
    filing.retry_mail(row, by=make.make_coordinator(), now=NOW)
    row.refresh_from_db()
    assert (row.stage, row.attempts, row.reason, Mail.objects.due().count()) == (MailStage.RECEIVED, 0, "", 1)


def test_the_bytes_go_ninety_days_after_the_decision_and_never_before_it(arrives, waiting, group, monkeypatch):
    posted = arrives("Oui.")
    later = timezone.now() + timedelta(days=91)
    assert tasks.forget_originals(later) == 0  # it came today, whatever the domain's calendar says
    Mail.objects.update(received_at=timezone.now() - timedelta(days=91))
    assert tasks.forget_originals(later) == 1
    posted.refresh_from_db()
    assert (posted.subject, posted.comment.text, Original.objects.get().mail) == ("Re: Cantines", "Oui.", waiting)
    filing.forget_mail(waiting, by=SYSTEM, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.text, Original.objects.count(), enclosed_in(waiting)) == ("", 0, [])


def test_a_closed_account_takes_its_mails_away(arrives, group):
    from dialogue.people import acts as people

    row = arrives("Oui.")
    assert exports.personal_data(group.jeanne)["courriels_envoyes"][0]["objet"] == "Re: Cantines"
    people.close_account(group.jeanne, by=group.jeanne, now=NOW)
    row.refresh_from_db()
    assert (row.sender, row.sender_name, row.subject, row.envelope_from) == ("", "", "", "")
    assert not Original.objects.exists()


def test_the_platform_alone_forgets_a_sender(group):
    with pytest.raises(NotAllowed):
        filing.forget_sender(None, by=group.lead, now=NOW, person=group.jeanne)


def test_an_ignored_mail_may_still_be_filed(arrives, group):
    row = arrives("Je suis absente jusqu’au 12.", Auto_Submitted="auto-replied")
    assert row.reason == Reason.AUTOMATIC
    filing.take_back(row, by=make.make_coordinator(), now=NOW)
    assert row.stage == MailStage.TO_FILE
