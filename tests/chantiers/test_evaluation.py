"""Deliverables settled one by one, then the rating of the baseline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dialogue.chantiers.acts import evaluation as acts
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable
from dialogue.chantiers.stages import Rating, RoadmapStage, Stage
from dialogue.ledger.acts import Refused
from dialogue.ledger.models import Entry
from tests.chantiers.races import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_deliverable,
    make_department,
    make_member,
    make_objective,
    make_roadmap,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


def promised(stage: str = Stage.WORKING, **fields: Any) -> PlannedDeliverable:
    sheet = make_roadmap(make_chantier(stage=stage), stage=RoadmapStage.ADOPTED)
    make_objective(sheet)
    return make_deliverable(sheet, **fields)


def test_a_deliverable_is_published_on_a_day() -> None:
    item, by = promised(), make_coordinator()
    with pytest.raises(Refused, match="pas encore venue"):
        acts.publish_deliverable(item, by=by, now=NOW, published_on=TODAY + timedelta(days=1))
    acts.publish_deliverable(item, by=by, now=NOW, published_on=TODAY)
    assert PlannedDeliverable.objects.get().published_on == TODAY
    with pytest.raises(Refused, match="déjà publié ou abandonné"):
        acts.give_up_deliverable(item, by=by, now=NOW, motive="Trop tard.")


def test_giving_up_needs_a_motive_which_stays_out_of_the_ledger() -> None:
    item, by = promised(), make_coordinator()
    with pytest.raises(Refused, match="Écrivez pourquoi"):
        acts.give_up_deliverable(item, by=by, now=NOW, motive=" ")
    acts.give_up_deliverable(item, by=by, now=NOW, motive="Le budget est refusé.")
    assert Entry.objects.get().facts == {}
    life.deliver(item.roadmap.chantier, by=by, now=NOW)
    assert Chantier.objects.get().stage == Stage.DELIVERED


def test_a_settled_deliverable_is_reopened_while_the_chantier_is_at_work() -> None:
    item, by = promised(abandon_motive="Le budget est refusé."), make_coordinator()
    acts.reopen_deliverable(item, by=by, now=NOW)
    assert not PlannedDeliverable.objects.get().is_settled
    done = promised(Stage.DELIVERED, published_on=TODAY)
    with pytest.raises(Refused, match="à ce stade"):
        acts.reopen_deliverable(done, by=by, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_a_publication_and_a_renunciation_at_once_one_stays() -> None:
    item, one, two = promised(), make_coordinator(), make_coordinator()
    copies = [PlannedDeliverable.objects.get(pk=item.pk) for _ in range(2)]
    results = at_once(
        lambda: acts.publish_deliverable(copies[0], by=one, now=NOW, published_on=TODAY),
        lambda: acts.give_up_deliverable(copies[1], by=two, now=NOW, motive="Trop tard."),
    )
    assert sorted(results) == ["Refused", "done"]


def test_only_the_baseline_of_a_completed_chantier_is_rated() -> None:
    by = make_coordinator()
    early = promised(Stage.DELIVERED)
    with pytest.raises(Refused, match="à ce stade"):
        acts.rate_deliverable(early, by=by, now=NOW, rating=Rating.REACHED)
    chantier = make_chantier(stage=Stage.COMPLETED)
    later = make_objective(make_roadmap(chantier, version=2, stage=RoadmapStage.ADOPTED))
    with pytest.raises(Refused, match="première version"):
        acts.rate_objective(later, by=by, now=NOW, rating=Rating.REACHED)


def test_an_objective_is_rated_with_its_measured_value() -> None:
    item, by = promised(Stage.COMPLETED), make_coordinator()
    objective = Objective.objects.get()
    acts.rate_objective(objective, by=by, now=NOW, rating=Rating.PARTLY, measured_value="2 cantines sur 3")
    acts.rate_deliverable(item, by=by, now=NOW, rating=Rating.REACHED)
    stored = Objective.objects.get()
    assert (stored.rating, stored.measured_value) == ("partly", "2 cantines sur 3")
    assert [e.facts for e in Entry.objects.order_by("pk")] == [{"rating": "partly"}, {"rating": "reached"}]
    acts.rate_deliverable(item, by=by, now=NOW, rating=None)
    assert PlannedDeliverable.objects.get().rating == ""
    acts.rate_deliverable(item, by=by, now=NOW, rating=Rating.NOT)
    life.evaluate(Chantier.objects.get(), by=by, now=NOW)


def test_the_address_of_a_line_leads_to_the_page_where_it_is_prepared(client_for: Any) -> None:
    make_department()
    item = promised()
    chantier = item.roadmap.chantier
    client = client_for(make_member(chantier, role="lead").person)
    url = reverse("chantiers:deliverable", args=[chantier.slug, item.pk])
    assert client.get(url).headers["Location"] == f"/chantiers/{chantier.slug}/espace/livrables/{item.key}/"
    assert client.post(url, {"geste": "publier", "published_on": "2017-11-06"}).status_code == 405
    assert client_for(make_coordinator()).get(reverse("chantiers:deliverable", args=[chantier.slug, item.pk + 1])).status_code == 404
    page = client.get(reverse("chantiers:roadmap", args=[chantier.slug])).content.decode()
    assert page.count(f'href="/chantiers/{chantier.slug}/espace/livrables/{item.key}/"') == 2

