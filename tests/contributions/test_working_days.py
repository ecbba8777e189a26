"""Working days: the week-end and the public holidays of France are not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dialogue.contributions.letters.deposit import read_by
from dialogue.contributions.models import Contribution
from dialogue.contributions.sorting import unread_late
from dialogue.contributions.working_days import easter, holidays, working_days_after, working_days_before
from tests import factories as make


@pytest.mark.parametrize(
    "sunday", [date(2016, 3, 27), date(2017, 4, 16), date(2018, 4, 1), date(2024, 3, 31), date(2038, 4, 25), date(2285, 3, 22)]
)
def test_easter_falls_on_its_day(sunday):
    assert easter(sunday.year) == sunday


def test_a_year_has_eleven_public_holidays():
    assert sorted(holidays(2017)) == [
        date(2017, 1, 1), date(2017, 4, 17), date(2017, 5, 1), date(2017, 5, 8), date(2017, 5, 25), date(2017, 6, 5),
        date(2017, 7, 14), date(2017, 8, 15), date(2017, 11, 1), date(2017, 11, 11), date(2017, 12, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "days", "after"),
    [
        (date(2017, 11, 6), 3, date(2017, 11, 9)),
        (date(2017, 10, 31), 3, date(2017, 11, 6)),
        (date(2017, 4, 14), 1, date(2017, 4, 18)),
        (date(2017, 12, 29), 2, date(2018, 1, 3)),
        (date(2017, 11, 6), 0, date(2017, 11, 6)),
    ],
)
def test_working_days_are_counted_both_ways(day, days, after):
    assert working_days_after(day, days) == after
    assert working_days_before(after, days) == day


@pytest.mark.django_db
def test_the_first_of_november_is_not_a_day_of_reading():
    campaign = make.make_campaign(read_within_days=3)
    row = make.make_contribution(campaign=campaign, stage="received", received_at=datetime(2017, 10, 31, 10, tzinfo=UTC))
    assert read_by(row) == date(2017, 11, 6)
    late = [Contribution.objects.filter(unread_late([campaign], date(2017, 11, day))).exists() for day in (6, 7)]
    assert late == [False, True]
