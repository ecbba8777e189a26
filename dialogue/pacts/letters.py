"""What is mailed of the pacts: to those whose words an action takes up, and to the partners of the territory.

The group of a voted proposition, and the authors of what its chantier took up, hear of the entry in the pact from the assembly's
room (`assembly.enter_pact`): once, on the day of the adoption.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Representative
from dialogue.contributions.letters.news import tell_author
from dialogue.contributions.stages import STANDING, Outcome, Stage
from dialogue.mailer import kinds, outbox
from dialogue.pacts.models import ActionContribution, Pact, PactAction, PactEdition
from dialogue.people.models import Mandate, Person
from dialogue.people.stages import AccountStage

kinds.register(
    "pacts.contribution_news",
    label=_("Mes contributions reprises dans le pacte du territoire"),
    default="digest",
    per_space=False,
)
kinds.register("pacts.edition_published", label=_("Le pacte de mon territoire est actualisé"), default="digest", per_space=False)

TEMPLATE = "pacts/mail/news"
#: New actions named in a letter at most.
MOST_NAMED = 8


def tell_published(edition: PactEdition, fresh: list[PactAction], *, by: Any, now: datetime) -> None:
    """`fresh`: the actions that everybody reads from this day on."""
    links = ActionContribution.objects.filter(action__in=fresh).select_related("contribution__person", "action__pact__territory")
    for link in links.order_by("action__number", "pk"):
        tell_linked(link, now=now)
    _tell_partners(edition, fresh, by=by, now=now)


def tell_linked(link: ActionContribution, *, now: datetime) -> None:
    """The author of a contribution that an action takes up, once for each action. One who awaits our answer reads it there."""
    contribution, action = link.contribution, link.action
    awaits = contribution.stage == Stage.LINKED and contribution.outcome == Outcome.PACT
    if awaits or contribution.stage not in [*STANDING, Stage.MERGED]:
        return
    tell_author(
        contribution,
        kind="pacts.contribution_news",
        subject=format_lazy(_("Votre contribution est reprise dans le pacte : {title}"), title=action.title),
        template=TEMPLATE,
        context={
            "event": "contribution",
            "action": action,
            "territory": action.pact.territory,
            "path": action.get_absolute_url(),
        },
        now=now,
        dedupe=f"pact-action-{action.pk}",
    )


def _tell_partners(edition: PactEdition, fresh: list[PactAction], *, by: Any, now: datetime) -> None:
    territory = edition.pact.territory
    subject = _("Le pacte {year} est en ligne : {name}") if edition.number == 1 else _("Le pacte {year} est corrigé : {name}")
    for person in partners_of(edition.pact):
        if person.pk != getattr(by, "pk", None):
            outbox.send(
                "pacts.edition_published",
                person,
                subject=format_lazy(subject, year=edition.year, name=territory.name),
                template=TEMPLATE,
                context={
                    "event": "edition",
                    "edition": edition,
                    "territory": territory,
                    "fresh": fresh[:MOST_NAMED],
                    "others": max(0, len(fresh) - MOST_NAMED),
                    "path": edition.get_absolute_url(),
                },
                now=now,
                space=edition.ledger_space,
                thread=edition.ledger_space,
                dedupe=f"pact-edition-{edition.pk}",
            )


def partners_of(pact: Pact) -> list[Person]:
    """Partners of the territory: who speaks for an organisation settled there, or takes part in one of its chantiers."""
    settled = Mandate.objects.open().filter(organisation__commune__territory=pact.territory_id).values("person_id")
    seats = Representative.objects.active().filter(member__chantier__territories=pact.territory_id).values("person_id")
    people = Person.objects.active().filter(Q(pk__in=settled) | Q(pk__in=seats), stage=AccountStage.VALIDATED)
    return list(people.order_by("pk"))


def names_of(reader: Any, spaces: list[str]) -> dict[str, str]:
    """The names of pacts (`pacte/<territory>`), for the digest and the pages of the mailer (mailer.spaces)."""
    codes = [space.partition("/")[2] for space in spaces]
    rows = Pact.objects.visible_to(reader).filter(territory__code__in=codes)
    found = rows.values_list("territory__code", "territory__name")
    return {f"pacte/{code}": str(_("Pacte de territoire : %(name)s") % {"name": name}) for code, name in found}
