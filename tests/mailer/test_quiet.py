"""Silent hours: what can wait for the morning waits, on the clock of the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dialogue.mailer import acts, quiet
from dialogue.mailer.models import Letter, Rhythm
from tests import factories as make
from tests.mailer.letters import queue

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS).astimezone(UTC)


#: Tuesday evening, and Wednesday morning at seven.
EVENING, MORNING = at("2026-12-01 21:30"), at("2026-12-02 07:00")


@pytest.fixture
def evening(settings, monkeypatch):
    settings.QUIET_HOURS = True
    monkeypatch.setattr(timezone, "now", lambda: EVENING)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-12-01 07:00", "2026-12-01 07:00"),
        ("2026-12-01 19:59", "2026-12-01 19:59"),
        ("2026-12-01 20:00", "2026-12-02 07:00"),
        ("2026-12-02 06:59", "2026-12-02 07:00"),
        # Saturday evening, Sunday morning, Sunday at noon, the night to Monday.
        ("2026-12-05 20:30", "2026-12-07 07:00"),
        ("2026-12-06 03:00", "2026-12-07 07:00"),
        ("2026-12-06 12:00", "2026-12-07 07:00"),
        ("2026-12-07 05:00", "2026-12-07 07:00"),
        # Clocks go forward in the night of Saturday to Sunday, back in October.
        ("2026-03-28 22:00", "2026-03-30 07:00"),
        ("2026-10-24 22:00", "2026-10-26 07:00"),
    ],
)
def test_mail_leaves_from_seven_to_twenty_and_never_on_a_sunday(moment, opens):
    assert quiet.opening(at(moment)) == at(opens)


def test_a_letter_queued_in_the_evening_waits_for_seven_in_the_morning(evening):
    assert queue(make.make_person()).next_attempt_at == MORNING
    assert not Letter.objects.due().exists()


@pytest.mark.parametrize("options", [{"kind": "tests.duty"}, {"urgent": True}, {"automatic": True}])
def test_codes_near_convocations_and_answers_leave_at_once(evening, options):
    assert queue(make.make_person(), **options).next_attempt_at == EVENING


def test_who_keeps_no_silent_hours_gets_their_mail_at_any_hour(evening):
    person = make.make_person()
    acts.choose(person, by=person, now=make.NOW, choices={}, quiet_hours=False)
    assert queue(person).next_attempt_at == EVENING


def test_what_waited_leaves_when_silent_hours_are_given_up(evening):
    person = make.make_person()
    letter = queue(person)
    acts.choose(person, by=person, now=make.NOW, choices={}, quiet_hours=False)
    letter.refresh_from_db()
    assert letter.next_attempt_at == EVENING


def test_what_should_have_left_in_the_day_is_put_off_by_the_worker_of_the_evening(evening):
    """The worker was stopped, or the mail server said "later" at 19 h 58."""
    late, night_owl = queue(make.make_person()), make.make_person()
    Rhythm.objects.create(person=night_owl, quiet=False)
    awake, duty = queue(night_owl), queue(make.make_person(), "tests.duty")
    Letter.objects.update(next_attempt_at=EVENING - timedelta(hours=2))
    assert quiet.put_off(EVENING) == 1
    assert set(Letter.objects.due()) == {awake, duty}
    late.refresh_from_db()
    assert late.next_attempt_at == MORNING
    assert quiet.put_off(MORNING) == 0


def test_silent_hours_ask_no_query_in_the_day(settings, django_assert_num_queries):
    settings.QUIET_HOURS = True
    with django_assert_num_queries(0):
        assert quiet.put_off(at("2026-12-01 12:00")) == 0
        assert quiet.departure(Letter(), at("2026-12-01 12:00")) == at("2026-12-01 12:00")


def test_the_outbox_stays_one_query(evening, django_assert_num_queries):
    queue(make.make_person())
    with django_assert_num_queries(1):
        assert list(Letter.objects.due()) == []


def test_the_frequency_of_the_digest_can_be_forgotten_without_waking_anybody(evening):
    person = make.make_person()
    Rhythm.objects.create(person=person, frequency="daily", quiet=False)
    acts.choose(person, by=person, now=make.NOW, choices={}, frequency="")
    assert Rhythm.objects.values_list("frequency", "quiet").get() == ("weekly", False)
