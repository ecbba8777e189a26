"""What the room keeps about a person, for the copy of one's data."""

from __future__ import annotations

from typing import Any

from dialogue.documents.models import Version


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters). Documents are the group's archives: they stay when a person leaves."""
    versions = Version.objects.filter(added_by=person).select_related("document__chantier").order_by("added_at")
    return {
        "documents_deposes": [
            {
                "chantier": str(v.document.chantier),
                "document": v.document.title,
                "fichier": v.filename,
                "le": v.added_at.isoformat(),
            }
            for v in versions
        ]
    }
