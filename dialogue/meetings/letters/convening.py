"""What is mailed about a meeting: it is convened, moved, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.life import group_of
from dialogue.mailer import kinds, outbox
from dialogue.meetings.models import Meeting

kinds.register("meetings.convened", label=_("Convocations aux séances, changements de date, annulations"), default="immediate")

SUBJECTS: dict[str, str | Promise] = {
    "convened": _("Convocation : {number}ᵉ séance, {title}"),
    "first": _("Convocation : première séance, {title}"),
    "moved": _("Séance {number} déplacée : {title}"),
    "cancelled": _("Séance {number} annulée : {title}"),
}


def tell_group(event: str, meeting: Meeting, *, by: Any, now: datetime) -> int:
    """Queues the news of the meeting to every person of the group, the one who acts included; returns how many."""
    chantier = meeting.chantier
    subject = SUBJECTS["first" if event == "convened" and meeting.number == 1 else event]
    people = group_of(chantier)
    for person in people:
        outbox.send(
            "meetings.convened",
            person,
            subject=format_lazy(subject, number=meeting.number, title=chantier.title),
            template="meetings/mail/meeting",
            context={"event": event, "meeting": meeting, "chantier": chantier},
            now=now,
            space=chantier.ledger_space,
            thread=f"meeting-{meeting.uid}",
            dedupe=f"{meeting.uid}:{meeting.sequence}:{event}",
        )
    return len(people)
