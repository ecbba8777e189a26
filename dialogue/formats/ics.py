"""Calendars (RFC 5545), read by the calendars of phones and offices.

Dataclasses in, bytes out. Times are aware datetimes, whole days are dates; the file speaks in Europe/Paris, of which it
carries the rules (VTIMEZONE), as RFC 5545 §3.6.5 wants. Lines end with CRLF and are folded at 75 octets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

PARIS = ZoneInfo("Europe/Paris")
PRODUCT = "-//Dialogue territorial//Calendrier//FR"


@dataclass(frozen=True)
class Event:
    """One date.

    `uid` never changes for a date (globally unique, such as "meeting-12@domain"); `sequence` grows when the date or the
    place changes, not for a typo (RFC 5546). `starts` and `ends` are aware datetimes, or dates when `all_day`; an
    all-day `ends` is the last day, included (None: one day). `updated` is an aware datetime.
    """

    uid: str
    sequence: int
    starts: datetime | date
    ends: datetime | date | None
    all_day: bool
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    updated: datetime | None = None
    cancelled: bool = False


def calendar(
    name: str, events: Iterable[Event], *, url: str = "", refresh_hours: int = 12, generated: datetime | None = None
) -> bytes:
    """A whole calendar to subscribe to.

    `url` is its own address, `refresh_hours` how often a client should ask again, `generated` the DTSTAMP of events that
    do not say when they were updated. Raises ValueError for a naive time, an event that ends before it starts, or an
    event for which no DTSTAMP is known.
    """
    document = icalendar.Calendar()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    document.add("name", name)
    document.add("x-wr-calname", name)
    document.add("x-wr-timezone", "Europe/Paris")
    document.add("refresh-interval", timedelta(hours=refresh_hours), parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", f"PT{refresh_hours}H")
    if url:
        document.add("source", url, parameters={"VALUE": "URI"})
        document.add("url", url)
    document.add_component(_paris())
    for event in events:
        document.add_component(_event(event, generated))
    return bytes(document.to_ical())


@dataclass(frozen=True)
class Party:
    """Someone in an invitation: the name shown, the address written to."""

    name: str
    email: str


@dataclass(frozen=True)
class Reply:
    """What a calendar answered (METHOD:REPLY, RFC 5546 §3.2.3): `partstat` ACCEPTED, DECLINED, TENTATIVE or DELEGATED.

    `stamped` is its DTSTAMP (aware) or None, `comment` what the person wrote, `is_counter` a proposal of another time.
    """

    uid: str
    attendee: str
    partstat: str
    stamped: datetime | None
    sequence: int
    comment: str
    is_counter: bool


def invitation(
    event: Event,
    *,
    method: str,
    organizer: Party,
    attendee: Party,
    partstat: str = "NEEDS-ACTION",
    reminder: timedelta | None = timedelta(days=1),
) -> bytes:
    """An iTIP message for one reader (RFC 5546): `method` is REQUEST or CANCEL.

    `organizer` is the address that reads the answers. The UID is that of the subscribed calendars, so that neither Outlook,
    Google, Apple nor Thunderbird shows the date twice. Raises ValueError for another method.
    """
    if method not in {"REQUEST", "CANCEL"}:
        raise ValueError(f"{method}: REQUEST or CANCEL")
    document = icalendar.Calendar()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", method)
    document.add_component(_paris())
    row = _event(event, None)
    row.add("organizer", _address(organizer))
    address = _address(attendee)
    for key, value in {
        "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": partstat, "RSVP": "TRUE" if method == "REQUEST" else "FALSE",
    }.items():  # fmt: skip
        address.params[key] = value
    row.add("attendee", address)
    if method == "REQUEST" and reminder is not None:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.summary)
        alarm.add("trigger", -reminder)
        row.add_component(alarm)
    document.add_component(row)
    return bytes(document.to_ical())


def _address(party: Party) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = icalendar.vText(party.name)
    return address


def read_reply(data: bytes) -> Reply | None:
    """The answer in a calendar file; None when it is no answer (or not a calendar at all). Never raises.

    Outlook writes windows-1252 without saying so, Google leaves the comment out, Apple folds everything.
    """
    for encoding in ("utf-8", "cp1252"):
        try:
            document = icalendar.Calendar.from_ical(data.decode(encoding).lstrip("\ufeff \r\n"))
            break
        except (UnicodeDecodeError, ValueError, IndexError, KeyError, TypeError):
            continue
    else:
        return None
    method = str(document.get("method", "")).upper()
    events = [part for part in document.walk("VEVENT") if isinstance(part, icalendar.Event)]
    if method not in {"REPLY", "COUNTER"} or not events:
        return None
    row = events[0]
    attendees = row.get("attendee", [])
    attendee = attendees[0] if isinstance(attendees, list) and attendees else attendees
    if not attendee:
        return None
    partstat = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
    return Reply(
        uid=str(row.get("uid", "")),
        attendee=str(attendee).lower().removeprefix("mailto:"),
        partstat="TENTATIVE" if method == "COUNTER" else partstat,
        stamped=_stamp(row),
        sequence=_number(row.get("sequence")),
        comment=" ".join(str(row.get("comment", "")).split())[:500],
        is_counter=method == "COUNTER",
    )


def _stamp(row: icalendar.Event) -> datetime | None:
    try:
        value = getattr(row.get("dtstamp"), "dt", None)
    except ValueError:  # not a date: what the mail says is kept, without its time
        return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _number(value: object) -> int:
    try:
        return min(max(int(str(value)), 0), 2_000_000_000)
    except ValueError:
        return 0


def _paris() -> icalendar.Timezone:
    """Europe/Paris since 1996, as a rule: winter time on the last Sunday of October, summer time on that of March."""
    zone = icalendar.Timezone()
    zone.add("tzid", "Europe/Paris")
    for part, start, month, before, after, short in (
        (icalendar.TimezoneStandard(), datetime(1996, 10, 27, 3), 10, 2, 1, "CET"),  # noqa: DTZ001  local by definition
        (icalendar.TimezoneDaylight(), datetime(1996, 3, 31, 2), 3, 1, 2, "CEST"),  # noqa: DTZ001
    ):
        part.add("dtstart", start)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", short)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _event(event: Event, generated: datetime | None) -> icalendar.Event:
    stamp = event.updated or generated
    if stamp is None:
        raise ValueError(f"{event.uid}: `updated` or `generated` is needed for DTSTAMP")
    row = icalendar.Event()
    row.add("uid", event.uid)
    row.add("dtstamp", _aware(stamp, event.uid).astimezone(UTC))
    row.add("last-modified", stamp.astimezone(UTC))
    row.add("sequence", event.sequence)
    _times(row, event)
    row.add("summary", event.summary)
    for key, value in (("description", event.description), ("location", event.location), ("url", event.url)):
        if value:
            row.add(key, value)
    row.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    # A whole day, or something that will not take place, does not make anyone busy.
    row.add("transp", "TRANSPARENT" if event.all_day or event.cancelled else "OPAQUE")
    return row


def _times(row: icalendar.Event, event: Event) -> None:
    if event.all_day:
        first = _day(event.starts)
        last = first if event.ends is None else _day(event.ends)
        if last < first:
            raise ValueError(f"{event.uid}: ends before it starts")
        row.add("dtstart", first)
        row.add("dtend", last + timedelta(days=1))  # DTEND is not included (RFC 5545 §3.6.1)
        return
    starts = _aware(event.starts, event.uid)
    row.add("dtstart", starts.astimezone(PARIS))
    if event.ends is not None:
        ends = _aware(event.ends, event.uid)
        if ends < starts:
            raise ValueError(f"{event.uid}: ends before it starts")
        row.add("dtend", ends.astimezone(PARIS))


def _day(value: datetime | date) -> date:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(PARIS).date() if value.tzinfo else value.date()


def _aware(value: datetime | date, uid: str) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{uid}: a time with its zone is needed, not {value!r}")
    return value
