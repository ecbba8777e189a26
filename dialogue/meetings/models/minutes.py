"""The minutes (compte-rendu) and decision log (relevé de décisions) of a meeting: two documents, one path, versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.discussion.models import Thread
from dialogue.meetings.models.meeting import Meeting
from dialogue.meetings.stages import OUT, MinutesStage
from dialogue.people.circles import circle_q
from dialogue.people.stages import Circle


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, reader: Any) -> MinutesQuerySet:
        """The group's until published, then those of the circle, within the chantiers that the reader may read."""
        if getattr(reader, "is_coordination", False):
            return self
        published = circle_q(reader) & Q(stage__in=OUT, chantier__in=Chantier.objects.visible_to(reader))
        return self.filter(Q(chantier__in=list(groups_of(reader))) | published)


class Minutes(models.Model):
    """The path of one meeting's minutes. What is read is always a version; outside the group, the last published one."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="minutes")
    stage = models.CharField(max_length=9, choices=MinutesStage, default=MinutesStage.DRAFTING)
    # Where the published versions may be read; narrower than the chantier's own circle or equal.
    circle = models.CharField(_("qui pourra lire"), max_length=8, choices=Circle, default=Circle.PUBLIC)
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="minutes")
    deadline = models.DateTimeField(_("remarques attendues avant"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("mis en relecture"), null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Nobody spoke before the deadline: silence is agreement, as the page and the mail said.
    approved_by_silence = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "minutes"
        ordering = ["-meeting__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="meetings_review_has_deadline",
                condition=Q(stage="drafting") | Q(deadline__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meetings_published_was_approved",
                condition=~Q(stage__in=["approved", "published", "rectified"]) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meetings_published_is_dated",
                condition=~Q(stage__in=["published", "rectified"]) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


class MinutesVersion(models.Model):
    """One state of the minutes, whole and frozen: `content` is what page and PDF are made of, `sha256` is its seal."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change_note = models.CharField(_("ce qui change et pourquoi"), max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["minutes", "-number"]
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="meetings_minutes_version")]

    def __str__(self) -> str:
        return f"{self.minutes} · v{self.number}"


class Assent(models.Model):
    """« Je l’ai lu, je n’ai rien à ajouter. »"""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="assents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "person"], name="meetings_assent_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.minutes}"
