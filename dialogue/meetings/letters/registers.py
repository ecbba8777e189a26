"""An action near or late: those who speak for its owner are told, and nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Representative
from dialogue.mailer import kinds, outbox
from dialogue.meetings.models import Action
from dialogue.people.models import Person

kinds.register(
    "meetings.action", label=_("Actions dont votre organisme a la charge : échéance proche, retard"), default="digest"
)
SUBJECTS: dict[str, Any] = {"soon": _("À faire avant le {day} : {label}, {title}"), "late": _("En retard : {label}, {title}")}


def tell_action(action: Action, event: str, *, now: datetime) -> int:
    """`event`: soon or late. Returns how many people were written to."""
    from dialogue.ui.dates import short_day

    seats = Representative.objects.active().filter(
        member__chantier_id=action.chantier_id, member__organisation_id=action.owner_id
    )
    people = Person.objects.active().filter(pk__in=seats.values("person_id"))
    for person in people:
        outbox.send(
            "meetings.action",
            person,
            subject=format_lazy(
                SUBJECTS[event], day=short_day(action.due_on or now), label=action.label, title=action.chantier.title
            ),
            template="meetings/mail/action",
            context={
                "event": event,
                "action": action,
                "chantier": action.chantier,
                "path": reverse("meetings:decisions", args=[action.chantier.slug]) + f"#a{action.number}",
            },
            now=now,
            space=action.chantier.ledger_space,
            thread=f"action-{action.pk}",
            dedupe=f"action-{action.pk}-{event}-{action.due_on}",
        )
    return len(people)
