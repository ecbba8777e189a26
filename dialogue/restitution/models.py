"""Restitution: the progress point of a territory for a council, and the conference of all. What is read is always a frozen version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.restitution.gatherings import Gathering
from dialogue.restitution.stages import PaperStage, Where
from dialogue.territories.models import Territory

LONGEST, LONGEST_CALL = 4000, 500


class PaperQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Any) -> PaperQuerySet:
        """The coordination's until published; then everybody's, who read its published versions alone."""
        return self if getattr(reader, "is_coordination", False) else self.filter(published_at__isnull=False)

    def for_page(self) -> PaperQuerySet:
        return self.select_related("edited_by", "drafted_by")


class Paper(models.Model):
    """What a progress point and the conference have in common: the path, and what the coordination writes around the data."""

    series = models.PositiveSmallIntegerField(_("numéro de série"))
    stage = models.CharField(max_length=9, choices=PaperStage, default=PaperStage.DRAFTING)
    introduction = models.TextField(_("introduction"), max_length=LONGEST, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=LONGEST, blank=True)
    # Grows at each save: two people who write at once are both heard.
    revision = models.PositiveIntegerField(default=0, editable=False)
    drafted_at = models.DateTimeField(_("préparé le"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_correction(self) -> bool:
        """Something is published already: what is being written will replace it, beside it."""
        return self.published_at is not None and self.stage != PaperStage.PUBLISHED

    def readable_by(self, reader: Any) -> bool:
        return bool(getattr(reader, "is_coordination", False)) or self.published_at is not None


class ProgressPoint(Paper):
    """Where the chantiers of one territory stand, for one council or conference ("point d’étape", the guide)."""

    kind = models.CharField(max_length=10, choices=Where, default=Where.COUNCIL)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="progress_points")

    class Meta:
        ordering = ["-series", "kind", "territory__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "series", "territory"], name="restitution_one_point"),
            models.CheckConstraint(
                name="restitution_point_dated", condition=~Q(stage="published") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory} · {self.gathering.title_of_one}"

    @property
    def gathering(self) -> Gathering:
        return Gathering(self.kind, self.series)

    @property
    def ledger_space(self) -> str:
        return f"restitution/{self.gathering.slug}"

    def get_absolute_url(self) -> str:
        return reverse("restitution:point", args=[self.gathering.slug, self.territory.code])


class PointLineQuerySet(models.QuerySet["PointLine"]):
    def visible_to(self, reader: Any) -> PointLineQuerySet:
        """What is being prepared is the coordination's; readers get the frozen versions."""
        return self if getattr(reader, "is_coordination", False) else self.none()


class PointLine(models.Model):
    """One chantier in a progress point: what the platform knew of it on a day, and what the coordination writes."""

    point = models.ForeignKey(ProgressPoint, on_delete=models.CASCADE, related_name="lines")
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(_("rang"), default=0)
    # What anybody may read of the chantier (empty when it is the partners' alone), and what partners read besides.
    data = models.JSONField(default=dict)
    reserved = models.JSONField(default=dict)
    gathered_at = models.DateTimeField()
    done = models.TextField(_("ce qui est fait"), max_length=LONGEST, blank=True)
    left = models.TextField(_("ce qui reste"), max_length=LONGEST, blank=True)
    asked = models.TextField(_("ce que nous demandons"), max_length=LONGEST, blank=True)
    calls_partners = models.BooleanField(_("appel à de nouveaux partenaires"), default=False)
    call = models.TextField(_("texte de l’appel"), max_length=LONGEST_CALL, blank=True)
    # Numbers of the decisions that the coordination chose not to show.
    hidden_decisions = models.JSONField(default=list)
    is_ready = models.BooleanField(_("relu"), default=False)
    left_out = models.BooleanField(_("laissé de côté"), default=False)

    objects = PointLineQuerySet.as_manager()

    class Meta:
        ordering = ["point", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["point", "chantier"], name="restitution_chantier_once")]

    def __str__(self) -> str:
        return f"{self.point} · {self.chantier}"

    @property
    def ledger_space(self) -> str:
        return self.point.ledger_space

    @property
    def is_public(self) -> bool:
        """Whether the public may know of this chantier (as gathered)."""
        return bool(self.data)

    @property
    def facts(self) -> dict[str, Any]:
        """What partners read: everything that was gathered."""
        return {**self.data, **{k: v for k, v in self.reserved.items() if k not in {"decisions", "blocks"}}, **_lists(self)}


def _lists(line: PointLine) -> dict[str, Any]:
    return {key: [*line.data.get(key, []), *line.reserved.get(key, [])] for key in ("decisions", "blocks")}


class VersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Any) -> VersionQuerySet:
        """The published ones, whoever reads; what partners alone read of them stands apart (`reserved`)."""
        return self if getattr(reader, "is_coordination", False) else self.filter(published_at__isnull=False)


class Version(models.Model):
    """One state, whole and frozen: `content` is what everybody reads, `reserved` what partners read besides; each has its seal."""

    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    reserved = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    sha256_reserved = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change_note = models.CharField(_("ce qui change et pourquoi"), max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True

    def readable_by(self, reader: Any) -> bool:
        return bool(getattr(reader, "is_coordination", False)) or self.published_at is not None


class PointVersion(Version):
    point = models.ForeignKey(ProgressPoint, on_delete=models.PROTECT, related_name="versions")
    #: The version that this one corrects.
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["point", "-number"]
        constraints = [models.UniqueConstraint(fields=["point", "number"], name="restitution_point_version")]

    def __str__(self) -> str:
        return f"{self.point} · v{self.number}"

    @property
    def ledger_space(self) -> str:
        return self.point.ledger_space


class Conference(Paper):
    """The departmental conference: the points of all the territories, with the figures of the whole."""

    # Figures as counted on a day (content.py says which).
    figures = models.JSONField(default=dict)
    gathered_at = models.DateTimeField()

    class Meta:
        ordering = ["-series"]
        constraints = [
            models.UniqueConstraint(fields=["series"], name="restitution_one_conference"),
            models.CheckConstraint(
                name="restitution_conference_dated", condition=~Q(stage="published") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.gathering.title

    @property
    def kind(self) -> str:
        return Where.CONFERENCE

    @property
    def gathering(self) -> Gathering:
        return Gathering(Where.CONFERENCE, self.series)

    @property
    def ledger_space(self) -> str:
        return f"restitution/{self.gathering.slug}"

    def get_absolute_url(self) -> str:
        return reverse("restitution:gathering", args=[self.gathering.slug])


class ConferenceVersion(Version):
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="versions")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["conference", "-number"]
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="restitution_conference_version")]

    def __str__(self) -> str:
        return f"{self.conference} · v{self.number}"

    @property
    def ledger_space(self) -> str:
        return self.conference.ledger_space
