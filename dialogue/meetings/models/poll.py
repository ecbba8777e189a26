"""The date poll: some dates, a deadline, an answer for each person, by link and without an account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models.member import invitation_nonce
from dialogue.discussion.models import within_group
from dialogue.meetings.models.meeting import Meeting
from dialogue.meetings.stages import Available


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, reader: Any) -> PollQuerySet:
        return self.filter(within_group(reader, "meeting__chantier"))


class Poll(models.Model):
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="poll")
    deadline = models.DateTimeField(_("réponse attendue avant"))
    message = models.TextField(_("message"), max_length=1000, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    everyone_told_at = models.DateTimeField(null=True, blank=True, help_text="« tout le monde a répondu » was sent")

    objects = PollQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.meeting}"

    @property
    def chantier(self) -> Any:
        return self.meeting.chantier

    @property
    def ledger_space(self) -> str:
        return self.meeting.ledger_space


class PollOption(models.Model):
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "starts_at", "ends_at"], name="meetings_option_once"),
            models.UniqueConstraint(fields=["poll"], condition=Q(chosen=True), name="meetings_one_option_chosen"),
            models.CheckConstraint(name="meetings_option_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def chantier(self) -> Any:
        return self.poll.meeting.chantier

    @property
    def ledger_space(self) -> str:
        return self.poll.ledger_space


class PollInvitee(models.Model):
    """Someone asked: a member, or an address without an account."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="invitees")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    email = models.EmailField(_("adresse électronique"), max_length=254)
    name = models.CharField(_("nom"), max_length=200, blank=True)
    # As for invitations: an HMAC of the nonce, so that the reminder bears the same link and a copy of the database opens nothing.
    nonce = models.CharField(max_length=40, default=invitation_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(_("remarque"), max_length=500, blank=True)

    class Meta:
        ordering = ["name", "email", "pk"]
        constraints = [models.UniqueConstraint(fields=["poll", "email"], name="meetings_asked_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def chantier(self) -> Any:
        return self.poll.meeting.chantier

    @property
    def ledger_space(self) -> str:
        return self.poll.ledger_space

    @property
    def token(self) -> str:
        """The secret part of the address that is mailed."""
        return salted_hmac("meetings.poll", self.nonce, algorithm="sha256").hexdigest()


class PollAnswer(models.Model):
    invitee = models.ForeignKey(PollInvitee, on_delete=models.CASCADE, related_name="answers")
    option = models.ForeignKey(PollOption, on_delete=models.CASCADE, related_name="answers")
    available = models.CharField(max_length=10, choices=Available)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitee", "option"], name="meetings_answer_once")]

    def __str__(self) -> str:
        return f"{self.invitee} · {self.option}: {self.available}"
