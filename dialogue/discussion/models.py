"""Threads of a group and what is said in them; always the group's alone (product.md, "Circles")."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, PlannedDeliverable, Roadmap, groups_of
from dialogue.discussion.stages import Outcome, Subject, Via


def within_group(reader: Any, path: str = "chantier") -> Q:
    """Rows of the chantiers whose space the reader enters: the coordination's all, a member's own groups."""
    if getattr(reader, "is_coordination", False):
        return Q()
    return Q(**{f"{path}__in": list(groups_of(reader))})


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, reader: Any) -> ThreadQuerySet:
        return self.filter(within_group(reader))


class Thread(models.Model):
    """A talk of the group, or the remarks on one thing. Documents and minutes, in the rooms above, point to their thread."""

    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="threads")
    subject = models.CharField(max_length=11, choices=Subject, default=Subject.GROUP)
    title = models.CharField(_("sujet"), max_length=200)
    roadmap = models.OneToOneField(Roadmap, on_delete=models.PROTECT, null=True, blank=True, related_name="thread")
    deliverable = models.OneToOneField(PlannedDeliverable, on_delete=models.PROTECT, null=True, blank=True, related_name="thread")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="domain time of the last comment, or of the start")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="no comment any more")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-pk"]
        indexes = [models.Index(fields=["chantier", "subject", "-last_at"], name="discussion_recent")]
        constraints = [
            models.CheckConstraint(
                name="discussion_thread_of_what_it_says",
                condition=Q(subject="roadmap", roadmap__isnull=False, deliverable=None)
                | Q(subject="deliverable", roadmap=None, deliverable__isnull=False)
                | Q(subject__in=["group", "document", "minutes"], roadmap=None, deliverable=None),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, reader: Any) -> CommentQuerySet:
        """Hidden ones stay in their place with the motive; their text is for the moderators (see the views)."""
        return self.filter(within_group(reader, "thread__chantier"))


class Comment(models.Model):
    """One message of a thread. On minutes, roadmap, document or deliverable it is a remark, and gets an outcome."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    # For whom the author spoke that day, in that group; empty for the coordination.
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    via = models.CharField(max_length=4, choices=Via, default=Via.PAGE)
    text = models.TextField(_("message"), max_length=20_000, blank=True)
    # What a mail carried besides: quoted text, signature. Shown folded, never lost.
    folded = models.TextField(blank=True)
    # A form or a mail sent twice says the same thing once.
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The passage: a stable key of the part ("item-12", "objective-<uuid>") and the words chosen in it, kept even when they change.
    passage_key = models.CharField(max_length=80, blank=True)
    passage_text = models.CharField(_("passage"), max_length=600, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hidden_motive = models.CharField(_("motif"), max_length=500, blank=True)
    # Empty in the group's own talk.
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.TextField(_("réponse"), max_length=2000, blank=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="discussion_hidden_says_why",
                condition=Q(hidden_at=None, hidden_motive="") | (Q(hidden_at__isnull=False) & ~Q(hidden_motive="")),
            ),
            models.CheckConstraint(name="discussion_not_kept_says_why", condition=~Q(outcome="not_kept") | ~Q(outcome_reason="")),
            models.CheckConstraint(
                name="discussion_outcome_is_dated",
                condition=Q(outcome__in=["", "open"], outcome_at=None)
                | (~Q(outcome__in=["", "open"]) & Q(outcome_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread} · {self.pk}"

    @property
    def chantier(self) -> Chantier:
        return self.thread.chantier

    @property
    def ledger_space(self) -> str:
        return self.thread.chantier.ledger_space


class FormerText(models.Model):
    """What a comment said before it was edited."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="former_texts")
    text = models.TextField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return f"{self.comment} · {self.until:%Y-%m-%d %H:%M}"


class Mention(models.Model):
    """A member named in a comment, who is told."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="discussion_mention_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.comment}"


class Subscription(models.Model):
    """A person's own choice about one thread: follow it, or not any more. Without a row, the choice for the group counts."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="subscriptions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    follows = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="discussion_subscribe_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.thread}"
