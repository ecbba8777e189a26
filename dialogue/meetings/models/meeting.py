"""Meetings of the groups: their dates are public with the chantier, their place and link are the group's."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.discussion.models import within_group
from dialogue.meetings.stages import STANDING, UNDATED, MeetingStage


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, reader: Any) -> MeetingQuerySet:
        """The calendar of meetings (dates only) goes with the chantier; one without a date is its group's alone
        (`prepared_for`), and so is what is inside."""
        return self.filter(chantier__in=Chantier.objects.visible_to(reader)).exclude(stage__in=UNDATED)

    def prepared_for(self, reader: Any) -> MeetingQuerySet:
        """All the meetings of the groups whose space the reader enters, those without a date included."""
        return self.filter(within_group(reader))

    def standing(self) -> MeetingQuerySet:
        """With a date, neither cancelled nor postponed."""
        return self.filter(stage__in=STANDING)


class Meeting(models.Model):
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("numéro"))
    # RFC 5545: the UID never changes, the SEQUENCE grows with the date or the place.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # Both empty until a date is chosen (draft, poll), or while a postponed one waits for another.
    starts_at = models.DateTimeField(_("début"), null=True, blank=True)
    ends_at = models.DateTimeField(_("fin"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=300, blank=True)
    online_url = models.URLField(_("lien de visioconférence"), max_length=500, blank=True)
    introduction = models.TextField(_("mot d’introduction"), max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=MeetingStage, default=MeetingStage.CONVENED)
    opened_at = models.DateTimeField(_("ouverte à"), null=True, blank=True, editable=False)
    held_at = models.DateTimeField(_("levée à"), null=True, blank=True, editable=False)
    # The carnet gets material at each meeting (the guide), or someone says that there is none.
    without_material = models.BooleanField(_("néant pour le carnet de voyage"), default=False)
    # Grows with each line captured: what a page asks to know whether something is new.
    pulse = models.PositiveIntegerField(default=0, editable=False)
    # The highest numbers of lines noted by mistake, then removed: numbers are for life, they are not given again.
    removed_decision = models.PositiveIntegerField(default=0, editable=False)
    removed_action = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["chantier", "number"], name="meetings_number_once"),
            models.CheckConstraint(
                name="meetings_ends_after_start",
                condition=Q(starts_at=None, ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="meetings_dated_when_convened",
                condition=Q(starts_at__isnull=False) | Q(stage__in=["draft", "poll", "postponed", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chantier} · {self.number}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space
