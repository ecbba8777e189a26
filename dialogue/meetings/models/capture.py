"""What is captured in session: decisions, actions, material for the carnet. Decisions and actions keep their number for life."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.meetings.models.agenda import AgendaItem, Inside
from dialogue.meetings.models.meeting import Meeting
from dialogue.meetings.stages import OUT, DecisionState, MaterialKind
from dialogue.people.circles import circle_q


class CapturedQuerySet(models.QuerySet):
    def visible_to(self, reader: Any) -> Any:
        """The group reads its own at once; others, those of minutes published to a circle that admits them."""
        if getattr(reader, "is_coordination", False):
            return self
        published = circle_q(reader, circle="meeting__minutes__circle", groups=()) & Q(
            meeting__minutes__stage__in=OUT, chantier__in=Chantier.objects.visible_to(reader)
        )
        return self.filter(Q(chantier__in=list(groups_of(reader))) | published)


class Captured(models.Model):
    """A line of the decision log (relevé de décisions)."""

    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT)
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True)
    number = models.PositiveIntegerField()
    text = models.CharField(_("une phrase complète, compréhensible seule"), max_length=600)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Made by the page that sends: a line sent twice is written once.
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = CapturedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["chantier", "number"]

    def __str__(self) -> str:
        return self.text

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


class Decision(Captured):
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    # As the group says it: "à l’unanimité", "une abstention"…
    agreement = models.CharField(_("comment elle a été prise"), max_length=200, blank=True)
    follow_up = models.CharField(_("suivi"), max_length=200, blank=True)
    state = models.CharField(_("où elle en est"), max_length=8, choices=DecisionState, default=DecisionState.STANDING)
    state_note = models.CharField(_("précision"), max_length=300, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta(Captured.Meta):
        constraints = [models.UniqueConstraint(fields=["chantier", "number"], name="meetings_decision_number")]

    def get_absolute_url(self) -> str:
        return reverse("meetings:decision", args=[self.chantier.slug, self.number])

    @property
    def label(self) -> str:
        return f"D{self.number}"


class Action(Captured):
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    owner = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("qui s’en charge"),
    )
    # Several organisations together: "les communes du groupe".
    owner_text = models.CharField(_("ou, en toutes lettres"), max_length=200, blank=True)
    due_on = models.DateField(_("pour quand"), null=True, blank=True)
    done_on = models.DateField(_("faite le"), null=True, blank=True)
    done_note = models.CharField(_("résultat"), max_length=300, blank=True)
    dropped_motive = models.CharField(_("motif de l’abandon"), max_length=300, blank=True)

    class Meta(Captured.Meta):
        constraints = [
            models.UniqueConstraint(fields=["chantier", "number"], name="meetings_action_number"),
            models.CheckConstraint(name="meetings_action_one_end", condition=Q(done_on=None) | Q(dropped_motive="")),
        ]

    @property
    def label(self) -> str:
        return f"A{self.number}"

    @property
    def is_open(self) -> bool:
        return self.done_on is None and not self.dropped_motive

    def days_late(self, today: date) -> int:
        """0 when it is done, dropped, undated or on time."""
        return max(0, (today - self.due_on).days) if self.is_open and self.due_on else 0


class Material(Inside):
    """For the carnet de voyage; the group's until an edition publishes it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="materials")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="materials")
    kind = models.CharField(_("nature"), max_length=8, choices=MaterialKind, default=MaterialKind.VERBATIM)
    text = models.TextField(_("texte"), max_length=2000, blank=True)
    # A role rather than a name (design.md §6): "un cuisinier".
    credit = models.CharField(_("qui parle"), max_length=200, blank=True)
    consent = models.BooleanField(_("accord donné"), default=False)
    # Photo or sound: the file, and what it shows in words.
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="materials")
    alternative = models.CharField(_("ce que l’on voit, en une phrase"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="meetings_material_says_something", condition=~Q(text="") | Q(document__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.meeting}"


__all__ = ["Action", "Decision", "Material"]
