"""What the room keeps about a person, for that person: which surveys they were asked to answer. Neither the link nor any answer: the
link would let whoever reads the export answer in their place, and the answers are tied to nobody."""

from __future__ import annotations

from typing import Any

from dialogue.evaluation.models import SurveyToken


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """For `people.hooks.exporters`."""
    rows = SurveyToken.objects.filter(person=person).select_related("survey__chantier").order_by("survey__opened_at", "pk")
    return {
        "enquetes": [
            {
                "chantier": row.survey.chantier.title,
                "ouverte_le": row.survey.opened_at.isoformat(),
                "dernier_jour": row.survey.closes_on.isoformat(),
                "a_repondu": row.used,
            }
            for row in rows
        ]
    }
