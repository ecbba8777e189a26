"""A year of the process: opened, lived, closed; what it was is then frozen, and stays readable."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.archive.stages import YearStage


class ProcessYearQuerySet(models.QuerySet["ProcessYear"]):
    def visible_to(self, reader: Any) -> ProcessYearQuerySet:
        """Closed years are everyone's: what is frozen in them was public. The year under way is the coordination's."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(stage=YearStage.CLOSED)


class ProcessYear(models.Model):
    year = models.PositiveSmallIntegerField(_("année"), unique=True)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    stage = models.CharField(max_length=6, choices=YearStage, default=YearStage.OPEN)
    word = models.TextField(_("le mot de l’année"), max_length=3000, blank=True)
    closed_on = models.DateField(null=True, editable=False)
    content = models.JSONField(default=dict, editable=False)
    seal = models.CharField(max_length=64, blank=True, editable=False, help_text="SHA-256 of the frozen content")

    objects = ProcessYearQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(name="archive_one_open_year", fields=["stage"], condition=Q(stage="open")),
            models.CheckConstraint(name="archive_year_dates", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="archive_closed_is_frozen",
                condition=Q(stage="open", closed_on=None, seal="") | (Q(stage="closed", closed_on__isnull=False) & ~Q(seal="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("archive:year", args=[self.year])

    @property
    def ledger_space(self) -> str:
        return f"annee/{self.year}"

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
