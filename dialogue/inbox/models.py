"""Incoming mail: what was received, whole, and what became of it."""

from __future__ import annotations

import zlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Representative
from dialogue.chantiers.stages import OFFICERS
from dialogue.discussion.models import Comment, Thread
from dialogue.inbox.stages import MailStage, Reason, Way
from dialogue.meetings.models import Meeting


class MailQuerySet(models.QuerySet["Mail"]):
    def visible_to(self, reader: Any) -> MailQuerySet:
        """The coordination's; of a chantier, also those who answer for it (sponsor, lead directorate). Nobody else's, not even
        the rest of the group: a mail says more than what its sender meant for all."""
        if getattr(reader, "is_coordination", False):
            return self
        if not getattr(reader, "is_partner", False) or not getattr(reader, "pk", None):
            return self.none()
        seats = Representative.objects.active().filter(person_id=reader.pk, member__role__in=OFFICERS)
        return self.filter(chantier__in=seats.values("member__chantier_id"))

    def to_file(self) -> MailQuerySet:
        return self.filter(stage=MailStage.TO_FILE)

    def due(self) -> MailQuerySet:
        """To sort now, oldest first: one indexed query, asked every second."""
        return self.filter(stage=MailStage.RECEIVED, next_attempt_at__lte=timezone.now()).order_by("next_attempt_at", "pk")


class Mail(models.Model):
    """One mail to one of our addresses. It is committed, with its `Original`, before the sender's server is told 250."""

    # The same mail handed over again, by whatever way, is this row (dialogue/inbox/reception.py).
    key = models.CharField(max_length=64, unique=True)
    via = models.CharField(max_length=7, choices=Way)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320)
    at = models.DateTimeField(help_text="domain time")
    # Delivery is real time.
    received_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveIntegerField(help_text="bytes")
    stage = models.CharField(max_length=9, choices=MailStage, default=MailStage.RECEIVED)
    reason = models.CharField(max_length=14, choices=Reason, blank=True)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    # Read in it when it was sorted.
    message_id = models.CharField(max_length=255, blank=True, db_index=True)
    sender = models.CharField(_("expéditeur"), max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(_("objet"), max_length=300, blank=True)
    text = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    # Of each file: its name, its content type, its size in bytes, whether it became a document ("kept").
    attachments = models.JSONField(default=list, blank=True)
    # The address of which a notice of non-delivery speaks.
    bounced = models.CharField(max_length=254, blank=True)
    # What it concerns, proposed by the machine as long as it waits; what it became.
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    motive = models.CharField(_("motif"), max_length=1000, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["stage", "next_attempt_at"], name="inbox_to_sort"),
            models.Index(fields=["chantier", "stage", "-at"], name="inbox_queue"),
            models.Index(fields=["sender", "received_at"], name="inbox_sender"),
            models.Index(fields=["bounced", "received_at"], name="inbox_bounced"),
        ]
        constraints = [
            models.CheckConstraint(name="inbox_comment_is_posted", condition=Q(comment=None) | Q(stage="posted")),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("(sans objet)"))

    @property
    def who(self) -> str:
        return self.sender_name or self.sender or str(_("expéditeur inconnu"))

    @property
    def addressed(self) -> str:
        """To whom it was written, in words: a reply address is as good as a key, and is shown to nobody."""
        return str(_("une adresse de réponse")) if self.envelope_to.lower().startswith("reply") else self.envelope_to

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space if self.chantier else ""


class OriginalQuerySet(models.QuerySet["Original"]):
    def visible_to(self, reader: Any) -> OriginalQuerySet:
        return self.filter(mail__in=Mail.objects.visible_to(reader))


class Original(models.Model):
    """The mail as it came, byte for byte, compressed. A row, not a file: mail and bytes are one commit, and one backup."""

    mail = models.OneToOneField(Mail, on_delete=models.CASCADE, related_name="original")
    packed = models.BinaryField()

    objects = OriginalQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.mail)

    @property
    def raw(self) -> bytes:
        return zlib.decompress(bytes(self.packed))
