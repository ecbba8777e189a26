"""A group at work, with a lead, a sponsor, two partners, an observer, and a roadmap that announces a guide."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest

from dialogue.chantiers.models import Chantier, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Access, Finding
from tests.factories import (
    NOW,
    make_chantier,
    make_coordinator,
    make_deliverable,
    make_department,
    make_member,
    make_objective,
    make_organisation,
    make_person,
    make_roadmap,
)

PEOPLE = {"lea": "lead", "samuel": "sponsor", "anne": "partner", "paul": "partner", "olga": "observer"}


def a_file(text: str = "Choisir un lieu.", name: str = "guide.txt") -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file


@dataclass
class Group:
    chantier: Chantier
    line: PlannedDeliverable
    people: dict[str, Any]

    def begun(self, *, text: str = "Choisir un lieu.") -> Deliverable:
        """In progress, with its file."""
        row = preparing.start_deliverable(self.chantier, by=self.people["anne"], now=NOW, line=self.line)
        preparing.attach_file(row, by=self.people["anne"], now=NOW, file=a_file(text), finding=Finding.OFFICE)
        return row

    def submitted(self) -> Deliverable:
        row = self.begun()
        preparing.submit(row, by=self.people["lea"], now=NOW)
        return row

    def validated(self) -> Deliverable:
        row = self.begun()
        preparing.validate_at_meeting(row, by=self.people["lea"], now=NOW, meeting_number=3, meeting_on=NOW.date())
        return row

    def published(self, **said: Any) -> Deliverable:
        row = self.validated()
        facts = {"title": "Guide des points de vente", "summary": "Comment en ouvrir un.", "access": Access.FILE} | said
        publishing.publish(row, by=self.people["lea"], now=NOW, **facts)
        return row


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch, db: None) -> Group:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)
    make_department()
    make_coordinator(email="coordination@gironde.example")
    chantier = make_chantier(slug="points-de-vente", title="Points de vente", stage=Stage.WORKING)
    people = {}
    for name, role in PEOPLE.items():
        person = make_person(name=name.capitalize(), email=f"{name}@partenaire.example")
        make_member(chantier, role=role, person=person, organisation=make_organisation(name=f"Organisme {name}"))
        people[name] = person
    sheet = make_roadmap(chantier, stage=RoadmapStage.ADOPTED)
    make_objective(sheet)
    return Group(chantier, make_deliverable(sheet, title="Un guide"), people)
