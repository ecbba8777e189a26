"""What the machine found, run by run, and what people said of it. No text leaves the server (docs/adr/0023)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.models.contribution import Contribution
from dialogue.contributions.stages import ClusterStage, Likeness, RunStage, Verdict
from dialogue.territories.models import Territory, Theme


class AnalysisRunQuerySet(models.QuerySet["AnalysisRun"]):
    def visible_to(self, reader: Any) -> AnalysisRunQuerySet:
        """Figures without any text: the public page of the method shows them."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(stage=RunStage.DONE)


class AnalysisRun(models.Model):
    """One analysis of everything that stands: its version, its parameters, the quality that was measured."""

    version = models.CharField(max_length=64, blank=True, help_text="of the code and of the model")
    parameters = models.JSONField(default=dict)
    quality = models.JSONField(default=dict, help_text="measured on what people confirmed, grouped folds")
    texts = models.PositiveIntegerField(default=0)
    labelled = models.PositiveIntegerField(default=0, help_text="texts whose theme a person said")
    classified = models.PositiveIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=8, choices=RunStage, default=RunStage.WAITING)
    error = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(help_text="domain time")
    seconds = models.FloatField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="real time: the job is alive")

    objects = AnalysisRunQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.version}"


class TrainedModel(models.Model):
    """The model of a run (analysis.themes), apart from it: some megabytes."""

    run = models.OneToOneField(AnalysisRun, on_delete=models.CASCADE, primary_key=True, related_name="model")
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.run)


class Suggestion(models.Model):
    """What the machine thinks of one contribution. Never shown as a fact."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, primary_key=True, related_name="suggestion")
    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, null=True, related_name="+")
    #: [{"theme": code, "confidence": 0..1, "words": […]}], best first, three at most; empty: unclassified.
    themes = models.JSONField(default=list)
    #: [{"commune": INSEE code, "name": as written}], hints only.
    places = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.contribution_id)


class PairQuerySet(models.QuerySet["Pair"]):
    def visible_to(self, reader: Any) -> PairQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()


class Pair(models.Model):
    """Two contributions that resemble each other; `first` is the older one. A person says what they are to each other."""

    first = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="pairs_as_first")
    second = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="pairs_as_second")
    likeness = models.CharField(max_length=7, choices=Likeness, default=Likeness.COPY)
    score = models.FloatField(help_text="0 to 1")
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.WAITING)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="contributions_pair_once"),
            models.CheckConstraint(name="contributions_pair_of_two", condition=~Q(first=F("second"))),
        ]
        indexes = [models.Index(fields=["verdict", "-score"], name="contributions_pairs_waiting")]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.second_id}"

    @property
    def ledger_space(self) -> str:
        return self.first.ledger_space


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def visible_to(self, reader: Any) -> ClusterQuerySet:
        """Everyone reads those that a person named; the others, the coordination's, are the machine's alone."""
        rows = self.filter(stage=ClusterStage.LIVE)
        return self if getattr(reader, "is_coordination", False) else rows.filter(named_by__isnull=False)


class Cluster(models.Model):
    """A group of contributions that use the same words, within one theme × territory. Its number never changes hands."""

    number = models.PositiveIntegerField(unique=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="clusters")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="clusters")
    name = models.CharField(_("nom"), max_length=120, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    words = models.JSONField(default=list, help_text="telling words, c-TF-IDF")
    verbatims = models.JSONField(default=list, help_text="numbers of the three nearest contributions")
    stage = models.CharField(max_length=6, choices=ClusterStage, default=ClusterStage.LIVE)
    run = models.ForeignKey(AnalysisRun, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["theme", "territory", "number"]

    def __str__(self) -> str:
        return self.name or ", ".join(self.words[:3])

    @property
    def ledger_space(self) -> str:
        return f"regroupement/{self.number}"


class ClusterChange(models.Model):
    """What a split, a merge or a move did, so that it can be undone: contribution → cluster before."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField(default=dict, help_text="id of the contribution → id of its cluster before, or null")
    revived = models.JSONField(default=list, help_text="ids of the clusters to be live again")
    ended = models.JSONField(default=list, help_text="ids of the clusters that it made")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.at:%Y-%m-%d}"


class SecondReadingQuerySet(models.QuerySet["SecondReading"]):
    def visible_to(self, reader: Any) -> SecondReadingQuerySet:
        return self if getattr(reader, "is_coordination", False) else self.none()


class SecondReading(models.Model):
    """A sample read by a second person, who does not see what the first one said; their agreement is published."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, related_name="second_reading")
    first_theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    first_reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    drawn_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = SecondReadingQuerySet.as_manager()

    class Meta:
        ordering = ["drawn_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contributions_second_read",
                condition=Q(theme=None, read_at=None) | Q(theme__isnull=False, read_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.contribution_id)

    @property
    def ledger_space(self) -> str:
        return self.contribution.ledger_space
