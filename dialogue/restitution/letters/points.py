"""What is mailed when a point or the conference is published: the groups at once, partners of the territory with their digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, Representative
from dialogue.mailer import kinds, outbox
from dialogue.people.models import Mandate, Person
from dialogue.people.stages import AccountStage
from dialogue.restitution import content as contents
from dialogue.restitution.models import Conference, ConferenceVersion, PointLine, PointVersion, ProgressPoint

kinds.register(
    "restitution.point_published",
    label=_("Point d’étape publié sur un chantier dont vous êtes membre"),
    default="immediate",
    per_space=False,
)
kinds.register(
    "restitution.news",
    label=_("Points d’étape de votre territoire et conférences départementales"),
    default="digest",
    per_space=False,
)


def members_of(point: ProgressPoint) -> list[Person]:
    """The people who speak for the members of the groups of which the point tells."""
    told = PointLine.objects.filter(point=point, left_out=False).values("chantier")
    speakers = Representative.objects.active().filter(member__chantier__in=told)
    return list(Person.objects.active().filter(pk__in=speakers.values("person_id"), stage=AccountStage.VALIDATED).order_by("pk"))


def partners_of(point: ProgressPoint) -> list[Person]:
    """Those who speak for an organisation of the territory, or follow one of its chantiers; members of the groups apart."""
    here = Mandate.objects.open().filter(organisation__commune__territory=point.territory_id).values("person_id")
    chantiers = Chantier.objects.filter(territories=point.territory_id).values("pk")
    rows = Person.objects.active().filter(stage=AccountStage.VALIDATED)
    members = [person.pk for person in members_of(point)]
    return list(
        rows.filter(Q(pk__in=here) | Q(follows__chantier__in=chantiers)).exclude(pk__in=members).distinct().order_by("pk")
    )


def told_by(point: ProgressPoint) -> tuple[int, int]:
    """(how many members are told at once, how many partners with their digest): a confirmation page says it beforehand."""
    return len(members_of(point)), len(partners_of(point))


def tell(point: ProgressPoint, version: PointVersion, *, by: Any, now: datetime) -> None:
    """A first publication: groups and territory. A correction: those who had the first one, with their digest."""
    members, partners = members_of(point), partners_of(point)
    if version.number > 1 and version.corrects_id is not None:
        _send("restitution.news", [*members, *partners], point, version, "corrected", by=by, now=now)
        return
    _send("restitution.point_published", members, point, version, "published", by=by, now=now)
    _send("restitution.news", partners, point, version, "published", by=by, now=now)


def tell_conference(conference: Conference, version: ConferenceVersion, *, by: Any, now: datetime) -> None:
    event = "published" if version.corrects_id is None else "corrected"
    people = Person.objects.active().filter(stage=AccountStage.VALIDATED).order_by("pk")
    _send("restitution.news", people, conference, version, event, by=by, now=now)


def _calls(version: Any) -> list[dict[str, str]]:
    """The calls for partners that this person reads: those of the public chantiers, then of the others."""
    if "entries" not in version.content:
        return []
    found = contents.whole(version.content, version.reserved)
    return [
        {
            "title": entry["facts"]["title"],
            "text": entry["call"],
            "path": reverse("chantiers:join", args=[entry["facts"]["slug"]]),
        }
        for entry in found
        if entry["call"]
    ]


def _send(kind: str, people: Iterable[Person], paper: Any, version: Any, event: str, *, by: Any, now: datetime) -> None:
    is_point = isinstance(paper, ProgressPoint)
    name = paper.territory.name if is_point else paper.gathering.title
    calls = _calls(version)
    if event == "corrected":
        subject = format_lazy(_("Point d’étape corrigé : {name}") if is_point else _("Restitution corrigée : {name}"), name=name)
    else:
        subject = format_lazy(_("Point d’étape : {name}") if is_point else _("Restitution : {name}"), name=name)
    for person in people:
        if person.pk == getattr(by, "pk", None):
            continue
        outbox.send(
            kind,
            person,
            subject=subject,
            template="restitution/mail/published",
            context={
                "event": event,
                "is_point": is_point,
                "paper": paper,
                "version": version,
                "calls": calls,
                "path": paper.get_absolute_url(),
            },
            now=now,
            thread=f"{paper._meta.model_name}-{paper.pk}",
            dedupe=f"{paper._meta.model_name}-{paper.pk}-v{version.number}",
        )
