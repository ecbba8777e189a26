"""What the room keeps about a person, for the copy of one's data; what goes when they leave, what moves when organisations merge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from dialogue.contributions.acts.privacy import forget_author, move_to_organisation, written_by
from dialogue.contributions.models import Contribution, Support
from dialogue.ledger.acts import SYSTEM


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """File name → rows (people.hooks.exporters)."""
    rows = Contribution.objects.filter(written_by(person)).order_by("number")
    rows = rows.select_related("campaign", "territory", "commune", "theme", "organisation").prefetch_related("attachments")
    supports = Support.objects.filter(written_by(person)).select_related("contribution", "organisation").order_by("at")
    return {"contributions": [_line(row) for row in rows], "soutiens": [_support_line(row) for row in supports]}


def _line(row: Contribution) -> dict[str, Any]:
    return {
        "numero": row.number,
        "campagne": row.campaign.title,
        "ecrite_le": row.written_at,
        "recue_le": row.received_at,
        "titre": row.title,
        "texte": row.text,
        "territoire": str(row.territory or ""),
        "commune": str(row.commune or ""),
        "theme": str(row.theme or ""),
        "organisme": str(row.organisation or row.organisation_name),
        "nom": row.author_name,
        "adresse": row.author_email,
        "telephone": row.author_phone,
        "nom_montre": row.shown_name,
        "publication_acceptee": row.may_publish,
        "prevenir": row.wants_news,
        "fichiers": ", ".join(file.filename for file in row.attachments.all()),
        "etat": str(row.get_stage_display()),
        "reponse": row.answer,
    }


def _support_line(row: Support) -> dict[str, Any]:
    return {
        "numero": row.contribution.number,
        "titre": row.contribution.title,
        "organisme": str(row.organisation or row.organisation_name),
        "adresse": row.author_email,
        "le": row.at,
        "confirme_le": row.confirmed_at,
    }


def on_leaving(person: Any, *, by: Any, now: datetime) -> None:
    """An account is being closed (people.hooks.on_leaving)."""
    forget_author(None, by=SYSTEM, now=now, person=person)


def on_merge(source: Any, into: Any, *, by: Any, now: datetime) -> None:
    """An organisation is merged into another (people.hooks.on_merge)."""
    move_to_organisation(None, by=SYSTEM, now=now, source=source, into=into)


def merge_preview(source: Any, into: Any) -> list[str]:
    n = Contribution.objects.filter(organisation=source).count() + Support.objects.filter(organisation=source).count()
    said = ngettext("%(n)d contribution ou soutien passe à son nom.", "%(n)d contributions ou soutiens passent à son nom.", n)
    return [said % {"n": n}] if n else []
