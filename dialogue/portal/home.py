"""What the home page tells: what it is, how far the chantiers are, where, when, what is new. Five queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import ngettext

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import ShownState, Stage
from dialogue.deliverables.pages import Latest, latest_of, with_latest
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import PAST
from dialogue.portal import agenda, explorer, news
from dialogue.territories import maps
from dialogue.territories.models import Territory, Theme

DATES, NEWS, RESULTS = 5, 4, 4


@dataclass(frozen=True)
class ThemeChoice:
    theme: Theme
    count: int
    chosen: bool


@dataclass(frozen=True)
class Home:
    chantiers: list[Chantier]
    tide: list[tuple[ShownState, list[Chantier]]]
    meetings_held: int
    territories: list[Territory]
    themes: list[ThemeChoice]
    theme: Theme | None
    tiles: list[list[maps.Tile | None]]
    lit: list[Territory]
    lit_count: int
    dates: list[agenda.Row]
    news: list[news.News]
    #: The last result of each of these chantiers, newest first.
    results: list[tuple[Chantier, Latest]]
    none_in_pact: bool


def gather(reader: Any, now: datetime, theme_code: str = "") -> Home:
    """`theme_code`: the theme of the cartogram; an unknown one is no choice."""
    territories = list(Territory.objects.prefetch_related(Prefetch("chantiers", queryset=_chantiers(reader))))
    by_pk = {c.pk: c for t in territories for c in t.chantiers.all()}
    chantiers = sorted(by_pk.values(), key=lambda c: c.number)
    _give_territories(chantiers, territories)
    themes = sorted({c.theme.pk: c.theme for c in chantiers}.values(), key=lambda t: (t.order, t.name))
    chosen = next((t for t in themes if t.code == theme_code), None)
    lit = [t for t in territories if chosen and any(c.theme_id == chosen.pk for c in t.chantiers.all())]
    return Home(
        chantiers=chantiers,
        tide=explorer.tide(chantiers),
        meetings_held=sum(c.meetings_held for c in chantiers),
        territories=territories,
        themes=[ThemeChoice(t, sum(1 for c in chantiers if c.theme_id == t.pk), t == chosen) for t in themes],
        theme=chosen,
        tiles=tiles(territories, chosen),
        lit=lit,
        lit_count=sum(1 for c in chantiers if chosen and c.theme_id == chosen.pk),
        dates=agenda.upcoming(reader, now, DATES, known=by_pk),
        news=news.latest(chantiers, NEWS),
        results=_results(chantiers),
        none_in_pact=bool(chantiers) and not any(c.in_pact_on for c in chantiers),
    )


def _chantiers(reader: Any) -> Any:
    """The chantiers that a reader sees, each with the number of its meetings that took place."""
    held = Meeting.objects.filter(chantier=OuterRef("pk"), stage__in=PAST).order_by().values("chantier")
    rows = Chantier.objects.visible_to(reader).exclude(stage=Stage.PROPOSED).select_related("theme").order_by("number")
    count = Coalesce(Subquery(held.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
    return with_latest(rows.annotate(meetings_held=count), reader).defer("search_text", "reason_text", "motive", "deliverable")


def _results(chantiers: Sequence[Chantier]) -> list[tuple[Chantier, Latest]]:
    found = [(chantier, result) for chantier in chantiers if (result := latest_of(chantier))]
    return sorted(found, key=lambda pair: pair[1].on, reverse=True)[:RESULTS]


def _give_territories(chantiers: Sequence[Chantier], territories: Sequence[Territory]) -> None:
    """What was read from the territories' side is not asked again from the chantiers' side."""
    places: dict[int, list[Territory]] = {chantier.pk: [] for chantier in chantiers}
    for territory in territories:
        for chantier in territory.chantiers.all():
            places.setdefault(chantier.pk, []).append(territory)
    for chantier in chantiers:
        chantier.places = places[chantier.pk]
        chantier._prefetched_objects_cache = {"territories": chantier.places}


def tiles(territories: Sequence[Territory], chosen: Theme | None) -> list[list[maps.Tile | None]]:
    """The cartogram: territories with their chantiers (`chantiers` prefetched with their theme), `chosen` apart."""

    def items(territory: Territory) -> list[maps.Item]:
        return [
            maps.Item(
                c.get_absolute_url(), c.theme.short_name, c.theme.icon, c.theme.code, chosen is None or c.theme_id == chosen.pk
            )
            for c in territory.chantiers.all()
        ]

    def summary(territory: Territory) -> str:
        count = len(territory.chantiers.all())
        return ngettext("%(n)d chantier", "%(n)d chantiers", count) % {"n": count}

    lit = None if chosen is None else {t.pk for t in territories if any(c.theme_id == chosen.pk for c in t.chantiers.all())}
    return maps.cartogram(
        territories,
        url=lambda territory: reverse("portal:territory", args=[territory.code]),
        summary=summary,
        items=items,
        lit=lit,
    )
