"""What the chantiers keep about a person, for the export of one's data (`people.hooks.exporters`)."""

from __future__ import annotations

from typing import Any

from dialogue.chantiers.models import Invitation, JoinRequest, Representative
from dialogue.people.models import Person


def personal_data(person: Person) -> dict[str, list[dict[str, Any]]]:
    """File name → rows: groups, requests, invitations, chantiers followed."""
    return {
        "groupes": _groups(person),
        "demandes-a-rejoindre": _requests(person),
        "invitations": _invitations(person),
        "chantiers-suivis": [{"chantier": follow.chantier.title} for follow in person.follows.select_related("chantier")],
    }


def _groups(person: Person) -> list[dict[str, Any]]:
    rows = Representative.objects.filter(person=person).select_related("member__chantier", "member__organisation")
    return [
        {
            "chantier": each.member.chantier.title,
            "organisme": each.member.organisation.name,
            "rôle": each.member.get_role_display(),
            "depuis": each.since,
            "jusqu’au": each.until,
        }
        for each in rows
    ]


def _requests(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "chantier": each.chantier.title,
            "organisme": each.organisation.name,
            "motivation": each.motivation,
            "état": each.get_stage_display(),
            "envoyée le": each.sent_at,
            "réponse le": each.answered_at,
            "motif": each.motive,
        }
        for each in JoinRequest.objects.filter(person=person).select_related("chantier", "organisation")
    ]


def _invitations(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "chantier": each.chantier.title,
            "organisme": each.organisation.name,
            "état": each.get_stage_display(),
            "envoyée le": each.sent_at,
        }
        for each in Invitation.objects.filter(email__iexact=person.email).select_related("chantier", "organisation")
    ]
