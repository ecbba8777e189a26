"""The figures of governance: exact answers from a small year, and « non mesuré » when nothing was noted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.discussion.models import Thread
from dialogue.discussion.stages import Outcome, Subject
from dialogue.evaluation.governance import Figure, Period, governance_figures, stages_at
from dialogue.ledger.models import Entry
from dialogue.meetings.models import Action, Attendance, Decision, Meeting, Minutes
from dialogue.meetings.stages import MeetingStage, MinutesStage, Presence
from dialogue.people.stages import Kind
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
START, END = date(2017, 1, 1), date(2017, 10, 31)
CODES = [
    "participants", "organisations", "meetings", "attendance", "minutes", "remarks", "demands", "contribution_delay",
    "contributions", "weather", "decisions", "actions",
]  # fmt: skip


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2017, month, day, hour, tzinfo=UTC)


def figures(start: date = START, end: date = END, **options: Any) -> dict[str, Figure]:
    with override("fr"):
        return {figure.code: figure for figure in governance_figures(start, end, **options)}


def said(start: date = START, end: date = END) -> dict[str, str]:
    return {code: figure.said.replace("\u202f", " ") for code, figure in figures(start, end).items()}


def held(chantier: Chantier, starts: datetime, number: int = 1) -> Meeting:
    return make.make_meeting(chantier, number=number, starts_at=starts, stage=MeetingStage.CLOSED)


def published(meeting: Meeting, out_at: datetime) -> None:
    common = {"reviewed_at": out_at, "deadline": out_at, "approved_at": out_at, "published_at": out_at}
    Minutes.objects.create(meeting=meeting, chantier=meeting.chantier, stage=MinutesStage.PUBLISHED, **common)


def test_with_nothing_counts_are_zero_and_shares_are_not_measured():
    assert said() == dict.fromkeys(CODES, "non mesuré") | {"participants": "0", "organisations": "0", "meetings": "0"}


def test_each_figure_has_its_words():
    for figure in figures().values():
        assert figure.label
        assert figure.definition.endswith(".")
        assert figure.how.endswith(".")
        assert "{" not in figure.definition + figure.how


def test_a_period_that_ends_before_it_begins_is_an_error():
    with pytest.raises(ValueError, match="ends before"):
        governance_figures(END, START)


def test_people_and_organisations_count_once_and_only_while_they_take_part():
    one, two = make.make_chantier(), make.make_chantier()
    town = make.make_organisation(kind=Kind.COMMUNE)
    mayor = make.make_person()
    make.make_member(one, person=mayor, organisation=town)
    make.make_member(two, person=mayor, organisation=town)
    make.make_member(one)
    left = make.make_member(two)
    type(left).objects.filter(pk=left.pk).update(until=date(2017, 4, 2))
    make.make_member(two, since=date(2017, 11, 2))
    found = figures()
    assert found["participants"].value == 3
    assert found["organisations"].parts == (("commune", 1), ("association", 2))
    assert figures(date(2017, 5, 1), END)["participants"].value == 2
    assert figures(chantiers=[one])["participants"].value == 2


def test_meetings_attendance_and_minutes_published_in_time():
    chantier = make.make_chantier()
    first, second, third = held(chantier, at(6, 1)), held(chantier, at(7, 3), 2), held(chantier, at(10, 30), 3)
    make.make_meeting(chantier, number=4, starts_at=at(8, 1))  # convened, never held
    published(first, at(6, 10))
    published(second, at(7, 30))
    for meeting, presence in (
        (first, Presence.PRESENT), (first, Presence.REPRESENTED), (first, Presence.ABSENT), (second, Presence.EXCUSED),
        (third, Presence.UNKNOWN),
    ):  # fmt: skip
        by = {"represented_by_name": "Paul"} if presence == Presence.REPRESENTED else {}
        Attendance.objects.create(meeting=meeting, organisation=make.make_organisation(), presence=presence, **by)
    found = said()
    assert found["meetings"] == "3"
    assert found["attendance"] == "50 % (2 sur 4)"
    # The meeting of 30 October is not late on the 31st: it does not count yet.
    assert found["minutes"] == "50 % (1 sur 2)"
    assert said(end=date(2017, 12, 31))["minutes"] == "33 % (1 sur 3)"


def test_remarks_that_got_an_answer():
    chantier, person = make.make_chantier(), make.make_person()
    thread = Thread.objects.create(
        chantier=chantier, subject=Subject.DOCUMENT, title="Note", started_at=at(5, 1), last_at=at(5, 1), started_by=person
    )
    make.make_comment(thread, person, at=at(5, 1), outcome=Outcome.OPEN)
    settled = {"outcome_at": at(5, 3), "outcome_by": person}
    make.make_comment(thread, person, at=at(5, 1), outcome=Outcome.KEPT, **settled)
    make.make_comment(thread, person, at=at(5, 1), outcome=Outcome.KEPT, **settled | {"outcome_at": at(11, 2)})
    make.make_comment(thread, person, at=at(5, 1))  # plain talk
    assert said()["remarks"] == "33 % (1 sur 3)"


def test_how_long_one_waits_for_an_answer():
    chantier = make.make_chantier()
    for days in (2, 4, 9):
        answered = {"stage": "accepted", "sent_at": at(5, 1), "answered_at": at(5, 1) + timedelta(days=days)}
        make.make_request(chantier, **answered)
    make.make_request(chantier, sent_at=at(5, 1))
    for days in (10, 20):
        make.make_contribution(
            stage="answered", outcome="closed", answer="Voici.", received_at=at(2, 1), answered_at=at(2, 1) + timedelta(days=days)
        )
    make.make_contribution(received_at=at(2, 1))
    make.make_contribution(received_at=at(2, 1), stage="withdrawn", is_published=False)
    found = said()
    assert found["demands"] == "4 jours"
    assert found["contribution_delay"] == "15 jours"
    assert found["contributions"] == "67 % (2 sur 3)"
    assert figures()["contribution_delay"].of == 2


def test_a_delay_of_some_hours_is_not_a_zero():
    make.make_request(make.make_chantier(), stage="accepted", sent_at=at(5, 1), answered_at=at(5, 1, 15))
    assert said()["demands"] == "moins d’un jour"


def test_fresh_meteos_are_those_of_the_groups_at_work_on_the_last_day():
    fresh, old, none, over = (make.make_chantier(stage=Stage.WORKING) for _ in range(4))
    make.make_chantier(stage=Stage.SUSPENDED, suspended_from=Stage.WORKING, motive="Pause.")
    make.make_chantier(opened_on=date(2017, 11, 3))
    make.make_weather(fresh, at=at(10, 20))
    make.make_weather(old, at=at(8, 20))
    make.make_weather(none, at=at(11, 20))
    # Completed on the 20th, according to the register.
    Entry.objects.create(
        act="chantiers.complete", actor="system", at=at(10, 20), thing_type="chantiers.chantier", thing_id=over.pk,
        stage_from="delivered", stage_to="completed",
    )  # fmt: skip
    assert said()["weather"] == "33 % (1 sur 3)"
    assert stages_at(Period(START, END))[over.pk] == "completed"


def test_decisions_applied_and_actions_late():
    chantier, person = make.make_chantier(), make.make_person()
    meeting = held(chantier, at(6, 1))
    common = {"chantier": chantier, "meeting": meeting, "by": person, "at": at(6, 1), "text": "On livre."}
    for number, state in enumerate(("applied", "standing", "dropped", "replaced"), 1):
        Decision.objects.create(number=number, state=state, **common)
    for number, fields in enumerate(
        (
            {"due_on": date(2017, 7, 1), "done_on": date(2017, 6, 30)},
            {"due_on": date(2017, 7, 1), "done_on": date(2017, 8, 30)},
            {"due_on": date(2017, 7, 1)},
            {"due_on": date(2017, 7, 1), "dropped_motive": "Inutile"},
            {"due_on": END},
            {"due_on": date(2017, 12, 1)},
        ),
        1,
    ):
        Action.objects.create(number=number, **common, **fields)
    found = said()
    assert found["decisions"] == "33 % (1 sur 3)"
    assert found["actions"] == "25 % (1 sur 4)"


def test_the_figures_ask_few_questions_whatever_there_is():
    with CaptureQueriesContext(connection) as few:
        figures()
    for _ in range(4):
        chantier = make.make_chantier(stage=Stage.WORKING)
        make.make_member(chantier)
        make.make_weather(chantier, at=NOW)
        published(held(chantier, at(6, 1)), at(6, 5))
    with CaptureQueriesContext(connection) as many:
        figures(END, TODAY + timedelta(days=400))
    assert len(few) <= len(many) <= 15
