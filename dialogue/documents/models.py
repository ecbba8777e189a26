"""The documents of a group, in versions; each has one circle. Files are never served but through a door that asks."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Via
from dialogue.documents.stages import Nature, Reading, Scan
from dialogue.people.circles import circle_q
from dialogue.people.stages import Circle


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, reader: Any) -> DocumentQuerySet:
        """Its circle, within the chantiers that the reader may read. A withdrawn one is its group's alone."""
        if getattr(reader, "is_coordination", False):
            return self
        groups = groups_of(reader)
        rows = self.filter(circle_q(reader, groups=groups), chantier__in=Chantier.objects.visible_to(reader))
        return rows.filter(Q(withdrawn_at=None) | Q(chantier__in=list(groups)))

    def shown(self) -> DocumentQuerySet:
        return self.filter(withdrawn_at=None)

    def with_last(self) -> DocumentQuerySet:
        """Adds the versions, the last one first (1 query more)."""
        return self.prefetch_related("versions")


class Document(models.Model):
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="documents")
    nature = models.CharField(_("nature"), max_length=11, choices=Nature, default=Nature.WORKING)
    title = models.CharField(_("titre"), max_length=200)
    description = models.TextField(_("en quelques mots"), max_length=2000, blank=True)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.GROUP)
    # Offered to all the groups ("Mutualisation : des outils et des méthodes", the guide).
    is_shared_tool = models.BooleanField(_("proposé dans la boîte à outils commune"), default=False)
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="document")
    # The messages to which it is attached (on the page or by mail): the same file is one document.
    comments = models.ManyToManyField(Comment, blank=True, related_name="documents")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="domain time of the last version")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_motive = models.CharField(_("motif"), max_length=500, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["chantier", "nature", "-changed_at"], name="documents_folder")]
        constraints = [
            models.CheckConstraint(
                name="documents_withdrawn_says_why",
                condition=Q(withdrawn_at=None, withdrawn_motive="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_motive="")),
            ),
            models.CheckConstraint(name="documents_tool_is_partners", condition=Q(is_shared_tool=False) | ~Q(circle="group")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    @property
    def last(self) -> Version:
        """The version that counts; no query when they were prefetched."""
        return next(iter(self.versions.all()))


def stored_name(version: Version, filename: str) -> str:
    """Where a file is kept: nothing of its own name, nothing that could be guessed."""
    return f"documents/{version.key.hex[:2]}/{version.key.hex}"


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, reader: Any) -> VersionQuerySet:
        return self.filter(document__in=Document.objects.visible_to(reader))


class Version(models.Model):
    """One file. What was handed out once stays: a new version supersedes it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=stored_name, max_length=200)
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100, help_text="judged by content")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    stored_at = models.DateTimeField(auto_now_add=True, help_text="real time")
    via = models.CharField(max_length=4, choices=Via, default=Via.PAGE)
    note = models.CharField(_("ce qui change"), max_length=500, blank=True)
    scan = models.CharField(max_length=9, choices=Scan, default=Scan.WAITING)
    reading = models.CharField(max_length=7, choices=Reading, default=Reading.WAITING)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "-number"]
        indexes = [models.Index(fields=["sha256"], name="documents_same_file")]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="documents_version_once")]

    def __str__(self) -> str:
        return f"{self.document} · v{self.number}"

    @property
    def chantier(self) -> Chantier:
        return self.document.chantier

    @property
    def ledger_space(self) -> str:
        return self.document.chantier.ledger_space

    @property
    def is_handed_out(self) -> bool:
        """Whether the file may be read: nothing leaves while the antivirus has not answered, or when it refused."""
        return self.scan in {Scan.CLEAN, Scan.UNCHECKED}

    @property
    def preview_name(self) -> str:
        """Where the reduced image is kept, if it is one."""
        return f"{self.file.name}.webp"


class Words(models.Model):
    """The text read in a file, apart from its version so that lists stay light; what the search indexes."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()

    class Meta:
        verbose_name_plural = "words"

    def __str__(self) -> str:
        return str(self.version)
