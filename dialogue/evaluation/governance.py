"""The figures of governance for a period, each with its definition in words and how it is computed. Nothing is invented: what was
not noted is « non mesuré ». `governance_figures` is also what the carnet de voyage shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, JoinRequest, Member, Representative, WeatherReport
from dialogue.chantiers.stages import ACTIVE, RequestStage
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import Stage as ContributionStage
from dialogue.discussion.models import Comment
from dialogue.discussion.stages import Outcome
from dialogue.evaluation.governance_words import words_of
from dialogue.ledger.clock import local_date
from dialogue.ledger.models import Entry
from dialogue.meetings.models import Action, Attendance, Decision, Meeting
from dialogue.meetings.stages import OUT, PAST, DecisionState, Presence
from dialogue.people.stages import Kind
from dialogue.ui.dates import thousands

#: Minutes are due this many days after their meeting; a météo is fresh as long.
MINUTES_DAYS, FRESH_DAYS = 15, 30
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Figure:
    """`value` is None when it was not measured. `unit`: "" (a count), "%" (a share of `of`) or "days". `parts`: the count, by kind."""

    code: str
    label: str
    definition: str
    how: str
    value: float | None
    unit: str = ""
    of: int | None = None
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def said(self) -> str:
        """« 83 % (10 sur 12) », « 4 jours », « 212 », « non mesuré »."""
        if self.value is None:
            return _("non mesuré")
        if self.unit == "%":
            share = round(100 * self.value / self.of) if self.of else 0
            return _("%(share)d %% (%(n)s sur %(of)s)") % {
                "share": share,
                "n": thousands(self.value),
                "of": thousands(self.of or 0),
            }
        if self.unit == "days":
            # Nearer than a day is told as such: a rounded zero would read as nothing.
            days = round(self.value, 1)
            if days < 1:
                return _("moins d’un jour")
            shown = thousands(int(days) if days == int(days) else days)
            return _("1 jour") if days == 1 else _("%(n)s jours") % {"n": shown}
        return thousands(self.value)


@dataclass(frozen=True)
class Period:
    """From the first moment of `start` to the last of `end`, on the Département's clock; `chantiers`: those alone, or all (None)."""

    start: date
    end: date
    chantiers: tuple[int, ...] | None = None

    @property
    def since(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.start, time.min))

    @property
    def until(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.end + DAY, time.min))

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})

    def of(self, path: str) -> Q:
        return Q() if self.chantiers is None else Q(**{f"{path}__in": self.chantiers})


def governance_figures(start: date, end: date, *, chantiers: Iterable[Chantier] | None = None) -> list[Figure]:
    """The figures of the period, `start` and `end` included (15 queries at most, whatever there is). Raises ValueError when the period
    ends before it begins."""
    if end < start:
        raise ValueError("the period ends before it begins")
    period = Period(start, end, None if chantiers is None else tuple(each.pk for each in chantiers))
    return [figure for compute in COMPUTED for figure in compute(period)]


def _figure(code: str, value: float | None, *, unit: str = "", of: int | None = None, **more: Any) -> Figure:
    label, definition, how = words_of(code, minutes=MINUTES_DAYS, fresh=FRESH_DAYS)
    return Figure(code, label, definition, how, value, unit, of, **more)


def _share(code: str, part: int, whole: int) -> Figure:
    """A share; not measured when there is nothing to share."""
    return _figure(code, part if whole else None, unit="%", of=whole or None)


def _days(code: str, delays: list[timedelta]) -> Figure:
    return _figure(code, median(delays) / DAY if delays else None, unit="days", of=len(delays) or None)


# Who ---------------------------------------------------------------------------------------------------------------


def _overlaps(period: Period, path: str = "") -> Q:
    return Q(**{f"{path}since__lte": period.end}) & (Q(**{f"{path}until": None}) | Q(**{f"{path}until__gte": period.start}))


def _who(period: Period) -> list[Figure]:
    speakers = Representative.objects.filter(_overlaps(period), period.of("member__chantier"))
    rows = Member.objects.filter(_overlaps(period), period.of("chantier")).order_by().values_list("organisation__kind")
    kinds = dict(rows.annotate(n=Count("organisation", distinct=True)))
    parts = tuple((str(kind.label), kinds[kind]) for kind in Kind if kind in kinds)
    return [
        _figure("participants", speakers.aggregate(n=Count("person", distinct=True))["n"]),
        _figure("organisations", sum(kinds.values()), parts=parts),
    ]


# Meetings ----------------------------------------------------------------------------------------------------------


def _meetings(period: Period) -> list[Figure]:
    held = Meeting.objects.filter(period.within("starts_at"), period.of("chantier"), stage__in=PAST)
    rows = list(held.order_by().values_list("starts_at", "minutes__stage", "minutes__published_at"))
    presences = Attendance.objects.filter(meeting__in=held).aggregate(
        noted=Count("pk", filter=~Q(presence=Presence.UNKNOWN)),
        came=Count("pk", filter=Q(presence__in=[Presence.PRESENT, Presence.REPRESENTED])),
    )
    limit = MINUTES_DAYS * DAY
    # A meeting of yesterday is not late yet: it counts once its minutes are out, or due.
    due = [
        (starts, out_at if stage in OUT and out_at < period.until else None)
        for starts, stage, out_at in rows
        if starts + limit < period.until or (stage in OUT and out_at < period.until)
    ]
    in_time = sum(1 for starts, out_at in due if out_at is not None and out_at - starts <= limit)
    return [
        _figure("meetings", len(rows)),
        _share("attendance", presences["came"], presences["noted"]),
        _share("minutes", in_time, len(due)),
    ]


def _remarks(period: Period) -> list[Figure]:
    rows = Comment.objects.filter(period.within("at"), period.of("thread__chantier"), hidden_at=None).exclude(outcome="")
    counts = rows.aggregate(
        received=Count("pk"), answered=Count("pk", filter=~Q(outcome=Outcome.OPEN) & Q(outcome_at__lt=period.until))
    )
    return [_share("remarks", counts["answered"], counts["received"])]


def _decisions(period: Period) -> list[Figure]:
    taken = Decision.objects.filter(period.within("meeting__starts_at"), period.of("chantier")).exclude(
        state=DecisionState.REPLACED
    )
    counts = taken.aggregate(n=Count("pk"), applied=Count("pk", filter=Q(state=DecisionState.APPLIED)))
    due = Action.objects.filter(period.of("chantier"), due_on__range=(period.start, period.end), dropped_motive="")
    late = Q(due_on__lt=period.end) & (Q(done_on=None) | Q(done_on__gt=period.end))
    actions = due.aggregate(n=Count("pk"), late=Count("pk", filter=late))
    return [_share("decisions", counts["applied"], counts["n"]), _share("actions", actions["late"], actions["n"])]


# Answers -----------------------------------------------------------------------------------------------------------


def _demands(period: Period) -> list[Figure]:
    answered = JoinRequest.objects.filter(
        period.within("answered_at"), period.of("chantier"), stage__in=[RequestStage.ACCEPTED, RequestStage.REFUSED]
    )
    return [_days("demands", [after - before for before, after in answered.values_list("sent_at", "answered_at")])]


def _contributions(period: Period) -> list[Figure]:
    rows: QuerySet[Contribution] = Contribution.objects.order_by()
    if period.chantiers is not None:
        rows = rows.filter(pk__in=_taken_up(period))
    received = rows.filter(period.within("received_at")).exclude(
        stage__in=[ContributionStage.DRAFT, ContributionStage.WITHDRAWN, ContributionStage.MERGED]
    )
    counts = received.aggregate(n=Count("pk"), answered=Count("pk", filter=Q(answered_at__lt=period.until)))
    delays = rows.filter(period.within("answered_at"), received_at__isnull=False).annotate(
        delay=ExpressionWrapper(F("answered_at") - F("received_at"), output_field=DurationField())
    )
    return [
        _days_of_many("contribution_delay", delays),
        _share("contributions", counts["answered"], counts["n"]),
    ]


def _taken_up(period: Period) -> Any:
    return Contribution.objects.filter(chantier_links__chantier__in=period.chantiers).order_by().values("pk")


def _days_of_many(code: str, rows: QuerySet[Contribution]) -> Figure:
    """The median by its place: thousands of rows stay in the database."""
    number = rows.count()
    middle = rows.order_by("delay").values_list("delay", flat=True)[max(0, (number - 1) // 2) : number // 2 + 1]
    delays = list(middle) if number else []
    return _figure(code, median(delays) / DAY if delays else None, unit="days", of=number or None)


# Météo -------------------------------------------------------------------------------------------------------------


def _weather(period: Period) -> list[Figure]:
    """Of the groups at work on the last day: whose météo was given within the last thirty days."""
    stages = stages_at(period)
    working = [pk for pk, stage in stages.items() if stage in ACTIVE]
    reports = WeatherReport.objects.filter(at__lt=period.until, chantier__in=working).order_by()
    last = dict(reports.values_list("chantier").annotate(last=Max("at")))
    fresh = sum(1 for at in last.values() if (period.end - local_date(at)).days <= FRESH_DAYS)
    return [_share("weather", fresh, len(working))]


def stages_at(period: Period) -> dict[int, str]:
    """The stage of each chantier on the last day of the period, from the register: chantier → stage. One that the register does not know
    is at the stage of its row."""
    rows = Chantier.objects.filter(period.of("pk"), Q(opened_on__lte=period.end)).order_by()
    stages = dict(rows.values_list("pk", "stage"))
    label = Chantier._meta.label_lower
    turns = Entry.objects.filter(thing_type=label, thing_id__in=list(stages), at__lt=period.until).stage_changes()
    told = dict(turns.values_list("thing_id", "stage_to"))
    return stages | {pk: stage for pk, stage in told.items() if pk in stages}


COMPUTED: tuple[Callable[[Period], list[Figure]], ...] = (
    _who, _meetings, _remarks, _demands, _contributions, _weather, _decisions,
)  # fmt: skip
