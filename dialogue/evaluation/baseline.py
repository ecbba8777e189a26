"""What the group had promised (version 1 of its roadmap), line by line, with what is said of each line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage
from dialogue.evaluation.models import Evaluation, Measure


@dataclass(frozen=True)
class ObjectiveLine:
    item: Objective
    measured_on: date | None
    why: str


@dataclass(frozen=True)
class DeliverableLine:
    """`due_on` is the promise of version 1; `published_on` and `motive` (given up) stand on the version in force."""

    item: PlannedDeliverable
    published_on: date | None
    motive: str
    #: Not in the version in force any more.
    is_dropped: bool
    why: str

    @property
    def days(self) -> int | None:
        """Days between the promise and the publication: positive when late, negative when early; None without both dates."""
        if self.published_on is None or self.item.due_on is None:
            return None
        return (self.published_on - self.item.due_on).days

    @property
    def delay(self) -> str:
        return delay_said(self.days)


def delay_said(days: int | None) -> str:
    """« 12 jours après la date prévue », « 3 jours avant », « le jour prévu »; empty without both dates."""
    if days is None:
        return ""
    if days == 0:
        return _("le jour prévu")
    if abs(days) == 1:
        return _("un jour après la date prévue") if days > 0 else _("un jour avant la date prévue")
    said = _("%(n)d jours après la date prévue") if days > 0 else _("%(n)d jours avant la date prévue")
    return said % {"n": abs(days)}


@dataclass(frozen=True)
class Baseline:
    roadmap: Roadmap
    objectives: list[ObjectiveLine]
    deliverables: list[DeliverableLine]

    @property
    def unrated(self) -> list[str]:
        """Titles of the lines that have no rating yet."""
        return [line.item.title for line in (*self.objectives, *self.deliverables) if not line.item.rating]

    @property
    def total(self) -> int:
        return len(self.objectives) + len(self.deliverables)


def baseline_of(chantier: Chantier) -> Baseline | None:
    """4 queries; None when no roadmap was adopted."""
    roadmap = Roadmap.objects.filter(chantier=chantier, version=1).exclude(stage=RoadmapStage.DRAFT).first()
    if roadmap is None:
        return None
    roadmap.chantier = chantier
    in_force = {
        item.key: item
        for item in PlannedDeliverable.objects.filter(roadmap__chantier=chantier, roadmap__stage=RoadmapStage.ADOPTED)
    }
    objectives = list(Objective.objects.filter(roadmap=roadmap).select_related("measure"))
    deliverables = list(PlannedDeliverable.objects.filter(roadmap=roadmap).select_related("measure"))
    for line in (*objectives, *deliverables):
        line.roadmap = roadmap
    return Baseline(
        roadmap,
        [ObjectiveLine(item, *_said(item)) for item in objectives],
        [_deliverable(item, in_force) for item in deliverables],
    )


def _said(item: Any) -> tuple[date | None, str]:
    measure: Measure | None = getattr(item, "measure", None)
    return (measure.measured_on, measure.why) if measure else (None, "")


def _deliverable(item: PlannedDeliverable, in_force: dict[Any, PlannedDeliverable]) -> DeliverableLine:
    now = in_force.get(item.key)
    settled = now or item
    return DeliverableLine(item, settled.published_on, settled.abandon_motive, now is None, _said(item)[1])


#: Texts of an evaluation, in the order of the page.
SUMMARY = ("worked", "fell_short", "differently")


def values_of(baseline: Baseline, evaluation: Evaluation | None) -> dict[str, str]:
    """The sheet as it stands, field by field, as a form writes it: key → text (dates in ISO 8601)."""
    values = {name: getattr(evaluation, name, "") for name in SUMMARY}
    for line in baseline.objectives:
        key = f"objective-{line.item.pk}"
        values |= {
            f"{key}-rating": line.item.rating,
            f"{key}-value": line.item.measured_value,
            f"{key}-on": line.measured_on.isoformat() if line.measured_on else "",
            f"{key}-why": line.why,
        }
    for each in baseline.deliverables:
        values |= {f"deliverable-{each.item.pk}-rating": each.item.rating, f"deliverable-{each.item.pk}-why": each.why}
    return values
