"""The team of the carnet, beside the coordination."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.logbook import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.logbook.acts.consent import unname
from dialogue.logbook.models import Editor, LogbookEntry


@act("logbook.name_editor", creates=True)
def name_editor(person: Any, *, by: Any, now: datetime) -> Editor:
    """Someone with a validated account reads what all the groups gathered for the carnet, and lays it out."""
    if not person.is_partner:
        raise Refused(_("Cette personne n’a pas de compte validé."))
    try:
        with transaction.atomic():
            return Editor.objects.create(person=person, named_by_id=by.pk, named_at=now)
    except IntegrityError:
        raise Refused(_("Cette personne est déjà de l’équipe du carnet.")) from None


@act("logbook.end_editor")
def end_editor(person: Any, *, by: Any, now: datetime) -> None:
    Editor.objects.filter(person_id=person.pk).delete()


def forget(person: Any, *, by: Any, now: datetime) -> None:
    """For people.hooks.on_leaving: someone who leaves is named nowhere and lays out nothing."""
    for entry in LogbookEntry.objects.filter(by_id=person.pk, may_name=True):
        unname(entry, by=SYSTEM, now=now)
    if Editor.objects.filter(person_id=person.pk).exists():
        end_editor(person, by=SYSTEM, now=now)
