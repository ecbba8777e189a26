"""Answers to convocations: the calendar's, and those that a person wrote with words."""

from __future__ import annotations

from typing import Any

import pytest

from dialogue.inbox import sorting
from dialogue.inbox.acts.meetings import note_presence
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage, Reason
from dialogue.ledger.acts import Refused
from dialogue.mailer import replying
from dialogue.meetings.exports import uid_of
from dialogue.meetings.models import Answer
from dialogue.meetings.stages import Rsvp
from tests import factories as make
from tests.factories import NOW
from tests.inbox.letters import mail, received

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domain time: the convocations of the tests are still open."""
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


@pytest.fixture
def meeting(group: Any) -> Any:
    return make.make_meeting(group.chantier, number=3)


def calendar(
    meeting: Any, partstat: str = "ACCEPTED", *, uid: str = "", stamp: str = "20171106T100000Z", comment: str = ""
) -> str:
    lines = ["BEGIN:VCALENDAR", "PRODID:-//X//FR", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{uid or uid_of(meeting)}",
             f"DTSTAMP:{stamp}", "SEQUENCE:0", f"ATTENDEE;PARTSTAT={partstat}:mailto:jeanne@partenaire.example",
             *([f"COMMENT:{comment}"] if comment else []), "END:VEVENT", "END:VCALENDAR", ""]  # fmt: skip
    return "\r\n".join(lines)


def answers(group: Any, meeting: Any, ics: str, text: str = "Jeanne a accepté cette invitation.\n", **headers: str) -> Mail:
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    raw = (
        f"From: Jeanne Martin <jeanne@partenaire.example>\r\nMessage-ID: <c{next(make.count)}@x.example>\r\nSubject: Accepted\r\n{head}"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{ics}\r\n--b--\r\n"
    ).encode()
    row = received(raw, replying.address(group.jeanne, "meeting", meeting.pk))
    sorting.sort_due()
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("partstat", "rsvp"),
    [("ACCEPTED", "accepted"), ("DECLINED", "declined"), ("TENTATIVE", "tentative"), ("DELEGATED", "replaced")],
)
def test_a_calendar_s_answer_is_noted_by_mail(partstat, rsvp, group, meeting):
    row = answers(group, meeting, calendar(meeting, partstat))
    answer = Answer.objects.get(meeting=meeting, person=group.jeanne)
    assert (answer.rsvp, answer.via, answer.comment) == (rsvp, "mail", "")
    assert (row.stage, row.meeting, row.person, group.letters()) == (MailStage.ANSWERED, meeting, group.jeanne, [])


def test_calendars_that_say_that_they_answer_by_themselves_are_heard(group, meeting):
    assert answers(group, meeting, calendar(meeting), Auto_Submitted="auto-generated").stage == MailStage.ANSWERED


def test_an_older_answer_never_undoes_a_newer_one(group, meeting):
    answers(group, meeting, calendar(meeting, "DECLINED", stamp="20171106T120000Z"))
    row = answers(group, meeting, calendar(meeting, "ACCEPTED", stamp="20171106T110000Z"))
    assert Answer.objects.get().rsvp == "declined"
    assert (row.stage, row.reason) == (MailStage.ANSWERED, Reason.TWICE)


def test_the_words_of_the_calendar_count_and_those_of_outlook_s_body_too(group, meeting):
    answers(group, meeting, calendar(meeting, "TENTATIVE", comment="Si le train roule"))
    assert Answer.objects.get().comment == "Si le train roule"
    answers(group, meeting, calendar(meeting, stamp="20171106T110000Z"), "Je viens avec Mme Roy.", X_MS_Has_Attach="")
    assert Answer.objects.get().comment == "Je viens avec Mme Roy."


@pytest.mark.parametrize("ics_of", [lambda m: calendar(m, uid="autre@x.example"), lambda m: calendar(m, "NEEDS-ACTION")])
def test_an_answer_to_something_else_is_told(ics_of, group, meeting):
    row = answers(group, meeting, ics_of(meeting))
    assert (row.stage, row.reason, Answer.objects.count()) == (MailStage.REFUSED, Reason.CALENDAR, 0)
    assert len(group.letters()) == 1


def test_a_meeting_that_no_longer_waits_for_answers_says_so(group, meeting):
    type(meeting).objects.filter(pk=meeting.pk).update(stage="cancelled")
    row = answers(group, meeting, calendar(meeting))
    assert (row.reason, row.motive) == (Reason.CALENDAR, "Cette séance n’attend plus de réponse.")


def test_words_wait_for_who_convenes_and_are_not_shown_to_the_group(arrives, group, meeting):
    row = arrives("Je viendrai avec un peu de retard.", at=replying.address(group.jeanne, "meeting", meeting.pk))
    assert (row.stage, row.reason, row.meeting, row.person) == (MailStage.TO_FILE, Reason.IN_WORDS, meeting, group.jeanne)
    assert (row.text, group.letters()) == ("Je viendrai avec un peu de retard.", [])
    note_presence(row, by=group.lead, now=NOW, rsvp=Rsvp.ACCEPTED)
    row.refresh_from_db()
    answer = Answer.objects.get()
    assert (row.stage, row.settled_by) == (MailStage.ANSWERED, group.lead)
    assert (answer.person, answer.rsvp, answer.comment) == (group.jeanne, "accepted", "Je viendrai avec un peu de retard.")


def test_presence_is_noted_for_who_is_known_only(arrives, group, meeting):
    row = arrives("Je viens.", sender="x@ailleurs.example", at=replying.address(group.jeanne, "meeting", meeting.pk))
    with pytest.raises(Refused):
        note_presence(row, by=group.lead, now=NOW, rsvp=Rsvp.ACCEPTED)
    row.refresh_from_db()
    assert row.stage == MailStage.TO_FILE


def test_a_calendar_s_answer_in_a_talk_is_a_mail_like_another(group, meeting):
    row = received(mail("Bonjour."), group.address)
    sorting.sort_due()
    row.refresh_from_db()
    assert row.stage == MailStage.POSTED
