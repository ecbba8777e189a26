"""Deliverables settled one by one, then the evaluation against version 1 of the roadmap (the baseline)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from dialogue.chantiers.acts.guards import day_is_possible
from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable
from dialogue.chantiers.rules import life as _rules  # noqa: F401  (declares the permissions)
from dialogue.chantiers.stages import Rating, RoadmapStage, Stage
from dialogue.ledger.acts import Refused, act


def hold(chantier: Chantier, stages: list[Stage]) -> None:
    """Locks the chantier's row in one of `stages` while an act on one of its lines runs; else raises Refused."""
    if Chantier.objects.filter(pk=chantier.pk, stage__in=stages).update(number=F("number")) != 1:
        raise Refused(_("Ce n’est plus possible à ce stade du chantier."))


def _in_force(item: PlannedDeliverable) -> Chantier:
    roadmap = item.roadmap
    hold(roadmap.chantier, [Stage.WORKING])
    if roadmap.stage != RoadmapStage.ADOPTED:
        raise Refused(_("Cette version de la feuille de route n’est pas en vigueur."))
    return roadmap.chantier


def _settle(item: PlannedDeliverable, **fields: Any) -> None:
    """Raises Refused when someone settled it meanwhile."""
    rows = PlannedDeliverable.objects.filter(pk=item.pk, published_on=None, abandon_motive="")
    if rows.update(**fields) != 1:
        raise Refused(_("Ce livrable est déjà publié ou abandonné."))
    item.refresh_from_db()


@act("chantiers.publish_deliverable", record=("published_on",))
def publish_deliverable(item: PlannedDeliverable, *, by: Any, now: datetime, published_on: date) -> None:
    chantier = _in_force(item)
    if problem := day_is_possible(published_on, now=now, chantier=chantier):
        raise Refused(problem)
    _settle(item, published_on=published_on)


@act("chantiers.give_up_deliverable")
def give_up_deliverable(item: PlannedDeliverable, *, by: Any, now: datetime, motive: str) -> None:
    """A promise that will not be kept, and why: the page says it as clearly as the rest."""
    _in_force(item)
    if not motive.strip():
        raise Refused(_("Écrivez pourquoi ce livrable est abandonné."))
    _settle(item, abandon_motive=motive.strip())


@act("chantiers.reopen_deliverable")
def reopen_deliverable(item: PlannedDeliverable, *, by: Any, now: datetime) -> None:
    """Neither published nor given up after all, while the chantier is at work."""
    _in_force(item)
    PlannedDeliverable.objects.filter(pk=item.pk).update(published_on=None, abandon_motive="")
    item.refresh_from_db()


def _baseline(item: Objective | PlannedDeliverable) -> None:
    hold(item.roadmap.chantier, [Stage.COMPLETED])
    if not item.roadmap.is_baseline:
        raise Refused(_("L’évaluation porte sur la première version de la feuille de route."))


@act("chantiers.rate_objective", record=("rating",))
def rate_objective(item: Objective, *, by: Any, now: datetime, rating: Rating | None, measured_value: str = "") -> None:
    """None takes the rating away: an evaluation is drafted before it is published."""
    _baseline(item)
    item.rating, item.measured_value = rating or "", measured_value.strip()
    item.save(update_fields=["rating", "measured_value"])


@act("chantiers.rate_deliverable", record=("rating",))
def rate_deliverable(item: PlannedDeliverable, *, by: Any, now: datetime, rating: Rating | None) -> None:
    _baseline(item)
    item.rating = rating or ""
    item.save(update_fields=["rating"])
