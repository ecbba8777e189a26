"""A campaign: the months in which contributions are asked for, where, and what its team promises."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.stages import AnswerKind
from dialogue.people.stages import Circle
from dialogue.territories.models import Territory


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, reader: Any) -> CampaignQuerySet:
        """Everyone, once it is announced; its preparation is the coordination's."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(is_announced=True)

    def open_on(self, day: date) -> CampaignQuerySet:
        """Those in which one may deposit that day."""
        return self.filter(is_announced=True, opens_on__lte=day).filter(Q(closes_on=None) | Q(closes_on__gte=day))


class Campaign(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("titre"), max_length=120)
    introduction = models.TextField(
        _("ce que nous demandons"), max_length=2000, blank=True, help_text=_("Lu en tête du formulaire de dépôt.")
    )
    question = models.CharField(
        _("la question posée"),
        max_length=160,
        blank=True,
        help_text=_("Par exemple : que voulez-vous dire pour votre territoire ?"),
    )
    opens_on = models.DateField(_("ouverte le"))
    closes_on = models.DateField(_("close le"), null=True, blank=True, help_text=_("Dernier jour. Vide : sans fin."))
    # None: all of them.
    territories = models.ManyToManyField(Territory, blank=True, related_name="campaigns", verbose_name=_("territoires"))
    is_announced = models.BooleanField(_("annoncée"), default=False)
    moderate_first = models.BooleanField(_("relire avant de publier"), default=True)
    circle = models.CharField(_("qui lit les contributions publiées"), max_length=8, choices=Circle, default=Circle.PUBLIC)
    read_within_days = models.PositiveSmallIntegerField(_("relecture promise, en jours ouvrés"), default=3)
    answer_within_days = models.PositiveSmallIntegerField(_("réponse promise, en jours"), default=90)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="contributions_campaign_dates", condition=Q(closes_on=None) | Q(closes_on__gte=F("opens_on"))
            ),
            models.CheckConstraint(name="contributions_campaign_circle", condition=Q(circle__in=["partners", "public"])),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return f"campagne/{self.slug}"

    def get_absolute_url(self) -> str:
        return reverse("contributions:deposit", args=[self.slug])

    def is_open(self, day: date) -> bool:
        return self.is_announced and self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)

    def due_on(self, received: date) -> date:
        """The day by which its author was promised an answer."""
        return received + timedelta(days=self.answer_within_days)


class AnswerTemplateQuerySet(models.QuerySet["AnswerTemplate"]):
    def visible_to(self, reader: Any) -> AnswerTemplateQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()


class AnswerTemplate(models.Model):
    """Words ready to be adapted; `{titre}`, `{chantier}` and `{territoire}` are filled in for each contribution."""

    kind = models.CharField(_("pour"), max_length=12, choices=AnswerKind)
    title = models.CharField(_("nom du modèle"), max_length=120)
    text = models.TextField(_("texte"), max_length=4000)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "title"], name="contributions_template_once")]

    def __str__(self) -> str:
        return self.title
