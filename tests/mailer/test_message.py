"""The exact headers of what leaves."""

from __future__ import annotations

import re
import smtplib

import pytest

from dialogue.mailer import message, secrets
from dialogue.mailer.refusals import Fate, outcome_of
from tests import factories as make
from tests.mailer.letters import queue

pytestmark = pytest.mark.django_db


def test_the_headers_of_a_letter_of_a_group():
    make.make_department(site_name="Chantiers")
    person = make.make_person(email="claire@partenaire.example")
    letter = queue(person, space="chantier/cantines-locales", thread="chantier-2/seance 4", reply_to="groupe@dialogue.example")
    mail = message.as_mail(letter).message()
    assert mail["From"] == "Chantiers <dialogue@localhost>"
    assert mail["To"] == "claire@partenaire.example"
    assert mail["Reply-To"] == "groupe@dialogue.example"
    assert mail["Subject"] == "Une nouvelle"
    assert mail["Message-ID"] == letter.message_id
    assert mail["In-Reply-To"] == mail["References"] == "<fil.chantier-2-seance-4@localhost>"
    assert mail["List-Id"] == "<cantines-locales.chantier.localhost>"
    assert re.fullmatch(r"<http://localhost:8000/desinscription/[\w:-]+/>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Content-Language"] == "fr"
    assert mail["Date"]
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]


def test_a_name_with_accents_is_encoded():
    make.make_department(site_name="Chantiers, été")
    mail = message.as_mail(queue("a@partenaire.example")).message()
    assert mail["From"] == "=?utf-8?b?Q2hhbnRpZXJzLCDDqXTDqQ==?= <dialogue@localhost>"


def test_a_letter_of_no_group_nor_thread_and_that_cannot_be_refused_has_none_of_their_headers():
    mail = message.as_mail(queue("a@partenaire.example", "tests.duty")).message()
    for name in ("In-Reply-To", "References", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"):
        assert mail[name] is None


def test_letters_of_a_thread_answer_the_one_before_to_the_same_reader():
    person, other = make.make_person(), make.make_person()
    first, _elsewhere, second = (queue(each, thread="seance-4") for each in (person, other, person))
    third = queue(person, thread="seance-4")
    assert message.headers_of(third)["In-Reply-To"] == second.message_id
    assert message.headers_of(third)["References"] == f"<fil.seance-4@localhost> {first.message_id} {second.message_id}"


@pytest.mark.parametrize(
    ("problem", "fate"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 no such user")}), Fate.SUSPEND),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"mailbox unavailable")}), Fate.SUSPEND),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.7.1 relaying denied")}), Fate.GIVE_UP),
        (smtplib.SMTPRecipientsRefused({"a": (554, b"Relay access denied")}), Fate.GIVE_UP),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"4.2.0 greylisted")}), Fate.LATER),
        (smtplib.SMTPRecipientsRefused({"a": (452, b"4.2.2 mailbox full")}), Fate.LATER),
        (smtplib.SMTPDataError(550, b"5.1.1 unknown"), Fate.SUSPEND),
        (smtplib.SMTPDataError(550, b"looks like spam"), Fate.GIVE_UP),
        (smtplib.SMTPDataError(552, b"too big"), Fate.GIVE_UP),
        (smtplib.SMTPDataError(451, b"try later"), Fate.LATER),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), Fate.LATER),
        (smtplib.SMTPSenderRefused(550, b"who are you", "x"), Fate.LATER),
        (smtplib.SMTPServerDisconnected("gone"), Fate.LATER),
        (ConnectionRefusedError("closed"), Fate.LATER),
        (TimeoutError("slow"), Fate.LATER),
        (ValueError("a header with a line break"), Fate.GIVE_UP),
    ],
)
def test_what_a_refusal_means(problem, fate):
    assert outcome_of(problem).fate is fate


def test_a_secret_is_written_when_the_mail_leaves_for_its_reader_alone(monkeypatch):
    owner = make.make_person()
    monkeypatch.setitem(secrets.REGISTRY, "essai", lambda letter, number: f"clef{number}" if letter.person_id == owner.pk else None)
    for person, said in ((owner, "clef7"), (make.make_person(), "secret-essai-7-au-depart")):
        letter = queue(person)
        letter.text += f"\n{secrets.mark('essai', 7)}"
        assert message.as_mail(letter).body.endswith(said)
    with pytest.raises(ValueError, match="twice"):
        secrets.register("essai", lambda _letter, _number: None)
