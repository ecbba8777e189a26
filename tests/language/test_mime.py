"""Mails as they come over the wire."""

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.language.mime import Bounce, read
from dialogue.language.reports import Failure
from tools.bench_mail import MAILS

REPORT = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: dialogue@dialogue.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; absente@mairie.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: <lettre-1@dialogue.example>
Subject: Convocation

--b--
"""


def test_a_delivery_report_says_who_why_and_which_letter():
    told = read(REPORT.format(action="failed", status="5.1.1").encode())
    assert told.auto == "bounce"
    assert told.bounce == Bounce(
        (Failure("absente@mairie.example", "5.1.1", "failed", "550 5.1.1 no such user"),), "<lettre-1@dialogue.example>"
    )


def test_a_delay_is_told_as_such():
    (failure,) = read(REPORT.format(action="delayed", status="4.4.1").encode()).bounce.failures
    assert (failure.action, failure.status) == ("delayed", "4.4.1")


@pytest.mark.parametrize(
    ("headers", "auto"),
    [
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_cong=C3=A9s?=", "auto_reply"),
        ("Subject: Absence du bureau\nAuto-Submitted: auto-replied", "auto_reply"),
        ("Subject: Bonjour\nX-Autoreply: yes", "auto_reply"),
        ("Subject: Message d'absence", "auto_reply"),
        ("Subject: Bonjour\nPrecedence: bulk", "list"),
        ("Subject: Bonjour\nAuto-Submitted: no", ""),
        ("Subject: Mail delivery failed: returning message to sender\nFrom: mailer-daemon@x.example", "bounce"),
    ],
)
def test_what_no_person_wrote_is_recognised(headers, auto):
    assert read(f"{headers}\nFrom: a@b.example\n\nJe suis absente jusqu’au 14. x@y.example 5.1.1".encode()).auto == auto


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "mac-roman", "utf-16"])
def test_accents_survive_every_charset(charset):
    raw = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + "été à Noël, çà et là".encode(charset)
    assert read(raw).text.strip() == "été à Noël, çà et là"


def test_a_charset_that_lies_or_says_nothing_is_guessed():
    raw = b"From: a@b.example\nSubject: R\xe9union\nContent-Type: text/plain; charset=utf-8\n\n" + "été".encode("cp1252")
    told = read(raw)
    assert (told.text.strip(), told.subject) == ("été", "Réunion")


def test_attachments_keep_their_names_and_the_images_of_signatures_are_apart():
    raw = (
        "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoici\n--b\n"
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=iso-8859-1''%E9tude.pdf\n\n%PDF-\n--b\n"
        "Content-Type: image/png\nContent-ID: <logo>\n\nPNG\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--b--\n"
    )
    assert [(a.name, a.inline) for a in read(raw.encode()).attachments] == [
        ("étude.pdf", False),
        ("piece-jointe-2.png", True),
        ("winmail.dat", False),
    ]


def test_an_answer_of_a_calendar_is_found():
    raw = "From: a@b.example\nContent-Type: text/calendar; method=REPLY; charset=utf-8\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n"
    assert read(raw.encode()).calendar == b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(raw):
    read(raw)


@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: multipart/mixed; boundary=b\n",
                b"\n",
                b"--b\n",
                b"--b--\n",
                b"Content-Type: text/html\n",
                b"Subject: =?x?b?!?=\n",
                b"Content-Transfer-Encoding: base64\n",
                b"\xe9=\n",
                b"Content-Type: message/rfc822\n",
            ]
        ),
        max_size=14,
    )
)
def test_no_broken_structure_breaks_the_reader(pieces):
    read(b"".join(pieces))


def fixture(name: str):
    return read((MAILS / f"{name}.eml").read_bytes())


def test_answers_to_invitations_are_a_persons_act_whatever_their_calendar_says_of_itself():
    for name, partstat in [
        ("calendrier-outlook-accepte", b"PARTSTAT=ACCEPTED"),
        ("calendrier-google-refuse", b"PARTSTAT=DECLINED"),
        ("calendrier-apple-peut-etre", b"PARTSTAT=TENTATIVE"),
    ]:
        message = fixture(name)
        assert (message.calendar_method, message.auto, message.attachments) == ("REPLY", "", ()), name
        assert partstat in message.calendar


def test_what_machines_send_is_told_apart():
    assert [fixture(name).auto for name in ("absence-outlook", "absence-orange", "pied-de-liste", "outlook-web")] == [
        "auto_reply", "auto_reply", "list", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("retour-postfix", "absente@mairie.example", "5.1.1"),
        ("retour-exchange", "absente@mairie.example", "5.2.2"),
        ("retour-gmail", "absente@gmail.example", "5.1.1"),
    ],
)
def test_delivery_failures_of_the_usual_servers_are_understood(name, address, status):
    message = fixture(name)
    assert message.auto == "bounce"
    assert [(failure.address, failure.status) for failure in message.bounce.failures] == [(address, status)]
    assert message.bounce.original_id == "<7d1c0e5a-lettre@dialogue.example>"


def test_names_of_senders_are_read_in_every_encoding():
    assert {fixture(name).sender_name for name in ("gmail-web", "apple-mail", "laposte", "sans-charset-latin1")} == {
        "Émilie Castaing", "Hélène Darrigade", "René Dufau",
    }  # fmt: skip


def test_logos_of_signatures_are_inline_and_files_are_not():
    assert [(file.name, file.inline) for file in fixture("outlook-logo-de-signature").attachments] == [("image001.png", True)]
    assert [(file.name, file.inline) for file in fixture("ipad-piece-jointe-au-milieu").attachments] == [
        ("plan d'accès.pdf", False)
    ]


def test_a_mail_with_ten_megabytes_attached_is_read_whole():
    data = os.urandom(10_000_000)
    coded = base64.encodebytes(data)
    raw = (
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoici.\n--b\n"
        b"Content-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n"
        + coded
    ) + b"\n--b--\n"
    message = read(raw)
    assert (message.text, message.attachments[0].data == data) == ("Voici.", True)


def test_a_mail_in_a_mail_is_a_file_named_after_its_subject():
    raw = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoir ci-joint.\n--b\n"
        b"Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?R=C3=A9ponse?=\nFrom: c@d.example\n\nBonjour\n--b--\n"
    )
    message = read(raw)
    assert message.text == "Voir ci-joint."
    assert [(file.name, file.content_type) for file in message.attachments] == [("Réponse.eml", "message/rfc822")]


@pytest.mark.parametrize(
    "header",
    [
        "attachment; filename*=utf-8''compte%20rendu%20%C3%A9t%C3%A9.pdf",
        "attachment; filename*0*=utf-8''compte%20rendu; filename*1*=%20%C3%A9t%C3%A9.pdf",
        'attachment; filename="=?iso-8859-1?Q?compte_rendu_=E9t=E9.pdf?="',
        'attachment; filename="=?utf-8?B?Y29tcHRlIHJlbmR1IMOpdMOpLnBkZg==?="',
        'attachment; filename="compte rendu été.pdf"',
        'attachment; filename="C:\\\\fakepath\\\\compte rendu été.pdf"',
        'attachment; filename="../../compte rendu été.pdf"',
    ],
)
def test_names_of_files_are_read_however_they_are_written(header):
    raw = f"From: a@b.example\nContent-Type: application/pdf\nContent-Disposition: {header}\n\n%PDF"
    assert [file.name for file in read(raw.encode()).attachments] == ["compte rendu été.pdf"]


def test_flowed_lines_are_joined_and_signatures_are_not():
    raw = "Content-Type: text/plain; format=flowed\n\nune phrase \ncoupée\n> citée \n> aussi\n-- \nMarie"
    assert read(raw.encode()).text == "une phrase coupée\n> citée aussi\n-- \nMarie"


def test_no_text_holds_what_postgresql_refuses():
    message = read(b"From: a\x00 <a@b.example>\nSubject: x\x00y\n\nun\x00 deux \xed\xa0\x80")
    for text in (message.subject, message.sender_name, message.text, message.split().new):
        assert "\x00" not in text
        text.encode()
