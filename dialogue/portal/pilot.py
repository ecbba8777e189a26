"""What the coordination must see at a glance: the chantiers by state, and what is stuck. Ten queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.assembly.models import Proposition
from dialogue.assembly.pages import Counts, counts_of
from dialogue.chantiers.models import Chantier, JoinRequest, Member, PlannedDeliverable, Step
from dialogue.chantiers.stages import ACTIVE, RoadmapStage, Role, ShownState, Stage, Weather
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import OUT, PAST, MeetingStage
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import OrganisationStage
from dialogue.portal import explorer
from dialogue.portal.mine import STALE_AFTER
from dialogue.restitution.published import CouncilLine, council_lines
from dialogue.territories.models import CalendarDate
from dialogue.territories.stages import DateKind

COUNCILS = 12
#: How many chantiers the detail of an alert names.
NAMED = 3
#: The alerts that filter the table (`?alerte=`), in the order of their urgency.
ALERTS: dict[str, str | Promise] = {
    "vent": gettext_lazy("Avis de vent"),
    "retard": gettext_lazy("Étapes en retard"),
    "demandes": gettext_lazy("Demandes sans réponse"),
    "compte-rendu": gettext_lazy("Sans compte-rendu"),
    "pacte": gettext_lazy("À inscrire au pacte"),
    "meteo": gettext_lazy("Météo ancienne"),
    "sans-elu": gettext_lazy("Sans élu porteur"),
    "sans-direction": gettext_lazy("Sans direction référente"),
    "sans-seance": gettext_lazy("Sans première séance"),
    "sans-date": gettext_lazy("Sans prochaine séance"),
    "pause": gettext_lazy("En pause"),
}
URGENT = {"vent", "retard", "demandes", "compte-rendu"}
#: Days after a meeting before its minutes are waited for.
MINUTES_WITHIN = 7


@dataclass
class Line:
    """A chantier on the dashboard, with what was computed of it."""

    chantier: Chantier
    today: date
    late: int = 0
    next_meeting: datetime | None = None
    alerts: list[str] = field(default_factory=list)
    propositions: Counts = field(default_factory=Counts)

    @property
    def weather_age(self) -> int | None:
        return (self.today - local_date(self.chantier.weather_at)).days if self.chantier.weather_at else None


@dataclass(frozen=True)
class Alert:
    code: str
    label: str | Promise
    lines: list[Line]
    detail: str
    urgent: bool


@dataclass(frozen=True)
class Dashboard:
    lines: list[Line]
    shown: list[Line]
    tide: list[tuple[ShownState, list[Chantier]]]
    weathers: list[tuple[str, int]]
    alerts: list[Alert]
    alert: str
    councils: list[CouncilLine]
    accounts_waiting: int
    organisations_waiting: int
    meetings_held: int
    late_steps: int


def gather(reader: Any, now: datetime, alert: str = "") -> Dashboard:
    """`alert`: one of `ALERTS`, to show these chantiers alone; anything else shows all."""
    today = local_date(now)
    lines = lines_for(reader, now)
    alert = alert if alert in ALERTS else ""
    councils = CalendarDate.objects.visible_to(reader).filter(kind=DateKind.COUNCIL).upcoming(today)
    return Dashboard(
        lines=lines,
        shown=[line for line in lines if not alert or alert in line.alerts],
        tide=explorer.tide([line.chantier for line in lines]),
        weathers=[(w, sum(1 for line in lines if line.chantier.weather_now == w)) for w in Weather.values],
        alerts=[a for a in (_alert(code, lines, now) for code in ALERTS) if a.lines],
        alert=alert,
        councils=council_lines(councils.select_related("territory")[:COUNCILS]),
        accounts_waiting=Person.objects.waiting().count(),
        organisations_waiting=Organisation.objects.filter(stage=OrganisationStage.PROPOSED).count(),
        meetings_held=sum(line.chantier.meetings_held for line in lines),
        late_steps=sum(line.late for line in lines),
    )


def lines_for(reader: Any, now: datetime) -> list[Line]:
    """Every chantier with what is computed of it (5 queries)."""
    today = local_date(now)
    late = _late(today)
    chantiers, found = list(_chantiers(reader, now)), []
    proposed = counts_of(chantiers, reader)
    for chantier in chantiers:
        line = Line(chantier, today, late.get(chantier.pk, 0), chantier.next_meeting_at)
        line.propositions = proposed.get(chantier.pk, Counts())
        line.alerts = _alerts_of(line, now)
        found.append(line)
    return found


def _chantiers(reader: Any, now: datetime) -> QuerySet[Chantier]:
    def role(name: Role) -> Exists:
        return Exists(Member.objects.active().filter(chantier=OuterRef("pk"), role=name))

    meetings = Meeting.objects.filter(chantier=OuterRef("pk")).order_by()
    past = meetings.filter(stage__in=PAST).values("chantier")
    held = past.annotate(n=Count("pk")).values("n")
    silent = past.filter(ends_at__lt=now - timedelta(days=MINUTES_WITHIN)).exclude(minutes__stage__in=OUT)
    coming = meetings.filter(stage=MeetingStage.CONVENED, ends_at__gte=now).order_by("starts_at").values("starts_at")
    waiting = JoinRequest.objects.waiting().filter(chantier=OuterRef("pk")).order_by().values("chantier")
    rows = Chantier.objects.visible_to(reader).for_list().with_weather()
    return rows.annotate(
        has_sponsor=role(Role.SPONSOR),
        has_lead=role(Role.LEAD),
        meetings_held=Coalesce(Subquery(held, output_field=IntegerField()), 0),
        without_minutes=Coalesce(Subquery(silent.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        oldest_silence=Subquery(silent.annotate(first=Min("starts_at")).values("first")),
        is_voted=Exists(Proposition.objects.voted_for().filter(chantier=OuterRef("pk"))),
        next_meeting_at=Subquery(coming[:1]),
        requests=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        oldest_request=Subquery(waiting.annotate(first=Min("sent_at")).values("first")),
    ).defer("search_text", "reason_text")


def _late(today: date) -> dict[int, int]:
    """Late steps and deliverables of the roadmaps in force, by chantier (2 queries)."""
    counts: dict[int, int] = {}
    late = {"roadmap__stage": RoadmapStage.ADOPTED, "due_on__lt": today, "roadmap__chantier__stage__in": ACTIVE}
    for rows in (
        Step.objects.filter(**late, done_on=None),
        PlannedDeliverable.objects.filter(**late, published_on=None, abandon_motive=""),
    ):
        for pk, n in rows.order_by().values_list("roadmap__chantier").annotate(n=Count("pk")):
            counts[pk] = counts.get(pk, 0) + n
    return counts


def _alerts_of(line: Line, now: datetime) -> list[str]:
    chantier = line.chantier
    active = chantier.stage in ACTIVE
    limit = now - timedelta(days=STALE_AFTER)
    tests = {
        "vent": active and chantier.weather_now == Weather.GALE,
        "retard": line.late > 0,
        "demandes": chantier.requests > 0,
        "compte-rendu": chantier.without_minutes > 0,
        "pacte": chantier.is_voted,
        "meteo": active and (chantier.weather_at is None or chantier.weather_at < limit),
        "sans-elu": active and not chantier.has_sponsor,
        "sans-direction": active and not chantier.has_lead,
        "sans-seance": chantier.stage == Stage.OPEN and chantier.first_meeting_at is None,
        "sans-date": chantier.stage in {Stage.LAUNCHED, Stage.WORKING} and line.next_meeting is None,
        "pause": chantier.stage == Stage.SUSPENDED,
    }
    return [code for code, met in tests.items() if met]


def _alert(code: str, lines: Sequence[Line], now: datetime) -> Alert:
    concerned = [line for line in lines if code in line.alerts]
    return Alert(code, ALERTS[code], concerned, _detail(code, concerned, now), code in URGENT)


def _detail(code: str, lines: Iterable[Line], now: datetime) -> str:
    """What the title of an alert does not say: how many, for how long."""
    lines = list(lines)
    if code == "retard":
        late = sum(line.late for line in lines)
        text = ngettext("%(n)d étape ou livrable après son échéance", "%(n)d étapes ou livrables après leur échéance", late)
        return text % {"n": late}
    if code == "demandes":
        oldest = min((line.chantier.oldest_request for line in lines if line.chantier.oldest_request), default=now)
        days = (local_date(now) - local_date(oldest)).days
        count = sum(line.chantier.requests for line in lines)
        asked = ngettext("%(n)d demande pour rejoindre un groupe", "%(n)d demandes pour rejoindre un groupe", count) % {"n": count}
        waits = ngettext("la plus ancienne attend depuis %(n)d jour", "la plus ancienne attend depuis %(n)d jours", days)
        return f"{asked} ; {waits % {'n': days}}"
    if code == "compte-rendu":
        oldest = min((line.chantier.oldest_silence for line in lines if line.chantier.oldest_silence), default=now)
        days = (local_date(now) - local_date(oldest)).days
        count = sum(line.chantier.without_minutes for line in lines)
        held = ngettext("%(n)d séance sans compte-rendu publié", "%(n)d séances sans compte-rendu publié", count) % {"n": count}
        return f"{held} ; " + ngettext("la plus ancienne a %(n)d jour", "la plus ancienne a %(n)d jours", days) % {"n": days}
    if code == "meteo":
        return _("aucune nouvelle du pilote depuis plus de %(n)d jours") % {"n": STALE_AFTER}
    return ", ".join(f"{line.chantier.number} · {line.chantier.title}" for line in lines[:NAMED]) + (" …" if len(lines) > NAMED else "")


HEADER = [
    "numero", "titre", "theme", "territoires", "etape", "meteo", "meteo_du", "seances_tenues", "sans_compte_rendu", "prochaine_seance",
    "etapes_en_retard", "demandes_en_attente", "elu_porteur", "direction_referente", "alertes",
]


def csv_line(line: Line) -> list[Any]:
    chantier = line.chantier
    weather = Weather(chantier.weather_now).label if chantier.weather_now else ""
    return [
        chantier.number,
        chantier.title,
        chantier.theme.name,
        ", ".join(t.name for t in chantier.territories.all()),
        chantier.shown_state.label,
        weather,
        timezone.localtime(chantier.weather_at).date() if chantier.weather_at else None,
        chantier.meetings_held,
        chantier.without_minutes,
        timezone.localtime(line.next_meeting) if line.next_meeting else None,
        line.late,
        chantier.requests,
        chantier.has_sponsor,
        chantier.has_lead,
        ", ".join(str(ALERTS[code]) for code in line.alerts),
    ]
