"""An edition: chapters, entries in order, figures; frozen when published. A correction is another edition."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.logbook.models.entry import LogbookEntry, is_editor
from dialogue.logbook.stages import OUT, EditionStage, Format, Layout, Treatment
from dialogue.people.stages import Circle


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, reader: Any) -> EditionQuerySet:
        """Published ones are everybody's; a draft, of those who make it."""
        return self if is_editor(reader) else self.filter(stage__in=OUT)

    def published(self) -> EditionQuerySet:
        """Those that count today, the last one first."""
        return self.filter(stage=EditionStage.PUBLISHED).order_by("-number")

    def light(self) -> EditionQuerySet:
        """Without its content, which may be long."""
        return self.defer("content")


class Edition(models.Model):
    """Carnet n° `number`; `edition` is 1 when it is first published, 2 once corrected… A draft has none yet."""

    number = models.PositiveIntegerField(_("numéro du carnet"))
    edition = models.PositiveIntegerField(null=True, blank=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True, null=True, editable=False)
    title = models.CharField(_("titre"), max_length=120)
    period = models.CharField(_("période"), max_length=80, blank=True)
    editorial = models.TextField(_("éditorial"), max_length=4000, blank=True)
    colophon = models.TextField(_("qui écrit, et avec quoi"), max_length=1500, blank=True)
    figures_title = models.CharField(_("titre de la page des chiffres"), max_length=120, blank=True)
    stage = models.CharField(max_length=10, choices=EditionStage, default=EditionStage.DRAFT)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    change_note = models.CharField(_("ce qui change"), max_length=500, blank=True)
    content = models.JSONField(default=dict, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number", F("edition").desc(nulls_first=True), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number", "edition"], name="logbook_edition_once"),
            models.UniqueConstraint(fields=["number"], condition=Q(stage="published"), name="logbook_one_stands"),
            models.UniqueConstraint(fields=["number"], condition=Q(stage="draft"), name="logbook_one_is_drafted"),
            models.CheckConstraint(
                name="logbook_published_is_frozen",
                condition=Q(stage="draft", edition=None, published_at=None, sha256="")
                | (~Q(stage="draft") & Q(edition__isnull=False, published_at__isnull=False, slug__isnull=False) & ~Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("logbook:edition", args=[self.slug]) if self.slug else reverse("logbook:layout", args=[self.pk])

    #: No group's, and never narrower than everybody once published.
    ledger_space = ""
    circle = Circle.PUBLIC


class InsideQuerySet(models.QuerySet):
    def visible_to(self, reader: Any) -> Any:
        """The table of the editors; readers have the frozen content."""
        return self if is_editor(reader) else self.none()


class Chapter(models.Model):
    """A stop of the journey (escale)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="chapters")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("titre"), max_length=120)
    # The margin: where and when, as one reads it.
    place = models.CharField(_("où"), max_length=120, blank=True)
    period = models.CharField(_("quand"), max_length=120, blank=True)
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    introduction = models.TextField(_("récit"), max_length=8000, blank=True)

    objects = InsideQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return ""


class Placement(models.Model):
    """An entry in a chapter; once in an edition (the act sees to it)."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="placements")
    entry = models.ForeignKey(LogbookEntry, on_delete=models.PROTECT, related_name="placements")
    order = models.PositiveSmallIntegerField(default=0)
    layout = models.CharField(_("mise en page"), max_length=6, choices=Layout)

    objects = InsideQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["chapter", "entry"], name="logbook_placed_once")]

    def __str__(self) -> str:
        return f"{self.chapter} · {self.entry}"

    @property
    def ledger_space(self) -> str:
        return ""


class GovernanceFigure(models.Model):
    """A figure of the whole process: participants, meetings, time from request to answer…"""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="figures")
    order = models.PositiveSmallIntegerField(default=0)
    value = models.CharField(_("chiffre"), max_length=40)
    title = models.CharField(_("ce qu’il compte"), max_length=160)
    source = models.CharField(_("d’où il vient"), max_length=200, blank=True)

    objects = InsideQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.value} {self.title}"


class BoundFileQuerySet(models.QuerySet["BoundFile"]):
    def visible_to(self, reader: Any) -> BoundFileQuerySet:
        return self.filter(edition__in=Edition.objects.visible_to(reader).values("pk"))


class BoundFile(models.Model):
    """A file made of a published edition, by the worker; made again when a name or a photo is taken away."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    treatment = models.CharField(max_length=7, choices=Treatment, default=Treatment.WAITING)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    pages = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now=True, help_text="real time")

    objects = BoundFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "format"], name="logbook_one_file_a_format")]

    def __str__(self) -> str:
        return f"{self.edition} · {self.format}"

    @property
    def ledger_space(self) -> str:
        return ""

    @property
    def stored(self) -> str:
        return f"logbook/editions/{self.key.hex}.{self.format}"
