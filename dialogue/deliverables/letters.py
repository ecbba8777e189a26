"""What is mailed of a deliverable: to agree to, to change, to publish; then the result, to all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.contributions import Said
from dialogue.chantiers.letters.life import followers_of, group_of
from dialogue.chantiers.letters.post import officers_of
from dialogue.deliverables.models import Deliverable
from dialogue.mailer import kinds, outbox
from dialogue.people.circles import circle_admits
from dialogue.people.stages import Circle
from dialogue.ui.dates import short_day

kinds.register("deliverables.submitted", label=_("Livrables soumis à l’accord du groupe"), default="immediate")
kinds.register("deliverables.path", label=_("Livrables du groupe : modification demandée, validation, abandon"), default="digest")
kinds.register("deliverables.waiting", label=_("Livrables à modifier ou à publier (pilotage)"), default="immediate")
kinds.register(
    "deliverables.published", label=_("Résultats des groupes dont vous êtes membre ou que vous suivez"), default="immediate"
)
kinds.register("deliverables.new_results", label=_("Nouveaux résultats de tous les chantiers"), default="digest", per_space=False)

#: News that authors of contributions hear through the chantiers room (letters.contributions.tellers).
RESULT = "published"
SUBJECTS: dict[str, str | Promise] = {
    "taken_back": _("Livrable repris, votre accord n’est plus demandé : {title}"),
    "change_asked": _("Modification demandée : {title}"),
    "validated": _("Livrable validé : {title}"),
    "to_publish": _("Livrable validé, à publier : {title}"),
    "reworked": _("Livrable remis au travail : {title}"),
    "given_up": _("Livrable abandonné : {title}"),
    "resumed": _("Livrable repris après tout : {title}"),
    "published": _("Nouveau résultat : {title}"),
    "new_version": _("Nouvelle version d’un résultat : {title}"),
}


def tell_submitted(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """Every member but the one who submits: what, until when, and that silence is agreement."""

    def subject() -> str:
        """Asked when a letter is written, in its reader's language."""
        return _("Votre accord avant le %(day)s : %(title)s") % {"day": short_day(deliverable.deadline), "title": deliverable.title}

    for person in _but(group_of(deliverable.chantier), by):
        _send("deliverables.submitted", person, deliverable, "submitted", subject, now=now)


def tell_change_asked(deliverable: Deliverable, *, by: Any, now: datetime, reason: str) -> None:
    """All the group reads what is asked; those in charge at once."""
    officers = {person.pk for person in officers_of(deliverable.chantier)}
    for person in _but(group_of(deliverable.chantier), by):
        kind = "deliverables.waiting" if person.pk in officers else "deliverables.path"
        _send(kind, person, deliverable, "change_asked", now=now, reason=reason, who=str(by))


def tell_validated(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    """The group; those who publish, at once."""
    officers = {person.pk for person in officers_of(deliverable.chantier)}
    for person in _but(group_of(deliverable.chantier), by):
        if person.pk in officers:
            _send("deliverables.waiting", person, deliverable, "to_publish", now=now)
        else:
            _send("deliverables.path", person, deliverable, "validated", now=now)


def tell_group(event: str, deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    for person in _but(group_of(deliverable.chantier), by):
        _send("deliverables.path", person, deliverable, event, now=now)


def readers_at_once(deliverable: Deliverable) -> list[Any]:
    """The group, and those who follow the chantier and may read the result."""
    people = {person.pk: person for person in group_of(deliverable.chantier)}
    for person in followers_of(deliverable.chantier):
        if deliverable.circle == Circle.PUBLIC or person.is_partner:
            people.setdefault(person.pk, person)
    return list(people.values())


def event_of(deliverable: Deliverable) -> str:
    return "published" if deliverable.version == 1 else "new_version"


def tell_published(deliverable: Deliverable, *, by: Any, now: datetime) -> None:
    for person in _but(readers_at_once(deliverable), by):
        _send("deliverables.published", person, deliverable, event_of(deliverable), now=now)


def tell_partner(person: Any, deliverable: Deliverable, *, now: datetime) -> bool:
    """One of the partners who are not of the group. The letter speaks of no space: it concerns them wherever they are."""
    return _send("deliverables.new_results", person, deliverable, event_of(deliverable), now=now, space="") is not None


def _but(people: Iterable[Any], by: Any) -> list[Any]:
    return [person for person in people if person.pk != getattr(by, "pk", None)]


def _send(
    kind: str,
    person: Any,
    deliverable: Deliverable,
    event: str,
    subject: Any = None,
    *,
    now: datetime,
    space: str | None = None,
    **facts: Any,
) -> Any:
    out = event in {"published", "new_version"}
    return outbox.send(
        kind,
        person,
        subject=subject or format_lazy(SUBJECTS[event], title=deliverable.title),
        template="deliverables/mail/deliverable",
        context={
            "event": event,
            "deliverable": deliverable,
            "chantier": deliverable.chantier,
            "path": deliverable.get_absolute_url() if out else deliverable.group_url,
            **facts,
        },
        now=now,
        space=deliverable.chantier.ledger_space if space is None else space,
        thread=f"deliverable-{deliverable.pk}",
        dedupe=f"deliverable-{deliverable.pk}-{event}-{deliverable.round}" + ("" if out else f"-{now.timestamp():.0f}"),
    )


def said_of_result(pk: int) -> Said | None:
    """For chantiers.letters.contributions.tellers: what the authors hear of a result, once for all its versions."""
    deliverable = Deliverable.objects.select_related("chantier").filter(pk=pk).first()
    if deliverable is None:
        return None
    return Said(
        subject=format_lazy(_("Un résultat du chantier qui reprend votre contribution : {title}"), title=deliverable.chantier.title),
        template="chantiers/mail/contribution_news",
        context={"event": RESULT, "result": {"title": deliverable.title, "path": deliverable.get_absolute_url()}},
        dedupe=f"chantier-{deliverable.chantier_id}-{RESULT}-{deliverable.key.hex}",
        readable_by=lambda reader: deliverable.chantier.readable_by(reader) and circle_admits(reader, deliverable.circle),
    )
