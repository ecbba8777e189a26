"""What is mailed of the minutes: to check, approved, published, rectified. The first can be corrected by replying."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.life import followers_of, group_of
from dialogue.chantiers.letters.post import officers_of
from dialogue.chantiers.models import Representative
from dialogue.mailer import kinds, outbox, replying
from dialogue.meetings.models import Action, Minutes, MinutesVersion
from dialogue.people.stages import Circle
from dialogue.ui.dates import short_day

kinds.register("meetings.minutes_to_check", label=_("Comptes-rendus à relire"), default="immediate")
kinds.register("meetings.minutes_published", label=_("Comptes-rendus publiés ou rectifiés"), default="immediate")
kinds.register("meetings.minutes_waiting", label=_("Comptes-rendus à approuver ou à publier (pilotage)"), default="immediate")


def page_of(minutes: Minutes) -> str:
    return reverse("meetings:minutes", args=[minutes.chantier.slug, minutes.meeting.number])


def tell_review(minutes: Minutes, version: MinutesVersion, *, by: Any, now: datetime) -> None:
    """Every member: what was decided, what is theirs to do, until when one may correct."""
    people = group_of(minutes.chantier)
    for person in people:
        _send(
            "meetings.minutes_to_check",
            person,
            minutes,
            version,
            "review",
            lambda: (
                _("Compte-rendu à relire avant le %(day)s : %(title)s")
                % {"day": short_day(minutes.deadline), "title": minutes.chantier.title}
            ),
            now=now,
            mine=_actions_of(person, minutes),
            readers=len(people),
            reply_to=replying.address(person, "thread", minutes.thread_id or 0),
        )


def _actions_of(person: Any, minutes: Minutes) -> list[Action]:
    """The actions in charge of those for whom the person speaks in this group."""
    seats = Representative.objects.active().filter(person_id=person.pk, member__chantier=minutes.chantier)
    return list(minutes.meeting.actions.filter(owner__in=seats.values("member__organisation")).order_by("number"))


def tell_approved(minutes: Minutes, *, by: Any, now: datetime) -> None:
    """Those who will publish it."""
    for person in officers_of(minutes.chantier):
        if person.pk != getattr(by, "pk", None):
            subject = format_lazy(_("Compte-rendu approuvé, à publier : {title}"), title=minutes.chantier.title)
            _send("meetings.minutes_waiting", person, minutes, None, "approved", subject, now=now)


def tell_held_back(minutes: Minutes, count: int, *, now: datetime, discussed: int = 0) -> None:
    """The deadline passed and remarks wait: the lead and the sponsor, once."""
    for person in officers_of(minutes.chantier):
        subject = format_lazy(_("Des remarques attendent votre réponse : {title}"), title=minutes.chantier.title)
        _send("meetings.minutes_waiting", person, minutes, None, "held_back", subject, now=now, count=count, discussed=discussed)


def tell_published(minutes: Minutes, version: MinutesVersion, *, by: Any, now: datetime) -> None:
    subject = format_lazy(
        _("Compte-rendu publié : séance {number}, {title}"), number=minutes.meeting.number, title=minutes.chantier.title
    )
    for person in _readers(minutes):
        _send("meetings.minutes_published", person, minutes, version, "published", subject, now=now)


def tell_rectified(minutes: Minutes, version: MinutesVersion, *, by: Any, now: datetime) -> None:
    subject = format_lazy(
        _("Compte-rendu rectifié : séance {number}, {title}"), number=minutes.meeting.number, title=minutes.chantier.title
    )
    for person in _readers(minutes):
        _send("meetings.minutes_published", person, minutes, version, "rectified", subject, now=now)


def _readers(minutes: Minutes) -> list[Any]:
    """The group, and those who follow the chantier when the minutes are shown to them."""
    people = {person.pk: person for person in group_of(minutes.chantier)}
    if minutes.circle != Circle.GROUP:
        for person in followers_of(minutes.chantier):
            if minutes.circle == Circle.PUBLIC or person.is_partner:
                people.setdefault(person.pk, person)
    return list(people.values())


def _send(
    kind: str,
    person: Any,
    minutes: Minutes,
    version: MinutesVersion | None,
    event: str,
    subject: Any,
    *,
    now: datetime,
    reply_to: str = "",
    **facts: Any,
) -> None:
    outbox.send(
        kind,
        person,
        subject=subject,
        template="meetings/mail/minutes",
        context={
            "event": event,
            "minutes": minutes,
            "meeting": minutes.meeting,
            "chantier": minutes.chantier,
            "version": version,
            "content": version.content if version else {},
            "path": page_of(minutes),
            **facts,
        },
        now=now,
        space=minutes.chantier.ledger_space,
        thread=f"minutes-{minutes.pk}",
        dedupe=f"minutes-{minutes.pk}-{event}-{version.number if version else 0}",
        reply_to=reply_to,
    )
