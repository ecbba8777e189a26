"""The roadmap (feuille de route): objectives, deliverables, steps, rhythm; drafted together, adopted, versioned."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models.chantier import Chantier
from dialogue.chantiers.models.member import groups_of
from dialogue.chantiers.stages import Rating, RoadmapStage
from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.stages import Circle


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    def visible_to(self, reader: Any) -> RoadmapQuerySet:
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(circle_q(reader, groups=groups_of(reader)), chantier__in=Chantier.objects.visible_to(reader))

    def with_items(self) -> RoadmapQuerySet:
        return self.prefetch_related("objectives", "deliverables", "steps")


class Roadmap(models.Model):
    """One version of a chantier's roadmap. A draft is the group's; version 1, once adopted, is the evaluation's baseline."""

    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="roadmaps")
    version = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=RoadmapStage, default=RoadmapStage.DRAFT)
    rhythm = models.TextField(_("rythme des séances"), max_length=1000, blank=True)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.GROUP)
    adopted_on = models.DateField(null=True, editable=False)
    # The meetings room is above this one: the ordinal of the meeting is kept, not its row.
    adopted_at_meeting = models.PositiveSmallIntegerField(null=True, editable=False)
    change_note = models.TextField(_("ce qui change et pourquoi"), max_length=1000, blank=True)
    # Grows at each save of the rhythm: two people who write at once are both heard (see acts).
    revision = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, editable=False)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ["chantier", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["chantier", "version"], name="chantiers_roadmap_version"),
            models.UniqueConstraint(fields=["chantier"], condition=Q(stage="draft"), name="chantiers_one_draft"),
            models.UniqueConstraint(fields=["chantier"], condition=Q(stage="adopted"), name="chantiers_one_adopted"),
            models.CheckConstraint(
                name="chantiers_roadmap_adoption",
                condition=Q(stage="draft", adopted_on=None, adopted_at_meeting=None, circle="group")
                | (~Q(stage="draft") & Q(adopted_on__isnull=False, adopted_at_meeting__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chantier} · v{self.version}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    @property
    def is_baseline(self) -> bool:
        """Version 1, adopted in the first meeting, is what the evaluation measures against (the guide)."""
        return self.version == 1 and self.stage != RoadmapStage.DRAFT

    def readable_by(self, reader: Any) -> bool:
        in_group = self.chantier_id in groups_of(reader)
        return self.chantier.readable_by(reader) and circle_admits(reader, self.circle, in_group=in_group)


class RoadmapItem(models.Model):
    """What a line of a roadmap has in common. `key` follows a line through the versions, so that they can be compared."""

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(_("intitulé"), max_length=300)
    order = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return self.roadmap.chantier.ledger_space  # type: ignore[attr-defined]


class Objective(RoadmapItem):
    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="objectives")
    indicator = models.CharField(_("indicateur"), max_length=200, blank=True)
    start_value = models.CharField(_("au départ"), max_length=80, blank=True)
    target_value = models.CharField(_("à atteindre"), max_length=80, blank=True)
    # Evaluation, against the baseline only.
    rating = models.CharField(_("appréciation"), max_length=7, choices=Rating, blank=True)
    measured_value = models.CharField(_("valeur mesurée"), max_length=80, blank=True)

    class Meta(RoadmapItem.Meta):
        constraints = [models.UniqueConstraint(fields=["roadmap", "key"], name="chantiers_objective_key")]


class PlannedDeliverable(RoadmapItem):
    """What the group commits to deliver. The deliverable itself is another room's; here, whether it is out or given up."""

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="deliverables")
    due_on = models.DateField(_("attendu le"), null=True, blank=True)
    published_on = models.DateField(_("publié le"), null=True, blank=True)
    abandon_motive = models.TextField(_("motif de l’abandon"), max_length=1000, blank=True)
    rating = models.CharField(_("appréciation"), max_length=7, choices=Rating, blank=True)

    class Meta(RoadmapItem.Meta):
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "key"], name="chantiers_deliverable_key"),
            models.CheckConstraint(
                name="chantiers_out_or_given_up", condition=Q(published_on=None) | Q(abandon_motive="")
            ),
        ]

    @property
    def is_settled(self) -> bool:
        return self.published_on is not None or bool(self.abandon_motive)

    def is_late(self, today: date) -> bool:
        return not self.is_settled and self.due_on is not None and self.due_on < today


class Step(RoadmapItem):
    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="steps")
    due_on = models.DateField(_("échéance"))
    done_on = models.DateField(_("faite le"), null=True, blank=True)

    class Meta(RoadmapItem.Meta):
        ordering = ["due_on", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["roadmap", "key"], name="chantiers_step_key")]

    def is_late(self, today: date) -> bool:
        """Lateness is computed, never typed (product.md)."""
        return self.done_on is None and self.due_on < today

    def days_late(self, today: date) -> int:
        """Days past the due date; 0 when on time or done."""
        return (today - self.due_on).days if self.is_late(today) else 0


