"""What is mailed of a date poll: to members and to addresses without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.post import answerers_of
from dialogue.mailer import kinds, outbox
from dialogue.meetings.models import Poll, PollInvitee, PollOption

kinds.register("meetings.poll", label=_("Sondages pour choisir la date d’une séance"), default="immediate")
kinds.register("meetings.poll_answered", label=_("Tout le monde a répondu à un sondage de date"), default="immediate")


def tell_invited(invitee: PollInvitee, *, now: datetime) -> None:
    _send(
        "meetings.poll", invitee.person or invitee.email, invitee.poll, "asked", now=now, path=_link(invitee), key=invitee.nonce
    )


def tell_reminded(invitee: PollInvitee, *, now: datetime) -> None:
    key = f"reminder-{invitee.poll.deadline:%Y-%m-%d}"
    _send("meetings.poll", invitee.person or invitee.email, invitee.poll, "reminded", now=now, path=_link(invitee), key=key)


def tell_everyone_answered(poll: Poll, *, now: datetime) -> None:
    path = reverse("meetings:poll", args=[poll.meeting.chantier.slug, poll.meeting.number])
    for person in answerers_of(poll.meeting.chantier):
        _send("meetings.poll_answered", person, poll, "everyone", now=now, path=path, key="everyone")


def tell_outsiders(poll: Poll, option: PollOption, *, now: datetime) -> None:
    """Those without an account get the date; members get their convocation."""
    for invitee in poll.invitees.filter(person=None).exclude(answered_at=None):
        _send("meetings.poll", invitee.email, poll, "chosen", now=now, path="", key="chosen", option=option)


def _link(invitee: PollInvitee) -> str:
    return reverse("meetings:poll_answer", args=[invitee.token])


SUBJECTS: dict[str, Any] = {
    "asked": _("Quelle date pour la prochaine séance ? {title}"),
    "reminded": _("Votre réponse manque : quelle date pour la prochaine séance ? {title}"),
    "everyone": _("Tout le monde a répondu : choisissez la date, {title}"),
    "chosen": _("La date est choisie : {title}"),
}


def _send(
    kind: str, to: Any, poll: Poll, event: str, *, now: datetime, path: str, key: str, option: PollOption | None = None
) -> None:
    chantier = poll.meeting.chantier
    outbox.send(
        kind,
        to,
        subject=format_lazy(SUBJECTS[event], title=chantier.title),
        template="meetings/mail/poll",
        context={
            "event": event,
            "poll": poll,
            "options": list(poll.options.all()),
            "chantier": chantier,
            "path": path,
            "option": option,
        },
        now=now,
        space=chantier.ledger_space,
        thread=f"meeting-{poll.meeting.uid}",
        dedupe=f"poll-{poll.pk}-{key}",
    )
