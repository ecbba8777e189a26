"""What is gathered for the carnet: the group's alone until an edition publishes it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.files.stages import Scan
from dialogue.logbook.stages import EntryKind, EntryStage, Treatment
from dialogue.meetings.models import Material
from dialogue.territories.models import Territory

EDITOR = "_edits_the_carnet"


class EditorQuerySet(models.QuerySet["Editor"]):
    def visible_to(self, reader: Any) -> EditorQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()


class Editor(models.Model):
    """Someone of the team that makes the carnet, beside the coordination."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    objects = EditorQuerySet.as_manager()

    class Meta:
        ordering = ["named_at", "pk"]

    def __str__(self) -> str:
        return str(self.person)


def is_editor(reader: Any) -> bool:
    """Makes the carnet: the coordination, and those it named (one query, kept on the instance)."""
    if getattr(reader, "is_coordination", False):
        return True
    if not getattr(reader, "is_authenticated", False) or not getattr(reader, "is_partner", False) or not reader.pk:
        return False
    if not hasattr(reader, EDITOR):
        setattr(reader, EDITOR, Editor.objects.filter(person_id=reader.pk).exists())
    return bool(getattr(reader, EDITOR))


class LogbookEntryQuerySet(models.QuerySet["LogbookEntry"]):
    def visible_to(self, reader: Any) -> LogbookEntryQuerySet:
        """Its group's, and those who make the carnet; what is published is read in the editions."""
        if is_editor(reader):
            return self
        return self.filter(chantier__in=list(groups_of(reader)))

    def waiting(self) -> LogbookEntryQuerySet:
        return self.filter(stage=EntryStage.PROPOSED)

    def chosen(self) -> LogbookEntryQuerySet:
        return self.filter(stage=EntryStage.CHOSEN)


def original_name(entry: LogbookEntry, filename: str) -> str:
    """What was sent, kept until its copies are made (docs/adr/0029)."""
    return f"logbook/originals/{entry.key.hex}"


class LogbookEntry(models.Model):
    """A photo, words, a figure, a story, a step, a sound."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("nature"), max_length=8, choices=EntryKind)
    # Empty: the carnet’s own team wrote it.
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, null=True, blank=True, related_name="logbook_entries")
    territory = models.ForeignKey(Territory, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    material = models.OneToOneField(Material, on_delete=models.SET_NULL, null=True, blank=True, related_name="logbook_entry")
    text = models.TextField(_("texte"), max_length=4000, blank=True)
    figure = models.CharField(_("chiffre"), max_length=40, blank=True)
    # A role rather than a name (design.md §6): "un maraîcher".
    credit = models.CharField(_("qui parle, ou d’où cela vient"), max_length=200, blank=True)
    place = models.CharField(_("lieu"), max_length=120, blank=True)
    on = models.DateField(_("date"))
    alternative = models.CharField(_("ce que l’on voit, en une phrase"), max_length=300, blank=True)
    transcript = models.TextField(_("ce que l’on entend, par écrit"), max_length=8000, blank=True)
    # Those quoted, heard or recognised agree; who said so is for the team alone.
    consent = models.BooleanField(_("accord donné"), default=False)
    consent_by = models.CharField(_("qui a donné son accord"), max_length=300, blank=True)
    consent_ended_at = models.DateTimeField(null=True, blank=True)
    may_name = models.BooleanField(_("afficher mon nom"), default=False)

    original = models.FileField(upload_to=original_name, max_length=200, blank=True)
    treatment = models.CharField(max_length=7, choices=Treatment, default=Treatment.NONE, blank=True)
    scan = models.CharField(max_length=9, choices=Scan, default=Scan.WAITING)
    # Of a photo: as it stands upright, and the widths of its copies. Of a sound: the format of its copy.
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    widths = models.JSONField(default=list, blank=True)
    sound = models.CharField(max_length=4, blank=True)

    stage = models.CharField(max_length=9, choices=EntryStage, default=EntryStage.PROPOSED)
    answer = models.CharField(_("un mot à son auteur"), max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stored_at = models.DateTimeField(auto_now_add=True, help_text="real time")

    objects = LogbookEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "logbook entries"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["chantier", "-at"], name="logbook_of_group"),
            models.Index(fields=["stage", "-at"], name="logbook_by_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                name="logbook_file_has_kind",
                condition=Q(treatment="") | Q(kind__in=["photo", "sound"]),
            ),
            models.CheckConstraint(name="logbook_photo_is_described", condition=~Q(kind="photo") | ~Q(alternative="")),
            models.CheckConstraint(name="logbook_sound_is_written", condition=~Q(kind="sound") | ~Q(transcript="")),
            models.CheckConstraint(
                name="logbook_people_agree",
                condition=~Q(kind__in=["photo", "sound", "verbatim"]) | Q(consent=True) | Q(consent_ended_at__isnull=False),
            ),
            models.CheckConstraint(name="logbook_words_say_something", condition=Q(kind__in=["photo", "sound"]) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.headline}"

    @property
    def headline(self) -> str:
        """What a list says of it."""
        return " ".join(filter(None, [self.figure, self.text or self.alternative or self.transcript]))[:120]

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space if self.chantier else ""

    @property
    def meeting(self) -> Any:
        return self.material.meeting if self.material else None

    @property
    def is_shown(self) -> bool:
        """A photo whose copies may be shown; anything that is not a photo is shown as it is."""
        return self.treatment in {Treatment.NONE, Treatment.READY} and self.consent_ended_at is None

    @property
    def thumbnail(self) -> int:
        """The narrowest copy of a photo; 0 without one."""
        return min(self.widths, default=0) if self.kind == EntryKind.PHOTO and self.is_shown else 0

    def stored(self, name: str) -> str:
        """Where a copy is kept: `480.webp`, `sound.mp3`."""
        return f"logbook/{self.key.hex[:2]}/{self.key.hex}/{name}"


def day_of(material: Material) -> date:
    """The day of the meeting at which it was gathered."""
    from dialogue.ledger.clock import local_date

    return local_date(material.meeting.starts_at or material.at)
