"""Working days, for the delays that campaigns promise: Monday to Friday, the public holidays of France aside."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5
#: Those that fall on the same day each year (Code du travail, article L3133-1): month, day.
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
#: Easter Monday, Ascension and Whit Monday, in days after Easter.
AFTER_EASTER = (1, 39, 50)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the algorithm that Meeus, Jones and Butcher give)."""
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * (year % 19) + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    sunday = easter(year)
    moving = (sunday + timedelta(days=n) for n in AFTER_EASTER)
    return frozenset([*(date(year, month, day) for month, day in FIXED), *moving])


def is_working(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def working_days_after(day: date, days: int) -> date:
    """The day that lies `days` working days after `day`."""
    while days > 0:
        day += timedelta(days=1)
        days -= is_working(day)
    return day


def working_days_before(day: date, days: int) -> date:
    """The day that lies `days` working days before `day`."""
    while days > 0:
        day -= timedelta(days=1)
        days -= is_working(day)
    return day
