"""Propositions of the groups, and what services say of them. Numbers are for life; nothing that circulated is erased."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.stages import FINAL, VOTED_FOR, PropositionStage, Verdict
from dialogue.chantiers.models import Chantier, groups_of
from dialogue.meetings.models import Decision, Meeting
from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.models import Mandate, Organisation
from dialogue.people.stages import Circle


class PropositionQuerySet(models.QuerySet["Proposition"]):
    def visible_to(self, reader: Any) -> PropositionQuerySet:
        """Its circle, within the chantiers that the reader may read: the group's while drafted, the partners' once adopted by
        the group, everyone's once tabled."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(circle_q(reader, groups=groups_of(reader)), chantier__in=Chantier.objects.visible_to(reader))

    def for_list(self) -> PropositionQuerySet:
        """What a line of a list needs (2 queries with the territories)."""
        rows = self.select_related("chantier__theme", "session__calendar_date", "resolution", "adopted_at_meeting")
        return rows.prefetch_related("chantier__territories")

    def new_text_of(self, proposition: Proposition) -> PropositionQuerySet:
        """The text that the group writes, or wrote, in its place: one at most."""
        return self.filter(replaces=proposition).exclude(stage=PropositionStage.WITHDRAWN)

    def voted_for(self) -> PropositionQuerySet:
        """Adopted by the assembly, amended or not, and not yet in a pact nor left without follow-up."""
        return self.filter(stage__in=VOTED_FOR)


class Proposition(models.Model):
    """What a group asks the assembly to decide, drafted from its decisions. Its territories are those of its chantier."""

    number = models.PositiveIntegerField(_("numéro"), unique=True, editable=False)
    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="propositions")
    title = models.CharField(_("titre"), max_length=200)
    text = models.TextField(_("ce que le groupe propose de décider"), max_length=20_000)
    reasons = models.TextField(_("pourquoi"), max_length=6000, blank=True)
    expected_effect = models.TextField(_("effet attendu"), max_length=3000, blank=True)
    decisions = models.ManyToManyField(Decision, related_name="propositions", blank=True, verbose_name=_("décisions du groupe"))
    # The deliverable it carries on, by the key of its line in the roadmap; the title as it was then.
    deliverable_key = models.UUIDField(null=True, blank=True, editable=False)
    deliverable_title = models.CharField(max_length=300, blank=True, editable=False)
    estimated_cost = models.PositiveBigIntegerField(_("coût estimé"), null=True, blank=True, help_text=_("En euros."))
    stage = models.CharField(max_length=16, choices=PropositionStage, default=PropositionStage.DRAFTING)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.GROUP)
    adopted_at_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="propositions", editable=False
    )
    adopted_by_group_on = models.DateField(_("adoptée par le groupe le"), null=True, editable=False)
    submitted_on = models.DateField(_("à l’instruction depuis le"), null=True, editable=False)
    opinions_due_on = models.DateField(_("avis attendus pour le"), null=True, blank=True)
    # Grows each time it comes back from the assembly: opinions are asked anew.
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    session = models.ForeignKey(
        "assembly.AssemblySession", on_delete=models.PROTECT, null=True, blank=True, related_name="propositions", editable=False
    )
    # The délibération that settles it; those of the sessions that put it off are in `resolutions` too.
    resolution = models.OneToOneField(
        "assembly.Resolution", on_delete=models.PROTECT, null=True, blank=True, related_name="settles", editable=False
    )
    in_pact_on = models.DateField(_("inscrite au pacte le"), null=True, editable=False)
    closed_on = models.DateField(_("retirée ou sans suite le"), null=True, editable=False)
    motive = models.TextField(_("motif"), max_length=2000, blank=True, help_text=_("Du retrait ou de l’absence de suite."))
    # A proposition that came back, written anew: the one before is withdrawn when the group adopts this one. A new text that the
    # group gave up leaves room for another.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="new_texts", editable=False)
    # Two people who write at once are both heard (see acts).
    revision = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    edited_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = PropositionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["stage", "number"], name="assembly_by_stage")]
        constraints = [
            models.CheckConstraint(name="assembly_draft_is_the_groups", condition=~Q(stage__in=["drafting"]) | Q(circle="group")),
            models.CheckConstraint(
                name="assembly_group_adopts_at_a_meeting",
                condition=Q(stage__in=["drafting", "withdrawn"])
                | Q(adopted_at_meeting__isnull=False, adopted_by_group_on__isnull=False),
            ),
            models.CheckConstraint(
                name="assembly_out_of_the_group",
                condition=Q(stage__in=["drafting", "withdrawn"]) | ~Q(circle="group"),
            ),
            models.CheckConstraint(
                name="assembly_tabled_has_session",
                condition=Q(stage__in=["drafting", "adopted_by_group", "under_review", "withdrawn"]) | Q(session__isnull=False),
            ),
            models.CheckConstraint(
                name="assembly_settled_has_resolution",
                condition=Q(
                    stage__in=["adopted", "adopted_amended", "rejected", "in_pact", "no_follow_up"], resolution__isnull=False
                )
                | (~Q(stage__in=["adopted", "adopted_amended", "rejected", "in_pact", "no_follow_up"]) & Q(resolution=None)),
            ),
            models.CheckConstraint(
                name="assembly_in_pact_is_dated",
                condition=Q(stage="in_pact", in_pact_on__isnull=False) | (~Q(stage="in_pact") & Q(in_pact_on=None)),
            ),
            models.CheckConstraint(
                name="assembly_end_says_why",
                condition=(Q(stage__in=["withdrawn", "no_follow_up"], closed_on__isnull=False) & ~Q(motive=""))
                | (~Q(stage__in=["withdrawn", "no_follow_up"]) & Q(closed_on=None, motive="")),
            ),
            models.CheckConstraint(name="assembly_replaces_another", condition=~Q(replaces=F("id"))),
            models.UniqueConstraint(fields=["replaces"], condition=~Q(stage="withdrawn"), name="assembly_one_new_text"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assembly:proposition", args=[self.number])

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    @property
    def label(self) -> str:
        return f"P{self.number}"

    @property
    def is_final(self) -> bool:
        return self.stage in FINAL

    @property
    def shown_circle(self) -> str:
        """Never wider than the chantier's, which may have narrowed since."""
        return Circle.PARTNERS if self.circle == Circle.PUBLIC and self.chantier.circle != Circle.PUBLIC else self.circle

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        in_group = self.chantier_id in groups_of(reader)
        return self.chantier.readable_by(reader) and circle_admits(reader, self.circle, in_group=in_group)

    def days_waiting(self, today: date) -> int:
        """Days in instruction since it was sent there."""
        return (today - self.submitted_on).days if self.submitted_on else 0


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, reader: Any) -> OpinionQuerySet:
        """Opinions prepare the vote: read by the group, the coordination, the assembly's secretariat and the service asked."""
        if getattr(reader, "is_coordination", False) or getattr(reader, "is_secretariat", False):
            return self
        rows = Q(proposition__chantier__in=list(groups_of(reader)))
        if getattr(reader, "is_partner", False) and getattr(reader, "pk", None):
            rows |= Q(service__in=Mandate.objects.open().filter(person_id=reader.pk).values("organisation"))
        return self.filter(rows)

    def awaited(self) -> OpinionQuerySet:
        return self.filter(verdict="")


class Opinion(models.Model):
    """What a service says of a proposition in instruction; without verdict while it is awaited."""

    proposition = models.ForeignKey(Proposition, on_delete=models.PROTECT, related_name="opinions")
    service = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("service"))
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    asked_at = models.DateTimeField(editable=False)
    verdict = models.CharField(_("avis"), max_length=17, choices=Verdict, blank=True)
    text = models.TextField(_("ce que dit le service"), max_length=6000, blank=True)
    cost = models.PositiveBigIntegerField(_("coût selon le service"), null=True, blank=True, help_text=_("En euros."))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    given_at = models.DateTimeField(null=True, editable=False)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["-round", "service__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposition", "service", "round"], name="assembly_one_opinion_each"),
            models.CheckConstraint(
                name="assembly_opinion_is_dated",
                condition=Q(verdict="", given_at=None) | (~Q(verdict="") & Q(given_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="assembly_reservation_says_why", condition=Q(verdict__in=["", "favourable"]) | ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.proposition}"

    @property
    def chantier(self) -> Chantier:
        return self.proposition.chantier

    @property
    def ledger_space(self) -> str:
        return self.proposition.ledger_space
