"""What the groups deliver, in the small world of the house tests: one deliverable of each stage, results of each circle."""

from __future__ import annotations

from datetime import timedelta

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import RoadmapStage, Role
from dialogue.deliverables.models import Deliverable
from dialogue.people.stages import Circle
from tests import factories as make
from tests.factories_deliverables import make_opinion, make_result

#: Titles begin with these words; the first of each is the sample of its kind.
STAGES = ("in_progress", "submitted", "validated", "abandoned")


def build(chantier: Chantier, size: int) -> None:
    member = chantier.members.filter(role=Role.PARTNER).order_by("pk").first().representatives.first().person
    lead = chantier.members.filter(role=Role.LEAD).first().representatives.first().person
    documents = list(chantier.documents.filter(circle=Circle.GROUP).order_by("pk"))
    planned = chantier.roadmaps.get(stage=RoadmapStage.ADOPTED).deliverables.order_by("pk")
    for n in range(size):
        version = documents[n].versions.order_by("number").first()
        files = {"file": version, "file_finding": "office", "accessible_file": version, "accessible_finding": "office"}
        for stage in STAGES:
            facts = {"deadline": make.NOW + timedelta(days=3), "round": 1} if stage == "submitted" else {}
            facts |= {"abandon_motive": "Faute de moyens."} if stage == "abandoned" else {}
            facts |= {"key": planned[n].key} if stage == "submitted" else {}
            row = make_result(chantier, member, stage=stage, title=f"{stage} {n}", **files, **facts)
            if stage == "submitted":
                make_opinion(row, lead, organisation=lead.mandates.first().organisation, verdict="change", reason="Trop long.")
        _results(chantier, lead, n, files)


def _results(chantier: Chantier, lead: object, n: int, files: dict[str, object]) -> None:
    for circle in (Circle.PARTNERS, Circle.PUBLIC):
        row = make_result(
            chantier, lead, title=f"{circle} {n}", circle=circle, licence="reserved", licence_reason="Photos prêtées", **files
        )
        if circle == Circle.PUBLIC:
            newer = make_result(chantier, lead, title=f"version 2 {n}", key=row.key, version=2, replaces=row, **files)
            Deliverable.objects.filter(pk=row.pk).update(stage="superseded")
            make_opinion(newer, lead)
