"""The queue of what is to be sorted: its order, its filters, what is late. Written for a hundred thousand contributions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Count, Func, Q
from django.utils import timezone

from dialogue.contributions.models import Campaign, Contribution
from dialogue.contributions.models.contribution import ContributionQuerySet
from dialogue.contributions.sorting_hold import free_for
from dialogue.contributions.stages import STANDING, Stage
from dialogue.contributions.working_days import working_days_before
from dialogue.fulltext.query import parse
from dialogue.territories.models import Territory, Theme

#: Lines of the list beside; of the long one.
SHORT, LONG = 30, 200
#: A count over a filter goes no further.
COUNTED = 1000
#: What waits for an answer, once read.
UNANSWERED = [stage for stage in STANDING if stage != Stage.ANSWERED]


class ToSort(Func):
    """`stage IN (…)` with its values in the text, as the partial index `contributions_to_sort` has them.

    Bound values would hide that index from SQLite.
    """

    template = "%(expressions)s IN ('received', 'admissible')"
    output_field = BooleanField()


@dataclass(frozen=True)
class Filters:
    """What the reader asked of the queue; `query` is the query string that says it."""

    campaign: Campaign | None = None
    territory: Territory | None = None
    theme: Theme | None = None
    text: str = ""
    unclassified: bool = False
    mine: bool = False
    late: bool = False
    query: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filters(query=self.query)


class Frame:
    """Campaigns, territories and themes, each asked once a page."""

    @cached_property
    def campaigns(self) -> list[Campaign]:
        return list(Campaign.objects.all())

    @cached_property
    def territories(self) -> list[Territory]:
        return list(Territory.objects.defer("description"))

    @cached_property
    def themes(self) -> list[Theme]:
        return list(Theme.objects.defer("description", "keywords"))

    def theme(self, code: str) -> Theme | None:
        return next((theme for theme in self.themes if theme.code == code), None)


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def unread_late(campaigns: Iterable[Campaign], today: date) -> Q:
    """Received, and not read within the working days that their campaign promises."""
    late = Q(pk__in=[])
    for campaign in campaigns:
        limit = start_of(working_days_before(today, campaign.read_within_days))
        late |= Q(campaign_id=campaign.pk, received_at__lt=limit)
    return Q(stage=Stage.RECEIVED) & late


def answer_late(today: date) -> Q:
    return Q(stage__in=UNANSWERED, due_on__lt=today)


def queue(reader: Any, filters: Filters, frame: Frame, today: date) -> ContributionQuerySet:
    """What is to be sorted and matches, whoever holds it, in no order."""
    rows = Contribution.objects.visible_to(reader).filter(ToSort("stage"))
    if filters.campaign:
        rows = rows.filter(campaign=filters.campaign)
    if filters.territory:
        rows = rows.filter(territory=filters.territory)
    if filters.theme:
        rows = rows.filter(suggested_theme=filters.theme)
    if filters.unclassified:
        rows = rows.filter(theme=None, suggested_theme=None)
    if filters.mine:
        # Apart: nearly all are held by nobody, which makes databases think that this index tells little.
        held = Contribution.objects.filter(held_by_id=reader.pk).order_by().values_list("pk", flat=True)[:COUNTED]
        rows = rows.filter(pk__in=list(held))
    if filters.late:
        rows = rows.filter(unread_late(frame.campaigns, today) | answer_late(today))
    typed = parse(filters.text)
    return rows if typed.is_empty else rows.matching(typed)


def in_order(rows: ContributionQuerySet, filters: Filters) -> list[ContributionQuerySet]:
    """Those the machine doubts most first; those it never read after them. The late ones: the longest awaited first.

    Two querysets rather than one, so that each follows an index on both databases.
    """
    if filters.late:
        return [rows.order_by("received_at", "number")]
    return [
        rows.filter(doubt__isnull=False).order_by("-doubt", "number"),
        rows.filter(doubt__isnull=True).order_by("number"),
    ]


def first_rows(rows: ContributionQuerySet, filters: Filters, limit: int) -> list[Contribution]:
    found: list[Contribution] = []
    for part in in_order(rows, filters):
        if len(found) < limit:
            found += part.for_list().defer("text", "author_email", "author_phone")[: limit - len(found)]
    return found


def following(rows: ContributionQuerySet, filters: Filters, current: Contribution) -> list[ContributionQuerySet]:
    """What comes after `current` in the order of the queue."""
    parts = in_order(rows, filters)
    if filters.late:
        at = current.received_at
        return [parts[0].filter(Q(received_at__gt=at) | Q(received_at=at, number__gt=current.number))]
    if current.doubt is None:
        return [parts[1].filter(number__gt=current.number)]
    further = Q(doubt__lt=current.doubt) | Q(doubt=current.doubt, number__gt=current.number)
    return [parts[0].filter(further), parts[1]]


def next_free(
    reader: Any, filters: Filters, frame: Frame, *, today: date, at: datetime, after: Contribution | None = None
) -> Contribution | None:
    """The next one that nobody else holds; None at the end of the queue."""
    rows = queue(reader, filters, frame, today).filter(free_for(reader, at))
    for part in in_order(rows, filters) if after is None else following(rows, filters, after):
        found = part.exclude(pk=after.pk).first() if after else part.first()
        if found is not None:
            return found
    return None


def matching_count(rows: ContributionQuerySet) -> int:
    """How many match, up to a thousand and one."""
    return rows.order_by().values("pk")[: COUNTED + 1].count()


def counts(reader: Any) -> dict[tuple[int, str], int]:
    """(campaign, stage) → how many, in one grouped query."""
    rows = Contribution.objects.visible_to(reader).order_by().values_list("campaign_id", "stage").annotate(n=Count("pk"))
    return {(campaign, stage): n for campaign, stage, n in rows}


def to_sort_count() -> int:
    """By the partial index alone."""
    return Contribution.objects.filter(ToSort("stage")).count()
