"""The pact of a territory: "le projet de territoire" (the guide). Its issues are the priorities of the territory, kept there."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.pacts.stages import EditionStage
from dialogue.territories.models import Territory


class PactQuerySet(models.QuerySet["Pact"]):
    def visible_to(self, reader: Any) -> PactQuerySet:
        """Everybody's from its first published edition on; before, it is being written by the coordination."""
        if getattr(reader, "is_coordination", False):
            return self
        from dialogue.pacts.models.edition import PactEdition

        return self.filter(Exists(PactEdition.objects.filter(pact=OuterRef("pk"), stage=EditionStage.PUBLISHED)))


class Pact(models.Model):
    territory = models.OneToOneField(Territory, on_delete=models.PROTECT, related_name="pact")
    introduction = models.TextField(
        _("le projet de territoire"),
        max_length=6000,
        blank=True,
        help_text=_("Ce que ce territoire et le Département veulent ensemble, pour plusieurs années. Chaque édition le reprend."),
    )
    opened_at = models.DateTimeField()
    # Grows each time the introduction is written: two people who write at once hear of each other.
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = PactQuerySet.as_manager()

    class Meta:
        ordering = ["territory__order", "territory__name"]

    def __str__(self) -> str:
        return str(self.territory)

    @property
    def ledger_space(self) -> str:
        return f"pacte/{self.territory.code}"

    def get_absolute_url(self) -> str:
        return reverse("pacts:pact", args=[self.territory.code])
