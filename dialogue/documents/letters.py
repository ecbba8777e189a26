"""What is mailed about documents: in the digest, unless one chose otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.life import group_of
from dialogue.documents.models import Document, Version
from dialogue.mailer import kinds, outbox

kinds.register("documents.added", label=_("Nouveaux documents du groupe et nouvelles versions"), default="digest")
kinds.register("documents.refused", label=_("Fichier refusé par l’antivirus"), default="immediate", mandatory=True)


def tell_added(document: Document, *, by: Any, now: datetime, version: Version | None = None) -> None:
    """The group, but the one who added it."""
    subject = _("Nouvelle version : {title}") if version else _("Nouveau document : {title}")
    for person in group_of(document.chantier):
        if person.pk != getattr(by, "pk", None):
            _send("documents.added", person, document, subject, now=now, event="version" if version else "added", version=version)


def tell_infected(version: Version, *, now: datetime) -> None:
    """Whoever brought the file."""
    subject = _("Fichier refusé par l’antivirus : {title}")
    _send("documents.refused", version.added_by, version.document, subject, now=now, event="infected", version=version)


def _send(
    kind: str, person: Any, document: Document, subject: Any, *, now: datetime, event: str, version: Version | None
) -> None:
    outbox.send(
        kind,
        person,
        subject=format_lazy(subject, title=document.title),
        template="documents/mail/document",
        context={
            "event": event,
            "document": document,
            "chantier": document.chantier,
            "version": version,
            "path": reverse("documents:document", args=[document.chantier.slug, document.pk]),
        },
        now=now,
        space=document.chantier.ledger_space,
        thread=f"document-{document.pk}",
        dedupe=f"{event}-{document.pk}-{version.number if version else 1}",
    )
