"""What sorting changed, act by act, so that the last one can be undone exactly."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from dialogue.contributions.models.contribution import Contribution


class SortingChangeQuerySet(models.QuerySet["SortingChange"]):
    def visible_to(self, reader: Any) -> SortingChangeQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()


class SortingChange(models.Model):
    """One act of sorting: what the columns it wrote said before. The register keeps the act itself."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="sorting_changes")
    act = models.CharField(max_length=80)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="column → what it said")
    also = models.JSONField(default=dict, help_text="pair judged, supports moved, reason given")
    revision = models.PositiveIntegerField(help_text="of the contribution once it was done")
    letter = models.CharField(max_length=100, blank=True, help_text="`dedupe` of what its author is told")
    group = models.UUIDField(null=True, help_text="the same for what was done in one go")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(help_text="domain time")
    undone_at = models.DateTimeField(null=True)

    objects = SortingChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="contributions_my_changes"),
            models.Index(fields=["group"], name="contributions_change_group"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.contribution_id}"
