"""The agenda (ordre du jour), the answers to the convocation, the attendance."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.discussion.models import within_group
from dialogue.discussion.stages import Via
from dialogue.meetings.models.meeting import Meeting
from dialogue.meetings.stages import ItemKind, ItemState, Presence, Rsvp


class InsideQuerySet(models.QuerySet):
    """What is inside a meeting: its group's alone."""

    def visible_to(self, reader: Any) -> Any:
        return self.filter(within_group(reader, "meeting__chantier"))


class Inside(models.Model):
    """Something of a meeting (`meeting` is declared by each model)."""

    objects = InsideQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def chantier(self) -> Any:
        return self.meeting.chantier  # type: ignore[attr-defined]

    @property
    def ledger_space(self) -> str:
        return self.meeting.ledger_space  # type: ignore[attr-defined]


class AgendaItem(Inside):
    """A timed item, and the notes taken on it in session."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("intitulé"), max_length=200)
    kind = models.CharField(_("nature"), max_length=11, choices=ItemKind, default=ItemKind.DISCUSSION)
    planned_minutes = models.PositiveSmallIntegerField(_("durée prévue"), null=True, blank=True, help_text="minutes")
    owner = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("qui présente")
    )
    documents = models.ManyToManyField(
        "documents.Document", blank=True, related_name="agenda_items", verbose_name=_("à lire avant")
    )
    state = models.CharField(max_length=7, choices=ItemState, default=ItemState.TO_DO)
    carried_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to")
    # A remark on former minutes that was to be discussed in session.
    remark = models.OneToOneField(
        "discussion.Comment", on_delete=models.SET_NULL, null=True, blank=True, related_name="agenda_item"
    )
    # Plain text: paragraphs, lines that begin with "- ". `revision` grows at each save: two people who write are both heard.
    notes = models.TextField(_("notes"), max_length=50_000, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    edited_at = models.DateTimeField(null=True, editable=False)
    # The save that gave this revision: sent again after a lost answer, it is recognised.
    saved_key = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class NotesConflict(models.Model):
    """The text of someone who wrote at the same time as another: kept beside the item until a person has put both together."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="conflicts")
    text = models.TextField()
    base_revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The save that brought it, sent again after a lost answer, is recognised.
    client_key = models.UUIDField(unique=True, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.item} · {self.at:%H:%M}"

    @property
    def chantier(self) -> Any:
        return self.item.meeting.chantier

    @property
    def ledger_space(self) -> str:
        return self.item.meeting.ledger_space


class Answer(Inside):
    """A person's answer to the convocation: one truth, whether it came from the page or from the mail client."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rsvp = models.CharField(_("réponse"), max_length=9, choices=Rsvp)
    replaced_by = models.CharField(_("par qui"), max_length=200, blank=True)
    comment = models.CharField(_("remarque"), max_length=500, blank=True)
    via = models.CharField(max_length=4, choices=Via, default=Via.PAGE)
    at = models.DateTimeField()
    # DTSTAMP and SEQUENCE of the reply (RFC 5546): an older reply never undoes a newer one.
    stamped_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="meetings_answered_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.rsvp}"


class Attendance(Inside):
    """An organisation at a meeting; hours only when it came late or left early."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(_("présence"), max_length=11, choices=Presence, blank=True, default=Presence.UNKNOWN)
    # Names of those who came, as said on the sheet.
    people = models.CharField(_("qui est venu"), max_length=300, blank=True)
    represented_by = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("représenté par")
    )
    represented_by_name = models.CharField(_("ou par"), max_length=200, blank=True)
    arrived_at = models.TimeField(_("arrivé à"), null=True, blank=True)
    left_at = models.TimeField(_("parti à"), null=True, blank=True)

    class Meta:
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "organisation"], name="meetings_attends_once"),
            models.CheckConstraint(
                name="meetings_represented_says_by",
                condition=~Q(presence="represented") | Q(represented_by__isnull=False) | ~Q(represented_by_name=""),
            ),
            models.CheckConstraint(
                name="meetings_left_after_arrival",
                condition=Q(arrived_at=None) | Q(left_at=None) | Q(left_at__gt=F("arrived_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.presence}"


class Reminder(Inside):
    """When the group is reminded: hours before the start, so that it moves with the meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders")
    hours_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # The SEQUENCE reminded: a meeting that moved is reminded again.
    sent_sequence = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-hours_before"]
        constraints = [models.UniqueConstraint(fields=["meeting", "hours_before"], name="meetings_reminder_once")]

    def __str__(self) -> str:
        return f"{self.meeting} − {self.hours_before} h"
