"""All that is open, room by room. The order is that of the pages."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from dialogue.opendata.resources import Resource
from dialogue.opendata.sets import chantiers, contributions, frame, meetings


def _of(room: str) -> tuple[Resource, ...]:
    """The resources of a room, once it has models (`sets/<room>.py`)."""
    if find_spec(f"dialogue.{room}.models") is None:
        return ()
    found: tuple[Resource, ...] = import_module(f"dialogue.opendata.sets.{room}").RESOURCES
    return found


ALL: tuple[Resource, ...] = (
    *chantiers.RESOURCES,
    *meetings.RESOURCES,
    *_of("deliverables"),
    *_of("assembly"),
    *_of("pacts"),
    *_of("evaluation"),
    *_of("restitution"),
    *_of("logbook"),
    *contributions.RESOURCES,
    *frame.RESOURCES,
)
BY_CODE = {resource.code: resource for resource in ALL}
