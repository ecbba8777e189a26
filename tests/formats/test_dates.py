from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.formats.dates import are_serials, is_month_first, parse_date

DAY = date(2016, 11, 14)
MOMENT = datetime.fromisoformat("2016-11-14T18:05")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14/11/2016", DAY),
        ("14-11-16", DAY),
        ("14.11.2016", DAY),
        (" 14/11/2016\u00a018:05 ", MOMENT),
        ("14/11/2016 à 18h05", MOMENT),
        ("14/11/2016 18h", datetime.fromisoformat("2016-11-14T18:00")),
        ("14/11/2016 18:05:33", datetime.fromisoformat("2016-11-14T18:05:33")),
        ("2016-11-14", DAY),
        ("2016-11-14T18:05", MOMENT),
        ("2016-11-14T18:05:00+01:00", MOMENT.replace(tzinfo=timezone(timedelta(hours=1)))),
        ("2016-11-14T18:05:00.123Z", MOMENT.replace(tzinfo=UTC)),
        ("2016-11-14 18:05:00 UTC", MOMENT.replace(tzinfo=UTC)),
        ("2016-11-14 18:05:00 +0100", MOMENT.replace(tzinfo=timezone(timedelta(hours=1)))),
        ("2016/11/14 6:05:00 PM UTC+1", MOMENT.replace(tzinfo=timezone(timedelta(hours=1)))),
        ("14 nov. 2016", DAY),
        ("14 novembre 2016", DAY),
        ("lundi 14 novembre 2016 à 18h05", MOMENT),
        ("1er mars 2017", date(2017, 3, 1)),
        ("3 août 2017", date(2017, 8, 3)),
        ("2 juil. 2017", date(2017, 7, 2)),
        ("12 juin 2017", date(2017, 6, 12)),
        ("Nov 14, 2016", DAY),
        ("November 14th, 2016 6:05 pm", MOMENT),
        ("11/14/2016", DAY),
        ("03/04/2017", date(2017, 4, 3)),
        ("29/02/2016", date(2016, 2, 29)),
        ("29/02/2017", None),
        ("32/01/2017", None),
        ("14/11/0016", None),
        ("14/11/2016 25:00", None),
        ("14/11/2016 et après", None),
        ("2016", None),
        ("42688", None),
        ("14 patates 2016", None),
        ("05 56 00 00 00", None),
        ("", None),
        ("x" * 1000, None),
    ],
)
def test_a_date_is_read_as_it_is_written(text, found):
    assert parse_date(text) == found


def test_american_dates_are_read_so_when_the_column_says_it():
    assert is_month_first(["01/02/2017", "11/14/2016"])
    assert not is_month_first(["01/02/2017", "14/11/2016"])
    assert not is_month_first(["11/14/2016", "14/11/2016"])
    assert parse_date("03/04/2017", month_first=True) == date(2017, 3, 4)
    assert parse_date("14/11/2016", month_first=True) == DAY


def test_days_counted_by_a_spreadsheet_are_read_only_when_asked():
    assert are_serials(["42688", "", "42688,75"])
    assert not are_serials(["33500", "3"])
    assert not are_serials(["", ""])
    assert parse_date("42688", serial=True) == DAY
    assert parse_date("42688.75", serial=True) == datetime.fromisoformat("2016-11-14T18:00")
    assert parse_date("99999", serial=True) is None


@given(st.text(max_size=40))
def test_any_text_says_a_date_or_none(text):
    assert parse_date(text) is None or parse_date(text).year >= 1900


@given(
    st.datetimes(datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2099-01-01"), timezones=st.just(UTC) | st.none())
)
def test_iso_dates_are_read_to_the_second(moment):
    moment = moment.replace(microsecond=0)
    assert parse_date(moment.isoformat()) == moment
