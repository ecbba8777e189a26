"""The outbox: letters are rows of the act's own transaction; a worker delivers them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.mailer.kinds import Frequency, Mode


class LetterStage(models.TextChoices):
    QUEUED = "queued", _("à envoyer")
    SENDING = "sending", _("en cours d’envoi")
    SENT = "sent", _("envoyé")
    DIGESTED = "digested", _("mis dans un résumé")
    FAILED = "failed", _("non envoyé")
    DROPPED = "dropped", _("abandonné")


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, reader: Any) -> LetterQuerySet:
        """Letters are their reader's; of the others', the coordination sees those that could not be sent."""
        if not getattr(reader, "pk", None):
            return self.none()
        own = Q(person_id=reader.pk)
        return self.filter(own | Q(stage=LetterStage.FAILED) if getattr(reader, "is_coordination", False) else own)

    def failed(self) -> LetterQuerySet:
        return self.filter(stage=LetterStage.FAILED)

    def due(self) -> LetterQuerySet:
        """To send now: one indexed query, asked every second. A code does not wait behind a thousand convocations."""
        rows = self.filter(stage=LetterStage.QUEUED, mode=Mode.IMMEDIATE, next_attempt_at__lte=timezone.now())
        return rows.order_by("-mandatory", "next_attempt_at", "pk")

    def waiting_for_digest(self) -> LetterQuerySet:
        return self.filter(stage=LetterStage.QUEUED, mode=Mode.DIGEST)


class Letter(models.Model):
    """One mail to one address. `message_id` is fixed when the row is written: a second delivery is the same mail."""

    kind = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters")
    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=2, default="fr")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    space = models.CharField(max_length=120, blank=True)
    thread = models.CharField(max_length=200, blank=True)
    dedupe = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    # An invitation (RFC 6047): the calendar, and the METHOD that its part of the mail says.
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    # The machine answers a mail (RFC 3834): its Message-ID; such an answer has an empty envelope sender, so that nothing answers it.
    automatic = models.BooleanField(default=False)
    answers = models.CharField(max_length=255, blank=True)
    mandatory = models.BooleanField(default=False)
    # Leaves during silent hours too: a convocation for tomorrow.
    urgent = models.BooleanField(default=False)
    mode = models.CharField(max_length=9, choices=Mode, default=Mode.IMMEDIATE)
    stage = models.CharField(max_length=8, choices=LetterStage, default=LetterStage.QUEUED)
    # Domain time for readers; everything about delivery is real time.
    written_at = models.DateTimeField()
    queued_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    # The digest that carried this letter.
    gathered_in = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="gathered")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["queued_at", "pk"]
        indexes = [
            models.Index(fields=["stage", "mode", "next_attempt_at"], name="mailer_to_send"),
            models.Index(fields=["person", "mode", "stage"], name="mailer_digest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "address", "dedupe"], condition=~Q(dedupe=""), name="mailer_never_twice")
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"


class ChoiceQuerySet(models.QuerySet["Choice"]):
    def visible_to(self, reader: Any) -> ChoiceQuerySet:
        """What someone chose is nobody else's business."""
        return self.filter(person_id=reader.pk) if getattr(reader, "pk", None) else self.none()


class Choice(models.Model):
    """What a person chose, kept apart from the defaults; `space` narrows it to one group."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=60)
    space = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=9, choices=Mode)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "space"], name="mailer_one_choice")]

    def __str__(self) -> str:
        return f"{self.kind} {self.space}: {self.mode}"


class Rhythm(models.Model):
    """How often a person wants the digest, weekly for someone who chose nothing; and whether mail waits for the morning."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_rhythm")
    frequency = models.CharField(max_length=6, choices=Frequency, default=Frequency.WEEKLY)
    quiet = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.frequency}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def visible_to(self, reader: Any) -> SuspensionQuerySet:
        """The coordination sees them all; a person, the one of their own address."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(address=reader.email.lower()) if getattr(reader, "pk", None) else self.none()


class Suspension(models.Model):
    """An address that refused our mail: nothing is sent there until someone lifts it."""

    address = models.EmailField(max_length=254, unique=True)
    reason = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField(auto_now_add=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.address


class SoftBounce(models.Model):
    """A refusal "for now" of an address (mailbox full…): three in ten days suspend it."""

    address = models.EmailField(max_length=254)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="mailer_soft_bounces")]

    def __str__(self) -> str:
        return f"{self.address} {self.status}"


class PeriodicRun(models.Model):
    """When a periodic function last began and ended (real time); claimed by a conditional UPDATE."""

    name = models.CharField(max_length=200, primary_key=True)
    last_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """A worker that runs, and when it last said so (real time)."""

    worker = models.CharField(max_length=60, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker
