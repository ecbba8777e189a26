"""What a closed survey says: nothing below five answers, texts in the order of the urn, which is that of chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dialogue.evaluation.models import Survey
from dialogue.evaluation.stages import AGREES, FEWEST, QUESTIONS, WORDS, Choice, Question, SurveyStage


@dataclass(frozen=True)
class Counted:
    """How one question was answered."""

    question: Question
    counts: dict[str, int]

    @property
    def agree(self) -> int:
        return sum(self.counts.get(code, 0) for code in AGREES)

    @property
    def voiced(self) -> int:
        """Those who have an opinion."""
        return sum(n for code, n in self.counts.items() if code != Choice.NONE)

    @property
    def share(self) -> int | None:
        """Percentage that agrees, of those who have an opinion."""
        return round(100 * self.agree / self.voiced) if self.voiced else None

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(str(choice.label), self.counts.get(choice, 0)) for choice in Choice]


@dataclass(frozen=True)
class Results:
    asked: int
    answered: int
    #: Empty below five answers, and as long as the survey is open.
    questions: list[Counted] = field(default_factory=list)
    words: list[tuple[Question, list[str]]] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return bool(self.questions)


def answers_in(survey: Survey) -> int:
    """How many people answered: each answers the first question, be it by « sans avis »."""
    return survey.answers.filter(question=QUESTIONS[0].code).count()


def results_of(survey: Survey) -> Results:
    """An open survey shows nothing: whoever watches it grow would read each answer as it comes."""
    if survey.stage != SurveyStage.CLOSED:
        return Results(survey.asked, answers_in(survey))
    if survey.answered < FEWEST:
        return Results(survey.asked, survey.answered)
    chosen: dict[str, Counter[str]] = {question.code: Counter() for question in QUESTIONS}
    texts: dict[str, list[str]] = {question.code: [] for question in WORDS}
    for code, choice, text in survey.answers.order_by("number").values_list("question", "choice", "text"):
        if code in chosen and choice:
            chosen[code][choice] += 1
        elif code in texts and text:
            texts[code].append(text)
    return Results(
        survey.asked,
        survey.answered,
        [Counted(question, dict(chosen[question.code])) for question in QUESTIONS],
        [(question, texts[question.code]) for question in WORDS if texts[question.code]],
    )


def as_content(results: Results | None) -> dict[str, Any] | None:
    """What a published evaluation keeps of it: numbers alone, never a text."""
    if results is None:
        return None
    return {
        "asked": results.asked,
        "answered": results.answered,
        "questions": [{"code": each.question.code, "counts": each.counts} for each in results.questions],
    }


def from_content(content: dict[str, Any] | None) -> Results | None:
    """The numbers of a published version, with today's words for its questions."""
    if content is None:
        return None
    known = {question.code: question for question in QUESTIONS}
    counted = [Counted(known[row["code"]], row["counts"]) for row in content["questions"] if row["code"] in known]
    return Results(content["asked"], content["answered"], counted)
