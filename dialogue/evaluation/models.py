"""What is kept of an evaluation: the words and measures of a draft, its frozen versions, the anonymous survey, the year's edition."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable, groups_of
from dialogue.discussion.models import within_group
from dialogue.evaluation.stages import Choice, EvaluationStage, ProcessStage, SurveyStage
from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.stages import Circle


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, reader: Any) -> EvaluationQuerySet:
        """Its group and the coordination read the draft; once a version is published, its circle reads that version."""
        if getattr(reader, "is_coordination", False):
            return self
        published = circle_q(reader) & Q(published_at__isnull=False, chantier__in=Chantier.objects.visible_to(reader))
        return self.filter(Q(chantier__in=list(groups_of(reader))) | published)

    def published_to(self, reader: Any) -> EvaluationQuerySet:
        """Those of which the reader may read a published version."""
        return self.visible_to(reader).filter(published_at__isnull=False)


class Evaluation(models.Model):
    """One chantier measured against the first version of its roadmap. The ratings stand on the lines of that roadmap; here, the
    rest. What is read outside the group is always a version."""

    chantier = models.OneToOneField(Chantier, on_delete=models.PROTECT, related_name="evaluation")
    stage = models.CharField(max_length=10, choices=EvaluationStage, default=EvaluationStage.DRAFT)
    circle = models.CharField(_("qui pourra lire"), max_length=8, choices=Circle, default=Circle.PUBLIC)
    worked = models.TextField(_("ce qui a bien marché"), max_length=4000, blank=True)
    fell_short = models.TextField(_("ce qui n’a pas marché"), max_length=4000, blank=True)
    differently = models.TextField(_("ce que nous ferions autrement"), max_length=4000, blank=True)
    started_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    # Of the last version.
    published_at = models.DateTimeField(null=True, editable=False)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["chantier"]
        constraints = [
            models.CheckConstraint(name="evaluation_circle", condition=Q(circle__in=["partners", "public"])),
            models.CheckConstraint(
                name="evaluation_published_is_dated",
                condition=Q(stage="draft", published_at=None) | (~Q(stage="draft") & Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chantier}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    def get_absolute_url(self) -> str:
        return reverse("evaluation:chantier", args=[self.chantier.slug])

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        if getattr(reader, "is_coordination", False) or self.chantier_id in groups_of(reader):
            return True
        return self.published_at is not None and self.chantier.readable_by(reader) and circle_admits(reader, self.circle)


class Measure(models.Model):
    """What is said of one line besides its rating: when it was measured, and why it is so, in a sentence."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="measures")
    objective = models.OneToOneField(Objective, on_delete=models.CASCADE, null=True, related_name="measure")
    deliverable = models.OneToOneField(PlannedDeliverable, on_delete=models.CASCADE, null=True, related_name="measure")
    measured_on = models.DateField(_("mesuré le"), null=True, blank=True)
    why = models.CharField(_("pourquoi, en une phrase"), max_length=600, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evaluation_measure_of_one_line",
                condition=Q(objective=None, deliverable__isnull=False, measured_on=None)
                | Q(objective__isnull=False, deliverable=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.objective or self.deliverable}"


class EvaluationVersion(models.Model):
    """One published state, whole and frozen: page, table and PDF are made of `content`, `sha256` is its seal."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change_note = models.CharField(_("ce qui change et pourquoi"), max_length=500, blank=True)

    class Meta:
        ordering = ["evaluation", "-number"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_version_once")]

    def __str__(self) -> str:
        return f"{self.evaluation} · v{self.number}"


# The survey (docs/adr/0031) ----------------------------------------------------------------------------------------


class InsideQuerySet(models.QuerySet[Any]):
    """The group's: figures leave it within a published evaluation, and from five answers only."""

    def visible_to(self, reader: Any) -> Any:
        return self.filter(within_group(reader))


class Survey(models.Model):
    """A few fixed questions to everyone who speaks for a member, by single-use links; closed once, for good."""

    chantier = models.OneToOneField(Chantier, on_delete=models.PROTECT, related_name="survey")
    stage = models.CharField(max_length=6, choices=SurveyStage, default=SurveyStage.OPEN)
    opened_at = models.DateTimeField()
    closes_on = models.DateField(_("dernier jour pour répondre"))
    reminded_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Counted at the closing: the links are destroyed later.
    asked = models.PositiveIntegerField(default=0, editable=False)
    answered = models.PositiveIntegerField(default=0, editable=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = InsideQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                name="evaluation_survey_closing",
                condition=Q(stage="open", closed_at=None) | Q(stage="closed", closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluation_survey_counts", condition=Q(stage="open", answered=0) | Q(answered__lte=models.F("asked"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chantier}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    def days_left(self, today: date) -> int:
        return (self.closes_on - today).days


def nonce() -> str:
    return secrets.token_urlsafe(24)


class SurveyToken(models.Model):
    """Who was asked, and whether their link served: all that is known of who answered, in a table that no answer points to. No
    hour stands here, and the link cannot be written from a copy of the database alone (HMAC of the nonce under the site's key)."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="tokens")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=40, default=nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    used = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "person"], name="evaluation_asked_once")]

    def __str__(self) -> str:
        return f"{self.survey} · {self.pk}"

    @property
    def token(self) -> str:
        """The secret part of the address that is mailed."""
        return salted_hmac("evaluation.survey", self.nonce, algorithm="sha256").hexdigest()


def random_number() -> int:
    return secrets.randbelow(2**31 - 2) + 1


class SurveyAnswer(models.Model):
    """One answer to one question, tied to nobody, to no date, and to no other answer of the same person.

    The number is drawn at random, and is an `integer` on purpose: SQLite then has no hidden number of its own that grows with each
    row. All the answers of a survey are written anew, in another order, each time one comes (see dialogue/evaluation/urn.py).
    """

    number = models.IntegerField(primary_key=True, default=random_number, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=8)
    choice = models.CharField(max_length=6, choices=Choice, blank=True)
    text = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.CheckConstraint(name="evaluation_answer_says_one_thing", condition=Q(choice="") ^ Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.question}"


# The whole process -------------------------------------------------------------------------------------------------


class ProcessQuerySet(models.QuerySet["ProcessEvaluation"]):
    def visible_to(self, reader: Any) -> ProcessQuerySet:
        """The coordination prepares it; everybody reads what it published."""
        return self if getattr(reader, "is_coordination", False) else self.filter(published_at__isnull=False)


class ProcessEvaluation(models.Model):
    """The evaluation of the whole process for a year: the words of the coordination, until an edition freezes them with the rest."""

    year = models.PositiveSmallIntegerField(_("année"), unique=True)
    stage = models.CharField(max_length=9, choices=ProcessStage, default=ProcessStage.DRAFT)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    introduction = models.TextField(_("ce que cette évaluation regarde"), max_length=6000, blank=True)
    lessons = models.TextField(_("ce que nous en retenons"), max_length=6000, blank=True)
    edited_at = models.DateTimeField(null=True, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    published_at = models.DateTimeField(null=True, editable=False)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(name="evaluation_process_period", condition=Q(ends_on__gte=models.F("starts_on"))),
            models.CheckConstraint(
                name="evaluation_process_is_dated",
                condition=Q(stage="draft", published_at=None) | Q(stage="published", published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:edition", args=[self.year])


class ProcessEdition(models.Model):
    """A frozen state of a year's evaluation: public, whole, sealed. A correction is another edition."""

    process = models.ForeignKey(ProcessEvaluation, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change_note = models.CharField(_("ce qui change et pourquoi"), max_length=500, blank=True)

    class Meta:
        ordering = ["process", "-number"]
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="evaluation_edition_once")]

    def __str__(self) -> str:
        return f"{self.process} · {self.number}"
