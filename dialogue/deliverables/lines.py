"""The lines of the roadmap in force that announce the deliverables; who in the group has still to say what they think."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When

from dialogue.chantiers.models import Chantier, Member, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage, Role, Stage
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.deliverables.stages import Verdict

#: A chantier in which deliverables are prepared, published, corrected.
LIVELY = [Stage.WORKING, Stage.DELIVERED, Stage.COMPLETED, Stage.EVALUATED]


def line_of(deliverable: Deliverable) -> PlannedDeliverable | None:
    """Its line in the roadmap in force; None when no line announced it, or when a later version left it out."""
    in_force = {"roadmap__chantier": deliverable.chantier_id, "roadmap__stage": RoadmapStage.ADOPTED}
    return PlannedDeliverable.objects.filter(**in_force, key=deliverable.key).select_related("roadmap__chantier").first()


def line_for(chantier: Chantier, key: UUID) -> PlannedDeliverable | None:
    """The line `key` of the roadmap in force, else of the last version that had it (drafts apart)."""
    order = Case(When(roadmap__stage=RoadmapStage.ADOPTED, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = PlannedDeliverable.objects.filter(roadmap__chantier=chantier, key=key).exclude(roadmap__stage=RoadmapStage.DRAFT)
    return rows.select_related("roadmap").order_by(order, "-roadmap__version").first()


def not_heard(deliverable: Deliverable) -> list[Any]:
    """The member organisations that have not agreed to what was last submitted; observers have no say (1 query)."""
    agreed = Opinion.objects.filter(deliverable=deliverable, round=deliverable.round, verdict=Verdict.AGREES)
    spoke = agreed.exclude(organisation=None).values("organisation")
    members = Member.objects.active().filter(chantier=deliverable.chantier_id).exclude(role=Role.OBSERVER)
    rows = members.exclude(organisation__in=spoke).select_related("organisation")
    return sorted({member.organisation for member in rows}, key=lambda organisation: organisation.name)
