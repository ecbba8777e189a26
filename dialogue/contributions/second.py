"""The second reading: what may be drawn, the draw, how far readers agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from math import ceil
from typing import Any

from django.db.models import F, QuerySet

from dialogue.contributions.models import Contribution, SecondReading
from dialogue.contributions.stages import STANDING, ThemeSource


def candidates() -> QuerySet[Contribution]:
    """Contributions whose theme someone of the team said, and that were never drawn."""
    rows = Contribution.objects.filter(stage__in=STANDING, theme_source=ThemeSource.AGENT, qualified_by__isnull=False)
    return rows.filter(second_reading=None).order_by("pk")


def drawn(keys: Iterable[int], *, percent: int, seed: str) -> list[int]:
    """`percent` of `keys` (rounded up), chosen by a hash: the same keys and seed always give the same."""
    ranked = sorted((hashlib.sha256(f"{seed}-{key}".encode()).hexdigest(), key) for key in keys)
    return sorted(key for _rank, key in ranked[: ceil(len(ranked) * percent / 100)])


def to_read(reader: Any) -> QuerySet[SecondReading]:
    """What waits for this reader: never what they sorted themselves."""
    return SecondReading.objects.visible_to(reader).filter(theme=None).exclude(first_reader_id=reader.pk)


def disagreements() -> QuerySet[SecondReading]:
    """Read differently, and not settled since."""
    rows = SecondReading.objects.filter(theme__isnull=False).exclude(theme=F("first_theme"))
    return rows.exclude(contribution__qualified_at__gt=F("read_at"))


def agreement_now() -> dict[str, Any]:
    """For the page of the method: `drawn`, `read`, and once something is read `agreed`, `share` and `kappa` (else None)."""
    from dialogue.analysis.agreement import agreement, kappa

    rows = SecondReading.objects.values_list("first_theme_id", "theme_id")
    pairs = [(first, second) for first, second in rows if second is not None]
    told: dict[str, Any] = {"drawn": len(rows), "read": len(pairs), "agreed": 0, "share": None, "kappa": None}
    if pairs:
        first, second = zip(*pairs, strict=True)
        told |= {"share": agreement(first, second), "kappa": kappa(first, second)}
        told["agreed"] = sum(a == b for a, b in pairs)
    return told
