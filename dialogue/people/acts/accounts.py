"""Accounts: declaring oneself, the coordination's answer, one's own details, the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.people import letters, rules  # noqa: F401 (the permissions of these acts)
from dialogue.people.acts.checks import fill, keep_a_coordinator
from dialogue.people.acts.organisations import grant_mandate, propose_organisation, validate_organisation
from dialogue.people.models import Organisation, Person, secret_address
from dialogue.people.stages import AccountStage, Office, OrganisationStage


@act("people.declare_oneself", come_from=[AccountStage.PENDING])
def declare_oneself(
    person: Person,
    *,
    by: Any,
    now: datetime,
    name: str,
    organisation: Organisation | str,
    reason: str,
    job: str = "",
    language: str = "fr",
    consented: bool = False,
) -> Person:
    """A newcomer says who they are, for whom they speak and why they come. `consented`: to the privacy notice."""
    known = organisation.name if isinstance(organisation, Organisation) else organisation
    fields = fill(person, name=name, job=job, language=language, declared_organisation=known, declared_reason=reason)
    if consented and person.consented_at is None:
        person.consented_at = now
    person.save(update_fields=[*fields, "consented_at"])
    return person


@act("people.ask_validation", come_from=[AccountStage.PENDING])
def ask_validation(person: Person, *, by: Any, now: datetime) -> Person:
    """The address is proven: the request reaches the coordination. A second call changes nothing."""
    if Person.objects.filter(pk=person.pk, asked_at=None).update(asked_at=now):
        letters.account_waiting(person, now=now)
    person.refresh_from_db(fields=["asked_at"])
    return person


@act("people.remind_waiting", come_from=[AccountStage.PENDING])
def remind_waiting(person: Person, *, by: Any, now: datetime) -> Person:
    """The coordination left a request without an answer for ten days."""
    letters.account_still_waiting(person, now=now)
    return person


@act(
    "people.validate_account",
    come_from=[AccountStage.PENDING, AccountStage.REFUSED],
    go_to=AccountStage.VALIDATED,
    record=("organisation", "office"),
)
def validate_account(
    person: Person,
    *,
    by: Any,
    now: datetime,
    organisation: Organisation | None = None,
    new_organisation: dict[str, Any] | None = None,
    title: str = "",
    office: Office = Office.NONE,
) -> Person:
    """The person reads the partners circle from now on, and speaks for `organisation`.

    `new_organisation`: the facts of `propose_organisation`, for one that is not in the list yet; it is validated at once.
    """
    person.validated_at, person.refused_at, person.refusal_motive, person.office = now, None, "", Office(office)
    person.save(update_fields=["validated_at", "refused_at", "refusal_motive", "office"])
    if organisation is None and new_organisation:
        organisation = propose_organisation(None, by=by, now=now, **new_organisation)
    if organisation is not None:
        if organisation.stage == OrganisationStage.PROPOSED:
            validate_organisation(organisation, by=by, now=now)
        if not person.mandates.open().filter(organisation=organisation).exists():
            grant_mandate(None, by=by, now=now, person=person, organisation=organisation, title=title)
    letters.account_validated(person, organisation, now=now)
    return person


@act("people.refuse_account", come_from=[AccountStage.PENDING], go_to=AccountStage.REFUSED)
def refuse_account(person: Person, *, by: Any, now: datetime, motive: str) -> Person:
    """The person is told why; they may be validated later."""
    if not motive.strip():
        raise Refused(_("Dites pourquoi : la personne reçoit ce motif."))
    person.refused_at = now
    person.save(update_fields=["refused_at", *fill(person, refusal_motive=motive)])
    letters.account_refused(person, now=now)
    return person


OPEN = [AccountStage.PENDING, AccountStage.VALIDATED, AccountStage.REFUSED]


@act("people.change_account", come_from=OPEN)
def change_account(
    person: Person, *, by: Any, now: datetime, name: str, job: str, phone: str, language: str, share_contact: bool
) -> Person:
    """One's own details. The address changes through its own proof (allauth)."""
    if not name.strip():
        raise Refused(_("Écrivez votre prénom et votre nom."))
    person.save(update_fields=fill(person, name=name, job=job, phone=phone, language=language, share_contact=share_contact))
    return person


@act("people.set_office", record=("office",))
def set_office(person: Person, *, by: Any, now: datetime, office: Office) -> Person:
    """Give or take back a charge for the whole platform."""
    office = Office(office)
    if office != Office.COORDINATION:
        keep_a_coordinator(person)
    if Person.objects.filter(pk=person.pk, stage=AccountStage.VALIDATED).update(office=office) != 1:
        raise Refused(_("Validez d’abord ce compte."))
    person.office = office
    letters.office_changed(person, now=now)
    return person


@act("people.renew_calendar_key", come_from=OPEN)
def renew_calendar_key(person: Person, *, by: Any, now: datetime) -> Person:
    """The secret address of the personal calendar changes; the old one answers no more."""
    person.calendar_key = secret_address()
    person.save(update_fields=["calendar_key"])
    return person


