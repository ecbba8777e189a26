"""Dates, hours and numbers: exact answers in both languages."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from dialogue.ui.templatetags import ui

TUESDAY = date(2017, 11, 7)
AFTERNOON = datetime(2017, 11, 7, 13, 30, tzinfo=UTC)  # 14 h 30 in Paris
LATE = datetime(2017, 11, 7, 23, 30, tzinfo=UTC)  # already the 8th in Paris


def test_a_date_is_written_with_its_weekday_in_both_languages():
    assert ui.jour(TUESDAY) == "mardi 7 novembre 2017"
    assert ui.jour(date(2018, 3, 1)) == "jeudi 1er mars 2018"
    with translation.override("en"):
        assert ui.jour(TUESDAY) == "Tuesday 7 November 2017"
        assert ui.jour(date(2018, 3, 1)) == "Thursday 1 March 2018"


def test_a_short_date_and_a_month_follow_the_language():
    assert (ui.jour_court(TUESDAY), ui.mois(TUESDAY)) == ("7 novembre", "novembre 2017")
    with translation.override("en"):
        assert (ui.jour_court(TUESDAY), ui.mois(TUESDAY)) == ("7 November", "November 2017")


def test_a_day_is_written_with_its_year_where_several_years_meet():
    assert [ui.jour_annee(day) for day in (TUESDAY, date(2018, 3, 1), None)] == ["7 novembre 2017", "1er mars 2018", ""]
    with translation.override("en"):
        assert ui.jour_annee(TUESDAY) == "7 November 2017"


def test_a_moment_is_told_in_the_time_of_paris():
    assert ui.jour(LATE) == "mercredi 8 novembre 2017"
    assert ui.heure(LATE) == "0 h 30"


@pytest.mark.parametrize(
    ("hour", "french", "english"),
    [
        (time(14, 30), "14 h 30", "2:30 pm"),
        (time(9), "9 h", "9 am"),
        (time(0, 5), "0 h 05", "12:05 am"),
        (time(12), "12 h", "12 pm"),
    ],
)
def test_an_hour_is_written_as_each_language_does(hour, french, english):
    assert ui.heure(hour) == french
    with translation.override("en"):
        assert ui.heure(hour) == english


def test_a_moment_has_its_day_and_its_hour_and_a_day_has_no_hour():
    assert ui.quand(AFTERNOON) == "mardi 7 novembre 2017 à 14 h 30"
    assert ui.quand(TUESDAY) == "mardi 7 novembre 2017"
    with translation.override("en"):
        assert ui.quand(AFTERNOON) == "Tuesday 7 November 2017 at 2:30 pm"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2017, 11, 7), "aujourd’hui"),
        (date(2017, 11, 6), "hier"),
        (date(2017, 11, 8), "demain"),
        (date(2017, 11, 4), "il y a 3 jours"),
        (date(2017, 11, 12), "dans 5 jours"),
        (date(2017, 10, 17), "il y a 3 semaines"),
        (date(2017, 7, 7), "il y a 4 mois"),
        (date(2020, 11, 7), "dans 3 ans"),
        (LATE, "demain"),
    ],
)
def test_a_distance_in_time_is_told_in_words(day, words):
    assert ui.depuis(day, TUESDAY) == words


def test_numbers_are_grouped_and_ranked_as_each_language_does():
    assert ui.mille(12345) == "12\u202f345"
    assert ui.mille(999) == "999"
    assert [ui.ordinal(n) for n in (1, 2, 13)] == ["1er", "2e", "13e"]
    assert ui.ordinal(1, "f") == "1re"
    with translation.override("en"):
        assert ui.mille(12345) == "12,345"
        assert [ui.ordinal(n) for n in (1, 2, 3, 11, 22, 113)] == ["1st", "2nd", "3rd", "11th", "22nd", "113th"]


def test_what_is_missing_is_written_as_nothing():
    assert [f(None) for f in (ui.jour, ui.jour_court, ui.mois, ui.heure, ui.quand, ui.mille)] == [""] * 6
    assert ui.depuis(None, TUESDAY) == ""
