"""How long accounts are kept (docs/retention.yaml)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from dialogue.contributions.tasks_deposit import DRAFT_DAYS
from dialogue.contributions.tasks_imports import FILE_DAYS
from dialogue.evaluation.acts.survey import LINK_DAYS
from dialogue.inbox.tasks import ORIGINAL_DAYS
from dialogue.ledger.acts import NotAllowed
from dialogue.ledger.models import Entry
from dialogue.logbook.tasks import REFUSED_DAYS as LOGBOOK_REFUSED_DAYS
from dialogue.mailer import bounces
from dialogue.mailer.models import Letter
from dialogue.meetings.tasks import FORGET
from dialogue.people import acts, retention
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage
from tests.factories import NOW, make_coordinator, make_newcomer, make_person

pytestmark = pytest.mark.django_db


def days(count: int) -> datetime:
    return NOW - timedelta(days=count)


def aged(person: Person, **moments: Any) -> Person:
    Person.objects.filter(pk=person.pk).update(**moments)
    person.refresh_from_db()
    return person


def run(now: datetime = NOW) -> list[tuple[int, str]]:
    return [(item.person.pk, item.reason) for item in retention.apply(now)]


def test_the_register_says_what_the_code_does() -> None:
    written = {row["rule"]: row for row in yaml.safe_load(Path("docs/retention.yaml").read_text(encoding="utf-8"))}
    assert {rule: row["days"] for rule, row in written.items()} == {
        "unproven_signup": retention.UNPROVEN_DAYS,
        "refused_signup": retention.REFUSED_DAYS,
        "waiting_reminder": retention.REMINDER_DAYS,
        "inactive_account": retention.INACTIVE_DAYS,
        "closed_account": 0,
        "session": 14,
        "invitation": 60,
        "refused_address": bounces.WINDOW.days,
        "received_mail": ORIGINAL_DAYS,
        "poll_address": FORGET.days,
        "contribution_draft": DRAFT_DAYS,
        "import_file": FILE_DAYS,
        "survey_link": LINK_DAYS,
        "logbook_refused": LOGBOOK_REFUSED_DAYS,
    }
    assert written["inactive_account"]["warnings"] == [retention.FIRST_WARNING_DAYS, retention.SECOND_WARNING_DAYS]


def test_a_sign_up_never_proven_is_closed_after_fifteen_days() -> None:
    old, young = aged(make_newcomer(), created_at=days(15)), aged(make_newcomer(), created_at=days(14))
    assert run() == [(old.pk, "unproven_signup")]
    young.refresh_from_db()
    assert (Person.objects.get(pk=old.pk).stage, young.stage) == (AccountStage.CLOSED, AccountStage.PENDING)
    assert Entry.objects.get(act="people.close_account").actor == "system"


def test_a_request_without_an_answer_is_kept_and_the_coordination_reminded_once() -> None:
    coordinator = aged(make_coordinator(), created_at=NOW)
    person = aged(make_newcomer(name="Aline Vergne"), created_at=days(20), asked_at=days(10))
    run()
    run(NOW + timedelta(days=1))
    person.refresh_from_db()
    assert person.stage == AccountStage.PENDING
    letter = Letter.objects.get(kind="people.account_waiting")
    assert (letter.person, "Aline Vergne attend toujours une réponse") == (coordinator, letter.subject)


def test_a_refused_sign_up_is_closed_after_fifteen_days() -> None:
    person = aged(make_newcomer(stage=AccountStage.REFUSED), created_at=days(40), refused_at=days(15))
    aged(make_newcomer(stage=AccountStage.REFUSED), created_at=days(40), refused_at=days(14))
    assert run() == [(person.pk, "refused_signup")]


def test_an_absent_person_is_warned_twice_then_leaves() -> None:
    person = aged(make_person(), created_at=days(2000), last_login=days(700))
    assert run() == [(person.pk, "inactive_warning")]
    person.refresh_from_db()
    assert (person.closing_on, person.inactivity_warnings) == (date(2017, 12, 6), 1)
    assert [letter.mandatory for letter in Letter.objects.filter(person=person)] == [True]
    assert run(NOW + timedelta(days=1)) == []
    assert run(NOW + timedelta(days=22)) == []
    assert run(NOW + timedelta(days=23)) == [(person.pk, "inactive_warning")]
    assert run(NOW + timedelta(days=29)) == []
    assert Letter.objects.filter(person=person).count() == 2
    assert run(NOW + timedelta(days=30)) == [(person.pk, "inactive_account")]
    assert Person.objects.get(pk=person.pk).stage == AccountStage.CLOSED


def test_signing_in_cancels_the_end() -> None:
    person = aged(make_person(), created_at=days(2000), last_login=days(700))
    run()
    aged(person, last_login=NOW + timedelta(days=3))
    assert run(NOW + timedelta(days=30)) == []


def test_a_worker_that_slept_does_not_shorten_the_notice() -> None:
    person = aged(make_person(), created_at=days(2000), last_login=days(1500))
    run()
    person.refresh_from_db()
    assert person.closing_on == date(2017, 12, 6)
    late = NOW + timedelta(days=60)
    assert run(late) == [(person.pk, "inactive_warning")]
    assert run(late + timedelta(days=6)) == []
    assert run(late + timedelta(days=7)) == [(person.pk, "inactive_account")]


def test_the_last_coordinator_is_never_closed() -> None:
    person = aged(make_coordinator(), created_at=days(2000), last_login=days(1500))
    for offset in (0, 30, 60, 90):
        run(NOW + timedelta(days=offset))
    person.refresh_from_db()
    assert person.is_coordination


def test_the_dry_run_says_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)
    old = aged(make_newcomer(), created_at=days(15))
    said = StringIO()
    call_command("purge", "--dry-run", stdout=said)
    assert said.getvalue().splitlines() == [
        f"compte {old.pk} : inscription dont l’adresse n’a pas été vérifiée : fermée",
        "1 compte(s) concerné(s), rien n’est changé",
    ]
    old.refresh_from_db()
    assert (old.stage, Entry.objects.count()) == (AccountStage.PENDING, 0)
    call_command("purge", stdout=StringIO())
    old.refresh_from_db()
    assert old.stage == AccountStage.CLOSED


def test_only_the_platform_reminds_and_warns() -> None:
    coordinator, person = make_coordinator(), make_newcomer()
    for by in (coordinator, person):
        with pytest.raises(NotAllowed):
            acts.remind_waiting(person, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            acts.warn_inactive(person, by=by, now=NOW, warning=1, closing_on=NOW.date())
