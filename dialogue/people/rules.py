"""Permission sentences of the people room, and the predicates that every room composes."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.people.models import Mandate, Organisation
from dialogue.people.stages import AccountStage, OrganisationStage


@rules.predicate
def is_system(reader: Any) -> bool:
    return bool(getattr(reader, "is_system", False))


@rules.predicate
def is_signed_in(reader: Any) -> bool:
    return bool(getattr(reader, "is_authenticated", False))


@rules.predicate
def is_partner(reader: Any) -> bool:
    return bool(getattr(reader, "is_partner", False))


@rules.predicate
def is_coordination(reader: Any) -> bool:
    return bool(getattr(reader, "is_coordination", False))


@rules.predicate
def is_secretariat(reader: Any) -> bool:
    return bool(getattr(reader, "is_secretariat", False))


@rules.predicate
def is_oneself(reader: Any, person: Any) -> bool:
    return person is not None and getattr(reader, "pk", None) is not None and reader.pk == person.pk


@rules.predicate
def is_newcomer(reader: Any) -> bool:
    """Signed in, waiting for the coordination's answer."""
    return getattr(reader, "stage", "") == AccountStage.PENDING and bool(getattr(reader, "pk", None))


@rules.predicate
def is_unanswered(_reader: Any, person: Any) -> bool:
    return person is not None and person.stage == AccountStage.PENDING


@rules.predicate
def speaks_for(reader: Any, organisation: Any) -> bool:
    """Holds an open mandate of the organisation."""
    if not isinstance(organisation, Organisation) or not getattr(reader, "is_authenticated", False):
        return False
    return Mandate.objects.open().filter(person_id=reader.pk, organisation=organisation).exists()


@rules.predicate
def is_proposed(_reader: Any, organisation: Any) -> bool:
    return getattr(organisation, "stage", "") == OrganisationStage.PROPOSED


@rules.predicate
def is_own_mandate(reader: Any, mandate: Any) -> bool:
    return isinstance(mandate, Mandate) and getattr(reader, "pk", None) == mandate.person_id


rules.add_perm("people.declare_oneself", is_oneself & is_unanswered)
rules.add_perm("people.ask_validation", is_oneself)
rules.add_perm("people.validate_account", is_coordination)
rules.add_perm("people.refuse_account", is_coordination)
rules.add_perm("people.change_account", is_oneself)
rules.add_perm("people.set_office", is_coordination)
rules.add_perm("people.close_account", is_oneself | is_coordination | is_system)
rules.add_perm("people.renew_calendar_key", is_oneself)
rules.add_perm("people.warn_inactive", is_system)
rules.add_perm("people.remind_waiting", is_system)

rules.add_perm("people.propose_organisation", is_partner | is_newcomer)
rules.add_perm("people.change_organisation", is_coordination | (is_partner & speaks_for) | (is_newcomer & is_proposed & speaks_for))
rules.add_perm("people.validate_organisation", is_coordination)
rules.add_perm("people.merge_organisations", is_coordination)
rules.add_perm("people.grant_mandate", is_coordination | is_system)
rules.add_perm("people.end_mandate", is_own_mandate | is_coordination | is_system)
