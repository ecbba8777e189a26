"""The data kept about a person, for that person (GDPR, articles 15 and 20): every file as JSON and as CSV."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from dialogue.formats import archive, csv
from dialogue.ledger.models import Entry
from dialogue.people import hooks
from dialogue.people.models import Person

Rows = list[dict[str, Any]]


def archive_of(person: Person) -> bytes:
    """A ZIP with `<name>.json` and `<name>.csv` for each file: ours, then those of the rooms above (`hooks.exporters`)."""
    files = _own(person)
    for exporter in hooks.exporters:
        files |= exporter(person)
    packed = {}
    for name, rows in files.items():
        packed[f"{name}.json"] = json.dumps(rows, ensure_ascii=False, indent=2, default=_plain).encode()
        packed[f"{name}.csv"] = b"".join(_table(rows))
    return archive.zip_of(packed)


def _own(person: Person) -> dict[str, Rows]:
    mandates = person.mandates.select_related("organisation")
    return {
        "compte": [_account(person)],
        "organismes": [
            {"organisme": m.organisation.name, "fonction": m.title, "depuis": m.since, "jusqu_au": m.until} for m in mandates
        ],
        "adresses": [
            {"adresse": row.email, "verifiee": row.verified, "principale": row.primary}
            for row in EmailAddress.objects.filter(user=person)
        ],
        "moyens_de_connexion": _means(person),
        "sessions": [
            {"ouverte_le": row.created_at, "vue_le": row.last_seen_at, "adresse_ip": row.ip, "navigateur": row.user_agent}
            for row in UserSession.objects.filter(user=person)
        ],
        "actes": [
            {"le": entry.at, "acte": entry.act, "objet": entry.thing_type, "numero": entry.thing_id}
            for entry in Entry.objects.filter(by=person).order_by("at", "pk")
        ],
    }


def _account(person: Person) -> dict[str, Any]:
    return {
        "adresse": person.email,
        "nom": person.name,
        "fonction": person.job,
        "telephone": person.phone,
        "langue": person.language,
        "etat": person.stage,
        "charge": person.office,
        "organisme_declare": person.declared_organisation,
        "motif_declare": person.declared_reason,
        "motif_de_refus": person.refusal_motive,
        "coordonnees_montrees": person.share_contact,
        "cree_le": person.created_at,
        "accord_donne_le": person.consented_at,
        "valide_le": person.validated_at,
        "derniere_connexion": person.last_login,
    }


def _means(person: Person) -> Rows:
    """Passkeys and other second factors, then accounts of an identity provider."""
    own = Authenticator.objects.filter(user=person)
    elsewhere = SocialAccount.objects.filter(user=person)
    return [
        *({"moyen": row.type, "ajoute_le": row.created_at, "utilise_le": row.last_used_at} for row in own),
        *({"moyen": row.provider, "ajoute_le": row.date_joined, "utilise_le": row.last_login} for row in elsewhere),
    ]


def _table(rows: Rows) -> Any:
    header = list(rows[0]) if rows else []
    return csv.rows(header, ([row[key] for key in header] for row in rows))


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
