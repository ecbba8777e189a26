"""The chantier: a working group on one theme, in one territory or more, with a near objective and a precise deliverable."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models.member import groups_of
from dialogue.chantiers.stages import Reason, ShownState, Stage, Weather
from dialogue.language.text import normalise
from dialogue.ledger.clock import local_date
from dialogue.people.circles import circle_admits, circle_q
from dialogue.people.stages import Circle
from dialogue.territories.models import CalendarDate, Territory, Theme

SHOWN_BY_STAGE = {
    Stage.PROPOSED: ShownState.PROPOSED,
    Stage.OPEN: ShownState.CONSTITUTION,
    Stage.LAUNCHED: ShownState.ROADMAP,
    Stage.WORKING: ShownState.MEETINGS,
    Stage.DELIVERED: ShownState.DELIVERABLE,
    Stage.SUSPENDED: ShownState.PAUSED,
    Stage.ABANDONED: ShownState.ABANDONED,
}


def ever_opened(path: str = "") -> Q:
    """The chantiers that were opened one day: one that was only proposed, then perhaps abandoned, is the coordination's
    alone. `path`: where the chantier is, such as "member__chantier__"."""
    return ~Q(**{f"{path}stage": Stage.PROPOSED}) & ~Q(**{f"{path}stage": Stage.ABANDONED, f"{path}opened_on": None})


class ChantierQuerySet(models.QuerySet["Chantier"]):
    def visible_to(self, reader: Any) -> ChantierQuerySet:
        """A chantier is the coordination's alone until it opens (`ever_opened`); from then on, its circle decides."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(circle_q(reader, groups=groups_of(reader), group="pk")).filter(ever_opened())

    def with_weather(self) -> ChantierQuerySet:
        """Adds `weather_now`, `weather_at`, `weather_sentence`: the last report (partners circle: show it to partners)."""
        last = WeatherReport.objects.filter(chantier=OuterRef("pk")).order_by("-at", "-pk")
        return self.annotate(
            weather_now=Subquery(last.values("weather")[:1]),
            weather_at=Subquery(last.values("at")[:1]),
            weather_sentence=Subquery(last.values("sentence")[:1]),
        )

    def for_list(self) -> ChantierQuerySet:
        """What a line of a list needs, in a constant number of queries (2)."""
        return self.select_related("theme").prefetch_related("territories").order_by("number")

    def matching(self, text: str) -> ChantierQuerySet:
        """Every word of `text`, accents and case aside, stands in the title, objective, deliverable, theme or territory."""
        rows = self
        for word in normalise(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows


class Chantier(models.Model):
    number = models.PositiveIntegerField(_("numéro"), unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("titre"), max_length=120)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="chantiers", verbose_name=_("thème"))
    territories = models.ManyToManyField(Territory, related_name="chantiers", verbose_name=_("territoires"))
    reason = models.CharField(_("raison de l’ouverture"), max_length=11, choices=Reason)
    reason_text = models.TextField(_("explication"), max_length=2000)
    evidence_count = models.PositiveIntegerField(_("nombre de contributions"), null=True, blank=True)
    council = models.ForeignKey(
        CalendarDate, on_delete=models.PROTECT, null=True, blank=True, related_name="chantiers_opened",
        verbose_name=_("conseil de territoire"),
    )
    objective = models.TextField(
        _("objectif opérationnel"), max_length=600, help_text=_("Atteignable dans un temps court, en une phrase.")
    )
    deliverable = models.TextField(
        _("livrable attendu"), max_length=600, help_text=_("Précis : ce qui sera remis, sous quelle forme.")
    )
    deliverable_due_on = models.DateField(_("livrable attendu le"), null=True, blank=True)
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.PUBLIC)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.PROPOSED)
    suspended_from = models.CharField(max_length=12, choices=Stage, blank=True, editable=False)
    motive = models.TextField(_("motif"), max_length=2000, blank=True, help_text=_("De la pause ou de l’abandon."))
    opened_on = models.DateField(null=True, editable=False)
    first_meeting_at = models.DateTimeField(_("première séance"), null=True, blank=True, editable=False)
    tabled_on = models.DateField(_("propositions transmises le"), null=True, blank=True, editable=False)
    in_pact_on = models.DateField(_("inscrit au pacte le"), null=True, blank=True, editable=False)
    # The other final outcome of propositions: rejected or withdrawn, nothing goes into the pact.
    no_follow_up_on = models.DateField(_("sans suite depuis le"), null=True, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ChantierQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="chantiers_circle", condition=Q(circle__in=["partners", "public"])),
            models.CheckConstraint(
                name="chantiers_suspended_from",
                condition=(Q(stage="suspended") & ~Q(suspended_from="")) | (~Q(stage="suspended") & Q(suspended_from="")),
            ),
            models.CheckConstraint(
                name="chantiers_pause_has_motive", condition=~Q(stage__in=["suspended", "abandoned"]) | ~Q(motive="")
            ),
            models.CheckConstraint(
                name="chantiers_opened_has_date", condition=Q(stage__in=["proposed", "abandoned"]) | Q(opened_on__isnull=False)
            ),
            models.CheckConstraint(
                name="chantiers_pact_after_tabling", condition=Q(in_pact_on=None) | Q(tabled_on__isnull=False)
            ),
            models.CheckConstraint(
                name="chantiers_no_follow_up",
                condition=Q(no_follow_up_on=None) | Q(tabled_on__isnull=False, in_pact_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:chantier", args=[self.slug])

    @property
    def ledger_space(self) -> str:
        return f"chantier/{self.slug}"

    @property
    def shown_state(self) -> ShownState:
        stage = Stage(self.stage)
        # Once a pact holds what it proposed, the vote is over: nobody waits for the day when the group says that it has ended.
        if stage in SHOWN_BY_STAGE and not (stage == Stage.DELIVERED and self.in_pact_on):
            waits = stage == Stage.DELIVERED and self.tabled_on is not None and self.no_follow_up_on is None
            return ShownState.PROPOSITIONS if waits else SHOWN_BY_STAGE[stage]
        return ShownState.PACT if self.in_pact_on else ShownState.COMPLETED

    @property
    def was_opened(self) -> bool:
        """The same question as `ever_opened`, for one chantier."""
        return self.stage != Stage.PROPOSED and not (self.stage == Stage.ABANDONED and self.opened_on is None)

    def readable_by(self, reader: Any) -> bool:
        """The predicate of `visible_to`; a house test holds the two together."""
        if getattr(reader, "is_coordination", False):
            return True
        in_group = self.pk in groups_of(reader)
        return self.was_opened and circle_admits(reader, self.circle, in_group=in_group)

    def index_text(self) -> str:
        """What the explorer searches in; acts store it in `search_text`."""
        places = " ".join(self.territories.values_list("name", flat=True))
        return normalise(" ".join([str(self.number), self.title, self.objective, self.deliverable, self.theme.name, places]))


class WeatherReportQuerySet(models.QuerySet["WeatherReport"]):
    def visible_to(self, reader: Any) -> WeatherReportQuerySet:
        """Météo is shown to partners, of the chantiers they may read."""
        if not getattr(reader, "is_partner", False) and not groups_of(reader):
            return self.none()
        rows = self.filter(chantier__in=Chantier.objects.visible_to(reader))
        return rows if getattr(reader, "is_partner", False) else rows.filter(chantier__in=groups_of(reader))


class WeatherReport(models.Model):
    """Météo of a chantier: dated, with a sentence, by the lead officer. The last one counts, the others are its history."""

    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="weather_reports")
    weather = models.CharField(_("météo"), max_length=6, choices=Weather)
    sentence = models.CharField(_("en une phrase"), max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = WeatherReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="chantiers_gale_says_help", condition=~Q(weather="gale") | ~Q(sentence=""))
        ]

    def __str__(self) -> str:
        return f"{self.chantier} · {self.get_weather_display()}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    def age_in_days(self, today: date) -> int:
        return (today - local_date(self.at)).days


class CooperationQuerySet(models.QuerySet["Cooperation"]):
    def visible_to(self, reader: Any) -> CooperationQuerySet:
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(circle_q(reader, groups=groups_of(reader)), chantier__in=Chantier.objects.visible_to(reader))


class Cooperation(models.Model):
    """A new cooperation born of a chantier ("Structuration", the guide)."""

    chantier = models.ForeignKey(Chantier, on_delete=models.PROTECT, related_name="cooperations")
    title = models.CharField(_("titre"), max_length=160)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    organisations = models.ManyToManyField("people.Organisation", related_name="cooperations", verbose_name=_("organismes"))
    since = models.DateField(_("depuis le"))
    circle = models.CharField(_("qui peut lire"), max_length=8, choices=Circle, default=Circle.PARTNERS)

    objects = CooperationQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


class Follow(models.Model):
    """A person who asked for the news of a chantier without being a member."""

    chantier = models.ForeignKey(Chantier, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chantier", "person"], name="chantiers_follow_once")]

    def __str__(self) -> str:
        return f"{self.person} suit {self.chantier}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


