"""What the room keeps about a person, for the copy of one's data."""

from __future__ import annotations

from typing import Any

from dialogue.logbook.models import Editor, LogbookEntry


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters)."""
    entries = LogbookEntry.objects.filter(by=person).select_related("chantier").order_by("at")
    return {
        "carnet_de_voyage": [
            {
                "chantier": str(entry.chantier or ""),
                "nature": entry.get_kind_display(),
                "texte": entry.text,
                "description": entry.alternative,
                "transcription": entry.transcript,
                "qui_parle": entry.credit,
                "accord_de": entry.consent_by,
                "mon_nom_peut_paraitre": entry.may_name,
                "le": entry.at.isoformat(),
                "suite": entry.get_stage_display(),
                "mot_de_l_equipe": entry.answer,
            }
            for entry in entries
        ],
        "equipe_du_carnet": [{"depuis": row.named_at.isoformat()} for row in Editor.objects.filter(person=person)],
    }
