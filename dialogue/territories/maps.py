"""What pages need to draw the territories: tiles in their place (cartogram) and, when loaded, outlines as SVG paths."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import prefetch_related_objects

from dialogue.territories.models import Territory


@dataclass(frozen=True)
class Item:
    """A line of a tile: a chantier, drawn with the icon of its theme. `code` is the theme's, for filters."""

    url: str
    label: str
    icon: str = ""
    code: str = ""
    lit: bool = True


@dataclass(frozen=True)
class Tile:
    """A territory in its place. `lit`: concerned by the filter in force (always, without a filter)."""

    territory: Territory
    url: str
    summary: str = ""
    items: Sequence[Item] = ()
    lit: bool = True

    @property
    def codes(self) -> str:
        return " ".join(item.code for item in self.items if item.code)


@dataclass(frozen=True)
class Shape:
    """A territory's outline: `d` of an SVG path, and the middle of its largest part, for a label."""

    territory: Territory
    url: str
    summary: str
    d: str
    x: float
    y: float
    lit: bool = True


@dataclass(frozen=True)
class Map:
    width: int
    height: int
    shapes: list[Shape] = field(default_factory=list)
    source: str = ""


def cartogram(
    territories: Iterable[Territory],
    *,
    url: Callable[[Territory], str] | None = None,
    summary: Callable[[Territory], str] = lambda _territory: "",
    items: Callable[[Territory], Sequence[Item]] = lambda _territory: (),
    lit: Collection[int] | None = None,
) -> list[list[Tile | None]]:
    """Rows of tiles, from the north-west, as wide as the widest; None where no territory stands. Asks no query.

    `lit`: ids of the territories that the filter in force concerns, None without a filter. Draw with
    `{% include "territories/_cartogram.html" with rows=rows filtered=… %}`.
    """
    tiles = {
        (territory.tile_row, territory.tile_column): Tile(
            territory=territory,
            url=url(territory) if url else territory.get_absolute_url(),
            summary=summary(territory),
            items=items(territory),
            lit=lit is None or territory.pk in lit,
        )
        for territory in territories
    }
    if not tiles:
        return []
    rows, columns = zip(*tiles, strict=True)
    return [
        [tiles.get((row, column)) for column in range(min(columns), max(columns) + 1)] for row in range(min(rows), max(rows) + 1)
    ]


def outline_map(
    territories: Iterable[Territory],
    *,
    width: int = 600,
    height: int = 680,
    url: Callable[[Territory], str] | None = None,
    summary: Callable[[Territory], str] = lambda _territory: "",
    lit: Collection[int] | None = None,
) -> Map | None:
    """What `territories/_outlines.html` draws (as `map`); None when no outline is loaded. One query, or none when the
    territories come with `select_related("outline")`.

    Equirectangular projection, longitudes shrunk by the cosine of the middle latitude: true shapes at a Département's
    scale. Rounded to a tenth of a unit.
    """
    by_id = {territory.pk: territory for territory in territories}
    prefetch_related_objects(list(by_id.values()), "outline")
    outlines = {pk: territory.outline for pk, territory in by_id.items() if hasattr(territory, "outline")}
    if not outlines:
        return None
    place = projection((outline.geometry for outline in outlines.values()), width, height)
    shapes = []
    for pk, territory in by_id.items():
        if pk in outlines:
            x, y = place(*middle(outlines[pk].geometry))
            shapes.append(
                Shape(
                    territory=territory,
                    url=url(territory) if url else territory.get_absolute_url(),
                    summary=summary(territory),
                    d=path(outlines[pk].geometry, place),
                    x=round(x, 1),
                    y=round(y, 1),
                    lit=lit is None or pk in lit,
                )
            )
    return Map(width, height, shapes, next(iter(outlines.values())).source)


Projection = Callable[[float, float], tuple[float, float]]


def projection(geometries: Iterable[dict[str, Any]], width: int, height: int, margin: int = 4) -> Projection:
    """From degrees to units of the drawing, north up, the whole centred, the same scale on both axes."""
    points = [point for geometry in geometries for ring in rings(geometry) for point in ring]
    if not points:
        return lambda _longitude, _latitude: (0.0, 0.0)
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = math.cos(math.radians((south + north) / 2)) or 1.0
    wide, high = max((east - west) * shrink, 1e-9), max(north - south, 1e-9)
    scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
    left, top = (width - wide * scale) / 2, (height - high * scale) / 2
    return lambda longitude, latitude: (left + (longitude - west) * shrink * scale, top + (north - latitude) * scale)


def path(geometry: dict[str, Any], place: Projection) -> str:
    """The `d` of an SVG path: fill it with `fill-rule="evenodd"`, so that holes stay empty."""
    parts = []
    for ring in rings(geometry):
        points: list[str] = []
        for longitude, latitude, *_height in ring[:-1]:
            x, y = place(longitude, latitude)
            text = f"{_short(x)} {_short(y)}"
            if not points or points[-1] != text:
                points.append(text)
        parts.append("M" + "L".join(points) + "Z")
    return "".join(parts)


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """All the rings of a Polygon or MultiPolygon."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def middle(geometry: dict[str, Any]) -> tuple[float, float]:
    """The centre of mass of the largest ring (longitude, latitude)."""
    best: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    for ring in rings(geometry):
        area = x = y = 0.0
        for (x0, y0, *_h0), (x1, y1, *_h1) in pairwise(ring):
            cross = x0 * y1 - x1 * y0
            area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
        if area and abs(area) > best[0]:
            best = (abs(area), x / (3 * area), y / (3 * area))
        elif best[0] < 0:
            best = (0.0, ring[0][0], ring[0][1])
    return best[1], best[2]


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
