"""What the platform does by itself around surveys; each may run twice without harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.evaluation.acts.survey import LINK_DAYS, REMINDED_BEFORE, close_survey, forget_survey, remind_survey
from dialogue.evaluation.models import Survey
from dialogue.evaluation.results import answers_in
from dialogue.evaluation.stages import SurveyStage
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.clock import local_date
from dialogue.mailer.periodic import every


@every(hours=1)
def remind_surveys(now: datetime) -> None:
    """A few days before the end, once; not on the very day on which the survey was opened."""
    today = local_date(now)
    soon = Survey.objects.filter(
        stage=SurveyStage.OPEN, reminded_at=None, closes_on__gte=today, closes_on__lte=today + timedelta(days=REMINDED_BEFORE)
    )
    for survey in soon.filter(opened_at__lt=now - timedelta(days=1)).select_related("chantier"):
        try:
            remind_survey(survey, by=SYSTEM, now=now)
        except Refused:
            # Reminded, or closed, by somebody meanwhile: the others still wait for theirs.
            continue


@every(hours=1)
def close_surveys(now: datetime) -> int:
    """The day after the last one; how many were closed."""
    closed = 0
    for survey in Survey.objects.filter(stage=SurveyStage.OPEN, closes_on__lt=local_date(now)).select_related("chantier"):
        try:
            close_survey(survey, by=SYSTEM, now=now, answered=answers_in(survey))
        except Refused:
            continue
        closed += 1
    return closed


@every(days=1)
def forget_surveys(now: datetime) -> None:
    """Thirty days after the closing, the links go (docs/retention.yaml)."""
    due = Survey.objects.filter(stage=SurveyStage.CLOSED, forgotten_at=None, closed_at__lte=now - timedelta(days=LINK_DAYS))
    for survey in due.select_related("chantier"):
        forget_survey(survey, by=SYSTEM, now=now)
