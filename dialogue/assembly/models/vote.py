"""Sessions of the assembly and what it decided. The platform records votes, it never runs them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models.proposition import Proposition
from dialogue.assembly.stages import DECISIVE, Outcome, SessionKind
from dialogue.territories.models import CalendarDate


class AssemblySessionQuerySet(models.QuerySet["AssemblySession"]):
    def visible_to(self, reader: Any) -> AssemblySessionQuerySet:
        """Sessions of the assembly are public, but for one whose date in the calendar of the process is the partners' alone."""
        if getattr(reader, "is_coordination", False) or getattr(reader, "is_secretariat", False):
            return self
        return self.filter(Q(calendar_date=None) | Q(calendar_date__in=CalendarDate.objects.visible_to(reader)))


class AssemblySession(models.Model):
    """A day on which the assembly, or its standing committee (commission permanente), votes."""

    date = models.DateField(_("date"))
    title = models.CharField(_("titre"), max_length=160)
    kind = models.CharField(_("nature"), max_length=8, choices=SessionKind, default=SessionKind.PLENARY)
    calendar_date = models.OneToOneField(
        CalendarDate,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assembly_session",
        verbose_name=_("date du calendrier de la démarche"),
    )
    # Proposed for each vote: members in office, and the number of the délibération with # for each digit.
    members_count = models.PositiveSmallIntegerField(_("effectif"), null=True, blank=True)
    number_pattern = models.CharField(_("modèle de numéro"), max_length=40, blank=True)
    created_at = models.DateTimeField(editable=False)

    objects = AssemblySessionQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-pk"]
        constraints = [models.UniqueConstraint(fields=["date", "kind"], name="assembly_one_session_a_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assembly:session", args=[self.pk])

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together. Load `calendar_date` with it."""
        if getattr(reader, "is_coordination", False) or getattr(reader, "is_secretariat", False):
            return True
        return self.calendar_date is None or self.calendar_date.readable_by(reader)

    def name_for(self, reader: Any) -> str | Promise:
        """Its title, for those who may know of it. A vote is public, and so is its day: not always what the session is called."""
        return self.title if self.readable_by(reader) else _("Séance de l’assemblée")


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def visible_to(self, reader: Any) -> ResolutionQuerySet:
        """A vote is read with its proposition."""
        return self.filter(proposition__in=Proposition.objects.visible_to(reader))

    def decisive(self) -> ResolutionQuerySet:
        """Délibérations: those that adopt or reject, with their number."""
        return self.filter(outcome__in=DECISIVE)


class ResolutionFacts(models.Model):
    """What is recorded of a vote, and kept of it when it is corrected."""

    outcome = models.CharField(_("issue"), max_length=15, choices=Outcome)
    number = models.CharField(_("numéro de la délibération"), max_length=40, blank=True)
    date = models.DateField(_("date de la délibération"))
    # The nomenclature "Actes" of the State, level 2: `dialogue/assembly/matters.py`.
    matter_code = models.CharField(_("code de la matière"), max_length=8, blank=True)
    matter_name = models.CharField(_("matière"), max_length=160, blank=True)
    object = models.CharField(_("objet"), max_length=500)
    adopted_text = models.TextField(_("texte adopté"), max_length=20_000, blank=True)
    # Of an adjournment or a referral.
    reason = models.TextField(_("raison"), max_length=2000, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("pour"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("contre"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    not_voting = models.PositiveSmallIntegerField(_("ne prennent pas part au vote"), null=True, blank=True)
    members_count = models.PositiveSmallIntegerField(_("effectif"), null=True, blank=True)
    # VOTE_REEL of the SCDL: those who do not take part are outside.
    votes_cast = models.PositiveSmallIntegerField(_("suffrages"), null=True, blank=True, editable=False)
    budget_year = models.PositiveSmallIntegerField(
        _("année du budget"), null=True, blank=True, validators=[MinValueValidator(1980), MaxValueValidator(2200)]
    )
    budget_name = models.CharField(_("nom du budget"), max_length=120, blank=True)
    prefecture_id = models.CharField(_("identifiant en préfecture"), max_length=80, blank=True)
    prefecture_date = models.DateField(_("reçue en préfecture le"), null=True, blank=True)
    url = models.URLField(_("adresse de la délibération"), max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_decisive(self) -> bool:
        return self.outcome in DECISIVE

    @property
    def is_counted(self) -> bool:
        return self.votes_cast is not None

    @property
    def is_unanimous(self) -> bool:
        return bool(self.votes_for) and self.votes_against == 0 and self.abstentions == 0


class Resolution(ResolutionFacts):
    """The passage of one proposition before one session: a délibération, or an adjournment or referral."""

    proposition = models.ForeignKey(Proposition, on_delete=models.PROTECT, related_name="resolutions")
    session = models.ForeignKey(AssemblySession, on_delete=models.PROTECT, related_name="resolutions")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    # Grows with each correction; what it said before is in `former`.
    revision = models.PositiveIntegerField(default=0, editable=False)
    corrected_at = models.DateTimeField(null=True, editable=False)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposition", "session"], name="assembly_one_vote_a_session"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="assembly_number_once"),
            models.CheckConstraint(
                name="assembly_decision_is_numbered",
                condition=~Q(outcome__in=["adopted", "adopted_amended", "rejected"])
                | (~Q(number="") & ~Q(matter_code="") & ~Q(matter_name="") & ~Q(object="")),
            ),
            models.CheckConstraint(
                name="assembly_amended_says_how",
                condition=(Q(outcome="adopted_amended") & ~Q(adopted_text=""))
                | (~Q(outcome="adopted_amended") & Q(adopted_text="")),
            ),
            models.CheckConstraint(
                name="assembly_counts_are_whole",
                condition=Q(votes_for=None, votes_against=None, abstentions=None, votes_cast=None)
                | Q(
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    abstentions__isnull=False,
                    votes_cast__isnull=False,
                    votes_cast=F("votes_for") + F("votes_against") + F("abstentions"),
                ),
            ),
            models.CheckConstraint(
                name="assembly_no_more_than_members",
                condition=Q(members_count=None)
                | Q(votes_cast=None)
                | (Q(not_voting=None) & Q(votes_cast__lte=F("members_count")))
                | Q(not_voting__isnull=False, not_voting__lte=F("members_count") - F("votes_cast")),
            ),
            models.CheckConstraint(
                name="assembly_counts_agree",
                condition=Q(votes_for=None)
                | (Q(outcome__in=["adopted", "adopted_amended"]) & Q(votes_for__gte=F("votes_against")))
                | (Q(outcome="rejected") & Q(votes_against__gte=F("votes_for")))
                | Q(outcome__in=["adjourned", "referred_back"]),
            ),
            models.CheckConstraint(
                name="assembly_budget_pair",
                condition=Q(budget_year=None, budget_name="") | (Q(budget_year__isnull=False) & ~Q(budget_name="")),
            ),
            models.CheckConstraint(
                name="assembly_prefecture_after",
                condition=Q(prefecture_date=None) | Q(prefecture_date__gte=F("date")),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.get_outcome_display()} · {self.proposition}"

    @property
    def chantier(self) -> Any:
        return self.proposition.chantier

    @property
    def ledger_space(self) -> str:
        return self.proposition.ledger_space


class FormerResolution(ResolutionFacts):
    """What a recorded vote said before it was corrected, and why it was."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="former")
    revision = models.PositiveIntegerField()
    motive = models.TextField(_("motif de la correction"), max_length=1000)
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-until", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "revision"], name="assembly_former_once"),
            models.CheckConstraint(name="assembly_correction_says_why", condition=~Q(motive="")),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} · {self.revision}"
