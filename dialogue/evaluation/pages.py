"""What the pages of the room show, gathered in few queries; and what the group's space shows of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable, Representative
from dialogue.chantiers.pages import Block, Todo
from dialogue.chantiers.rules.predicates import is_lead
from dialogue.chantiers.stages import Rating, Role, Stage
from dialogue.evaluation.acts import evaluation as acts
from dialogue.evaluation.baseline import SUMMARY, Baseline, delay_said
from dialogue.evaluation.content import Content, figures_of, survey_of
from dialogue.evaluation.forms import DONE, SUMMARY_LABELS, SheetForm
from dialogue.evaluation.models import Evaluation, Survey
from dialogue.evaluation.results import Results, from_content
from dialogue.evaluation.stages import OPEN_STAGES, EvaluationStage, SurveyStage
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage
from dialogue.ui.dates import long_day

#: Rating → icon, class of the chip; a word always goes with them.
LOOKS = {Rating.REACHED: ("n6", "ok"), Rating.PARTLY: ("n3", "att"), Rating.NOT: ("n0", "err")}


@dataclass(frozen=True)
class Chip:
    icon: str
    css: str
    label: str


def chip_of(rating: str, *, is_deliverable: bool = False) -> Chip:
    if rating not in Rating.values:
        return Chip("heure", "", _("À apprécier"))
    labels = dict(DONE) if is_deliverable else dict(Rating.choices)
    return Chip(*LOOKS[Rating(rating)], str(labels[rating]))


# The sheet ---------------------------------------------------------------------------------------------------------


def sheet_page(
    request: HttpRequest, chantier: Chantier, baseline: Baseline | None, evaluation: Evaluation | None, form: SheetForm | None
) -> dict[str, Any]:
    """What the screen of one evaluation shows, written or only read."""
    reader, now = request.user, request.now
    is_open = evaluation is not None and evaluation.stage in OPEN_STAGES
    publishes = evaluation is not None and is_open and acts.publish_evaluation.allows(reader, evaluation)
    rated = {line.item.pk: chip_of(line.item.rating) for line in baseline.objectives} if baseline else {}
    done = {line.item.pk: chip_of(line.item.rating, is_deliverable=True) for line in baseline.deliverables} if baseline else {}
    return {
        "baseline": baseline,
        "evaluation": evaluation,
        "form": form,
        "objectives": [(line, rated[line.item.pk]) for line in baseline.objectives] if baseline else [],
        "deliverables": [(line, done[line.item.pk]) for line in baseline.deliverables] if baseline else [],
        "texts": [(SUMMARY_LABELS[name], getattr(evaluation, name)) for name in SUMMARY] if evaluation else [],
        "survey": survey_of(chantier),
        "publishes": publishes,
        "missing": acts.publish_evaluation.obstacles(evaluation, by=reader, now=now) if publishes or (is_open and form) else [],
        "may_correct": evaluation is not None
        and chantier.stage == Stage.EVALUATED
        and acts.correct_evaluation.offered(reader, evaluation),
        "may_show": evaluation is not None and acts.change_circle.offered(reader, evaluation),
        "figures": figures_of(chantier, request.today) if form is not None else [],
    }


def shown_value(form: SheetForm, name: str, value: str) -> str:
    """What somebody else wrote in a field, as a person reads it."""
    field = form.fields[name]
    if name.endswith("-rating"):
        return str(dict(field.choices).get(value, value))  # type: ignore[attr-defined]
    if name.endswith("-on") and value:
        return long_day(date.fromisoformat(value))
    return value or _("(rien)")


# Published ---------------------------------------------------------------------------------------------------------


def read_page(content: Content) -> dict[str, Any]:
    """A frozen version, with the words that a page and a PDF share."""
    return {
        "objectives": [line | {"chip": chip_of(line["rating"])} for line in content["objectives"]],
        "deliverables": [
            line | {"chip": chip_of(line["rating"], is_deliverable=True), "delay": delay_said(line["days"])}
            for line in content["deliverables"]
        ],
        "texts": [(str(SUMMARY_LABELS[name]), content[name]) for name in SUMMARY],
        "results": from_content(content["survey"]),
    }


def surveys_page(content: dict[str, Any] | None) -> tuple[int, Results] | None:
    """(number of chantiers, their surveys added up), or None."""
    results = from_content(content)
    return (content["chantiers"], results) if content and results else None


# The coordination --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A completed chantier: how many lines have no rating, of how many; whether its summary is written; its survey."""

    chantier: Chantier
    unrated: int
    total: int
    is_written: bool
    survey: Survey | None
    leads: int

    @property
    def is_ready(self) -> bool:
        return not self.unrated and self.is_written and not (self.survey and self.survey.stage == SurveyStage.OPEN)


def pilot_page(today: date) -> dict[str, Any]:
    """7 queries, whatever the number of chantiers."""
    rows = list(Chantier.objects.exclude(stage=Stage.PROPOSED).for_list())
    completed = [row for row in rows if row.stage == Stage.COMPLETED]
    counts = {model: _rated(model, completed) for model in (Objective, PlannedDeliverable)}
    evaluations = {row.chantier_id: row for row in Evaluation.objects.all()}
    surveys = {row.chantier_id: row for row in Survey.objects.all()}
    leads = Representative.objects.active().filter(member__role=Role.LEAD, member__chantier__in=completed).order_by()
    speakers = dict(leads.values_list("member__chantier").annotate(n=Count("person", distinct=True)))
    waiting = []
    for row in completed:
        numbers = [counts[model].get(row.pk, (0, 0)) for model in counts]
        sheet = evaluations.get(row.pk)
        written = sheet is not None and all(getattr(sheet, name).strip() for name in SUMMARY)
        unrated, total = sum(n for _total, n in numbers), sum(n for n, _unrated in numbers)
        waiting.append(Waiting(row, unrated, total, written, surveys.get(row.pk), speakers.get(row.pk, 0)))
    published = [(row, evaluations[row.pk]) for row in rows if row.pk in evaluations and evaluations[row.pk].published_at]
    return {
        "waiting": waiting,
        "published": [(row, sheet) for row, sheet in published if sheet.stage == EvaluationStage.PUBLISHED],
        "going_on": [
            row for row in rows if row.stage in {Stage.OPEN, Stage.LAUNCHED, Stage.WORKING, Stage.DELIVERED, Stage.SUSPENDED}
        ],
        "total": len(rows),
        "today": today,
    }


def _rated(model: Any, chantiers: list[Chantier]) -> dict[int, tuple[int, int]]:
    """chantier → (lines of version 1, those without a rating)."""
    lines = model.objects.filter(roadmap__chantier__in=chantiers, roadmap__version=1).order_by()
    counted = lines.values_list("roadmap__chantier").annotate(n=Count("pk"), unrated=Count("pk", filter=Q(rating="")))
    return {chantier: (n, unrated) for chantier, n, unrated in counted}


def partners_count() -> int:
    """How many people a publication is told to."""
    return Person.objects.active().filter(stage=AccountStage.VALIDATED).count()


# In the group's space ----------------------------------------------------------------------------------------------


def evaluation_block(chantier: Chantier, request: HttpRequest) -> Block | None:
    """For `chantiers.pages.blocks`: from the delivery on, the survey and the evaluation. Nothing, without a query, before."""
    if chantier.stage not in {Stage.DELIVERED, Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED}:
        return None
    sheet = Evaluation.objects.filter(chantier=chantier).first()
    context = {"chantier": chantier, "survey": survey_of(chantier), "evaluation": sheet, "today": request.today}
    return Block("evaluation/_block.html", context, column="side", order=35)


def todo_of(chantier: Chantier, reader: Any, today: date) -> list[Todo]:
    """For `chantiers.pages.todo_sources`: the lead directorate evaluates what is completed."""
    if chantier.stage != Stage.COMPLETED or not is_lead(reader, chantier):
        return []
    return [Todo("draft", 0, _("Évaluer le chantier"), None, reverse("evaluation:write", args=[chantier.slug]))]
