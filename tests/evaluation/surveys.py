"""Surveys for the tests: a group, an open survey, answers, one that is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.evaluation import urn
from dialogue.evaluation.acts import survey as acts
from dialogue.evaluation.models import Survey
from dialogue.evaluation.stages import QUESTIONS, Choice
from tests import factories as make
from tests.factories import NOW, TODAY

CLOSES = TODAY + timedelta(days=14)


def group(size: int = 6, **fields: Any) -> Chantier:
    """A delivered chantier of `size` people, the first of whom speaks for the lead directorate."""
    chantier = make.make_chantier(**{"stage": Stage.DELIVERED} | fields)
    for n in range(size):
        make.make_member(chantier, role="lead" if n == 0 else "partner")
    return chantier


def lead_of(chantier: Chantier) -> Any:
    return chantier.members.get(role="lead").representatives.get().person


def opened(size: int = 6) -> Survey:
    chantier = group(size)
    return acts.open_survey(chantier, by=lead_of(chantier), now=NOW, closes_on=CLOSES)


def sheet(choice: Choice = Choice.YES) -> dict[str, Choice]:
    return {question.code: choice for question in QUESTIONS}


def answer(survey: Survey, count: int, choice: Choice = Choice.YES, text: str = "") -> None:
    for token in list(survey.tokens.filter(used=False).order_by("pk"))[:count]:
        urn.put(token.token, sheet(choice), {"kept": text}, today=TODAY)


def closed(size: int = 6, answers: int = 5) -> Survey:
    survey = opened(size)
    answer(survey, answers, text="Les visites.")
    acts.close_survey(survey, by=lead_of(survey.chantier), now=NOW, answered=answers)
    return survey
