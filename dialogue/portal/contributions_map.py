"""Where contributions come from: territories drawn by their numbers, communes in a table, which is the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from dialogue.portal.contributions import NONE, Scope
from dialogue.portal.contributions_counts import MOST_AUTHORS, Counts
from dialogue.portal.contributions_matrix import steps_for
from dialogue.territories import maps
from dialogue.territories.models import Commune, Territory
from dialogue.ui.dates import thousands

#: Communes of the table without a territory being chosen: those that say most.
MOST = 40


@dataclass(frozen=True)
class Place:
    """A line of a table. `share`: width of its bar, in %, of the longest; `authors`: None when there are too many to count."""

    name: str
    query: str
    n: int
    share: int
    authors: int | None = None
    territory: str = ""


@dataclass(frozen=True)
class Drawn:
    """A territory of the map, and how warm it is (see contributions_matrix)."""

    shape: maps.Shape
    heat: int


@dataclass(frozen=True)
class CommunesMap:
    territories: list[Place]
    communes: list[Place]
    #: Communes that said something and are not in the table; texts of the selection without a commune; communes that said nothing.
    others: int
    without: int
    silent: int
    shapes: list[Drawn]
    outlines: maps.Map | None
    tiles: list[list[maps.Tile | None]]


def map_of(scope: Scope, counts: Counts) -> CommunesMap:
    """3 queries, whatever there is to show."""
    base = reverse("portal:contributions")
    carried = scope.selection.carried("territoire", "commune")
    counter = counts.facets["territoire"]

    def url(territory: Territory) -> str:
        return f"{base}?territoire={territory.code}{carried}#liste"

    def summary(territory: Territory) -> str:
        n = counter[territory.pk]
        return ngettext("%(n)s contribution", "%(n)s contributions", n) % {"n": thousands(n)}

    territories = list(Territory.objects.select_related("outline"))
    outlines = maps.outline_map(territories, width=600, height=560, url=url, summary=summary)
    steps = steps_for([counter[territory.pk] for territory in territories])
    rows = _communes(scope, counts)
    known = {commune.pk: commune for commune in Commune.objects.all()}
    inside = _chosen(scope, known)
    most = None if scope.selection.chosen.get("territoire") else MOST
    found = [(known[pk], n, authors) for pk, n, authors in rows if pk in known]
    top = max((n for _commune, n, _authors in found), default=1)
    return CommunesMap(
        territories=_places(scope, counts, territories, carried),
        communes=[
            Place(c.name, f"?commune={c.pk}{carried}", n, _share(n, top), authors, scope.territories[c.territory_id].short_name)
            for c, n, authors in found[:most]
        ],
        others=len(found) - len(found[:most]),
        without=counts.total - sum(n for _commune, n, _authors in found),
        silent=len(inside) - len({commune.pk for commune, _n, _authors in found} & inside),
        shapes=[
            Drawn(shape, (1 + sum(counter[shape.territory.pk] >= step for step in steps)) if counter[shape.territory.pk] else 0)
            for shape in (outlines.shapes if outlines else [])
        ],
        outlines=outlines,
        tiles=[] if outlines else maps.cartogram(territories, url=url, summary=summary),
    )


def _chosen(scope: Scope, known: dict[str, Commune]) -> set[str]:
    wanted = {scope.values["territoire"][code] for code in scope.selection.chosen.get("territoire", ())}
    return {pk for pk, commune in known.items() if not wanted or commune.territory_id in wanted}


def _communes(scope: Scope, counts: Counts) -> list[tuple[str, int, int | None]]:
    """(INSEE code, texts, authors) of the selection, the most numerous first."""

    def count() -> list[Any]:
        rows = scope.rows().exclude(commune=None).order_by().values_list("commune_id").annotate(n=Count("pk"))
        if counts.total <= MOST_AUTHORS:
            rows = rows.annotate(authors=Count("author_key", distinct=True))
        return sorted(((*row, None)[:3] for row in rows), key=lambda row: (-row[1], row[0]))

    found: list[tuple[str, int, int | None]] = counts.remembered("communes", count, *counts.choices)
    return found


def _places(scope: Scope, counts: Counts, territories: list[Territory], carried: str) -> list[Place]:
    """The lines of the territories, and of what has none."""
    counter = counts.facets["territoire"]
    top = max(counter.values(), default=1) or 1
    found = [Place(t.name, f"?territoire={t.code}{carried}", counter[t.pk], _share(counter[t.pk], top)) for t in territories]
    if counter[None]:
        found.append(Place("", f"?territoire={NONE}{carried}", counter[None], _share(counter[None], top)))
    return found


def _share(n: int, top: int) -> int:
    return max(1, round(100 * n / top)) if n else 0
