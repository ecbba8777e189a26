"""Territories and themes with their chantiers; which territory a commune belongs to."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Count, Prefetch, Sum

from dialogue.chantiers.models import Chantier
from dialogue.language.text import normalise
from dialogue.territories.models import Commune, Priority, Territory, Theme

MAX_ANSWERS, MAX_TEXT = 20, 80
#: "St Macaire" is Saint-Macaire.
_SAINT = re.compile(r"\b(st|ste)\b")


def territories(reader: Any) -> list[Territory]:
    """All of them, with `chantiers` that `reader` sees, `population` and `communes_count` (2 queries)."""
    rows = Territory.objects.annotate(population=Sum("communes__population"), communes_count=Count("communes"))
    return list(rows.prefetch_related(Prefetch("chantiers", queryset=_chantiers(reader))))


def themes(reader: Any) -> list[Theme]:
    """All of them, with `chantiers` that `reader` sees and their territories (3 queries)."""
    rows = _chantiers(reader).prefetch_related("territories")
    return list(Theme.objects.prefetch_related(Prefetch("chantiers", queryset=rows)))


def _chantiers(reader: Any) -> Any:
    rows = Chantier.objects.visible_to(reader).select_related("theme").order_by("number")
    return rows.defer("search_text", "reason_text", "motive", "deliverable")


def chantiers_of(reader: Any, **where: Any) -> list[Chantier]:
    """Lines of the page of a territory (`territories=`) or of a theme (`theme=`): 2 queries."""
    return list(Chantier.objects.visible_to(reader).filter(**where).for_list().defer("search_text", "reason_text", "motive"))


def priorities_of(**where: Any) -> list[Priority]:
    """The priority issues of the pact of a territory (`territory=`), or those on a theme (`theme=`): 1 query."""
    return list(Priority.objects.filter(**where).select_related("territory", "theme").order_by("theme__order", "territory__order"))


def communes_named(text: str) -> list[Commune]:
    """Communes of which the name holds `text`, accents, case, hyphens and "St" aside; exact names first (1 query)."""
    wanted = _key(text[:MAX_TEXT])
    if not wanted:
        return []
    found = []
    for commune in Commune.objects.select_related("territory"):
        name = _key(commune.name)
        if wanted in name:
            rank = 0 if name == wanted else 1 if name.startswith(wanted) else 2
            found.append((rank, name, commune))
    return [commune for _rank, _name, commune in sorted(found, key=lambda row: row[:2])[:MAX_ANSWERS]]


def _key(name: str) -> str:
    return _SAINT.sub(lambda m: "saint" if m[1] == "st" else "sainte", normalise(name))
