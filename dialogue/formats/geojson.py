"""GeoJSON (RFC 7946) in bounded memory: a collection written feature by feature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dialogue.formats import json

CONTENT_TYPE = "application/geo+json"
Geometry = Mapping[str, Any]


def collection(
    features: Iterable[tuple[Any, Geometry | None, Mapping[str, Any]]], *, about: Mapping[str, Any] | None = None
) -> Iterator[bytes]:
    """The file for a streamed answer. A feature is (identifier, geometry or None, properties); `about` are members of the
    collection that readers may ignore (RFC 7946 §6.1). Longitudes and latitudes in degrees, WGS 84.

    Raises ValueError when `about` has an entry called `type` or `features`, TypeError for a value that JSON does not know.
    """
    meta = {"type": "FeatureCollection", **(about or {})}
    if meta["type"] != "FeatureCollection":
        raise ValueError("“type” is the collection's own")
    return json.document(meta, (_feature(*feature) for feature in features), name="features")


def _feature(identifier: Any, geometry: Geometry | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": identifier, "geometry": geometry, "properties": dict(properties)}
