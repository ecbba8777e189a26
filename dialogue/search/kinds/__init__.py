"""Everything that can be found. A kind that does not stand here is not searched."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from dialogue.search.kinds import carnet, frame, outcomes, work
from dialogue.search.kinds.base import FAMILIES, Kind, Telling
from dialogue.search.kinds.pages import PAGE

KINDS: dict[str, Kind] = {kind.code: kind for kind in [*frame.KINDS, *work.KINDS, *outcomes.KINDS, *carnet.KINDS]}
#: Pages of the site have no row: they are told from their template (search.kinds.pages).
ALL_CODES = (*KINDS, PAGE)
FAMILY_OF = {kind.code: kind.family for kind in KINDS.values()} | {PAGE: "aide"}


def readable_by(reader: Any) -> Q:
    """The entries whose thing `reader` may read at this moment."""
    return reduce(or_, (kind.readable_q(reader) for kind in KINDS.values()), Q(kind=PAGE))


__all__ = ["ALL_CODES", "FAMILIES", "FAMILY_OF", "KINDS", "PAGE", "Kind", "Telling", "readable_by"]
