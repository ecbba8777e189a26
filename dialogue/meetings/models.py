"""Meetings of the groups: their dates are public with the chantier, their place and link are the group's."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.meetings.stages import MeetingStage


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, reader: Any) -> MeetingQuerySet:
        """The calendar of meetings (dates only) goes with the chantier; what is inside is the group's (`details_for`)."""
        return self.filter(chantier__in=Chantier.objects.visible_to(reader))

    def standing(self) -> MeetingQuerySet:
        return self.exclude(stage=MeetingStage.CANCELLED)


class Meeting(models.Model):
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("numéro"))
    # RFC 5545: the UID never changes, the SEQUENCE grows with the date or the place.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    place = models.CharField(_("lieu"), max_length=300, blank=True)
    online_url = models.URLField(_("lien de visioconférence"), max_length=500, blank=True)
    stage = models.CharField(max_length=10, choices=MeetingStage, default=MeetingStage.CONVENED)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["chantier", "number"], name="meetings_number_once"),
            models.CheckConstraint(name="meetings_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.chantier} · {self.number}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space
