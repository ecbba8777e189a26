"""From a contribution to what became of it in this room: chantier, roadmap, deliverables, assembly, pact, end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, ContributionLink, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.contributions.hooks import FollowUp
from dialogue.contributions.models import Contribution
from dialogue.ledger.clock import local_date
from dialogue.ledger.models import Entry

OVER = [Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED]


def followups(contribution: Contribution, reader: Any) -> list[FollowUp]:
    """The steps that `reader` may know of, oldest first (3 queries). One merged into another follows that one too."""
    mine = [pk for pk in (contribution.pk, contribution.merged_into_id) if pk]
    links = ContributionLink.objects.filter(contribution__in=mine).values("chantier")
    rows = Chantier.objects.visible_to(reader).filter(pk__in=links).annotate(
        completed_at=_when(Stage.COMPLETED), abandoned_at=_when(Stage.ABANDONED)
    )
    chantiers = list(rows.defer("search_text", "reason_text").order_by("number"))
    if not chantiers:
        return []
    by_pk = {chantier.pk: [*_steps(chantier)] for chantier in chantiers}
    for step, pk in _roadmaps(chantiers, reader):
        by_pk[pk].append(step)
    return [step for steps in by_pk.values() for step in sorted(steps, key=lambda step: step.on or date.max)]


def count_taken_up(reader: Any) -> Coalesce:
    """How many contributions that `reader` sees a chantier takes up: an annotation for querysets of chantiers."""
    seen = Contribution.objects.published_to(reader).values("pk")
    rows = ContributionLink.objects.filter(chantier=OuterRef("pk"), contribution__in=seen).order_by().values("chantier")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _when(stage: Stage) -> Subquery:
    """When the register says that the chantier last came to this stage."""
    rows = Entry.objects.filter(thing_type="chantiers.chantier", thing_id=OuterRef("pk"), stage_to=stage)
    return Subquery(rows.order_by("-at", "-pk").values("at")[:1])


def _steps(chantier: Chantier) -> Iterator[FollowUp]:
    url, words = chantier.get_absolute_url(), {"title": chantier.title}
    if not chantier.was_opened:
        yield FollowUp(_("Un chantier se prépare : « %(title)s »") % words, None, url, "n1")
        return
    yield FollowUp(_("Reprise dans le chantier « %(title)s », qui s’ouvre") % words, chantier.opened_on, url, "n1")
    if chantier.tabled_on:
        yield FollowUp(_("Les propositions du groupe vont à l’assemblée"), chantier.tabled_on, url, "n5")
    if chantier.stage in OVER:
        on = local_date(chantier.completed_at) if chantier.completed_at else None  # type: ignore[attr-defined]
        yield FollowUp(_("Le chantier est achevé"), on, url, "n4")
    if chantier.in_pact_on:
        yield FollowUp(_("Ce que le groupe a proposé entre dans le pacte du territoire"), chantier.in_pact_on, url, "n6")
    if chantier.no_follow_up_on:
        yield FollowUp(_("Les propositions du groupe restent sans suite"), chantier.no_follow_up_on, url, "n0")
    if chantier.stage == Stage.ABANDONED:
        on = local_date(chantier.abandoned_at) if chantier.abandoned_at else None  # type: ignore[attr-defined]
        yield FollowUp(_("Le chantier s’est arrêté : %(motive)s") % {"motive": chantier.motive}, on, url, "n0")


def _roadmaps(chantiers: list[Chantier], reader: Any) -> Iterator[tuple[FollowUp, int]]:
    """The first adoption, and what the roadmap in force has delivered, where the reader may read the roadmap."""
    versions = list(Roadmap.objects.visible_to(reader).filter(chantier__in=chantiers).exclude(stage=RoadmapStage.DRAFT).order_by("version"))
    pages = {chantier.pk: chantier.get_absolute_url() for chantier in chantiers}
    seen: set[int] = set()
    for roadmap in versions:
        if roadmap.chantier_id not in seen:
            seen.add(roadmap.chantier_id)
            step = FollowUp(_("Le groupe arrête sa feuille de route"), roadmap.adopted_on, pages[roadmap.chantier_id], "n2")
            yield step, roadmap.chantier_id
    adopted = [roadmap.pk for roadmap in versions if roadmap.stage == RoadmapStage.ADOPTED]
    out = PlannedDeliverable.objects.filter(roadmap__in=adopted, published_on__isnull=False)
    for title, on, pk in out.order_by("published_on", "pk").values_list("title", "published_on", "roadmap__chantier"):
        yield FollowUp(_("Livrable publié : %(title)s") % {"title": title}, on, pages[pk], "n4"), pk
