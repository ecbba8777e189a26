"""Who plays in the demonstration: roles instead of names, fictional organisations of real kinds, `.example` addresses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from dialogue.demo.story import at
from dialogue.people import acts
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import AccountStage, Kind, Office
from dialogue.territories.models import Territory, Theme

DATA = Path(__file__).parent / "data"
ARRIVAL = at(date(2017, 4, 3), 9)

COORDINATION = "coordination@departement.example"
SECOND = "instruction@departement.example"
SECRETARIAT = "secretariat.assemblee@departement.example"
OUTSIDE = "amis-du-fleuve@partenaire.example"
NEWCOMER = "club-nautique@partenaire.example"


@dataclass
class Cast:
    """Everyone, by what they are."""

    coordination: Person
    second_coordinator: Person
    secretariat: Person
    outside: Person
    council: Organisation
    sponsors: dict[str, Person] = field(default_factory=dict)
    officers: dict[str, Person] = field(default_factory=dict)
    directorates: dict[str, Organisation] = field(default_factory=dict)
    by_territory: dict[str, list[Person]] = field(default_factory=dict)
    by_theme: dict[str, list[Person]] = field(default_factory=dict)
    organisation_of: dict[int, Organisation] = field(default_factory=dict)

    def everyone(self) -> list[Person]:
        groups = [*self.by_territory.values(), *self.by_theme.values()]
        return [*self.sponsors.values(), *self.officers.values(), *(person for group in groups for person in group)]


def first_coordinator() -> Person:
    """The account made at installation (`createsuperuser`), from which every other is validated."""
    person = Person.objects.create_user(
        COORDINATION,
        name="Chargée de mission, coordination",
        job="Mission dialogue des territoires",
        stage=AccountStage.VALIDATED,
        office=Office.COORDINATION,
    )
    _prove(person)
    return person


def _prove(person: Person) -> None:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def sign_up(email: str, *, name: str, organisation: str, reason: str, now: datetime, job: str = "") -> Person:
    """What someone does on the sign-up page; the rows of the account are allauth's business there, ours here."""
    person = Person.objects.create_user(email)
    _prove(person)
    acts.declare_oneself(person, by=person, now=now, name=name, job=job, organisation=organisation, reason=reason, consented=True)
    return person


def assemble(now: datetime = ARRIVAL) -> Cast:
    """Organisations and accounts of the spring of 2017, validated by the coordination."""
    with (DATA / "organisations.toml").open("rb") as file:
        listed = tomllib.load(file)
    me = Person.objects.get(email=COORDINATION)
    council = _organisation(me, "Conseil départemental (démonstration)", Kind.DEPARTMENT, now)
    cast = Cast(
        coordination=me,
        second_coordinator=_person(me, SECOND, "Chargé d’instruction, coordination", council, now, job="Mission dialogue des territoires"),
        secretariat=_person(me, SECRETARIAT, "Secrétaire de séance", council, now, job="Secrétariat de l’assemblée"),
        outside=_outsider(me, now),
        council=council,
    )
    acts.set_office(cast.second_coordinator, by=me, now=now, office=Office.COORDINATION)
    acts.set_office(cast.secretariat, by=me, now=now, office=Office.ASSEMBLY)
    for code, name in listed["directorates"].items():
        organisation = _organisation(me, name, Kind.DIRECTORATE, now)
        cast.directorates[code] = organisation
        cast.officers[code] = _person(
            me, f"{code}@departement.example", f"Chargé de projet, {name}", organisation, now, job="Chargé de projet"
        )
    for territory in Territory.objects.all():
        cast.sponsors[territory.code] = _person(
            me,
            f"elue.{territory.code}@departement.example",
            f"Conseillère départementale, {territory.name}",
            council,
            now,
            job="Conseillère départementale",
        )
    _partners(cast, listed["territories"], cast.by_territory, Territory, now)
    _partners(cast, listed["themes"], cast.by_theme, Theme, now)
    for n, person in enumerate(cast.everyone()):
        if n % 3:
            _consent(person, now)
    return cast


def newcomer(now: datetime, email: str, name: str, organisation: str, reason: str) -> Person:
    """Someone whose account waits for the coordination's answer."""
    person = sign_up(email, name=name, organisation=organisation, reason=reason, now=now)
    acts.ask_validation(person, by=person, now=now)
    return person


def _organisation(me: Person, name: str, kind: str, now: datetime) -> Organisation:
    organisation = acts.propose_organisation(None, by=me, now=now, name=name, kind=kind)
    acts.validate_organisation(organisation, by=me, now=now)
    return organisation


def _person(me: Person, email: str, name: str, organisation: Organisation, now: datetime, job: str = "") -> Person:
    person = sign_up(email, name=name, organisation=organisation.name, reason="Participer aux chantiers.", now=now, job=job)
    acts.validate_account(person, by=me, now=now, organisation=organisation, title=job)
    return person


def _outsider(me: Person, now: datetime) -> Person:
    organisation = _organisation(me, "Association Les Amis du Fleuve", Kind.ASSOCIATION, now)
    return _person(me, OUTSIDE, "Trésorier, Les Amis du Fleuve", organisation, now, job="Trésorier")


def _partners(cast: Cast, listed: dict[str, list[list[str]]], into: dict[str, list[Person]], model: type, now: datetime) -> None:
    jobs = ["Présidente", "Directeur", "Chargée de mission", "Adjoint"]
    for n, row in enumerate(model.objects.all()):
        into[row.code] = []
        for m, (name, kind) in enumerate(listed[row.code]):
            job = "Maire" if kind == Kind.COMMUNE else jobs[(n + m) % len(jobs)]
            organisation = _organisation(cast.coordination, name, kind, now)
            email = f"{slugify(name)[:40].strip('-')}@partenaire.example"
            person = _person(cast.coordination, email, f"{job}, {name}", organisation, now, job=job)
            into[row.code].append(person)
            cast.organisation_of[person.pk] = organisation


def _consent(person: Person, now: datetime) -> None:
    acts.change_account(person, by=person, now=now, name=person.name, job=person.job, phone="", language="fr", share_contact=True)


__all__ = ["COORDINATION", "NEWCOMER", "OUTSIDE", "SECRETARIAT", "Cast", "assemble", "first_coordinator", "newcomer"]
