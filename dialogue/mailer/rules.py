"""Permission sentences of the mailer (it knows people only by what they answer)."""

from __future__ import annotations

from typing import Any

from rules.permissions import add_perm
from rules.predicates import always_allow, predicate

from dialogue.mailer import audience


@predicate
def is_reader(person: Any, owner: Any) -> bool:
    """The choices are one's own."""
    return owner is not None and getattr(person, "pk", None) is not None and person.pk == owner.pk


@predicate
def watches_mail(person: Any) -> bool:
    return bool(getattr(person, "is_coordination", False))


@predicate
def answers_for_address(person: Any, suspension: Any) -> bool:
    """Their own address, or that of somebody of a group they answer for."""
    if suspension is None or not getattr(person, "pk", None):
        return False
    return suspension.address == person.email.lower() or audience.answers_for(person, suspension.address)


@predicate
def is_platform(person: Any) -> bool:
    return bool(getattr(person, "is_system", False))


add_perm("mailer.choose", is_reader)
# The signed address, which the act reads, is the permission: mail clients press the button without signing in.
add_perm("mailer.unsubscribe", always_allow)
add_perm("mailer.subscribe_again", always_allow)
add_perm("mailer.retry_letter", watches_mail)
add_perm("mailer.lift_suspension", watches_mail | answers_for_address)
add_perm("mailer.note_bounce", is_platform)
