"""What the sentences are made of. A thing is a chantier, or has one (`thing.chantier`, `thing.roadmap.chantier`…)."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.chantiers.models.member import roles_of
from dialogue.chantiers.stages import Role
from dialogue.people.rules import is_coordination


def chantier_of(thing: Any) -> Chantier | None:
    """The chantier that `thing` is, or belongs to."""
    if thing is None or isinstance(thing, Chantier):
        return thing
    for owner in ("chantier", "member", "roadmap", "thread", "meeting", "document"):
        if hasattr(thing, owner):
            return chantier_of(getattr(thing, owner))
    return None


@rules.predicate
def is_lead(person: Any, thing: Any) -> bool:
    """Speaks for the lead directorate (direction référente) of the chantier."""
    return Role.LEAD in roles_of(person, chantier_of(thing))


@rules.predicate
def is_sponsor(person: Any, thing: Any) -> bool:
    """Speaks as the elected sponsor (élu porteur) of the chantier."""
    return Role.SPONSOR in roles_of(person, chantier_of(thing))


@rules.predicate
def is_member(person: Any, thing: Any) -> bool:
    """Is in the group, in whatever role."""
    chantier = chantier_of(thing)
    return chantier is not None and chantier.pk in groups_of(person)


@rules.predicate
def takes_part(person: Any, thing: Any) -> bool:
    """Is in the group and writes there: everyone but observers."""
    return bool(roles_of(person, chantier_of(thing)) - {Role.OBSERVER})


@rules.predicate
def may_read(person: Any, thing: Any) -> bool:
    chantier = chantier_of(thing)
    return chantier is not None and chantier.readable_by(person)


answers_for = is_lead | is_sponsor
#: Reads the group's space: its members, and the coordination.
enters_space = is_member | is_coordination
