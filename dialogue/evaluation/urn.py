"""The urn of a survey: where an answer is put so that nobody can tell whose it is, nor when it came (docs/adr/0031).

This is the one write of the room that is no act: an act leaves a line in the register with its hour, and an answer must leave none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import SystemRandom

from django.db import transaction
from django.db.models import Case, F, Value, When

from dialogue.chantiers.models.member import hash_of
from dialogue.evaluation.models import Survey, SurveyAnswer, SurveyToken, random_number
from dialogue.evaluation.stages import QUESTIONS, WORDS, Choice, SurveyStage

_chance = SystemRandom()
Slip = tuple[str, str, str]  # question, choice, text


class Shut(Exception):
    """The link is unknown, its survey is closed, or it served already."""


def token_of(secret: str) -> SurveyToken | None:
    """The row of a mailed link, with its survey and chantier; None for a link that nobody was given."""
    return SurveyToken.objects.select_related("survey__chantier").filter(token_hash=hash_of(secret)).first()


def is_open(survey: Survey, today: date) -> bool:
    return survey.stage == SurveyStage.OPEN and today <= survey.closes_on


def put(secret: str, choices: Mapping[str, Choice], texts: Mapping[str, str], *, today: date) -> None:
    """One sheet into the urn, once for each link. `choices`: every question of QUESTIONS; `texts`: any of WORDS.

    All the answers of the survey are taken out, mixed with the new ones and written anew under new numbers, and all its links are
    touched, in one transaction: neither the numbers, nor the places of the rows on the disk, nor the transactions that the
    database notes beside them, keep an order. Raises Shut.
    """
    slips = [(question.code, str(choices[question.code]), "") for question in QUESTIONS]
    slips += [(question.code, "", texts[question.code].strip()) for question in WORDS if texts.get(question.code, "").strip()]
    with transaction.atomic():
        token = SurveyToken.objects.filter(token_hash=hash_of(secret)).first()
        # The row of the survey is held: two who answer at once mix the urn one after the other.
        open_survey = Survey.objects.filter(pk=token.survey_id if token else None, stage=SurveyStage.OPEN, closes_on__gte=today)
        if token is None or open_survey.update(stage=SurveyStage.OPEN) != 1:
            raise Shut
        if SurveyToken.objects.filter(pk=token.pk, used=False).count() != 1:
            raise Shut
        links = SurveyToken.objects.filter(survey=token.survey_id)
        links.update(used=Case(When(pk=token.pk, then=Value(value=True)), default=F("used")))
        _mix(token.survey_id, slips)


def _mix(survey: int, slips: list[Slip]) -> None:
    kept = SurveyAnswer.objects.filter(survey=survey)
    mixed: list[Slip] = [*kept.values_list("question", "choice", "text"), *slips]
    kept.delete()
    _chance.shuffle(mixed)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(number=number, survey_id=survey, question=question, choice=choice, text=text)
        for number, (question, choice, text) in zip(_numbers(len(mixed)), mixed, strict=True)
    )


def _numbers(count: int) -> list[int]:
    """As many free numbers, drawn at random."""
    drawn: set[int] = set()
    while len(drawn) < count:
        drawn |= {random_number() for _ in range(count - len(drawn))}
        drawn -= set(SurveyAnswer.objects.filter(number__in=drawn).values_list("number", flat=True))
    # A set gives small numbers in their order: chance has the last word.
    numbers = list(drawn)
    _chance.shuffle(numbers)
    return numbers
