"""A small world with everything in it: chantiers of each circle, their groups, and one visitor of each kind.

House tests walk through it by every door. `build(size)` makes `size` items in every list, so that a page can be counted
at one item and at three. A new page whose address has a parameter gives its sample values in `samples`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from dialogue.chantiers.models import Chantier, Cooperation, Follow, Invitation, JoinRequest, Roadmap
from dialogue.chantiers.models.member import hash_of
from dialogue.chantiers.stages import RoadmapStage, Role, Stage
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Choice, Letter, LetterStage, SoftBounce, Suspension
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import Circle, Kind, OrganisationStage
from dialogue.territories.models import CalendarDate, Territory, Theme
from dialogue.territories.stages import DateKind
from tests import factories as make
from tests import (
    world_archive,
    world_assembly,
    world_contributions,
    world_deliverables,
    world_evaluation,
    world_group,
    world_inbox,
    world_logbook,
    world_opendata,
    world_pacts,
    world_restitution,
)

#: Those who come to the doors. `member` … `resource` are in the group of `ours` and `ours-partners`, and in no other.
VISITORS = ("anonymous", "newcomer", "partner", "member", "lead", "sponsor", "resource", "secretariat", "coordination")
GROUP = ("member", "lead", "sponsor", "resource")
ROLES = {"member": Role.PARTNER, "lead": Role.LEAD, "sponsor": Role.SPONSOR, "resource": Role.RESOURCE}


@dataclass
class World:
    size: int
    people: dict[str, Person] = field(default_factory=dict)
    territories: list[Territory] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    chantiers: dict[str, Chantier] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    dates: dict[str, CalendarDate] = field(default_factory=dict)
    drafts: dict[str, Roadmap] = field(default_factory=dict)
    adopted: dict[str, Roadmap] = field(default_factory=dict)
    requests: dict[str, JoinRequest] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    # What world_contributions keeps of its own.
    campaigns: dict[str, Any] = field(default_factory=dict)
    contributions: dict[str, Any] = field(default_factory=dict)
    batches: dict[str, Any] = field(default_factory=dict)
    candidates: dict[str, Any] = field(default_factory=dict)
    pairs: list[Any] = field(default_factory=list)
    clusters: list[Any] = field(default_factory=list)
    # Actions of the pacts, by who reads them (world_pacts).
    pacts: dict[str, Any] = field(default_factory=dict)
    # What world_logbook keeps of its own.
    logbook: dict[str, Any] = field(default_factory=dict)
    editions: dict[str, Any] = field(default_factory=dict)

    def visitor(self, name: str) -> Any:
        """The person, or Django's anonymous user; read afresh, so that nothing is remembered from another request."""
        return AnonymousUser() if name == "anonymous" else Person.objects.get(pk=self.people[name].pk)


def build(size: int = 1) -> World:
    world = World(size)
    make.make_department(
        presentation="Le Département ouvre des chantiers.", publisher="La Présidence", host="Un hébergeur", siret="22330001300016"
    )
    _frame(world)
    _people(world)
    for key, circle, ours in (
        ("ours", Circle.PUBLIC, True),
        ("theirs", Circle.PUBLIC, False),
        ("ours-partners", Circle.PARTNERS, True),
        ("theirs-partners", Circle.PARTNERS, False),
    ):
        _chantier(world, key, circle, ours=ours)
    for n in range(1, size):
        _chantier(world, f"more-{n}", Circle.PUBLIC, ours=False)
        _chantier(world, f"more-ours-{n}", Circle.PUBLIC, ours=True)
    for n in range(size):
        key = "proposed" if n == 0 else f"proposed-{n}"
        world.chantiers[key] = make.make_chantier(
            slug=key, stage=Stage.PROPOSED, opened_on=None, theme=world.themes[0], territories=world.territories[:1]
        )
    world_evaluation.build(world)
    _ledger(world)
    _mail(world)
    world_inbox.general(world.size)
    world_contributions.build(world)
    world_archive.build(world)
    world_pacts.build(world)
    world_restitution.build(world)
    world_logbook.build(world)
    world_opendata.build(world)
    return world


def _frame(world: World) -> None:
    for n in range(world.size):
        territory = make.make_territory(description="Entre vignes et estuaire.", code=f"territoire-{n}")
        world.territories.append(territory)
        for _ in range(world.size):
            make.make_commune(territory=territory)
        world.themes.append(make.make_theme(description="Ce qui se mange.", code=f"theme-{n}"))
        for key, fields in {
            "public": {"territory": territory},
            "partners": {"circle": Circle.PARTNERS, "kind": DateKind.COUNCIL, "territory": territory},
        }.items():
            at = make.make_date(
                series=6 + n, starts_on=make.TODAY + timedelta(days=7), place="Salle", description="Ordre du jour", **fields
            )
            world.dates.setdefault(key, at)
        make.make_date(series=5, starts_on=date(2017, 3, 14), title="Conseil de territoire n° 5", territory=territory)


def _people(world: World) -> None:
    world.people["newcomer"] = make.make_newcomer(email="newcomer@nouveau.example", declared_organisation="Une ferme")
    for name in ("partner", *GROUP):
        world.people[name] = make.make_person(email=f"{name}@partenaire.example", phone="05 00 00 00 00")
        world.organisations[name] = make.make_organisation(
            name=f"Organisme {name}", kind=Kind.DIRECTORATE if name == "lead" else Kind.ASSOCIATION
        )
        make.make_mandate(person=world.people[name], organisation=world.organisations[name])
    world.people["secretariat"] = make.make_secretary(email="secretariat@gironde.example")
    world.people["coordination"] = make.make_coordinator(email="coordination@gironde.example")
    for n in range(world.size):
        proposed = make.make_organisation(name=f"Organisme proposé {n}", stage=OrganisationStage.PROPOSED)
        make.make_mandate(organisation=proposed)
        world.organisations.setdefault("proposed", proposed)
        if n:
            make.make_newcomer(email=f"newcomer{n}@nouveau.example")
    for person in world.people.values():
        # As signing up writes it.
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def _chantier(world: World, key: str, circle: str, *, ours: bool) -> None:
    chantier = make.make_chantier(
        slug=key,
        circle=circle,
        stage=Stage.WORKING,
        theme=world.themes[0],
        territories=list(world.territories),
        council=world.dates["public"],
        first_meeting_at=make.NOW - timedelta(days=60),
        opened_on=date(2017, 3, 20),
        deliverable_due_on=date(2018, 3, 1),
    )
    world.chantiers[key] = chantier
    _group(world, chantier, ours=ours)
    _roadmaps(world, key, chantier)
    for n in range(world.size):
        make.make_weather(chantier, at=make.NOW - timedelta(days=5 + n), sentence="Il manque un relais.", by=_lead(chantier))
        make.make_meeting(chantier, number=1 + 2 * n, starts_at=make.NOW - timedelta(days=60 + n))
        make.make_meeting(
            chantier, number=2 + 2 * n, starts_at=make.NOW + timedelta(days=8 + n), online_url="https://visio.example/salle"
        )
        request = make.make_request(chantier)
        world.requests.setdefault(key, request)
        answered = {"stage": "refused", "answered_at": make.NOW, "motive": "Le groupe est complet."}
        make.make_request(chantier, **answered)
        invitation = make.make_invitation(chantier, message="Venez travailler avec nous.", sent_by=world.people["coordination"])
        invitation.token_hash = hash_of(invitation.token)
        invitation.save()
        world.invitations.setdefault(key, invitation)
        born = Cooperation.objects.create(
            chantier=chantier, title="Une cuisine partagée", description="Deux écoles.", since=make.TODAY
        )
        born.organisations.set(Organisation.objects.filter(memberships__chantier=chantier))
    world_group.build(chantier, world.size)
    world_deliverables.build(chantier, world.size)
    world_inbox.build(chantier, world.size)
    world_assembly.build(chantier, world.size)
    if ours:
        Follow.objects.create(chantier=chantier, person=world.people["partner"])


def _lead(chantier: Chantier) -> Person:
    """Who speaks for the lead directorate."""
    return Person.objects.get(representations__member__chantier=chantier, representations__member__role=Role.LEAD)


def _group(world: World, chantier: Chantier, *, ours: bool) -> None:
    if ours:
        for name, role in ROLES.items():
            make.make_member(chantier, role=role, person=world.people[name], organisation=world.organisations[name])
    else:
        for role in ROLES.values():
            make.make_member(chantier, role=role)
    for n in range(world.size):
        make.make_member(chantier)
        make.make_member(chantier, role=Role.RESOURCE)
        if n:
            make.make_member(chantier, role=Role.OBSERVER)


def _roadmaps(world: World, key: str, chantier: Chantier) -> None:
    adopted_circle = Circle.PUBLIC if key in {"ours", "theirs"} else Circle.PARTNERS
    versions = [
        (1, RoadmapStage.SUPERSEDED, {"circle": Circle.GROUP}),
        (2, RoadmapStage.ADOPTED, {"circle": adopted_circle, "adopted_at_meeting": 2}),
        (3, RoadmapStage.DRAFT, {}),
    ]
    for version, stage, fields in versions:
        roadmap = make.make_roadmap(chantier, version=version, stage=stage, rhythm="Une séance par mois.", **fields)
        for n in range(world.size):
            make.make_objective(roadmap, order=n, indicator="Repas servis", start_value="0", target_value="300")
            make.make_deliverable(roadmap, order=n, due_on=date(2018, 2, 1))
            make.make_step(roadmap, order=n, due_on=date(2017, 10, 1) if n % 2 == 0 else date(2017, 12, 1))
        (world.drafts if stage == RoadmapStage.DRAFT else world.adopted)[key] = roadmap


def _ledger(world: World) -> None:
    """Lines as acts write them: who opened which chantier."""
    for n, chantier in enumerate(world.chantiers.values()):
        Entry.objects.create(
            act="chantiers.open",
            actor=Entry.Actor.PERSON,
            by=world.people["coordination"],
            at=make.NOW - timedelta(days=n),
            thing_type="chantiers.chantier",
            thing_id=chantier.pk,
            space=chantier.ledger_space,
            stage_from=Stage.PROPOSED,
            stage_to=Stage.OPEN,
        )


def _mail(world: World) -> None:
    """Letters that could not be sent, addresses that refuse them, choices of one person."""
    member = world.people["member"]
    for n in range(world.size):
        Letter.objects.create(
            kind="chantiers.join_answered",
            person=member,
            address=member.email,
            subject="Votre demande",
            text="Le groupe vous a répondu.",
            message_id=f"<{n}@dialogue.example>",
            written_at=make.NOW,
            stage=LetterStage.FAILED,
            error="550 boîte pleine",
        )
        Suspension.objects.create(address=f"pleine{n}@partenaire.example", reason="550 boîte pleine")
        SoftBounce.objects.create(address=f"pleine{n}@partenaire.example", status="4.2.2", reason="boîte pleine", at=make.NOW)
        key = "ours" if n == 0 else f"more-ours-{n}"
        Choice.objects.create(person=member, kind="chantiers.join_answered", space=f"chantier/{key}", mode="digest")
