"""Evaluations in the small world of the house tests: each at the first version of a roadmap, a survey, an edition of the year.

The chantiers of the world are at work; those that are evaluated are of their own, so that nothing changes for the other rooms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.people.stages import Circle
from tests import factories as make
from tests import factories_evaluation as evaluated

#: Key of the world → circle of the chantier, whether its group is that of the visitors.
CHANTIERS = {
    "evaluated-ours": (Circle.PUBLIC, True),
    "evaluated-theirs": (Circle.PUBLIC, False),
    "evaluated-theirs-partners": (Circle.PARTNERS, False),
    "completed-ours": (Circle.PUBLIC, True),
    "completed-theirs": (Circle.PUBLIC, False),
}


def build(world: Any) -> None:
    for n in range(world.size):
        for key, (circle, ours) in CHANTIERS.items():
            _chantier(world, key if n == 0 else f"{key}-{n}", circle, ours=ours)
        process = evaluated.make_process(
            year=2017 - n,
            introduction="Vingt-six chantiers.",
            lessons="Commencer plus tôt.",
            stage="published",
            published_at=make.NOW,
        )
        for number in (1, 2):
            evaluated.make_edition(process, number=number, change_note="Un chiffre" if number == 2 else "")
        evaluated.make_process(year=2010 - n, introduction="À venir.", lessons="Rien encore.")


def _chantier(world: Any, key: str, circle: str, *, ours: bool) -> None:
    stage = Stage.EVALUATED if key.startswith("evaluated") else Stage.COMPLETED
    chantier = make.make_chantier(
        slug=key,
        circle=circle,
        stage=stage,
        theme=world.themes[0],
        territories=list(world.territories),
        opened_on=date(2017, 3, 20),
    )
    world.chantiers[key] = chantier
    from tests.world import ROLES

    for name, role in ROLES.items():
        mine = {"person": world.people[name], "organisation": world.organisations[name]} if ours else {}
        make.make_member(chantier, role=role, **mine)
    sheet = make.make_roadmap(chantier, stage=RoadmapStage.ADOPTED, circle=Circle.GROUP)
    for n in range(world.size):
        rated = {"rating": "partly"} if stage == Stage.EVALUATED or n == 0 else {}
        make.make_objective(
            sheet, order=n, indicator="Repas", start_value="0", target_value="300", measured_value="120", **rated
        )  # fmt: skip
        make.make_deliverable(sheet, order=n, due_on=date(2017, 9, 1), **rated)
    _evaluation(chantier, stage)
    _survey(chantier, is_closed=stage == Stage.EVALUATED)


def _evaluation(chantier: Chantier, stage: str) -> None:
    published = {"stage": "published", "published_at": make.NOW} if stage == Stage.EVALUATED else {}
    evaluation = evaluated.make_evaluation(
        chantier,
        circle=chantier.circle,
        worked="Les commandes.",
        fell_short="Le transport.",
        differently="Commencer tôt.",
        **published,
    )
    first, item = chantier.roadmaps.get().objectives.first(), chantier.roadmaps.get().deliverables.first()
    evaluated.make_measure(evaluation, objective=first, measured_on=make.TODAY - timedelta(days=3))
    evaluated.make_measure(evaluation, deliverable=item)
    if published:
        evaluated.make_version(evaluation)
        evaluated.make_version(evaluation, number=2, change_note="Une date")


def _survey(chantier: Chantier, *, is_closed: bool) -> None:
    closing = {"stage": "closed", "closed_at": make.NOW, "answered": 5} if is_closed else {}
    survey = evaluated.make_survey(chantier, **closing)
    for n in range(5):
        for question in ("useful", "heard", "clear", "rhythm", "again"):
            evaluated.make_answer(survey, question=question, choice="yes" if n else "none")
    evaluated.make_answer(survey, question="kept", choice="", text="Les visites.")
    members = chantier.members.order_by("pk")[:2]
    for member, used in zip(members, (False, True), strict=True):
        evaluated.make_token(survey, person=member.representatives.first().person, used=used)
