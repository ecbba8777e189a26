"""A contribution: what someone said, where, on what; and what became of it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.models.campaign import Campaign
from dialogue.contributions.stages import STANDING, TO_SORT, Naming, Nature, Outcome, Stage, ThemeSource, Via
from dialogue.files.stages import Scan
from dialogue.fulltext.match import StemsField
from dialogue.fulltext.query import Query
from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.models import Organisation
from dialogue.people.stages import Circle
from dialogue.territories.models import Commune, Territory, Theme

#: A text is kept to this length: some twenty pages.
MAX_TEXT = 50_000


def secret_key() -> str:
    """The unguessable part of a tracking link: 192 bits."""
    return secrets.token_urlsafe(24)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def visible_to(self, reader: Any) -> ContributionQuerySet:
        """What is published, in its circle; one's own; the coordination reads all, but for the drafts of others.

        One whose author did not agree to publication is in the narrowest circle: there is no group, so the coordination's.
        """
        own = Q(person_id=reader.pk) if getattr(reader, "pk", None) else Q(pk__in=[])
        if getattr(reader, "is_coordination", False):
            return self.filter(~Q(stage=Stage.DRAFT) | own)
        return self.filter((Q(is_published=True) & circle_q(reader)) | own)

    def published_to(self, reader: Any) -> ContributionQuerySet:
        """As `visible_to`, less what only its author sees: for lists and counts."""
        if getattr(reader, "is_coordination", False):
            return self.filter(stage__in=STANDING)
        return self.filter(circle_q(reader), is_published=True)

    def standing(self) -> ContributionQuerySet:
        return self.filter(stage__in=STANDING)

    def to_sort(self) -> ContributionQuerySet:
        return self.filter(stage__in=TO_SORT)

    def matching(self, query: Query, *, row_by_row: bool = False) -> ContributionQuerySet:
        """The full text of `query` (fulltext.query), accents, plurals, elisions and conjugations aside."""
        rows = self.filter(words__stems__match=replace(query.terms(), row_by_row=row_by_row))
        for phrase in query.phrases:
            rows = rows.filter(words__stems__contains=f" {' '.join(phrase)} ")
        for phrase in query.phrases_without:
            rows = rows.exclude(words__stems__contains=f" {' '.join(phrase)} ")
        return rows

    def for_list(self) -> ContributionQuerySet:
        """What a line of a list needs, in one query."""
        return self.select_related("theme", "territory", "commune", "campaign").defer("author_email", "author_phone")


class Contribution(models.Model):
    number = models.PositiveIntegerField(unique=True, help_text="what people quote: n° 1 284")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("campagne"))
    nature = models.CharField(_("de quoi s’agit-il ?"), max_length=10, choices=Nature, blank=True)
    title = models.CharField(_("en une phrase"), max_length=200)
    text = models.TextField(_("texte"), max_length=MAX_TEXT, blank=True)
    audiences = models.JSONField(_("qui est concerné ?"), default=list, blank=True, help_text="codes of stages.Audience")
    # Where: the territory follows from the commune when there is one.
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name=_("territoire")
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name=_("commune")
    )
    place = models.CharField(_("lieu"), max_length=120, blank=True, help_text="as the author or the file wrote it")
    # On what: said by a person. What the machine thinks stays apart, until a person confirms it.
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name=_("thème")
    )
    second_theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("second thème")
    )
    theme_source = models.CharField(max_length=6, choices=ThemeSource, blank=True, default=ThemeSource.NONE)
    suggested_theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    doubt = models.FloatField(null=True, editable=False, help_text="1 less the margin between the two best themes, 0 to 1")
    cluster = models.ForeignKey(
        "contributions.Cluster", on_delete=models.SET_NULL, null=True, related_name="contributions", editable=False
    )
    # Who. Address and telephone are never shown.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="contributions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="contributions")
    organisation_name = models.CharField(_("organisme"), max_length=160, blank=True)
    author_name = models.CharField(_("nom"), max_length=120, blank=True)
    author_email = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    author_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    author_key = models.CharField(max_length=64, help_text="tells authors apart, so that they are counted apart from texts")
    naming = models.CharField(_("sous quel nom ?"), max_length=12, choices=Naming, default=Naming.ANONYMOUS)
    shown_name = models.CharField(max_length=160, blank=True, help_text="the name that readers see; empty: none")
    may_publish = models.BooleanField(_("l’auteur accepte la publication"), default=False)
    wants_news = models.BooleanField(_("prévenir si un chantier s’ouvre sur ce sujet"), default=False)
    email_proven_at = models.DateTimeField(null=True, editable=False)
    mail_stopped_at = models.DateTimeField(null=True, editable=False, help_text="an author without an account wants no more letters")
    # How it came.
    via = models.CharField(max_length=6, choices=Via, default=Via.PAGE)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(
        "contributions.ImportBatch", on_delete=models.PROTECT, null=True, related_name="contributions", editable=False
    )
    external_id = models.CharField(max_length=120, blank=True, editable=False, help_text="its name where it was imported from")
    written_at = models.DateTimeField(help_text="domain time: when its author wrote it")
    received_at = models.DateTimeField(null=True, help_text="domain time: when it reached the platform")
    # Where it stands.
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.DRAFT)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.GROUP)
    is_published = models.BooleanField(default=False)
    motive = models.TextField(_("motif"), max_length=2000, blank=True, help_text="of to_complete and inadmissible")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(_("réponse"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    due_on = models.DateField(null=True, help_text="the answer is promised by then")
    # Several agents at once: who has it open, since when (real time); what a form was made from.
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    held_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    qualified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    qualified_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=40, unique=True, default=secret_key, editable=False, help_text="of the tracking link")

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-number"]
        indexes = [
            models.Index(fields=["stage", "due_on"], name="contributions_due"),
            models.Index(
                fields=["-doubt", "number"], name="contributions_to_sort", condition=Q(stage__in=["received", "admissible"])
            ),
            models.Index(fields=["-written_at", "-number"], name="contributions_latest"),
            # All that the explorer counts, so that it reads the index alone.
            models.Index(
                fields=["circle", "theme", "territory", "nature", "campaign", "outcome", "author_key"],
                name="contributions_explored",
                condition=Q(is_published=True),
            ),
            models.Index(fields=["author_key"], name="contributions_author"),
            # What the overview of the sorting counts.
            models.Index(fields=["campaign", "stage"], name="contributions_counted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "external_id"], condition=~Q(external_id=""), name="contributions_external_once"
            ),
            models.CheckConstraint(
                name="contributions_merged_says_into",
                condition=Q(stage="merged", merged_into__isnull=False) | (~Q(stage="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="contributions_motive_given", condition=~Q(stage__in=["to_complete", "inadmissible"]) | ~Q(motive="")
            ),
            models.CheckConstraint(
                name="contributions_answered", condition=~Q(stage="answered") | (Q(answered_at__isnull=False) & ~Q(outcome=""))
            ),
            models.CheckConstraint(
                name="contributions_published_stands",
                condition=Q(is_published=False) | ~Q(stage__in=["draft", "inadmissible", "withdrawn", "merged", "to_complete"]),
            ),
            models.CheckConstraint(
                name="contributions_received_has_date", condition=Q(stage="draft") | Q(received_at__isnull=False)
            ),
            models.CheckConstraint(
                name="contributions_theme_has_source",
                condition=Q(theme=None, theme_source="") | (Q(theme__isnull=False) & ~Q(theme_source="")),
            ),
            models.CheckConstraint(name="contributions_consent", condition=Q(may_publish=True) | Q(circle="group")),
            models.CheckConstraint(
                name="contributions_held",
                condition=Q(held_by=None, held_at=None) | Q(held_by__isnull=False, held_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return f"contribution/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("portal:contribution", args=[self.number])

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        own = getattr(reader, "pk", None) is not None and self.person_id == reader.pk
        if getattr(reader, "is_coordination", False):
            return own or self.stage != Stage.DRAFT
        return own or (self.is_published and circle_admits(reader, self.circle))

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today and self.stage in STANDING and self.stage != Stage.ANSWERED


class ContributionWords(models.Model):
    """The stems of a contribution, apart from it: the full-text index follows this narrow table (fulltext.tables)."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True, related_name="words")
    title_stems = models.TextField(blank=True)
    stems = StemsField(blank=True)

    words_table = "contributions_index"

    class Meta:
        db_table = "contributions_words"
        verbose_name_plural = "contribution words"

    def __str__(self) -> str:
        return str(self.contribution_id)


class SupportQuerySet(models.QuerySet["Support"]):
    def visible_to(self, reader: Any) -> SupportQuerySet:
        """Organisations that support are shown with the contribution; who signed for them is the coordination's."""
        return self.filter(contribution__in=Contribution.objects.visible_to(reader))

    def confirmed(self) -> SupportQuerySet:
        return self.filter(confirmed_at__isnull=False)


class Support(models.Model):
    """ "Soutenir celle-ci": an organisation, or a person, says the same rather than writing it again."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    organisation_name = models.CharField(_("organisme"), max_length=160, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    author_email = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    author_key = models.CharField(max_length=64)
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="the address was proven")

    objects = SupportQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["contribution", "author_key"], name="contributions_support_once")]

    def __str__(self) -> str:
        return self.organisation_name or str(self.organisation or "")

    @property
    def ledger_space(self) -> str:
        return self.contribution.ledger_space


def stored_name(attachment: Attachment, filename: str) -> str:
    """Where a file is kept: nothing of its own name, nothing that could be guessed."""
    return f"contributions/{attachment.key.hex[:2]}/{attachment.key.hex}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, reader: Any) -> AttachmentQuerySet:
        return self.filter(contribution__in=Contribution.objects.visible_to(reader))


class Attachment(models.Model):
    """A file that goes with a contribution, judged by its content."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="attachments")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=stored_name, max_length=200)
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100, help_text="judged by content")
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=9, choices=Scan, default=Scan.WAITING)
    added_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contribution", "sha256"], name="contributions_file_once")]

    def __str__(self) -> str:
        return self.filename

    @property
    def ledger_space(self) -> str:
        return self.contribution.ledger_space

    @property
    def is_handed_out(self) -> bool:
        return self.scan in {Scan.CLEAN, Scan.UNCHECKED}
