"""Readings of the frame that pages share."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dialogue.language.text import normalise
from dialogue.territories.models import Commune


def find_communes(typed: str) -> QuerySet[Commune]:
    """Communes whose name, accents and case aside, contains every word typed, or whose INSEE code begins so; with their
    territory. Names are compared here: a Département has some hundreds, and databases disagree on accents."""
    words = normalise(typed).split()
    rows = Commune.objects.select_related("territory")
    if not words:
        return rows.none()
    found = [
        code for code, name in Commune.objects.values_list("insee_code", "name") if all(word in normalise(name) for word in words)
    ]
    return rows.filter(Q(insee_code__in=found[:1000]) | Q(insee_code__istartswith=typed.strip())).order_by("name")
