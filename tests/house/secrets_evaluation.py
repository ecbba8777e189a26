"""Who may read what an evaluation says (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.evaluation.models import (
    Evaluation,
    EvaluationVersion,
    Measure,
    ProcessEdition,
    ProcessEvaluation,
    Survey,
    SurveyAnswer,
)
from dialogue.people.stages import Circle

#: Never shown: "model.field" → why.
MACHINE = {
    "evaluation.evaluationversion.sha256": "a hash",
    "evaluation.processedition.sha256": "a hash",
    "evaluation.surveytoken.nonce": "half of a secret address",
    "evaluation.surveytoken.token_hash": "a hash",
    "evaluation.surveyanswer.question": "a code",
}
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(
    chantier: Chantier, *, group: frozenset[str], coordination: frozenset[str], by_circle: dict[Circle, frozenset[str]]
) -> Iterator[Rule]:
    """Drafts are the group's; versions, those of the circle and the group's; texts of a survey, the group's once it is closed."""
    for evaluation in Evaluation.objects.filter(chantier=chantier):
        yield evaluation, ("worked", "fell_short", "differently"), group
        for measure in Measure.objects.filter(evaluation=evaluation):
            yield measure, ("why",), group
        readers = by_circle[Circle(evaluation.circle)] & by_circle[Circle(chantier.circle)] | group
        for version in EvaluationVersion.objects.filter(evaluation=evaluation):
            yield version, ("content", "change_note"), readers
    for survey in Survey.objects.filter(chantier=chantier):
        for answer in SurveyAnswer.objects.filter(survey=survey).exclude(text=""):
            yield answer, ("text",), group if survey.closed_at else ()


def planted(content: dict[str, Any], word: str) -> dict[str, Any]:
    """A frozen evaluation, of a chantier or of a year, with the word in its text."""
    return content | {"worked" if "worked" in content else "lessons": word}


def whole(everyone: frozenset[str], coordination: frozenset[str]) -> Iterator[Rule]:
    for process in ProcessEvaluation.objects.all():
        yield process, ("introduction", "lessons"), coordination
        for edition in ProcessEdition.objects.filter(process=process):
            yield edition, ("content", "change_note"), everyone
