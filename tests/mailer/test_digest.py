"""Several letters in one, once."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from dialogue.mailer import audience, spaces
from dialogue.mailer.digest import last_departure, send_digests
from dialogue.mailer.models import Choice, Letter, Rhythm
from dialogue.mailer.tasks import digests, forget_old_letters
from dialogue.people.models import Person
from tests import factories as make
from tests.mailer.letters import make_letter, queue, stages

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
#: Monday 7 December 2026, 8 h 05 in Paris.
MONDAY = datetime(2026, 12, 7, 8, 5, tzinfo=PARIS)


def waiting(person, *, days_before=2, **options) -> Letter:
    letter = queue(person, "tests.summed", **options)
    Letter.objects.filter(pk=letter.pk).update(queued_at=MONDAY - timedelta(days=days_before))
    return letter


@pytest.mark.parametrize(
    ("moment", "weekly", "daily"),
    [
        ("2026-12-07 07:59", "2026-11-30 08:00", "2026-12-06 08:00"),
        ("2026-12-07 08:00", "2026-12-07 08:00", "2026-12-07 08:00"),
        ("2026-12-13 23:00", "2026-12-07 08:00", "2026-12-13 08:00"),
        # Summer time began on the Sunday before: still 8 h on the clock of the wall.
        ("2026-03-30 08:30", "2026-03-30 08:00", "2026-03-30 08:00"),
    ],
)
def test_departures_are_at_eight_on_the_clock_of_the_wall(moment, weekly, daily):
    at = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS).astimezone(UTC)
    assert f"{last_departure(at, 'weekly'):%Y-%m-%d %H:%M}" == weekly
    assert f"{last_departure(at, 'daily'):%Y-%m-%d %H:%M}" == daily


def test_on_monday_everything_that_waited_leaves_in_one_letter():
    person = make.make_person()
    waiting(person, subject="Météo de Cantines", context={"office": "première"})
    waiting(person, subject="Une séance close", context={"office": "seconde"})
    assert send_digests(MONDAY, make.NOW) == 1
    first, second, digest = Letter.objects.order_by("pk")
    assert (first.stage, second.stage, digest.stage) == ("digested", "digested", "queued")
    assert first.gathered_in == second.gathered_in == digest
    assert (digest.kind, digest.mode, digest.subject) == ("mailer.digest", "immediate", "Votre résumé")
    assert "2 messages vous attendaient." in digest.text
    assert digest.text.index("* Météo de Cantines") < digest.text.index("première") < digest.text.index("* Une séance close")
    assert ">Météo de Cantines</h2>" in digest.html
    assert '<p style="margin:0 0 16px">La coordination vous confie' in digest.html
    assert digest.text.count("\n-- \n") == 1
    assert "/desinscription/" in digest.text


def test_letters_stand_under_the_name_of_their_group(monkeypatch):
    monkeypatch.setitem(spaces.REGISTRY, "essai", lambda reader, found: {"essai/z": "Écoles", "essai/a": "Vélos"})
    person = make.make_person()
    for space, subject in [("essai/a", "Un"), ("", "Deux"), ("essai/z", "Trois"), ("essai/a", "Quatre")]:
        waiting(person, subject=subject, space=space)
    send_digests(MONDAY, make.NOW)
    digest = Letter.objects.get(kind="mailer.digest")
    shown = re.findall(r"(?:^== |^\* )(.+)$", digest.text, re.MULTILINE)
    assert shown == ["Écoles", "Trois", "Vélos", "Un", "Quatre", "Hors des groupes", "Deux"]
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", digest.html) == ["Écoles", "Vélos", "Hors des groupes"]


def test_whoever_left_the_group_since_reads_nothing_of_it(monkeypatch):
    left = set()
    monkeypatch.setitem(audience.REGISTRY, "essai", lambda person, space, kind: space not in left)
    person = make.make_person()
    waiting(person, space="essai/a", subject="Un")
    waiting(person, space="essai/z", subject="Deux")
    left.add("essai/a")
    send_digests(MONDAY, make.NOW)
    assert stages() == ["dropped", "digested", "queued"]


def test_it_leaves_once_however_often_the_worker_asks():
    waiting(make.make_person())
    assert [send_digests(MONDAY + timedelta(minutes=n), make.NOW) for n in (0, 10, 20)] == [1, 0, 0]
    assert stages() == ["digested", "queued"]


def test_what_came_after_the_departure_waits_for_the_next_one():
    letter = waiting(make.make_person(), days_before=0)
    Letter.objects.filter(pk=letter.pk).update(queued_at=MONDAY)
    assert send_digests(MONDAY, make.NOW) == 0
    assert send_digests(MONDAY + timedelta(days=6), make.NOW) == 0
    assert send_digests(MONDAY + timedelta(days=7), make.NOW) == 1


def test_a_worker_that_was_stopped_on_monday_catches_up():
    waiting(make.make_person())
    assert send_digests(MONDAY + timedelta(days=3), make.NOW) == 1


def test_someone_may_have_it_each_day_or_never():
    daily, weekly, never = (make.make_person() for _ in range(3))
    for person in (daily, weekly, never):
        waiting(person, days_before=2)
    Rhythm.objects.create(person=daily, frequency="daily")
    Rhythm.objects.create(person=never, frequency="never")
    sunday = MONDAY - timedelta(days=1)
    assert send_digests(sunday, make.NOW) == 1
    assert Letter.objects.get(kind="mailer.digest").person == daily
    assert send_digests(MONDAY, make.NOW) == 1
    assert set(Letter.objects.filter(person=never).values_list("stage", flat=True)) == {"dropped"}


def test_what_was_refused_meanwhile_is_left_out():
    person = make.make_person()
    waiting(person, subject="Refusée", space="chantier/a")
    Choice.objects.create(person=person, kind="tests.summed", space="chantier/a", mode="never")
    assert send_digests(MONDAY, make.NOW) == 0
    assert stages() == ["dropped"]


def test_someone_who_left_meanwhile_gets_none():
    person = make.make_person()
    waiting(person)
    Person.objects.filter(pk=person.pk).update(stage="refused")
    assert send_digests(MONDAY, make.NOW) == 0
    assert stages() == ["dropped"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_write_one_digest():
    for _ in range(3):
        waiting(make.make_person())
    start, counts = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(10)
            counts.append(send_digests(MONDAY, make.NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 3
    assert Letter.objects.filter(kind="mailer.digest").count() == 3


def test_the_periodic_functions_of_the_room_speak_real_time():
    person = make.make_person()
    letter = queue(person, "tests.summed")
    Letter.objects.filter(pk=letter.pk).update(queued_at=datetime.now(UTC) - timedelta(days=8))
    assert digests(make.NOW) == 1


def test_after_ninety_days_a_letter_loses_its_words_and_never_leaves_twice_for_all_that():
    person = make.make_person()
    kept = make_letter(stage="sent", dedupe="a", person=person, address=person.email)
    make_letter(stage="sent")
    young = make_letter()
    Letter.objects.exclude(pk=young.pk).update(queued_at=datetime.now(UTC) - timedelta(days=91))
    forget_old_letters(make.NOW)
    assert list(Letter.objects.order_by("pk")) == [kept, young]
    kept.refresh_from_db()
    assert (kept.subject, kept.text, kept.html) == ("", "", "")
    assert queue(person, dedupe="a") is None
