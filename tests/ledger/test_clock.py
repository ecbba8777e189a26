from datetime import UTC, datetime, timedelta

from django.utils import timezone

from config.env import clock_offset
from dialogue.ledger import clock


def test_domain_time_is_real_time_outside_the_demo():
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_in_the_demo_time_starts_on_the_reference_date_and_runs(settings):
    settings.CLOCK_OFFSET = datetime(2017, 11, 6, 9, 0, tzinfo=UTC) - timezone.now()
    assert abs(clock.now() - datetime(2017, 11, 6, 9, 0, tzinfo=UTC)) < timedelta(seconds=5)


def test_the_day_is_that_of_paris():
    assert clock.local_date(datetime(2017, 11, 6, 23, 30, tzinfo=UTC)).isoformat() == "2017-11-07"


def test_the_offset_is_kept_with_the_data_and_only_serves_the_demo(tmp_path):
    assert clock_offset(True, tmp_path) == timedelta()
    (tmp_path / "demo.json").write_text(
        '{"reference": "2017-11-06T09:00:00+00:00", "started": "2026-01-01T09:00:00+00:00"}', encoding="utf-8"
    )
    assert clock_offset(True, tmp_path) == timedelta(days=-2978)
    assert clock_offset(False, tmp_path) == timedelta()
