"""Dates as people and forms write them in French, ISO or American files: `parse_date`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from dialogue.language.text import normalise

_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            ("janv", "jan"),
            ("fev", "feb"),
            ("mar",),
            ("avr", "apr"),
            ("mai", "may"),
            ("juin", "jun"),
            ("juil", "jul"),
            ("aout", "aug"),
            ("sept", "sep"),
            ("oct",),
            ("nov",),
            ("dec",),
        ),
        1,
    )
    for start in starts
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"(?:[a-z]{2,9} )?(\d{1,2})(?:er|st|nd|rd|th)? (?:of )?([a-z]{3,9}) (\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"(?:[a-z]{3,9} )?([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)? (\d{4})(?!\d)")
_HOUR = re.compile(
    r"[\sT,]*(?:à|a|at)?\s*(\d{1,2})\s?[:hH]\s?(\d{2})?(?:[:mM]\s?(\d{2})(?:[.,]\d{1,9})?s?)?\s*([aApP]\.?[mM]\.?)?"
    r"\s*(Z|UTC|GMT)?\s*([+-]\d{1,2}(?::?\d{2})?)?$"
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d{1,12})?$")
#: Days that spreadsheets count from (Excel’s day 60, which never was, is long past in 1950).
_SERIAL_ORIGIN, _SERIAL_FROM, _SERIAL_TO = datetime(1899, 12, 30), 18_264, 73_051  # noqa: DTZ001
_OLDEST, _NEWEST = 1900, 2100
_NOON, _LONGEST = 12, 60


def parse_date(text: str, *, month_first: bool = False, serial: bool = False) -> datetime | date | None:
    """The date a text says, with its hour when it says one (aware only if it gives its zone); None when it says none.

    "14/11/2016", "14/11/2016 18:05", "14-11-16", "2016-11-14T18:05:00+01:00", "2016-11-14 18:05:00 UTC", "14 nov. 2016",
    "lundi 14 novembre 2016 à 18h05", "1er mars 2017", "Nov 14, 2016". Day first; month first when the day is impossible
    otherwise, or with `month_first`. `serial`: "42688.75" is a number of days since 30 December 1899 (spreadsheets), from 1950
    to 2100. Years from 1900 to 2100.
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    if serial and _SERIAL.match(text):
        return _of_serial(float(text.replace(",", ".")))
    found = _figures(text, month_first=month_first) or _words(text)
    if found is None:
        return None
    day, rest = found
    if not rest.strip(" .,"):
        return day
    return _with_hour(day, rest)


def is_month_first(samples: Iterable[str]) -> bool:
    """Some dates of the column can only be American ("11/14/2016"), and none only European ("14/11/2016")."""
    american = european = False
    for text in samples:
        found = _YEAR_LAST.match(text.strip())
        if found:
            first, second = int(found[1]), int(found[2])
            american = american or first <= _NOON < second
            european = european or second <= _NOON < first
    return american and not european


def are_serials(samples: Iterable[str]) -> bool:
    """All the samples that say something are numbers of days of a spreadsheet, from 1950 to 2100."""
    said = [text.strip() for text in samples if text.strip()]
    return bool(said) and all(_SERIAL.match(text) and _SERIAL_FROM <= float(text.replace(",", ".")) < _SERIAL_TO for text in said)


def _figures(text: str, *, month_first: bool) -> tuple[date, str] | None:
    if found := _YEAR_FIRST.match(text):
        day = _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := _YEAR_LAST.match(text):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        european, american = _day(year, second, first), _day(year, first, second)
        day = (american or european) if month_first else (european or american)
    else:
        return None
    return (day, text[found.end() :]) if day else None


def _words(text: str) -> tuple[date, str] | None:
    """A date whose month is a word; the hour is looked for after the year, in the text as it stands."""
    bare = normalise(text)
    for pattern, day_place, month_place in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        found = pattern.match(bare)
        if not found:
            continue
        word = found[month_place]
        month = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
        day = _day(_year(found[3]), month, int(found[day_place])) if month else None
        place = text.find(found[3], found.start(3))
        if day and place >= 0:
            return day, text[place + len(found[3]) :]
    return None


def _year(said: str) -> int:
    return int(said) + 2000 if len(said) == 2 else int(said)  # noqa: PLR2004


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _OLDEST <= year <= _NEWEST else None
    except ValueError:
        return None


def _with_hour(day: date, rest: str) -> datetime | None:
    found = _HOUR.match(rest)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        hour = hour % _NOON + (_NOON if found[4][0] in "pP" else 0)
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 (the text gives no zone)
        zone = _zone(found[5], found[6])
    except ValueError:
        return None
    return moment if zone is None else moment.replace(tzinfo=zone)


def _zone(name: str | None, shift: str | None) -> timezone | None:
    if shift:
        figures = shift[1:].replace(":", "")
        hours, minutes = int(figures[:-2] or 0), int(figures[-2:])
        if len(figures) <= 2:  # noqa: PLR2004
            hours, minutes = int(figures), 0
        return timezone((timedelta(hours=hours, minutes=minutes)) * (-1 if shift[0] == "-" else 1))
    return timezone.utc if name else None  # noqa: UP017 (one name for both)


def _of_serial(days: float) -> datetime | date | None:
    if not _SERIAL_FROM <= days < _SERIAL_TO:
        return None
    moment = _SERIAL_ORIGIN + timedelta(seconds=round(days * 86_400))
    return moment.date() if days == int(days) else moment
