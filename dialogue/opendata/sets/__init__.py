"""All that is open, room by room. The order is that of the pages."""

from __future__ import annotations

from dialogue.opendata.resources import Resource
from dialogue.opendata.sets import (
    assembly,
    chantiers,
    contributions,
    deliverables,
    evaluation,
    frame,
    logbook,
    meetings,
    pacts,
    restitution,
)

ROOMS = (chantiers, meetings, deliverables, assembly, pacts, evaluation, restitution, logbook, contributions, frame)
ALL: tuple[Resource, ...] = tuple(resource for room in ROOMS for resource in room.RESOURCES)
BY_CODE = {resource.code: resource for resource in ALL}
