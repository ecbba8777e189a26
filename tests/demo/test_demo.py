"""The demonstration: 26 chantiers through the real acts, on a date, the same each time; and its sign-in page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from dialogue.assembly.models import Proposition
from dialogue.chantiers.models import Chantier, JoinRequest, Roadmap, Step
from dialogue.chantiers.stages import RoadmapStage
from dialogue.deliverables.models import Deliverable
from dialogue.demo.cast import COORDINATION
from dialogue.demo.groups import PLOT, meeting_days
from dialogue.demo.views import PARTS
from dialogue.discussion.models import Comment
from dialogue.ledger.models import Entry
from dialogue.meetings.models import Decision, Meeting, Minutes, Poll
from dialogue.meetings.stages import PAST
from dialogue.people.models import Organisation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Callable[..., str]:
    """`demo(date="2017-11-06")` loads the demonstration; answers what the command said."""
    settings.DEMO = True
    settings.DATA_DIR = tmp_path

    def load(**options: Any) -> str:
        said = StringIO()
        call_command("load_demo", stdout=said, **options)
        return said.getvalue()

    return load


def summary() -> dict[str, Any]:
    """What makes two loads the same: no secret, no row number."""
    rows = Chantier.objects.order_by("number")
    return {
        "chantiers": [(c.number, c.slug, c.stage, c.motive, str(c.first_meeting_at), str(c.tabled_on)) for c in rows],
        "people": sorted(Person.objects.values_list("email", "name", "stage", "office")),
        "meetings": sorted(map(str, Meeting.objects.values_list("chantier__number", "number", "starts_at", "stage"))),
        "ledger": [*Entry.objects.order_by("at", "pk").values_list("act", "at", "stage_from", "stage_to")],
    }


@pytest.mark.slow
def test_on_6_november_2017_each_chantier_is_where_the_plot_says_and_each_part_of_the_sign_in_page_has_a_start(
    demo: Callable[..., str], settings: Any
) -> None:
    assert demo().splitlines()[-1] == "966 événements joués jusqu’au 06/11/2017."
    stages = {"tabled": "delivered"}
    expected = {number: stages.get(plot[0], plot[0]) for number, plot in PLOT.items()}
    assert dict(Chantier.objects.values_list("number", "stage")) == expected
    assert Counter(c.shown_state.code for c in Chantier.objects.all()) == {
        "constitution": 1,
        "feuille-de-route": 2,
        "seances": 15,
        "livrable": 5,
        "propositions": 2,
        "pause": 1,
    }
    proposed = Counter(Proposition.objects.values_list("stage", flat=True))
    assert proposed == {"tabled": 3, "under_review": 4, "adopted_by_group": 1, "drafting": 1}
    held = Counter(Meeting.objects.filter(stage__in=PAST).values_list("chantier__number", flat=True))
    assert {number: held[number] for number in PLOT} == {number: plot[1] for number, plot in PLOT.items()}
    assert Decision.objects.filter(chantier__number=2, meeting__number=3).count() == 3
    assert {stage: Minutes.objects.filter(stage=stage).count() for stage in ("published", "in_review")} == {"published": 47, "in_review": 0}
    assert Comment.objects.filter(via="mail", outcome="kept").exists()
    assert Poll.objects.get().invitees.filter(answered_at=None).exists()
    late = Step.objects.filter(roadmap__stage=RoadmapStage.ADOPTED, done_on=None, due_on__lt=date(2017, 11, 6))
    assert late.exclude(roadmap__chantier__stage="suspended").count() == 5
    assert JoinRequest.objects.waiting().count() == 3
    assert Roadmap.objects.get(chantier__number=6, stage=RoadmapStage.ADOPTED).version == 2
    stages_of_deliverables = Counter(Deliverable.objects.values_list("stage", flat=True))
    assert stages_of_deliverables == {"published": 8, "in_progress": 5, "superseded": 1, "submitted": 1, "abandoned": 1}
    assert set(Deliverable.objects.out().values_list("access", flat=True)) == {"file", "text"}
    assert Deliverable.objects.get(stage="superseded").replaced_by.stage == "published"
    kept = json.loads((settings.DATA_DIR / "demo.json").read_text())
    assert kept["reference"] == "2017-11-06T09:00:00+01:00"
    assert {part.email for part in PARTS} - set(Person.objects.values_list("email", flat=True)) == set()
    assert [reverse(part.start, args=part.args) for part in PARTS if "chantiers:" in part.start] == [
        "/chantiers/alimentaire-sud-gironde/espace/"
    ] * 2


@pytest.mark.slow
@pytest.mark.sqlite
def test_two_loads_tell_the_same_story_and_a_second_call_changes_nothing(demo: Callable[..., str]) -> None:
    def load() -> tuple[dict[str, Any], str]:
        """What is told, and what a second call says; all undone."""
        with transaction.atomic():
            demo(date=date(2017, 7, 14))
            told = summary()
            again = demo(date=date(2017, 7, 14))
            assert summary() == told
            transaction.set_rollback(True)
        return told, again

    first, again = load()
    assert again == "La démonstration est déjà chargée : rien ne change.\n"
    assert load() == (first, again)


def test_nobody_has_a_real_address_and_every_act_is_in_the_register(demo: Callable[..., str]) -> None:
    demo(date=date(2017, 5, 2))
    assert [email for email in Person.objects.values_list("email", flat=True) if not email.endswith(".example")] == []
    assert Organisation.objects.exclude(stage="validated").count() == 0
    assert Entry.objects.filter(act="chantiers.open").count() == 26
    assert Entry.objects.filter(at__year=2017).count() == Entry.objects.count()


def test_it_is_not_loaded_outside_demo_mode_nor_over_real_accounts(demo: Callable[..., str], settings: Any) -> None:
    Person.objects.create_user("vraie@personne.example")
    with pytest.raises(CommandError, match="se charge sur une base vide"):
        demo()
    settings.DEMO = False
    with pytest.raises(CommandError, match="mode démonstration"):
        demo()


@pytest.mark.parametrize("day", ["2016-01-01", "2018-04-01"])
def test_a_date_outside_the_story_is_refused_with_the_bounds(demo: Callable[..., str], day: str) -> None:
    with pytest.raises(CommandError, match="du 10 avril 2017 au 31 mars 2018"):
        demo(date=date.fromisoformat(day))
    assert Person.objects.count() == 0


def test_meetings_fall_on_week_days() -> None:
    assert [day for number in PLOT for day in meeting_days(number) if day.weekday() > 4] == []


def test_the_sign_in_page_exists_in_demo_mode_only(client: Any, settings: Any) -> None:
    from dialogue.demo import views

    settings.DEMO = False
    from django.http import Http404
    from django.test import RequestFactory

    request = RequestFactory().post("/demo/entrer/", {"email": COORDINATION})
    with pytest.raises(Http404):
        views.sign_in(request)
    with pytest.raises(Http404):
        views.people(RequestFactory().get("/demo/"))
