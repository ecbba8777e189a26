"""The urn: an answer is tied to nobody, to no hour, to no other answer, and keeps no place in an order."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue.evaluation import urn
from dialogue.evaluation.acts import survey as acts
from dialogue.evaluation.models import SurveyAnswer, SurveyToken
from dialogue.evaluation.stages import QUESTIONS, Choice
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.evaluation.surveys import answer, lead_of, opened, sheet
from tests.factories import NOW, TODAY
from tests.factories_evaluation import make_survey, make_token

pytestmark = pytest.mark.django_db


def test_an_answer_points_to_nobody_to_no_hour_and_to_no_other_answer():
    columns = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert columns == {"number", "survey", "question", "choice", "text"}
    kept = {field.name for field in SurveyToken._meta.concrete_fields}
    assert kept == {"id", "survey", "person", "nonce", "token_hash", "used"}
    for model in (SurveyAnswer, SurveyToken):
        for name in ("created_at", "answered_at", "used_at", "at", "ip"):
            with pytest.raises(FieldDoesNotExist):
                model._meta.get_field(name)


def test_an_answer_writes_nothing_in_the_register_and_no_letter():
    survey = opened()
    before = Entry.objects.count(), Letter.objects.count()
    answer(survey, 3)
    assert (Entry.objects.count(), Letter.objects.count()) == before
    acts.close_survey(survey, by=lead_of(survey.chantier), now=NOW, answered=3)
    last = Entry.objects.get(act="evaluation.close_survey")
    assert last.facts == {"answered": 3}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(Choice)))
def test_the_rows_of_the_answers_keep_no_order_of_arrival(order: list[Choice]):
    """Whatever the order in which five people answer five different things, each number is new at each answer and lies anywhere: the
    rows read by number, or as they lie in the file, are not in that order more often than chance has it."""
    survey = make_survey(make.make_chantier())
    seen: set[int] = set()
    for choice in order:
        urn.put(make_token(survey).token, sheet(choice), {}, today=TODAY)
        numbers = set(SurveyAnswer.objects.filter(survey=survey).values_list("number", flat=True))
        # All the answers have been written anew: none keeps the number that it had.
        assert not numbers & seen
        seen |= numbers
    rows = Counter(SurveyAnswer.objects.filter(survey=survey).values_list("question", "choice"))
    assert set(rows.values()) == {1}
    assert len(rows) == len(QUESTIONS) * len(Choice)


def test_the_place_of_a_row_says_nothing_of_when_it_came():
    """Thirty times, three people answer in the same order: the first one's row is first, second and third about as often."""
    places: Counter[int] = Counter()
    physical = "rowid" if connection.vendor == "sqlite" else "ctid"
    for _round in range(30):
        survey = make_survey(make.make_chantier())
        for choice in (Choice.YES, Choice.RATHER, Choice.NO):
            urn.put(make_token(survey).token, sheet(choice), {}, today=TODAY)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT choice FROM evaluation_surveyanswer WHERE survey_id = %s AND question = 'useful' ORDER BY {physical}",
                [survey.pk],
            )
            places[[row[0] for row in cursor.fetchall()].index("yes")] += 1
    # By chance alone, one of the three places stays empty once in 60,000 runs.
    assert set(places) == {0, 1, 2}


@pytest.mark.sqlite
def test_sqlite_has_no_hidden_number_beside_the_drawn_one():
    survey = opened()
    answer(survey, 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evaluation_surveyanswer WHERE rowid <> number")
        assert cursor.fetchone() == (0,)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_has_one_transaction_for_all_the_rows():
    survey = opened()
    answer(survey, 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM evaluation_surveyanswer WHERE survey_id = %s", [survey.pk])
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM evaluation_surveytoken WHERE survey_id = %s", [survey.pk])
        assert cursor.fetchone() == (1,)


def test_the_answers_of_one_person_are_not_tied_together():
    """Two sheets of opposite answers, mixed question by question: the rows say two « yes » of nobody."""
    survey = opened()
    mixed = [sheet(Choice.YES) | {"useful": Choice.NO}, sheet(Choice.NO) | {"useful": Choice.YES}]
    for token, choices in zip(survey.tokens.all()[:2], mixed, strict=True):
        urn.put(token.token, choices, {"kept": "Un texte."}, today=TODAY)
    rows = Counter(survey.answers.exclude(choice="").values_list("question", "choice"))
    assert all(rows[question.code, choice] == 1 for question in QUESTIONS for choice in (Choice.YES, Choice.NO))
    assert survey.answers.filter(text="Un texte.", choice="").count() == 2
