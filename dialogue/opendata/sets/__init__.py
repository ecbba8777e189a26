"""All that is open, room by room. The order is that of the pages."""

from dialogue.opendata.resources import Resource
from dialogue.opendata.sets import chantiers, contributions, frame, meetings

ALL: tuple[Resource, ...] = (
    *chantiers.RESOURCES,
    *meetings.RESOURCES,
    *contributions.RESOURCES,
    *frame.RESOURCES,
)
BY_CODE = {resource.code: resource for resource in ALL}
