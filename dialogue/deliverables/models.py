"""What the groups deliver. A new version is a new row with a number of its own: the address of the former one stays."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.deliverables.stages import LICENCE_URLS, OUT, Access, Finding, Licence, Stage, Verdict
from dialogue.documents.models import Version
from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.stages import Circle


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def visible_to(self, reader: Any) -> DeliverableQuerySet:
        """The group's until it is published, then its circle's; within the chantiers that the reader may read."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(circle_q(reader, groups=groups_of(reader)), chantier__in=Chantier.objects.visible_to(reader))

    def out(self) -> DeliverableQuerySet:
        """Those that were published, former versions included."""
        return self.filter(stage__in=OUT)

    def current(self) -> DeliverableQuerySet:
        """Published and not replaced."""
        return self.filter(stage=Stage.PUBLISHED)

    def for_list(self) -> DeliverableQuerySet:
        """What a line of a list of results needs (2 queries)."""
        rows = self.select_related("chantier__theme", "file", "accessible_file").prefetch_related("chantier__territories")
        return rows.defer("full_text", "chantier__search_text", "chantier__reason_text")


class Deliverable(models.Model):
    # Given when it is begun and never to another: it is in the address of the result.
    number = models.PositiveIntegerField(unique=True, editable=False)
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="deliverables")
    # The line of the roadmap (`PlannedDeliverable.key`), through the versions of both; one of its own when no line announced it.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, editable=False, related_name="replaced_by")
    stage = models.CharField(max_length=11, choices=Stage, default=Stage.IN_PROGRESS)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.GROUP)
    title = models.CharField(_("titre"), max_length=300)
    summary = models.TextField(_("résumé"), max_length=4000, blank=True)
    full_text = models.TextField(_("texte complet"), max_length=200_000, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    # Exact versions of documents: what the group agreed to is what is published, whatever comes to the library later.
    file = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    file_finding = models.CharField(max_length=8, choices=Finding, blank=True, editable=False)
    accessible_file = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    accessible_finding = models.CharField(max_length=8, choices=Finding, blank=True, editable=False)
    licence = models.CharField(_("licence"), max_length=12, choices=Licence, blank=True)
    licence_reason = models.CharField(_("raison"), max_length=500, blank=True)
    access = models.CharField(_("accès de tous"), max_length=7, choices=Access, blank=True)
    # Submitted: `round` grows each time.
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    deadline = models.DateTimeField(null=True, editable=False)
    validated_at = models.DateTimeField(null=True, editable=False)
    validated_by_silence = models.BooleanField(default=False, editable=False)
    # The meetings room is beside this one: number and day of the meeting are kept, not its row.
    meeting_number = models.PositiveSmallIntegerField(null=True, editable=False)
    meeting_on = models.DateField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_on = models.DateField(null=True, editable=False)
    abandon_motive = models.TextField(_("motif de l’abandon"), max_length=1000, blank=True)
    # Written when it is published, for the page of results.
    stems = models.TextField(blank=True, editable=False)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="domain time of the last act")

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["stage", "-published_on", "-number"], name="deliverables_latest")]
        constraints = [
            models.UniqueConstraint(fields=["chantier", "key", "version"], name="deliverables_version_once"),
            models.CheckConstraint(
                name="deliverables_first_replaces_none",
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="deliverables_out_says_all",
                condition=Q(
                    stage__in=OUT, published_at__isnull=False, published_on__isnull=False, circle__in=["partners", "public"]
                )
                & ~Q(licence="")
                & ~Q(access="")
                & ~Q(summary="")
                | ~Q(stage__in=OUT) & Q(published_at=None, published_on=None, circle="group"),
            ),
            models.CheckConstraint(
                name="deliverables_submitted_until", condition=~Q(stage="submitted") | Q(deadline__isnull=False)
            ),
            models.CheckConstraint(
                name="deliverables_abandoned_says_why",
                condition=Q(stage="abandoned") & ~Q(abandon_motive="") | ~Q(stage="abandoned") & Q(abandon_motive=""),
            ),
            models.CheckConstraint(
                name="deliverables_reserved_says_why", condition=~Q(licence="reserved") | ~Q(licence_reason="")
            ),
            models.CheckConstraint(
                name="deliverables_meeting_whole",
                condition=Q(meeting_number=None, meeting_on=None) | Q(meeting_number__isnull=False, meeting_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    @property
    def is_out(self) -> bool:
        return self.stage in OUT

    @property
    def licence_url(self) -> str:
        return LICENCE_URLS.get(Licence(self.licence), "") if self.licence else ""

    def readable_by(self, reader: Any) -> bool:
        in_group = self.chantier_id in groups_of(reader)
        return self.chantier.readable_by(reader) and circle_admits(reader, self.circle, in_group=in_group)

    def get_absolute_url(self) -> str:
        """Its page for those who read it once it is published; permanent."""
        return reverse("deliverables:result", args=[self.number])

    @property
    def group_url(self) -> str:
        """Its page in the group's space: that of its last version."""
        return reverse("deliverables:deliverable", args=[self.chantier.slug, self.key])


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, reader: Any) -> OpinionQuerySet:
        """The group's alone, also once the deliverable is published."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(deliverable__chantier__in=list(groups_of(reader)))


class Opinion(models.Model):
    """What a member said of a deliverable that was submitted, once for each time it was."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # For whom the person spoke that day, in that group; empty for the coordination.
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=6, choices=Verdict)
    reason = models.TextField(_("ce qui est à changer"), max_length=4000, blank=True)
    at = models.DateTimeField()

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "round", "person"], name="deliverables_one_opinion"),
            models.CheckConstraint(
                name="deliverables_change_says_why",
                condition=Q(verdict="agrees", reason="") | Q(verdict="change") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} · {self.person}"

    @property
    def ledger_space(self) -> str:
        return self.deliverable.chantier.ledger_space
