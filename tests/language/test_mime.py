"""Mails as they come over the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.language.mime import Bounce, read
from dialogue.language.reports import Failure

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
