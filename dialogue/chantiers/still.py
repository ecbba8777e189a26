"""What was frozen keeps its words for ever; who may read them does not. For every room that shows frozen contents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dialogue.chantiers.models import Chantier


def still_read(reader: Any, numbers: Iterable[int]) -> set[int]:
    """Of the chantiers that a frozen content names by their numbers, those that the reader may read today (1 query)."""
    rows = Chantier.objects.visible_to(reader).filter(number__in=set(numbers))
    return set(rows.order_by().values_list("number", flat=True))
