"""Dates, hours and numbers as they are written in each language of the site: 'mardi 7 novembre 2017', '14 h 30'."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext

THIN = "\u202f"
SHORT_MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"],
}
DAYS_IN_WORDS = 14
DAYS_IN_WEEKS = 60
DAYS_IN_MONTHS = 730


def english() -> bool:
    return (get_language() or "fr").startswith("en")


def local_date(moment: date | datetime) -> date:
    """The day of `moment` in the site's time zone."""
    if isinstance(moment, datetime):
        return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).date()
    return moment


def day_number(day: date) -> str:
    return "1er" if day.day == 1 and not english() else str(day.day)


def short_day(moment: date | datetime) -> str:
    """'7 novembre', '1er mars', in English '7 November'."""
    day = local_date(moment)
    return f"{day_number(day)} {MONTHS[day.month]}"


def day_of_year(moment: date | datetime) -> str:
    """'7 novembre 2017', where days of several years stand side by side."""
    day = local_date(moment)
    return f"{short_day(day)} {day.year}"


def long_day(moment: date | datetime) -> str:
    """'mardi 7 novembre 2017', in English 'Tuesday 7 November 2017'."""
    day = local_date(moment)
    return f"{WEEKDAYS[day.weekday()]} {short_day(day)} {day.year}"


def month(moment: date | datetime) -> str:
    """'novembre 2017'."""
    day = local_date(moment)
    return f"{MONTHS[day.month]} {day.year}"


def short_month(day: date) -> str:
    return SHORT_MONTHS["en" if english() else "fr"][day.month - 1]


def hour(moment: datetime | time) -> str:
    """'14 h 30', '9 h', in English '2:30 pm', '9 am'."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    if english():
        half = "am" if moment.hour < 12 else "pm"  # noqa: PLR2004
        minutes = f":{moment.minute:02d}" if moment.minute else ""
        return f"{moment.hour % 12 or 12}{minutes} {half}"
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def when(moment: date | datetime) -> str:
    """'mardi 7 novembre 2017 à 14 h 30'; a plain date has no hour."""
    if not isinstance(moment, datetime):
        return long_day(moment)
    return f"{long_day(moment)} {'at' if english() else 'à'} {hour(moment)}"


def _distance(days: int) -> tuple[int, str]:
    if days < DAYS_IN_WORDS:
        return days, ngettext("%(n)s jour", "%(n)s jours", days)
    if days < DAYS_IN_WEEKS:
        return days // 7, ngettext("%(n)s semaine", "%(n)s semaines", days // 7)
    if days < DAYS_IN_MONTHS:
        return days // 30, ngettext("%(n)s mois", "%(n)s mois", days // 30)
    return days // 365, ngettext("%(n)s an", "%(n)s ans", days // 365)


def since(moment: date | datetime, today: date | datetime) -> str:
    """'il y a 3 jours', 'hier', 'aujourd’hui', 'demain', 'dans 2 semaines', counted in days of the site's time zone."""
    days = (local_date(moment) - local_date(today)).days
    near = {-1: gettext("hier"), 0: gettext("aujourd’hui"), 1: gettext("demain")}
    if days in near:
        return near[days]
    number, unit = _distance(abs(days))
    words = unit % {"n": number}
    return (gettext("dans %(time)s") if days > 0 else gettext("il y a %(time)s")) % {"time": words}


def thousands(number: float) -> str:
    """'12 345' (narrow no-break space), in English '12,345'."""
    grouped = f"{number:,}"
    return grouped if english() else grouped.replace(",", THIN).replace(".", ",")


def ordinal(number: int, feminine: bool = False) -> str:
    """'1er' ('1re'), '2e', in English '1st', '2nd', '13th'."""
    if english():
        teen = number % 100 // 10 == 1
        return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    if number == 1:
        return "1re" if feminine else "1er"
    return f"{number}e"
