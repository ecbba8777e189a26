"""The chantiers of a frame (docs/frame.md): proposed then opened through the acts, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Reason
from dialogue.ledger.clock import local_date


def load(rows: Iterable[dict[str, Any]], *, by: Any, now: datetime, places: dict[str, dict[str, Any]]) -> int:
    """Creates the chantiers whose number is not taken yet; those that live already are left to their group.

    `rows` and `places` are those of `dialogue.territories.frame.loaders`. Returns how many were created.
    """
    known = set(Chantier.objects.values_list("number", flat=True))
    created = 0
    for row in rows:
        if row["number"] in known:
            continue
        council = places["dates"].get(row.get("council") or "")
        chantier = life.propose(
            by=by,
            now=now,
            number=row["number"],
            title=row["title"],
            theme=places["themes"][row["theme"]],
            territories=[places["territories"][code] for code in row["territories"]],
            reason=Reason(row["reason"]),
            reason_text=row["reason_text"],
            objective=row["objective"],
            deliverable=row["deliverable"],
            evidence_count=row.get("evidence_count"),
            council=council,
        )
        today = local_date(now)
        opened_on = council.starts_on if council and council.starts_on <= today else today
        life.open_chantier(chantier, by=by, now=now, opened_on=opened_on)
        created += 1
    return created
