"""How the groups that ended are evaluated: their surveys in January 2018, their ratings in March, the year's edition on the 28th."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.demo.cast import DATA, Cast
from dialogue.demo.groups import Group
from dialogue.demo.story import Story, at
from dialogue.evaluation import urn
from dialogue.evaluation.acts import evaluation as acts
from dialogue.evaluation.acts import process, survey
from dialogue.evaluation.baseline import baseline_of, values_of
from dialogue.evaluation.models import Evaluation, ProcessEvaluation, Survey
from dialogue.evaluation.results import answers_in
from dialogue.evaluation.stages import QUESTIONS, Choice, EvaluationStage, SurveyStage
from dialogue.ledger.acts import SYSTEM
from dialogue.people.stages import Circle

CLOSES_ON = date(2018, 1, 26)
#: The group whose evaluation was corrected after its publication, and what was wrong.
CORRECTED, CORRECTION = 12, "La halte de juin manquait dans « ce qui n’a pas marché »."


def script() -> dict[str, Any]:
    """What was measured (data/evaluation.toml)."""
    with (DATA / "evaluation.toml").open("rb") as file:
        return tomllib.load(file)


def tell(story: Story, cast: Cast, groups: dict[int, Group]) -> None:
    written = script()
    for row in written["chantier"]:
        told = Evaluated(groups[row["n"]], cast, row)
        n = row["n"]
        story.tell(at(date(2018, 1, 8), 9, n), told.ask)
        story.tell(at(date(2018, 1, 22), 18, n), told.answer)
        story.tell(at(date(2018, 1, 27), 1, n), told.close)
        story.tell(at(date(2018, 2, 12), 10, n), told.complete)
        story.tell(at(date(2018, 2, 26), 2, n), told.forget)
        story.tell(at(date(2018, 3, 6), 11, n), told.rate)
        story.tell(at(date(2018, 3, 19), 9, n), told.publish)
    story.tell(at(date(2018, 3, 26), 10), lambda now: correct(cast, now))
    story.tell(at(date(2018, 3, 12), 9), lambda now: process.prepare_process(by=cast.coordination, now=now, year=2017))
    story.tell(at(date(2018, 3, 28), 11), lambda now: publish_year(cast, written, now))


class Evaluated:
    """One group at the end of its work. Each step is for who has reached it: a chantier that goes on is evaluated another year."""

    def __init__(self, group: Group, cast: Cast, row: dict[str, Any]) -> None:
        self.group, self.cast, self.row = group, cast, row

    def chantier(self) -> Chantier:
        return self.group.row()

    def survey(self) -> Survey | None:
        return (
            Survey.objects.select_related("chantier").filter(chantier__number=self.group.number, stage=SurveyStage.OPEN).first()
        )

    def ask(self, now: datetime) -> None:
        if survey.open_survey.offered(self.group.lead, self.chantier()):
            survey.open_survey(self.chantier(), by=self.group.lead, now=now, closes_on=CLOSES_ON)

    def answer(self, now: datetime) -> None:
        found = self.survey()
        if found is None:
            return
        for n, token in enumerate(list(found.tokens.order_by("pk"))[: self.row["answers"]]):
            first = self.row["choices"]
            choices = {question.code: _said(first[(n + m) % len(first)], n, m) for m, question in enumerate(QUESTIONS)}
            texts = {name: self.row[name][n] for name in ("kept", "change") if n < len(self.row[name])}
            urn.put(token.token, choices, texts, today=now.date())

    def close(self, now: datetime) -> None:
        found = self.survey()
        if found is not None:
            survey.close_survey(found, by=SYSTEM, now=now, answered=answers_in(found))

    def forget(self, now: datetime) -> None:
        """Thirty days after the closing, the links are destroyed."""
        for found in Survey.objects.filter(chantier__number=self.group.number, stage=SurveyStage.CLOSED, forgotten_at=None):
            survey.forget_survey(found, by=SYSTEM, now=now)

    def complete(self, now: datetime) -> None:
        """Those that have nothing before the assembly are completed; the others, when their propositions have their issue."""
        chantier = self.chantier()
        if chantier.stage == Stage.DELIVERED and not life.complete.obstacles(chantier, by=self.group.lead, now=now):
            life.complete(chantier, by=self.group.lead, now=now)

    def rate(self, now: datetime) -> None:
        chantier = self.chantier()
        baseline = baseline_of(chantier)
        if chantier.stage != Stage.COMPLETED or baseline is None:
            return
        typed = {name: self.row[name] for name in ("worked", "fell_short", "differently")}
        for line, (rating, value, day, why) in zip(baseline.objectives, self.row["objectives"], strict=True):
            key = f"objective-{line.item.pk}"
            typed |= {f"{key}-rating": rating, f"{key}-value": value, f"{key}-on": day, f"{key}-why": why}
        for each, (rating, why) in zip(baseline.deliverables, self.row["deliverables"], strict=True):
            typed |= {f"deliverable-{each.item.pk}-rating": rating, f"deliverable-{each.item.pk}-why": why}
        sheet = acts.start_evaluation(chantier, by=self.group.lead, now=now)
        before = values_of(baseline, sheet)
        acts.save_draft(sheet, by=self.group.lead, now=now, changes={key: (before[key], text) for key, text in typed.items()})

    def publish(self, now: datetime) -> None:
        sheet = Evaluation.objects.select_related("chantier").filter(chantier__number=self.group.number).first()
        if sheet is not None and not acts.publish_evaluation.obstacles(sheet, by=self.cast.coordination, now=now):
            acts.publish_evaluation(sheet, by=self.cast.coordination, now=now, circle=Circle(sheet.chantier.circle))


def _said(code: str, n: int, m: int) -> Choice:
    """What this person says of this question: decisions and rhythm are judged a little harder."""
    if code == Choice.NONE or m not in {2, 3} or (n + m) % 3:
        return Choice(code)
    scale = [Choice.YES, Choice.RATHER, Choice.LITTLE, Choice.NO]
    return scale[min(len(scale) - 1, scale.index(Choice(code)) + 1)]


def correct(cast: Cast, now: datetime) -> None:
    """One mistake was found after the publication: a second version says so."""
    sheet = Evaluation.objects.select_related("chantier").filter(chantier__number=CORRECTED).first()
    if sheet is None or sheet.stage != EvaluationStage.PUBLISHED or sheet.chantier.stage != Stage.EVALUATED:
        return
    acts.correct_evaluation(sheet, by=cast.coordination, now=now)
    said = f"{sheet.fell_short} Une halte de plus n’ouvrira qu’en juin."
    acts.save_draft(sheet, by=cast.coordination, now=now, changes={"fell_short": (sheet.fell_short, said)})
    acts.publish_evaluation(sheet, by=cast.coordination, now=now, circle=Circle(sheet.circle), change_note=CORRECTION)


def publish_year(cast: Cast, written: dict[str, Any], now: datetime) -> None:
    """The edition of 2017, three days before the departmental conference."""
    year = ProcessEvaluation.objects.get(year=2017)
    words = {"introduction": written["introduction"], "lessons": written["lessons"]}
    period = {"starts_on": date(2016, 10, 3), "ends_on": date(2017, 12, 31)}
    process.save_process(year, by=cast.coordination, now=now, **period, **words)
    process.publish_process(year, by=cast.coordination, now=now)
