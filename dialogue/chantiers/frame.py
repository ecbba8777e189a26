"""The chantiers of a frame file: proposed and opened by the real acts (see dialogue/territories/frame)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dialogue.chantiers.acts.life import change_description, open_chantier, propose
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import ENDED, Stage

#: What a file loaded again may correct, while the chantier lives and no roadmap froze its promises.
CORRECTED = ("title", "reason", "reason_text", "objective", "deliverable", "evidence_count")


def load(rows: list[dict[str, Any]], *, by: Any, now: datetime, places: dict[str, dict[str, Any]]) -> int:
    """Creates the chantiers that are new and corrects those that changed; returns how many of either."""
    known = {chantier.number: chantier for chantier in Chantier.objects.all()}
    return sum(_load(row, known.get(row["number"]), by=by, now=now, places=places) for row in rows)


def _load(row: dict[str, Any], chantier: Chantier | None, *, by: Any, now: datetime, places: dict[str, dict[str, Any]]) -> bool:
    if chantier is None:
        chantier = propose(
            None, by=by, now=now, number=row["number"], theme=places["themes"][row["theme"]],
            territories=[places["territories"][code] for code in row["territories"]],
            council=places["dates"].get(row.get("council", "")), **{name: row.get(name) for name in CORRECTED},
        )
        open_chantier(chantier, by=by, now=now)
        return True
    frozen = chantier.roadmaps.exclude(stage="draft").exists()
    names = [name for name in CORRECTED if not (frozen and name in {"objective", "deliverable"})]
    changed = {name: row.get(name) for name in names if getattr(chantier, name) != row.get(name)}
    if not changed or chantier.stage in {*ENDED, Stage.COMPLETED, Stage.EVALUATED}:
        return False
    change_description(chantier, by=by, now=now, **changed)
    return True
