"""The register of acts (registre des actes): append-only. Not a journal, not a log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, person: Any) -> EntryQuerySet:
        """The register is the coordination's; what a page shows of it goes through the thing it is about."""
        return self if getattr(person, "is_coordination", False) else self.none()

    def about(self, thing: models.Model) -> EntryQuerySet:
        return self.filter(thing_type=thing._meta.label_lower, thing_id=thing.pk)

    def stage_changes(self) -> EntryQuerySet:
        return self.exclude(stage_to="").order_by("at", "pk")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("the ledger is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the ledger is append-only")


class Entry(models.Model):
    """Who did what, when, to which thing, from which stage to which. The database refuses UPDATE (migration 0002)."""

    class Actor(models.TextChoices):
        PERSON = "person", _("une personne")
        SYSTEM = "system", _("la plateforme")
        VISITOR = "visitor", _("un visiteur")

    act = models.CharField(max_length=80)
    actor = models.CharField(max_length=8, choices=Actor)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(help_text="domain time")
    recorded_at = models.DateTimeField(auto_now_add=True, help_text="real time")
    # No generic foreign key: a label and a number, which outlive the thing.
    thing_type = models.CharField(max_length=60, blank=True)
    thing_id = models.BigIntegerField(null=True)
    space = models.CharField(max_length=120, blank=True, help_text="such as chantier/<slug>")
    stage_from = models.CharField(max_length=24, blank=True)
    stage_to = models.CharField(max_length=24, blank=True)
    facts = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["thing_type", "thing_id", "at"], name="ledger_thing"),
            models.Index(fields=["-at", "-id"], name="ledger_recent"),
            models.Index(fields=["space", "-at"], name="ledger_space"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ledger_person_has_by",
                condition=models.Q(actor="person", by__isnull=False) | (~models.Q(actor="person") & models.Q(by=None)),
            ),
            models.CheckConstraint(
                name="ledger_thing_is_whole",
                condition=models.Q(thing_type="", thing_id=None) | (~models.Q(thing_type="") & ~models.Q(thing_id=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.thing_type}:{self.thing_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the ledger is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the ledger is append-only")
