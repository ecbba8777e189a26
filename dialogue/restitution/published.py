"""What the windows above link to: what is published, where; and where each point stands, for the coordination's dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dialogue.restitution.gatherings import Gathering
from dialogue.restitution.models import Conference, ProgressPoint
from dialogue.restitution.stages import PaperStage, Where
from dialogue.territories.models import CalendarDate, Territory

#: (kind of date, series, territory's pk or None) → address.
Published = dict[tuple[str, int | None, int | None], str]


def points_of(territory: Territory) -> list[ProgressPoint]:
    """The published points of a territory, latest first (1 query)."""
    rows = ProgressPoint.objects.filter(territory=territory, published_at__isnull=False).order_by("-published_at", "-pk")
    points = list(rows)
    for point in points:
        point.territory = territory
    return points


def addresses() -> Published:
    """The pages of what is published, by the date at which it is told (2 queries)."""
    points = ProgressPoint.objects.filter(published_at__isnull=False).order_by()
    found: Published = {}
    for kind, series, pk, code in points.values_list("kind", "series", "territory_id", "territory__code"):
        slug = Gathering(kind, series).slug
        found[kind, series, pk] = reverse("restitution:point", args=[slug, code])
        found.setdefault((kind, series, None), reverse("restitution:gathering", args=[slug]))
    for series in Conference.objects.filter(published_at__isnull=False).values_list("series", flat=True):
        slug = Gathering(Where.CONFERENCE, series).slug
        found[Where.CONFERENCE, series, None] = reverse("restitution:gathering", args=[slug])
    return found


@dataclass(frozen=True)
class CouncilLine:
    """A coming council on the dashboard: where its progress point stands, and the page that prepares it."""

    date: CalendarDate
    name: str
    url: str
    state: str | Promise


def council_lines(dates: Iterable[CalendarDate]) -> list[CouncilLine]:
    """1 query, and the dates."""
    rows = ProgressPoint.objects.order_by().values_list("kind", "series", "territory_id", "stage")
    stages = {(kind, series, pk): PaperStage(stage).label for kind, series, pk, stage in rows}
    found = []
    for each in dates:
        slug = Gathering(each.kind, each.series).slug if each.series else ""
        url = reverse("restitution:pilot_gathering", args=[slug]) if slug else ""
        state = stages.get((each.kind, each.series, each.territory_id), _("point d’étape à préparer")) if slug else ""
        name = each.territory.short_name if each.territory else each.title
        found.append(CouncilLine(each, name, url, state if each.territory_id else ""))
    return found


def public_pages() -> list[tuple[str, datetime | None]]:
    """Addresses and last changes, for the sitemap (2 queries)."""
    pages: list[tuple[str, datetime | None]] = [(reverse("restitution:index"), None)]
    points = ProgressPoint.objects.filter(published_at__isnull=False).select_related("territory")
    pages += [(point.get_absolute_url(), point.published_at) for point in points]
    slugs = {point.gathering.slug for point in points} | {
        paper.gathering.slug for paper in Conference.objects.filter(published_at__isnull=False)
    }
    return pages + [(reverse("restitution:gathering", args=[slug]), None) for slug in sorted(slugs)]
