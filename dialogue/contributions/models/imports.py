"""A file of contributions: what it is, how its columns are read, what was found in it, how far it went."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.models.campaign import Campaign
from dialogue.contributions.stages import ImportStage


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, reader: Any) -> ImportBatchQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()


def stored_name(batch: ImportBatch, filename: str) -> str:
    return f"imports/{batch.key.hex}"


class ImportBatch(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="batches", verbose_name=_("campagne"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=stored_name, max_length=200)
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    #: kind, encoding, delimiter, sheet: what was recognised, and what a person corrected (formats.tables).
    source = models.JSONField(default=dict)
    header = models.JSONField(default=list)
    #: field of ours → column, counted from 0; and what to do with what is not in the file (default circle, naming…).
    mapping = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    stage = models.CharField(max_length=8, choices=ImportStage, default=ImportStage.UPLOADED)
    rows = models.PositiveIntegerField(null=True, help_text="lines of the file, its header apart")
    done_rows = models.PositiveIntegerField(default=0, help_text="how far it went")
    created = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="already there under the same external id")
    refused = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(help_text="domain time")
    finished_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="real time: the job is alive")

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "import batches"
        constraints = [
            models.CheckConstraint(
                name="contributions_import_finished",
                condition=~Q(stage__in=["done", "undone"]) | Q(finished_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def ledger_space(self) -> str:
        return self.campaign.ledger_space


class ImportProblem(models.Model):
    """Something of one line that a person must know of: `is_fatal` when the line is not taken."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(help_text="as the spreadsheet counts them")
    column = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=30)
    value = models.CharField(max_length=200, blank=True)
    is_fatal = models.BooleanField(default=False)

    class Meta:
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"{self.line} {self.code}"
