"""Plain factories of the evaluation (see factories.py)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.models.member import hash_of
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.evaluation.content import content_of
from dialogue.evaluation.models import (
    Evaluation,
    EvaluationVersion,
    Measure,
    ProcessEdition,
    ProcessEvaluation,
    Survey,
    SurveyAnswer,
    SurveyToken,
)
from dialogue.formats.json import seal
from tests import factories as make


def make_completed(**fields: Any) -> Chantier:
    """A completed chantier with two objectives and a deliverable published a week late, none of them rated."""
    chantier = make.make_chantier(**{"stage": Stage.COMPLETED} | fields)
    sheet = make.make_roadmap(chantier, stage=RoadmapStage.ADOPTED)
    make.make_objective(sheet, title="Trois cantines", start_value="0", target_value="3", indicator="cantines", order=1)
    make.make_objective(sheet, title="Deux producteurs", start_value="0", target_value="2", order=2)
    make.make_deliverable(sheet, title="Le schéma", due_on=date(2017, 10, 20), published_on=date(2017, 10, 27))
    return chantier


def make_evaluation(chantier: Chantier, **fields: Any) -> Evaluation:
    """A draft, unless said otherwise."""
    return Evaluation.objects.create(**{"chantier": chantier, "started_at": make.NOW} | fields)


def make_measure(evaluation: Evaluation, **fields: Any) -> Measure:
    return Measure.objects.create(**{"evaluation": evaluation, "why": "Une cuisine a fermé."} | fields)


def make_version(evaluation: Evaluation, **fields: Any) -> EvaluationVersion:
    content = content_of(evaluation, make.TODAY)
    return EvaluationVersion.objects.create(
        **{"evaluation": evaluation, "number": 1, "content": content, "sha256": seal(content), "made_at": make.NOW} | fields
    )


def make_survey(chantier: Chantier, **fields: Any) -> Survey:
    """Open for ten days more."""
    return Survey.objects.create(
        **{"chantier": chantier, "opened_at": make.NOW, "closes_on": make.TODAY + timedelta(days=10), "asked": 8} | fields
    )


def make_token(survey: Survey, **fields: Any) -> SurveyToken:
    token = SurveyToken(**{"survey": survey, "person": fields.pop("person", None) or make.make_person()} | fields)
    token.token_hash = hash_of(token.token)
    token.save()
    return token


def make_answer(survey: Survey, **fields: Any) -> SurveyAnswer:
    return SurveyAnswer.objects.create(**{"survey": survey, "question": "useful", "choice": "yes"} | fields)


def make_process(**fields: Any) -> ProcessEvaluation:
    return ProcessEvaluation.objects.create(
        **{"year": 2017, "starts_on": date(2017, 1, 1), "ends_on": date(2017, 10, 31)} | fields
    )


def make_edition(process: ProcessEvaluation, **fields: Any) -> ProcessEdition:
    from dialogue.evaluation.edition import edition_content

    content = edition_content(process)
    return ProcessEdition.objects.create(
        **{"process": process, "number": 1, "content": content, "sha256": seal(content), "made_at": make.NOW} | fields
    )
