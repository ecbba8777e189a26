"""What is mailed of the life of a chantier: to its group, to those who follow it, to its lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Representative, WeatherReport
from dialogue.chantiers.stages import Role
from dialogue.mailer import kinds, outbox
from dialogue.people.models import Person

kinds.register(
    "chantiers.life",
    label=_("Étapes de la vie d’un chantier (lancement, feuille de route, pause, livraison)"),
    default="digest",
)
kinds.register("chantiers.weather_reminder", label=_("Rappel : météo d’un chantier à mettre à jour"), default="immediate")

SUBJECTS: dict[str, str | Promise] = {
    "opened": _("Un chantier s’ouvre : {title}"),
    "launched": _("Chantier lancé : {title}"),
    "adopted": _("Feuille de route arrêtée : {title}"),
    "new_version": _("Nouvelle version de la feuille de route : {title}"),
    "delivered": _("Livrables publiés : {title}"),
    "completed": _("Chantier achevé : {title}"),
    "suspended": _("Chantier en pause : {title}"),
    "resumed": _("Le chantier reprend : {title}"),
    "abandoned": _("Chantier abandonné : {title}"),
}


def group_of(chantier: Chantier) -> list[Person]:
    """The people who speak for the members, each once."""
    speakers = Representative.objects.active().filter(member__chantier=chantier)
    return list(Person.objects.active().filter(pk__in=speakers.values("person_id")))


def followers_of(chantier: Chantier) -> list[Person]:
    """Those who asked for news and may still read the chantier."""
    people = Person.objects.active().filter(follows__chantier=chantier)
    return [person for person in people if chantier.circle == "public" or person.is_partner]


def tell_group(
    event: str, chantier: Chantier, *, by: Any, now: datetime, followers: bool = False, **context: Any
) -> int:
    """Queues the news `event` to the group (and the followers), except to the one who did it; returns how many.

    Of a chantier that never opened, only those of the group who may know of it (the coordination) are told.
    """
    people = {person.pk: person for person in group_of(chantier) if chantier.was_opened or person.is_coordination}
    if followers:
        people = {person.pk: person for person in followers_of(chantier)} | people
    people.pop(getattr(by, "pk", None), None)
    for person in people.values():
        outbox.send(
            "chantiers.life",
            person,
            subject=format_lazy(SUBJECTS[event], title=chantier.title),
            template="chantiers/mail/life",
            context={"event": event, "chantier": chantier, **context},
            now=now,
            space=chantier.ledger_space,
            thread=f"chantier-{chantier.pk}",
        )
    return len(people)


def remind_weather(chantier: Chantier, *, last: WeatherReport | None, days: int, now: datetime) -> int:
    """Asks those who speak for the lead directorate, and nobody else, for a fresh météo."""
    speakers = Representative.objects.active().filter(member__chantier=chantier, member__role=Role.LEAD)
    people = list(Person.objects.active().filter(pk__in=speakers.values("person_id")))
    for person in people:
        outbox.send(
            "chantiers.weather_reminder",
            person,
            subject=format_lazy(_("Météo à mettre à jour : {title}"), title=chantier.title),
            template="chantiers/mail/weather_reminder",
            context={"chantier": chantier, "last": last, "days": days},
            now=now,
            space=chantier.ledger_space,
            thread=f"chantier-{chantier.pk}",
        )
    return len(people)
