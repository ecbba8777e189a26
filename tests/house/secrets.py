"""Who may read which text: the world planted with words that are found nowhere else.

Every text field of every model is either planted here, or said to be open (`OPEN`) or never shown (`MACHINE`): a new
field makes the sweep fail until someone says who may read it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models

from dialogue.chantiers.models import (
    Chantier,
    Cooperation,
    Invitation,
    JoinRequest,
    Member,
    Objective,
    PlannedDeliverable,
    Representative,
    Roadmap,
    Step,
    WeatherReport,
)
from dialogue.mailer.models import Letter, Suspension
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import Circle, OrganisationStage
from dialogue.territories.models import CalendarDate
from tests.house import (
    secrets_archive,
    secrets_assembly,
    secrets_contributions,
    secrets_deliverables,
    secrets_evaluation,
    secrets_group,
    secrets_inbox,
    secrets_logbook,
    secrets_opendata,
    secrets_pacts,
    secrets_restitution,
)
from tests.world import GROUP, VISITORS, World

EVERYONE = frozenset(VISITORS)
PARTNERS = EVERYONE - {"anonymous", "newcomer"}
COORDINATION = frozenset({"coordination"})
OUR_GROUP = COORDINATION | set(GROUP)
OUR_ANSWERERS = COORDINATION | {"lead", "sponsor"}

#: Fields of what is public by nature: "model" or "model.field".
OPEN = (
    {
        "territories.department",
        "territories.territory",
        "territories.commune",
        "territories.theme",
        "territories.outline",
        "territories.calendardate.code",
        "chantiers.chantier.slug",
    }
    | secrets_contributions.OPEN
    | secrets_assembly.OPEN
    | secrets_logbook.OPEN
)
#: Fields that no page shows: keys, hashes, copies for searching. "model.field" → why it is not planted.
MACHINE = (
    {
        "people.person.password": "a hash that signing in needs whole",
        "people.person.search_text": "a copy of what is planted",
        "people.organisation.search_text": "a copy of what is planted",
        "chantiers.chantier.search_text": "a copy of what is planted",
        "chantiers.invitation.nonce": "half of a secret address",
        "chantiers.invitation.token_hash": "a hash",
        "mailer.letter.kind": "a code",
        "mailer.letter.language": "a code",
        "mailer.letter.space": "made of slugs",
        "mailer.letter.thread": "a header",
        "mailer.letter.dedupe": "a key",
        "mailer.letter.message_id": "a header",
        "mailer.letter.claimed_by": "the name of a process",
        "mailer.choice": "codes of kinds and spaces",
        "mailer.heartbeat": "names of processes",
        "mailer.periodicrun": "names of functions",
        "search.searchentry": "a copy of what is planted, read through the things themselves (tests/search/test_search.py)",
        "search.searchprogress": "numbers of entries",
        "ledger.entry.act": "names of acts",
        "ledger.entry.thing_type": "names of models",
        "ledger.entry.space": "made of slugs",
        "ledger.entry.stage_from": "a stage",
        "ledger.entry.stage_to": "a stage",
        "ledger.entry.facts": "never free text (dialogue/ledger/acts.py)",
    }
    | secrets_group.MACHINE
    | secrets_deliverables.MACHINE
    | secrets_inbox.MACHINE
    | secrets_contributions.MACHINE
    | secrets_archive.MACHINE
    | secrets_evaluation.MACHINE
    | secrets_pacts.MACHINE
    | secrets_assembly.MACHINE
    | secrets_restitution.MACHINE
    | secrets_logbook.MACHINE
    | secrets_opendata.MACHINE
)


@dataclass(frozen=True)
class Secret:
    word: str
    where: str
    readers: frozenset[str]


def text_fields(model: Any) -> list[Any]:
    """Free text of a model: no choices, no files."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not isinstance(field, models.FileField)
        and not field.choices
    ]


def house_models() -> list[Any]:
    return [model for model in apps.get_models() if model.__module__.startswith("dialogue.")]


def plant(world: World) -> list[Secret]:
    """Writes the words into the database."""
    secrets, numbers = [], itertools.count(1)
    for row, names, readers in rules(world):
        for name in names:
            word = f"zq{next(numbers):05d}x"
            field = row._meta.get_field(name)
            type(row)._base_manager.filter(pk=row.pk).update(**{name: _shaped(field, word, row)})
            secrets.append(Secret(word, f"{row._meta.label_lower}.{name}", frozenset(readers)))
    for address in EmailAddress.objects.select_related("user"):
        EmailAddress.objects.filter(pk=address.pk).update(email=address.user.email)
    for things in (world.people, world.chantiers, world.organisations, world.dates, world.drafts, world.adopted, world.requests):
        for thing in things.values():
            thing.refresh_from_db()
    for chantier in Chantier.objects.all():
        Chantier.objects.filter(pk=chantier.pk).update(search_text=chantier.index_text())
    return secrets


def _shaped(field: Any, word: str, row: Any) -> Any:
    if isinstance(field, models.JSONField):
        return _frozen(field, word, row)
    if isinstance(field, models.EmailField):
        return f"{word}@partenaire.example"
    if isinstance(field, models.URLField):
        return f"https://{word}.example/"
    return word


def _frozen(field: Any, word: str, row: Any) -> Any:
    """The word, where the pages that are made of frozen data show it."""
    room = row._meta.app_label
    if room == "restitution":
        return secrets_restitution.shaped(row, field.name, word)
    if isinstance(getattr(row, field.name), list):
        return [{"name": word, "size": 1, "kept": False}]
    if room == "evaluation":
        return secrets_evaluation.planted(row.content, word)
    if room == "pacts":  # in the report of the edition and in its actions
        return row.content | {"report": word, "actions": [action | {"text": word} for action in row.content["actions"]]}
    if room == "logbook":  # in the chapters of the edition and in what they hold
        chapters = [c | {"introduction": word, "entries": [e | {"text": word} for e in c["entries"]]} for c in row.content["chapters"]]
        return row.content | {"chapters": chapters}
    # Frozen minutes: in their notes and in a decision.
    notes = [item | {"notes": word} for item in row.content["items"]]
    return row.content | {"items": notes, "decisions": [d | {"text": word} for d in row.content["decisions"]], "place": ""}


Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(world: World) -> Iterator[Rule]:
    """(row, fields, who may read them)."""
    for key, chantier in world.chantiers.items():
        yield from _chantier(key, chantier)
    yield from _people(world)
    yield from secrets_evaluation.whole(EVERYONE, COORDINATION)
    yield from secrets_contributions.rules(world, EVERYONE, PARTNERS, COORDINATION)
    yield from secrets_archive.rules(COORDINATION)
    yield from secrets_pacts.rules(EVERYONE, COORDINATION)
    yield from secrets_restitution.rules(EVERYONE, PARTNERS, COORDINATION)
    yield from secrets_opendata.rules(COORDINATION)
    answerers = {c.pk: OUR_ANSWERERS if "ours" in key.split("-") else COORDINATION for key, c in world.chantiers.items()}
    yield from secrets_inbox.rules(answerers | {None: COORDINATION}, {p.pk: name for name, p in world.people.items()})
    groups = {c.pk: OUR_GROUP if "ours" in key.split("-") else COORDINATION for key, c in world.chantiers.items()}
    yield from secrets_logbook.rules(groups, COORDINATION, EVERYONE, {p.pk: name for name, p in world.people.items()})
    for organisation in Organisation.objects.filter(stage=OrganisationStage.PROPOSED):
        yield organisation, ("name", "website", "contact_email", "contact_phone"), COORDINATION
    for letter in Letter.objects.all():
        yield letter, ("subject", "text", "html", "address", "reply_to", "error"), COORDINATION | {"member"}
    for suspension in Suspension.objects.all():
        yield suspension, ("address", "reason"), COORDINATION
    for at in CalendarDate.objects.filter(circle=Circle.PARTNERS):
        yield at, ("title", "place", "description"), PARTNERS


def _chantier(key: str, chantier: Chantier) -> Iterator[Rule]:
    ours = "ours" in key.split("-")
    group = OUR_GROUP if ours else COORDINATION
    by_circle = {Circle.PUBLIC: EVERYONE, Circle.PARTNERS: PARTNERS, Circle.GROUP: group}
    readers = COORDINATION if key.startswith("proposed") else by_circle[Circle(chantier.circle)]
    if readers != EVERYONE:
        yield chantier, ("title", "objective", "deliverable", "reason_text", "motive"), readers
    for roadmap in Roadmap.objects.filter(chantier=chantier):
        yield from _roadmap(roadmap, by_circle[Circle(roadmap.circle)] & readers)
    yield from _demands(chantier, OUR_ANSWERERS if ours else COORDINATION)
    for model, fields, allowed in (
        (WeatherReport, ("sentence",), PARTNERS),
        (Member, ("end_motive",), group),
    ):
        for row in model.objects.filter(chantier=chantier):
            yield row, fields, allowed
    if not key.startswith("proposed"):
        answerers = OUR_ANSWERERS if ours else COORDINATION
        yield from secrets_group.rules(chantier, group=group, answerers=answerers, by_circle=by_circle, readers=readers)
        yield from secrets_deliverables.rules(chantier, group=group, by_circle=by_circle, readers=readers)
        yield from secrets_assembly.rules(chantier, group=group, by_circle=by_circle, readers=readers)
    yield from secrets_evaluation.rules(chantier, group=group, coordination=COORDINATION, by_circle=by_circle)
    for born in Cooperation.objects.filter(chantier=chantier):
        yield born, ("title", "description"), by_circle[Circle(born.circle)] & readers


def _roadmap(roadmap: Roadmap, allowed: frozenset[str]) -> Iterator[Rule]:
    yield roadmap, ("rhythm", "change_note"), allowed
    for model, fields in (
        (Objective, ("title", "indicator", "start_value", "target_value", "measured_value")),
        (PlannedDeliverable, ("title", "abandon_motive")),
        (Step, ("title",)),
    ):
        for line in model.objects.filter(roadmap=roadmap):
            yield line, fields, allowed


def _demands(chantier: Chantier, answerers: frozenset[str]) -> Iterator[Rule]:
    for request in JoinRequest.objects.filter(chantier=chantier):
        yield request, ("motivation", "motive"), answerers
    for invitation in Invitation.objects.filter(chantier=chantier):
        yield invitation, ("email", "message"), answerers


def _people(world: World) -> Iterator[Rule]:
    """Names and addresses of people: themselves, their group, the coordination; the sponsor's name is public."""
    visitors = {person.pk: name for name, person in world.people.items()}
    in_our_group = set(
        Representative.objects.active().filter(member__chantier__slug__startswith="ours").values_list("person_id", flat=True)
    )
    asked_us = set(JoinRequest.objects.filter(chantier__slug__startswith="ours").values_list("person_id", flat=True))
    sponsors = set(Representative.objects.active().filter(member__role="sponsor").values_list("person_id", flat=True))
    for person in Person.objects.all():
        name = visitors.get(person.pk)
        oneself = frozenset({name} if name else ())
        readers = COORDINATION | oneself
        if person.pk in in_our_group:
            readers |= OUR_GROUP
        elif person.is_coordination:
            # Groups read who of the coordination did what in their history; addresses are those of the service.
            yield person, ("name",), OUR_GROUP
        elif person.pk in asked_us:
            readers |= OUR_ANSWERERS
        if not person.is_coordination:
            yield person, ("name",), EVERYONE if person.pk in sponsors else readers
        yield person, ("job", "phone", "email"), readers
        yield person, ("declared_organisation", "declared_reason", "refusal_motive"), COORDINATION | oneself
        yield person, ("calendar_key",), oneself
        for mandate in Mandate.objects.filter(person=person):
            yield mandate, ("title",), EVERYONE if person.pk in sponsors else readers
