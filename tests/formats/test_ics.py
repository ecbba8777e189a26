"""Calendars, read back with the icalendar library and byte by byte."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.formats import ics
from dialogue.formats.ics import Event, calendar

UPDATED = datetime(2017, 11, 6, 9, 0, tzinfo=UTC)


def event(**fields):
    values = {
        "uid": "meeting-1@dialogue.example",
        "sequence": 0,
        "starts": datetime(2017, 11, 14, 17, 0, tzinfo=UTC),
        "ends": datetime(2017, 11, 14, 19, 0, tzinfo=UTC),
        "all_day": False,
        "summary": "Séance 2",
        "updated": UPDATED,
    }
    return Event(**(values | fields))


def read(document: bytes):
    return next(c for c in icalendar.Calendar.from_ical(document).walk("VEVENT"))


def test_a_meeting_is_written_in_paris_time_with_its_rules():
    text = calendar("Chantier", [event(location="Salle des fêtes, Créon")], url="https://d.example/c.ics").decode()
    assert "DTSTART;TZID=Europe/Paris:20171114T180000\r\n" in text
    assert "DTEND;TZID=Europe/Paris:20171114T200000\r\n" in text
    assert "DTSTAMP:20171106T090000Z\r\n" in text
    assert "LOCATION:Salle des fêtes\\, Créon\r\n" in text
    assert "STATUS:CONFIRMED\r\n" in text
    assert text.count("BEGIN:VTIMEZONE\r\n") == 1
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in text
    assert "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n" in text


def test_a_calendar_says_its_name_its_address_and_when_to_ask_again():
    text = calendar("Chantiers du Libournais", [], url="https://d.example/c.ics", refresh_hours=6).decode()
    for line in (
        "NAME:Chantiers du Libournais",
        "X-WR-CALNAME:Chantiers du Libournais",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "SOURCE;VALUE=URI:https://d.example/c.ics",
        "VERSION:2.0",
        "METHOD:PUBLISH",
    ):
        assert f"\r\n{line}\r\n" in text


def test_a_whole_day_ends_the_day_after_as_the_norm_says():
    text = calendar("x", [event(all_day=True, starts=date(2017, 11, 20), ends=date(2017, 11, 24))]).decode()
    assert "DTSTART;VALUE=DATE:20171120\r\n" in text
    assert "DTEND;VALUE=DATE:20171125\r\n" in text
    assert "TRANSP:TRANSPARENT\r\n" in text


def test_a_single_day_has_no_end_to_give():
    found = read(calendar("x", [event(all_day=True, starts=date(2017, 11, 20), ends=None)]))
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2017, 11, 20), date(2017, 11, 21))


def test_a_cancelled_meeting_stays_in_the_calendar_as_cancelled():
    found = read(calendar("x", [event(cancelled=True, sequence=3)]))
    assert found["STATUS"] == "CANCELLED"
    assert found["SEQUENCE"] == 3
    assert found["TRANSP"] == "TRANSPARENT"


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="zone"):
        calendar("x", [event(starts=datetime(2017, 11, 14, 18, 0))])  # noqa: DTZ001


@pytest.mark.parametrize(
    "fields",
    [
        {"ends": datetime(2017, 11, 14, 16, 0, tzinfo=UTC)},
        {"all_day": True, "starts": date(2017, 11, 20), "ends": date(2017, 11, 19)},
    ],
)
def test_an_event_that_ends_before_it_starts_is_refused(fields):
    with pytest.raises(ValueError, match="ends before"):
        calendar("x", [event(**fields)])


def test_an_event_without_stamp_is_refused_unless_the_calendar_has_one():
    with pytest.raises(ValueError, match="DTSTAMP"):
        calendar("x", [event(updated=None)])
    assert b"DTSTAMP:20171106T090000Z" in calendar("x", [event(updated=None)], generated=UPDATED)


def test_the_rules_of_the_zone_agree_with_the_real_one_for_twenty_years():
    """The hour read back by a library that uses the file's own VTIMEZONE is the hour that was meant."""
    zone = icalendar.Calendar.from_ical(calendar("x", [])).walk("VTIMEZONE")[0].to_tz()
    from dialogue.formats.ics import PARIS

    for days in range(0, 20 * 365, 11):
        moment = datetime(2010, 1, 1, 12, 0, tzinfo=UTC) + timedelta(days=days)
        local = moment.astimezone(PARIS).replace(tzinfo=None)
        assert local.replace(tzinfo=zone).utcoffset() == moment.astimezone(PARIS).utcoffset()


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_any_text_comes_back_whole_and_no_line_is_over_75_octets(text):
    document = calendar("x", [event(summary=text, description=text)])
    assert all(len(line) <= 75 for line in document.split(b"\r\n"))
    assert b"\n" not in document.replace(b"\r\n", b"")
    assert str(read(document)["DESCRIPTION"]) == text


REPLY_LINES = st.sampled_from(
    [
        "DTSTAMP:20260101T000000Z", "DTSTAMP:x", "DTSTAMP;VALUE=DATE:20260101", "DTSTAMP:99999999T999999Z", "SEQUENCE:-1", "SEQUENCE:a",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.fr", "ATTENDEE:MAILTO:A@b.fr", 'ATTENDEE;PARTSTAT="x:mailto:a@b', "UID:1", "UID:2",
        "COMMENT:é", "COMMENT;LANGUAGE=fr:x", "RRULE:FREQ=BAD", "DTSTART;TZID=Nowhere:20260101T000000", "BEGIN:VALARM", "END:VALARM",
        "END:VEVENT", "BEGIN:VEVENT", "DURATION:P", "X-A;B", " folded", ":", ";",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(REPLY_LINES, max_size=10), method=st.sampled_from(["REPLY", "COUNTER"]), noise=st.binary(max_size=12))
def test_no_answer_however_broken_stops_the_reader(lines, method, noise):
    whole = ["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]
    for data in (noise, "\r\n".join(whole).encode() + noise, "\r\n".join(whole).encode("cp1252")):
        reply = ics.read_reply(data)
        assert reply is None or reply.stamped is None or reply.stamped.tzinfo


def test_an_answer_without_a_readable_time_still_counts():
    data = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:x\r\n"
    data += "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.fr\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    reply = ics.read_reply(data.encode())
    assert (reply.attendee, reply.partstat, reply.stamped) == ("a@b.fr", "DECLINED", None)
