"""The operational part of a pact for one year: drafted, adopted by the assembly, published; what is frozen never changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Resolution
from dialogue.pacts.models.action import PactAction
from dialogue.pacts.models.pact import Pact
from dialogue.pacts.stages import ActionState, EditionStage, Situation


class PactEditionQuerySet(models.QuerySet["PactEdition"]):
    def visible_to(self, reader: Any) -> PactEditionQuerySet:
        """A published edition is everybody's; what is being prepared is the coordination's."""
        return self if getattr(reader, "is_coordination", False) else self.published()

    def published(self) -> PactEditionQuerySet:
        return self.filter(stage=EditionStage.PUBLISHED)

    def in_force(self) -> PactEditionQuerySet:
        """Published, and replaced by no published correction."""
        return self.published().exclude(corrections__stage=EditionStage.PUBLISHED)


class PactEdition(models.Model):
    """`content` is what page, PDF and comparison are made of once adopted, `sha256` its seal (pacts/content.py)."""

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="editions")
    year = models.PositiveSmallIntegerField(_("année"))
    number = models.PositiveSmallIntegerField(_("édition"), default=1, help_text="within the year: a correction is the next one")
    stage = models.CharField(max_length=9, choices=EditionStage, default=EditionStage.DRAFT)
    introduction = models.TextField(_("introduction"), max_length=6000, blank=True)
    report = models.TextField(
        _("bilan de l’année écoulée"),
        max_length=12_000,
        blank=True,
        help_text=_("Proposé à partir des données : relisez, corrigez, complétez."),
    )
    # The figures that the report was drafted from: codes and numbers (pacts/report.py).
    figures = models.JSONField(default=dict, editable=False)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="corrections")
    change_note = models.CharField(_("ce qui change, et pourquoi"), max_length=500, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)
    adopted_on = models.DateField(_("adoptée le"), null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="pact_editions", verbose_name=_("délibération")
    )
    resolution_words = models.CharField(
        _("ou, en toutes lettres"), max_length=200, blank=True, help_text=_("« Délibération n° 2017-112, budget primitif 2018 ».")
    )
    content = models.JSONField(default=dict, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = PactEditionQuerySet.as_manager()

    class Meta:
        ordering = ["pact", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pact", "year", "number"], name="pacts_edition_once"),
            models.UniqueConstraint(fields=["pact"], condition=Q(stage="draft"), name="pacts_one_draft"),
            models.CheckConstraint(
                name="pacts_adopted_is_frozen",
                condition=Q(stage="draft", adopted_on=None, sha256="")
                | (~Q(stage="draft") & Q(adopted_on__isnull=False) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="pacts_published_has_date",
                condition=Q(stage="published", published_at__isnull=False) | (~Q(stage="published") & Q(published_at=None)),
            ),
            models.CheckConstraint(
                name="pacts_correction_is_linked", condition=Q(number=1, corrects=None) | Q(number__gt=1, corrects__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pact} · {self.year}" + (f" ({self.number})" if self.number > 1 else "")

    @property
    def ledger_space(self) -> str:
        return self.pact.ledger_space

    @property
    def report_year(self) -> int:
        """The year that the report looks back on."""
        return self.year - 1

    def get_absolute_url(self) -> str:
        return reverse("pacts:edition", args=[self.pact.territory.code, self.year])

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        return bool(getattr(reader, "is_coordination", False)) or self.stage == EditionStage.PUBLISHED


class EditionLineQuerySet(models.QuerySet["EditionLine"]):
    def visible_to(self, reader: Any) -> EditionLineQuerySet:
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(edition__stage=EditionStage.PUBLISHED)


class EditionLine(models.Model):
    """What one edition says of one action: together, the history of the action, year by year."""

    edition = models.ForeignKey(PactEdition, on_delete=models.CASCADE, related_name="lines")
    action = models.ForeignKey(PactAction, on_delete=models.CASCADE, related_name="lines")
    situation = models.CharField(max_length=7, choices=Situation)
    # As it was when the edition was adopted; while it is drafted, the action's own state is shown.
    state = models.CharField(max_length=9, choices=ActionState)
    note = models.TextField(_("où elle en est, en une phrase ou deux"), max_length=1000, blank=True)

    objects = EditionLineQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "action__number"]
        constraints = [models.UniqueConstraint(fields=["edition", "action"], name="pacts_line_once")]

    def __str__(self) -> str:
        return f"{self.edition} · {self.action_id}"

    @property
    def ledger_space(self) -> str:
        return self.edition.ledger_space
