"""The actions of a pact: numbered for life, each says where it comes from and where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import VOTED_FOR, PropositionStage
from dialogue.contributions.models import Contribution
from dialogue.pacts.models.pact import Pact
from dialogue.pacts.stages import FROZEN, OPEN, ActionState, Origin
from dialogue.people.models import Organisation
from dialogue.territories.models import Theme

FIRST_YEAR, LAST_YEAR = 2000, 2100
#: Euros.
MOST_COST = 10**12
#: The assembly said yes to the proposition, and nobody gave it up since.
HELD = [*VOTED_FOR, PropositionStage.IN_PACT]


class PactActionQuerySet(models.QuerySet["PactAction"]):
    def visible_to(self, reader: Any) -> PactActionQuerySet:
        """Everybody's once a published edition holds it; before, it is being prepared by the coordination."""
        return self if getattr(reader, "is_coordination", False) else self.filter(published_on__isnull=False)

    def for_list(self) -> PactActionQuerySet:
        """What a line of a list needs, in one query."""
        return self.select_related("theme", "lead", "pact__territory", "proposition")

    def still_open(self) -> PactActionQuerySet:
        return self.filter(state__in=OPEN)

    def holding(self) -> PactActionQuerySet:
        """Without those whose proposition is no longer voted; what an adopted edition told already goes on being told."""
        told = PactAction.objects.filter(lines__edition__stage__in=FROZEN).order_by().values("pk")
        return self.filter(Q(proposition=None) | Q(proposition__stage__in=HELD) | Q(pk__in=told))


class PactAction(models.Model):
    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField(unique=True, help_text="what people quote: action n° 12")
    title = models.CharField(_("intitulé"), max_length=200, help_text=_("Une phrase qui se comprend seule."))
    text = models.TextField(_("ce qui sera fait"), max_length=20_000, blank=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="pact_actions", verbose_name=_("thème"))
    entered_year = models.PositiveSmallIntegerField(
        _("année d’entrée au pacte"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    state = models.CharField(_("état"), max_length=9, choices=ActionState, default=ActionState.PLANNED)
    motive = models.TextField(_("motif de l’abandon"), max_length=2000, blank=True)
    lead = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pact_actions",
        verbose_name=_("organisme pilote"),
    )
    # Several together, or one that the platform does not know.
    lead_words = models.CharField(_("ou, en toutes lettres"), max_length=200, blank=True)
    cost = models.PositiveBigIntegerField(
        _("coût prévu, en euros"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_COST)],
        help_text=_("Sans les centimes."),
    )
    starts_on = models.DateField(_("commence le"), null=True, blank=True)
    due_on = models.DateField(_("à terminer pour le"), null=True, blank=True)
    done_on = models.DateField(_("réalisée le"), null=True, blank=True)
    origin = models.CharField(_("d’où vient-elle ?"), max_length=12, choices=Origin)
    origin_words = models.CharField(
        _("origine, en une phrase"),
        max_length=300,
        blank=True,
        help_text=_("Un engagement antérieur, un schéma, une demande des maires…"),
    )
    proposition = models.ForeignKey(
        Proposition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pact_actions",
        verbose_name=_("proposition votée"),
    )
    contributions = models.ManyToManyField(
        Contribution, through="pacts.ActionContribution", related_name="pact_actions", verbose_name=_("contributions")
    )
    # The draft that made it of a voted proposition: to be taken back with it, when it is given up.
    taken_in_by = models.ForeignKey(
        "pacts.PactEdition", on_delete=models.SET_NULL, null=True, editable=False, related_name="taken_in"
    )
    published_on = models.DateField(null=True, editable=False, help_text="the day of the first published edition that holds it")
    # Grows at each change, so that two people who write at once do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = PactActionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="pacts_dropped_has_motive",
                condition=(Q(state="dropped") & ~Q(motive="")) | (~Q(state="dropped") & Q(motive="")),
            ),
            models.CheckConstraint(
                name="pacts_done_has_date",
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None)),
            ),
            models.CheckConstraint(
                name="pacts_dates_in_order", condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="pacts_origin_is_said",
                condition=Q(origin="contribution", proposition=None)
                | Q(origin="proposition", proposition__isnull=False)
                | (Q(origin="other", proposition=None) & ~Q(origin_words="")),
            ),
            models.UniqueConstraint(
                fields=["pact", "proposition"], condition=Q(proposition__isnull=False), name="pacts_proposition_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return self.pact.ledger_space

    def get_absolute_url(self) -> str:
        return reverse("pacts:action", args=[self.number])

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        return bool(getattr(reader, "is_coordination", False)) or self.published_on is not None

    @property
    def is_held(self) -> bool:
        """Whether the proposition it comes from, if there is one, is still voted."""
        return self.proposition is None or self.proposition.stage in HELD

    @property
    def leader(self) -> str:
        """Who leads it, in words; empty when nobody is named."""
        return str(self.lead) if self.lead_id else self.lead_words

    def is_late(self, today: date) -> bool:
        """Lateness is computed, never typed (product.md)."""
        return self.state in OPEN and self.due_on is not None and self.due_on < today


class ActionContributionQuerySet(models.QuerySet["ActionContribution"]):
    def visible_to(self, reader: Any) -> ActionContributionQuerySet:
        """Both ends must be readable."""
        return self.filter(
            action__in=PactAction.objects.visible_to(reader), contribution__in=Contribution.objects.visible_to(reader)
        )


class ActionContribution(models.Model):
    """Provenance: this action takes up this contribution itself, without a chantier between them."""

    action = models.ForeignKey(PactAction, on_delete=models.CASCADE, related_name="contribution_links")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="pact_links")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ActionContributionQuerySet.as_manager()

    class Meta:
        ordering = ["action", "contribution"]
        constraints = [models.UniqueConstraint(fields=["action", "contribution"], name="pacts_contribution_once")]

    def __str__(self) -> str:
        return f"{self.contribution_id} → {self.action_id}"

    @property
    def ledger_space(self) -> str:
        return self.action.ledger_space
