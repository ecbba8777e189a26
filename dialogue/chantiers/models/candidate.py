"""Why this chantier: candidates with their evidence, and the contributions that a chantier carries (the guide, "Comment ont
été choisis les thèmes des chantiers ?")."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models.chantier import Chantier
from dialogue.chantiers.stages import CandidateStage, Reason
from dialogue.contributions.models import Contribution
from dialogue.territories.models import CalendarDate, Territory, Theme


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, reader: Any) -> CandidateQuerySet:
        """What a council examined is told to all, with its motive; what is being prepared is the coordination's."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(
            Q(is_announced=True) | Q(stage__in=[CandidateStage.RETAINED, CandidateStage.SET_ASIDE, CandidateStage.OPENED])
        )


class Candidate(models.Model):
    """A theme in a territory that may become a chantier, for one of the guide's three reasons."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="candidates", verbose_name=_("thème"))
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="candidates", verbose_name=_("territoire"))
    reason = models.CharField(_("raison"), max_length=11, choices=Reason)
    note = models.TextField(_("ce qui plaide pour lui"), max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=CandidateStage, default=CandidateStage.TO_EXAMINE)
    is_announced = models.BooleanField(_("annoncé sur la page des contributions"), default=False)
    #: The numbers (analysis.reasons.Evidence), frozen when it is decided; before, they are computed anew.
    evidence = models.JSONField(default=dict)
    #: The contributions chosen to support a structuring project; the other reasons rest on the whole cell.
    contributions = models.ManyToManyField(Contribution, blank=True, related_name="candidates")
    council = models.ForeignKey(
        CalendarDate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="candidates",
        verbose_name=_("conseil de territoire"),
    )
    motive = models.TextField(_("motif"), max_length=2000, blank=True)
    decided_on = models.DateField(null=True)
    chantier = models.OneToOneField(Chantier, on_delete=models.PROTECT, null=True, related_name="candidate")
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    put_at = models.DateTimeField()

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["theme", "territory", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "territory", "reason"],
                condition=Q(stage__in=["to_examine", "retained"]),
                name="chantiers_candidate_once",
            ),
            models.CheckConstraint(
                name="chantiers_candidate_decided",
                condition=Q(stage="to_examine", decided_on=None) | (~Q(stage="to_examine") & Q(decided_on__isnull=False)),
            ),
            models.CheckConstraint(name="chantiers_candidate_motive", condition=~Q(stage="set_aside") | ~Q(motive="")),
            models.CheckConstraint(
                name="chantiers_candidate_opened",
                condition=Q(stage="opened", chantier__isnull=False) | (~Q(stage="opened") & Q(chantier=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme.short_name}, {self.territory.short_name}"

    @property
    def ledger_space(self) -> str:
        return f"candidat/{self.pk}"


class ContributionLinkQuerySet(models.QuerySet["ContributionLink"]):
    def visible_to(self, reader: Any) -> ContributionLinkQuerySet:
        """Both ends must be readable."""
        return self.filter(
            chantier__in=Chantier.objects.visible_to(reader), contribution__in=Contribution.objects.visible_to(reader)
        )


class ContributionLink(models.Model):
    """Provenance: this chantier takes up this contribution, for good."""

    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="contribution_links")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="chantier_links")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    is_origin = models.BooleanField(default=False, help_text="it was among the reasons to open the chantier")

    objects = ContributionLinkQuerySet.as_manager()

    class Meta:
        ordering = ["chantier", "contribution"]
        constraints = [models.UniqueConstraint(fields=["chantier", "contribution"], name="chantiers_link_once")]

    def __str__(self) -> str:
        return f"{self.contribution_id} → {self.chantier_id}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space
