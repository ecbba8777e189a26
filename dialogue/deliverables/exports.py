"""What the room keeps about a person, for the copy of one's data."""

from __future__ import annotations

from typing import Any

from dialogue.deliverables.models import Opinion


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters)."""
    rows = Opinion.objects.filter(person=person).select_related("deliverable__chantier")
    return {
        "avis_sur_des_livrables": [
            {
                "chantier": str(row.deliverable.chantier),
                "livrable": row.deliverable.title,
                "le": row.at.isoformat(),
                "avis": str(row.get_verdict_display()),
                "raison": row.reason,
            }
            for row in rows
        ]
    }
