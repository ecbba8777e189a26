"""The two reading doors, queryset and predicate, say the same of every row to every visitor."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.apps import apps

from dialogue.chantiers.models import Chantier, Roadmap
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.contributions.models import Contribution
from dialogue.people.circles import Glance
from dialogue.people.stages import Circle
from tests import factories as make
from tests.world import VISITORS, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def two_doored() -> list[Any]:
    """Models of the house with both a queryset `visible_to` and a predicate `readable_by`."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("dialogue.")
        and hasattr(model, "readable_by")
        and hasattr(model._default_manager, "visible_to")
    ]


def every_stage_and_circle(world: World) -> None:
    """Chantiers of each stage × circle, in which the group's people take part or not, with roadmaps of each stage × circle."""
    for stage, circle, ours in itertools.product(Stage, (Circle.PUBLIC, Circle.PARTNERS), (True, False)):
        extra: dict[str, Any] = {"motive": "Faute de lieu."} if stage in {Stage.SUSPENDED, Stage.ABANDONED} else {}
        if stage == Stage.SUSPENDED:
            extra["suspended_from"] = Stage.WORKING
        chantier = make.make_chantier(stage=stage, circle=circle, territories=world.territories, **extra)
        if ours:
            make.make_member(chantier, person=world.people["member"])
            make.make_member(chantier, person=world.people["lead"], role="lead")
        make.make_roadmap(chantier, version=9)
        make.make_weather(chantier)
        make.make_meeting(chantier)
        for version, (state, read_by) in enumerate(itertools.product((RoadmapStage.SUPERSEDED,), Circle), start=1):
            make.make_roadmap(chantier, version=version, stage=state, circle=read_by)
        make.make_roadmap(chantier, version=8, stage=RoadmapStage.ADOPTED, circle=circle)


@pytest.fixture
def world() -> World:
    made = build(1)
    every_stage_and_circle(made)
    return made


def readers(world: World) -> dict[str, Any]:
    ours = frozenset(
        Chantier.objects.filter(members__representatives__person=world.people["member"]).values_list("pk", flat=True)
    )
    return {name: world.visitor(name) for name in VISITORS} | {
        "glance: public": Glance(),
        "glance: partner": Glance(is_partner=True),
        "glance: member": Glance(is_partner=True, groups=ours),
    }


def test_the_queryset_and_the_predicate_agree_on_every_row(world):
    assert {Chantier, Roadmap} <= set(two_doored())
    differences = []
    for model in two_doored():
        for name, reader in readers(world).items():
            by_rows = set(model._default_manager.visible_to(reader).values_list("pk", flat=True))
            by_row = {thing.pk for thing in model._default_manager.all() if thing.readable_by(reader)}
            for pk in by_rows ^ by_row:
                thing = model._default_manager.get(pk=pk)
                state = f"{getattr(thing, 'stage', '')}/{getattr(thing, 'circle', '')}"
                differences.append(
                    f"{model.__name__} {state}: {name} {'by queryset only' if pk in by_rows else 'by predicate only'}"
                )
    assert sorted(set(differences)) == []


def test_no_row_comes_twice(world):
    for model in apps.get_models():
        if model.__module__.startswith("dialogue.") and hasattr(model._default_manager, "visible_to"):
            for name, reader in readers(world).items():
                keys = list(model._default_manager.visible_to(reader).values_list("pk", flat=True))
                assert len(keys) == len(set(keys)), f"{model.__name__} for {name}"


def test_a_wider_circle_reads_no_more_than_a_narrower_one(world):
    """public ⊂ partner ⊂ member ⊂ coordination, for everything that is read through circles."""
    for model in two_doored():
        seen = {
            name: set(model._default_manager.visible_to(reader).values_list("pk", flat=True))
            for name, reader in readers(world).items()
        }
        if model is Contribution:
            # The author of what is not published reads it, whatever the circle.
            own = set(Contribution.objects.filter(person=world.people["partner"]).values_list("pk", flat=True))
            assert own & seen["partner"] == own
            seen = {name: rows - own for name, rows in seen.items()}
        assert seen["anonymous"] == seen["newcomer"] == seen["glance: public"]
        assert seen["anonymous"] <= seen["partner"] == seen["glance: partner"] == seen["secretariat"]
        assert seen["partner"] <= seen["member"] == seen["glance: member"]
        assert seen["member"] <= seen["coordination"]
