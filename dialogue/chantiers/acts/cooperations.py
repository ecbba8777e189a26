"""The register of the cooperations born of a chantier ("Structuration", the guide)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, Cooperation
from dialogue.chantiers.rules import members as rules
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import NotAllowed, Refused, act
from dialogue.ledger.clock import local_date
from dialogue.ledger.models import Entry
from dialogue.people.models import Organisation
from dialogue.people.stages import Circle

RECORDING = [stage for stage in Stage if stage not in {Stage.PROPOSED, Stage.ABANDONED}]


@act("chantiers.record_cooperation", come_from=RECORDING, creates=True, record=["since", "circle"])
def record_cooperation(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    title: str,
    organisations: Iterable[Organisation],
    since: date,
    description: str = "",
    circle: str = Circle.PARTNERS,
) -> Cooperation:
    """Two organisations or more now work together. Members record it; making it public is for who answers for the group."""
    organisations = list(organisations)
    _check(organisations, since, now)
    if circle == Circle.PUBLIC and not rules.may_publish_cooperation(by, chantier):
        raise NotAllowed("chantiers.change_cooperation")
    cooperation = Cooperation.objects.create(
        chantier=chantier, title=title.strip(), description=description.strip(), since=since, circle=circle
    )
    cooperation.organisations.set(organisations)
    return cooperation


@act("chantiers.change_cooperation", record=["since", "circle"])
def change_cooperation(
    cooperation: Cooperation,
    *,
    by: Any,
    now: datetime,
    title: str,
    organisations: Iterable[Organisation],
    since: date,
    circle: str,
    description: str = "",
) -> None:
    organisations = list(organisations)
    _check(organisations, since, now)
    cooperation.title, cooperation.description = title.strip(), description.strip()
    cooperation.since, cooperation.circle = since, circle
    cooperation.save()
    cooperation.organisations.set(organisations)


@act("chantiers.remove_cooperation", record=["chantier"])
def remove_cooperation(cooperation: Cooperation, *, by: Any, now: datetime, chantier: Chantier) -> None:
    """A line written by mistake goes away, as long as nobody but the group ever could read it; what circulated stays, even
    if it was brought back to the group since."""
    told = Entry.objects.about(cooperation).values_list("facts", flat=True)
    if cooperation.circle != Circle.GROUP or any(facts.get("circle") != Circle.GROUP for facts in told):
        raise Refused(_("Cette coopération a été montrée hors du groupe : corrigez-la plutôt que de l’effacer."))
    Cooperation.objects.filter(pk=cooperation.pk).delete()


def _check(organisations: list[Organisation], since: date, now: datetime) -> None:
    if len(organisations) < 2:  # noqa: PLR2004
        raise Refused(_("Une coopération réunit au moins deux organismes : choisissez-en deux ou plus."))
    if since > local_date(now):
        raise Refused(_("Indiquez une date d’aujourd’hui ou d’avant : on note une coopération qui existe."))
