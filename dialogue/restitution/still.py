"""A version as a reader may read it today: what was frozen, without the chantiers that were withdrawn from them since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dialogue.chantiers.still import still_read
from dialogue.restitution import reading
from dialogue.restitution.models import Version
from dialogue.restitution.reading import ConferenceRead, PointRead


def reserved_for(reader: Any, version: Version) -> dict[str, Any] | None:
    """What partners read besides; None for everybody else."""
    return version.reserved if getattr(reader, "is_partner", False) else None


def sealed_for(reader: Any, version: Version) -> tuple[dict[str, Any], str]:
    """(what was sealed, its seal) of what this reader reads."""
    reserved = reserved_for(reader, version)
    if reserved is None:
        return version.content, version.sha256
    return {"content": version.content, "reserved": reserved}, version.sha256_reserved


def point_for(reader: Any, version: Version) -> PointRead:
    """1 query."""
    return _kept(reader, [reading.point(version.content, reserved_for(reader, version))])[0]


def conference_for(reader: Any, version: Version) -> ConferenceRead:
    """1 query."""
    read = reading.conference(version.content, reserved_for(reader, version))
    return replace(read, points=_kept(reader, read.points))


def _kept(reader: Any, points: list[PointRead]) -> list[PointRead]:
    seen = still_read(reader, (entry.number for point in points for entry in point.entries))
    return [replace(point, entries=[entry for entry in point.entries if entry.number in seen]) for point in points]
