"""What is mailed about a meeting: it is convened, moved, postponed, cancelled, near."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from dialogue.chantiers.letters.life import group_of
from dialogue.chantiers.letters.post import officers_of
from dialogue.chantiers.models.member import roles_of
from dialogue.chantiers.stages import Role
from dialogue.formats import ics
from dialogue.mailer import kinds, outbox, replying
from dialogue.mailer.quiet import NEAR
from dialogue.meetings.agenda import timed
from dialogue.meetings.exports import PARTSTATS, event_of
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import Rsvp

kinds.register("meetings.convened", label=_("Convocations aux séances, changements de date, annulations"), default="immediate")

SUBJECTS: dict[str, str | Promise] = {
    "convened": _("Convocation : {number}ᵉ séance, {title}"),
    "first": _("Convocation : première séance, {title}"),
    "moved": _("Séance {number} déplacée : {title}"),
    "postponed": _("Séance {number} reportée, date à choisir : {title}"),
    "cancelled": _("Séance {number} annulée : {title}"),
    "left": _("Séance {number} retirée de votre agenda : {title}"),
}


#: What happened → what calendars are asked to do.
METHODS = {"convened": "REQUEST", "moved": "REQUEST", "cancelled": "CANCEL", "postponed": "CANCEL", "left": "CANCEL"}
kinds.register("meetings.reminder", label=_("Rappels des séances"), default="immediate")
kinds.register("meetings.declined", label=_("L’élu qui porte le chantier ne pourra pas venir"), default="immediate")


def tell_group(event: str, meeting: Meeting, *, by: Any, now: datetime, people: Iterable[Any] | None = None) -> int:
    """Queues the news of the meeting, with its invitation, to every person of the group (the one who acts included), once
    for each state of the date. Returns how many were written to. `people`: some of them only."""
    chantier = meeting.chantier
    subject = SUBJECTS["first" if event == "convened" and meeting.number == 1 else event]
    people_given = people is not None
    people = list(people) if people is not None else group_of(chantier)
    items = timed(meeting)
    state = event if event in {"cancelled", "postponed"} else "dated"
    if event == "left" or (event == "convened" and people_given):
        state = f"{state}:{event}:{now:%Y%m%d%H%M}"  # one may leave, come back and leave again
    sent = [
        outbox.send(
            "meetings.convened",
            person,
            subject=format_lazy(subject, number=meeting.number, title=chantier.title),
            template="meetings/mail/meeting",
            context={"event": event, "meeting": meeting, "chantier": chantier, "items": items, "readers": len(people)},
            now=now,
            space=chantier.ledger_space,
            thread=f"meeting-{meeting.uid}",
            dedupe=f"{meeting.uid}:{meeting.sequence}:{state}",
            reply_to=replying.address(person, "meeting", meeting.pk),
            calendar=invitation_for(person, meeting, METHODS[event]),
            calendar_method=METHODS[event],
            urgent=meeting.starts_at is not None and meeting.starts_at - now < NEAR,
            mandatory=event == "left",  # like the confirmation of leaving: nothing else is sent to whoever left
        )
        for person in people
    ]
    return sum(letter is not None for letter in sent)


def invitation_for(person: Any, meeting: Meeting, method: str, *, rsvp: str = "") -> bytes:
    """The meeting as this person's calendar gets it: the organiser is the address that reads this person's answer."""
    with override(getattr(person, "language", "") or settings.LANGUAGE_CODE):
        return ics.invitation(
            event_of(meeting),
            method=method,
            organizer=ics.Party(meeting.chantier.title, replying.address(person, "meeting", meeting.pk)),
            attendee=ics.Party(str(person), person.email),
            partstat=PARTSTATS.get(Rsvp(rsvp), "NEEDS-ACTION") if rsvp else "NEEDS-ACTION",
        )


def tell_reminder(meeting: Meeting, hours: int, *, now: datetime) -> int:
    """Those who have not said that they will not come. Returns how many."""
    declined = set(meeting.answers.filter(rsvp=Rsvp.DECLINED).values_list("person_id", flat=True))
    answered = dict(meeting.answers.values_list("person_id", "rsvp"))
    people = [person for person in group_of(meeting.chantier) if person.pk not in declined]
    items = timed(meeting)
    for person in people:
        outbox.send(
            "meetings.reminder",
            person,
            subject=format_lazy(_("Rappel : {number}ᵉ séance, {title}"), number=meeting.number, title=meeting.chantier.title),
            template="meetings/mail/meeting",
            context={
                "event": "reminder",
                "meeting": meeting,
                "chantier": meeting.chantier,
                "items": items,
                "readers": len(people),
                "answered": person.pk in answered,
            },
            now=now,
            space=meeting.chantier.ledger_space,
            thread=f"meeting-{meeting.uid}",
            dedupe=f"{meeting.uid}:{meeting.sequence}:{hours}",
            reply_to=replying.address(person, "meeting", meeting.pk),
        )
    return len(people)


def tell_decline(meeting: Meeting, person: Any, *, now: datetime) -> None:
    """The sponsor will not come: the lead learns it at once; other answers are read on the page."""
    if Role.SPONSOR not in roles_of(person, meeting.chantier):
        return
    for officer in officers_of(meeting.chantier):
        if officer.pk != person.pk:
            outbox.send(
                "meetings.declined",
                officer,
                subject=format_lazy(_("{who} ne pourra pas venir à la séance {number}"), who=person, number=meeting.number),
                template="meetings/mail/declined",
                context={"meeting": meeting, "chantier": meeting.chantier, "who": person},
                now=now,
                space=meeting.chantier.ledger_space,
                thread=f"meeting-{meeting.uid}",
                dedupe=f"{meeting.uid}:{meeting.sequence}:{person.pk}",
            )
