"""Outlines in GeoJSON (RFC 7946), checked and matched to the territories. Nothing is simplified."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dialogue.language.text import normalise
from dialogue.territories.frame.files import load_json
from dialogue.territories.frame.problems import Problems, shown
from dialogue.territories.models import Territory

#: A file as it comes; what is kept is counted in points.
MAX_BYTES = 8_000_000
#: For all territories together: beyond, the map would weigh more than the page.
MAX_POINTS = 20_000
#: A closed triangle.
SHORTEST_RING = 4
CODES = ("code", "id")
NAMES = ("nom", "name", "libelle")
WGS84 = ("CRS84", "4326")

Outlines = list[tuple[Territory, dict[str, Any], str]]


def read(path: Path | str) -> Any:
    """The JSON of a file. Raises Refused: absent, too large, not text, not JSON (with the line and column)."""
    problems = Problems(Path(path).name)
    document = load_json(Path(path), problems, MAX_BYTES)
    problems.refuse()
    return document


def check(document: Any, territories: Sequence[Territory], *, file: str = "") -> Outlines:
    """Each territory with its geometry and source. Raises Refused with every error and its place."""
    problems = Problems(file or "GeoJSON")
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection" or not isinstance(features, list):
        problems.at([], _("il faut une collection GeoJSON : « type » vaut « FeatureCollection », « features » est une liste."))
        problems.refuse()
    _reference_system(document, problems)
    source = document.get("attribution", "")
    source = source[:600] if isinstance(source, str) else ""
    found: Outlines = []
    taken: dict[int, int] = {}
    for rank, feature in enumerate(features):
        territory = _territory(feature, rank, territories, problems)
        geometry = _geometry(feature, rank, problems)
        if territory and territory.pk in taken:
            sentence = _("le territoire %(name)s a déjà un contour : features[%(other)s].")
            problems.at(["features", rank], sentence % {"name": shown(territory.name), "other": taken[territory.pk]})
        elif territory and geometry:
            found.append((territory, geometry, source))
        if territory:
            taken.setdefault(territory.pk, rank)
    for territory in territories:
        if territory.pk not in taken:
            problems.at(["features"], _("il manque le contour de %(name)s.") % {"name": shown(territory.name)})
    _not_too_many(found, problems)
    problems.refuse()
    return found


def _reference_system(document: dict[str, Any], problems: Problems) -> None:
    crs = document.get("crs")
    if crs and not any(name in str(crs) for name in WGS84):
        problems.at(["crs"], _("les coordonnées doivent être en WGS 84 (EPSG:4326). Reprojetez le fichier."))


def _territory(feature: Any, rank: int, territories: Sequence[Territory], problems: Problems) -> Territory | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or feature.get("type") != "Feature" or not isinstance(properties, dict):
        problems.at(["features", rank], _("il faut un objet « Feature » avec ses « properties »."))
        return None
    codes = [str(properties[key]) for key in CODES if properties.get(key)]
    names = [normalise(str(properties[key])) for key in NAMES if properties.get(key)]
    for territory in territories:
        if territory.code in codes:
            return territory
    for territory in territories:
        if normalise(territory.name) in names:
            return territory
    told = shown((codes + [str(properties[key]) for key in NAMES if properties.get(key)] or ["?"])[0])
    sentence = _(
        "aucun territoire n’a ce code ni ce nom : %(name)s. « code » ou « nom » doit être celui d’un territoire du cadre."
    )
    problems.at(["features", rank, "properties"], sentence % {"name": told})
    return None


def _geometry(feature: Any, rank: int, problems: Problems) -> dict[str, Any] | None:
    """The geometry with its type and coordinates alone, or None and problems."""
    place: list[str | int] = ["features", rank, "geometry"]
    given = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(given, dict) or given.get("type") not in ("Polygon", "MultiPolygon"):
        problems.at([*place, "type"], _("il faut « Polygon » ou « MultiPolygon »."))
        return None
    before = len(problems.found)
    coordinates = given.get("coordinates")
    place.append("coordinates")
    if given["type"] == "Polygon":
        _polygon(coordinates, place, problems)
    elif not isinstance(coordinates, list) or not coordinates:
        problems.at(place, _("il faut au moins un polygone."))
    else:
        for number, polygon in enumerate(coordinates):
            _polygon(polygon, [*place, number], problems)
    return {"type": given["type"], "coordinates": coordinates} if len(problems.found) == before else None


def _polygon(polygon: Any, place: list[str | int], problems: Problems) -> None:
    if not isinstance(polygon, list) or not polygon:
        problems.at(place, _("il faut au moins un anneau."))
        return
    for number, ring in enumerate(polygon):
        _ring(ring, [*place, number], problems)


def _ring(ring: Any, place: list[str | int], problems: Problems) -> None:
    if not isinstance(ring, list) or len(ring) < SHORTEST_RING:
        problems.at(place, _("un anneau a quatre positions au moins."))
        return
    for number, position in enumerate(ring):
        sentence = _position(position)
        if sentence:
            problems.at([*place, number], sentence)
            return
    if ring[0] != ring[-1]:
        problems.at(place, _("l’anneau n’est pas fermé : sa dernière position doit être la première."))


def _position(position: Any) -> str:
    """What is wrong with a position; "" when it is sound."""
    numbers = position if isinstance(position, list) else []
    if len(numbers) not in (2, 3) or not all(type(n) in (int, float) and math.isfinite(n) for n in numbers):
        return _("il faut une position : [longitude, latitude].")
    if abs(numbers[0]) > 180 or abs(numbers[1]) > 90:  # noqa: PLR2004 — degrees
        return _("cette position est hors du globe. Les coordonnées doivent être en degrés (WGS 84), pas en mètres.")
    return ""


def _not_too_many(found: Outlines, problems: Problems) -> None:
    from dialogue.territories.maps import rings

    points = sum(len(ring) for _territory, geometry, _source in found for ring in rings(geometry))
    if points > MAX_POINTS:
        sentence = _("%(points)s points, %(limit)s au plus. Simplifiez les contours avant de les importer (docs/frame.md).")
        problems.at([], sentence % {"points": points, "limit": MAX_POINTS})
