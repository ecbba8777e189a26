"""The evaluation of one chantier: drafted as one goes, published, corrected. The ratings themselves are the chantier's own acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from dialogue.chantiers.acts import life
from dialogue.chantiers.acts.evaluation import hold, rate_deliverable, rate_objective
from dialogue.chantiers.acts.guards import baseline_is_rated
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Rating, Stage
from dialogue.evaluation import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.evaluation.baseline import SUMMARY, Baseline, baseline_of, values_of
from dialogue.evaluation.content import content_of
from dialogue.evaluation.letters import evaluation as letters
from dialogue.evaluation.models import Evaluation, EvaluationVersion, Measure, Survey
from dialogue.evaluation.stages import OPEN_STAGES, EvaluationStage, SurveyStage
from dialogue.formats.json import seal
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.stages import Circle

#: Field of the sheet → what it was when the page was read, what was typed.
Changes = Mapping[str, tuple[str, str]]


class Overtaken(Refused):
    """Somebody else wrote another text in these fields in the meantime: field → their text."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Quelqu’un a écrit dans cette évaluation en même temps que vous."))
        self.fields = dict(fields)


@act("evaluation.start_evaluation", come_from=[Stage.COMPLETED], creates=True)
def start_evaluation(chantier: Chantier, *, by: Any, now: datetime) -> Evaluation:
    """The sheet on which the chantier is measured; one for each."""
    if Evaluation.objects.filter(chantier=chantier).exists():
        raise Refused(_("L’évaluation de ce chantier a déjà commencé."))
    circle = Circle.PUBLIC if chantier.circle == Circle.PUBLIC else Circle.PARTNERS
    return Evaluation.objects.create(chantier=chantier, circle=circle, started_at=now)


@act("evaluation.save_draft", come_from=OPEN_STAGES)
def save_draft(evaluation: Evaluation, *, by: Any, now: datetime, changes: Changes) -> int:
    """Writes the fields that were changed, and no other: two people who fill in different lines do not tread on each other.

    Returns how many changed. Raises Overtaken, and writes nothing, when somebody wrote another text in the same field since.
    """
    hold(evaluation.chantier, [Stage.COMPLETED])
    baseline = baseline_of(evaluation.chantier)
    if baseline is None:
        raise Refused(_("Aucune feuille de route n’a été arrêtée : il n’y a rien à mesurer."))
    stored = values_of(baseline, evaluation)
    if lost := {key for key in changes if key not in stored}:
        raise Refused(_("Cette ligne n’est pas de la première version de la feuille de route.") + f" ({len(lost)})")
    theirs = {key: stored[key] for key, (before, after) in changes.items() if stored[key] not in {before, after}}
    if theirs:
        raise Overtaken(theirs)
    typed = {key: after for key, (_before, after) in changes.items() if stored[key] != after}
    if typed:
        _write(evaluation, baseline, stored | typed, set(typed), by=by, now=now)
    return len(typed)


def _write(
    evaluation: Evaluation, baseline: Baseline, values: dict[str, str], typed: set[str], *, by: Any, now: datetime
) -> None:
    for line in baseline.objectives:
        key, item = f"objective-{line.item.pk}", line.item
        if typed & {f"{key}-rating", f"{key}-value"}:
            rate_objective(item, by=by, now=now, rating=_rating(values[f"{key}-rating"]), measured_value=values[f"{key}-value"])
        if typed & {f"{key}-on", f"{key}-why"}:
            day = _day(values[f"{key}-on"], now)
            _note(evaluation, objective=item, measured_on=day, why=values[f"{key}-why"])
    for each in baseline.deliverables:
        key, promised = f"deliverable-{each.item.pk}", each.item
        if f"{key}-rating" in typed:
            rate_deliverable(promised, by=by, now=now, rating=_rating(values[f"{key}-rating"]))
        if f"{key}-why" in typed:
            _note(evaluation, deliverable=promised, measured_on=None, why=values[f"{key}-why"])
    for name in SUMMARY:
        setattr(evaluation, name, values[name].strip())
    evaluation.edited_at, evaluation.edited_by = now, by
    evaluation.save(update_fields=[*SUMMARY, "edited_at", "edited_by"])


def _rating(code: str) -> Rating | None:
    return Rating(code) if code else None


def _day(text: str, now: datetime) -> date | None:
    day = date.fromisoformat(text) if text else None
    if day and day > local_date(now):
        raise Refused(_("Une mesure ne peut pas dater de demain : indiquez une date passée ou celle d’aujourd’hui."))
    return day


def _note(evaluation: Evaluation, *, measured_on: date | None, why: str, **line: Any) -> None:
    said = {"evaluation": evaluation, "measured_on": measured_on, "why": why.strip()[:600]}
    Measure.objects.update_or_create(**line, defaults=said)


# Publication -------------------------------------------------------------------------------------------------------


def lines_are_rated(evaluation: Evaluation, *, by: Any, now: datetime) -> str | None:
    return baseline_is_rated(evaluation.chantier, by=by, now=now)


def measures_are_dated(evaluation: Evaluation, *, by: Any, now: datetime) -> str | None:
    """A measured value without its day says nothing in three years."""
    baseline = baseline_of(evaluation.chantier)
    undated = (
        [line.item.title for line in baseline.objectives if line.item.measured_value and not line.measured_on] if baseline else []
    )
    if not undated:
        return None
    return _("Datez encore la mesure de : %(what)s.") % {"what": ", ".join(f"« {title} »" for title in undated)}


def summary_is_written(evaluation: Evaluation, *, by: Any, now: datetime) -> str | None:
    labels = {name: str(Evaluation._meta.get_field(name).verbose_name) for name in SUMMARY}
    missing = [label for name, label in labels.items() if not getattr(evaluation, name).strip()]
    return _("Écrivez encore : %(what)s.") % {"what": ", ".join(missing)} if missing else None


def survey_is_over(evaluation: Evaluation, *, by: Any, now: datetime) -> str | None:
    if Survey.objects.filter(chantier=evaluation.chantier_id, stage=SurveyStage.OPEN).exists():
        return _("L’enquête est encore ouverte : attendez sa clôture, ou fermez-la.")
    return None


@act(
    "evaluation.publish_evaluation",
    come_from=OPEN_STAGES,
    guards=[lines_are_rated, measures_are_dated, summary_is_written, survey_is_over],
    record=("circle",),
)
def publish_evaluation(
    evaluation: Evaluation, *, by: Any, now: datetime, circle: Circle, change_note: str = ""
) -> EvaluationVersion:
    """Freezes a version, which its circle reads; the chantier is evaluated. A correction says what changes and why."""
    chantier = evaluation.chantier
    _fits(circle, chantier)
    corrects = evaluation.stage == EvaluationStage.CORRECTING
    if corrects and not change_note.strip():
        raise Refused(_("Dites ce qui change et pourquoi : cette phrase est publiée avec la nouvelle version."))
    life.evaluate(chantier, by=by, now=now)
    rows = Evaluation.objects.filter(pk=evaluation.pk, stage=evaluation.stage)
    if rows.update(stage=EvaluationStage.PUBLISHED, circle=circle, published_at=now) != 1:
        raise Refused(_("Quelqu’un vient de publier cette évaluation."))
    evaluation.stage, evaluation.circle, evaluation.published_at = EvaluationStage.PUBLISHED, circle, now
    last = evaluation.versions.aggregate(last=Max("number"))["last"] or 0
    content = content_of(evaluation, local_date(now))
    version = EvaluationVersion.objects.create(
        evaluation=evaluation, number=last + 1, content=content, sha256=seal(content), made_at=now, made_by=by,
        change_note=change_note.strip()[:500] if corrects else "",
    )  # fmt: skip
    letters.tell_published(evaluation, version, by=by, now=now)
    return version


def _fits(circle: Circle, chantier: Chantier) -> None:
    """Raises Refused for a circle wider than the chantier's own, or narrower than the partners (product.md, "Circles")."""
    if circle == Circle.GROUP or (circle == Circle.PUBLIC and chantier.circle != Circle.PUBLIC):
        raise Refused(_("L’évaluation se lit là où se lit le chantier : choisissez « Tous les partenaires »."))


@act("evaluation.correct_evaluation", come_from=[EvaluationStage.PUBLISHED], go_to=EvaluationStage.CORRECTING)
def correct_evaluation(evaluation: Evaluation, *, by: Any, now: datetime) -> None:
    """Open again until the next version; the last one stays on line meanwhile. Refused once the chantier is archived."""
    if evaluation.chantier.stage != Stage.EVALUATED:
        raise Refused(_("Le chantier est archivé : son évaluation ne change plus."))
    life.reopen_evaluation(evaluation.chantier, by=by, now=now)


@act("evaluation.change_circle", come_from=[EvaluationStage.PUBLISHED], record=("circle",))
def change_circle(evaluation: Evaluation, *, by: Any, now: datetime, circle: Circle) -> None:
    """Who reads the published versions."""
    _fits(circle, evaluation.chantier)
    if Evaluation.objects.filter(pk=evaluation.pk).exclude(circle=circle).update(circle=circle) != 1:
        raise Refused(_("C’est déjà le cas."))
    evaluation.circle = circle


@act("evaluation.remind_lead", come_from=[Stage.COMPLETED])
def remind_lead(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """A letter to those who speak for the lead directorate: what is missing. Once a day at most."""
    evaluation = Evaluation.objects.filter(chantier=chantier).first()
    baseline = baseline_of(chantier)
    missing = list(baseline.unrated) if baseline else []
    written = bool(evaluation and not summary_is_written(evaluation, by=by, now=now))
    if letters.remind_lead(chantier, unrated=missing, is_written=written, now=now) == 0:
        raise Refused(_("Personne n’a été relancé : la direction référente l’a déjà été aujourd’hui, ou n’a personne ici."))
