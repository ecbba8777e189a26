"""What this room keeps about a person, for the copy of their data."""

from __future__ import annotations

from typing import Any

from dialogue.opendata.models import ApiToken


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    rows = ApiToken.objects.filter(owner=person).order_by("created_at", "pk")
    told = [
        {
            "nom": token.name,
            "debut": token.beginning,
            "cree_le": token.created_at,
            "valable_jusqu_au": token.expires_on,
            "dernier_emploi": token.last_used_on,
            "revoque_le": token.revoked_at,
        }
        for token in rows
    ]
    return {"jetons": told} if told else {}
