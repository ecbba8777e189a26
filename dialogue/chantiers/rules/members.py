"""Who may change the membership of a chantier, ask, invite, follow, and read it with somebody else's eyes."""

from __future__ import annotations

from typing import Any

import rules
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from dialogue.chantiers.models import Representative
from dialogue.chantiers.models.member import Member
from dialogue.chantiers.rules.predicates import answers_for, is_member, may_read, takes_part
from dialogue.chantiers.stages import OFFICERS
from dialogue.people.rules import is_coordination, is_oneself, is_partner, is_signed_in, is_system


def owns_address(person: Any, email: str) -> bool:
    """Whether `email` is the person's, proven: the one they sign in with, or another they confirmed (allauth)."""
    if not getattr(person, "is_authenticated", False) or not getattr(person, "pk", None) or not email:
        return False
    if person.email.lower() == email.lower():
        return True
    return EmailAddress.objects.filter(user_id=person.pk, email__iexact=email, verified=True).exists()


def member_of(thing: Any) -> Member | None:
    """The membership that `thing` is, or belongs to."""
    return thing if isinstance(thing, Member) else getattr(thing, "member", None)


@rules.predicate
def speaks_for_it(person: Any, thing: Any) -> bool:
    """Represents the member organisation itself."""
    member = member_of(thing)
    if member is None or not getattr(person, "is_partner", False):
        return False
    return Representative.objects.active().filter(member=member, person_id=person.pk).exists()


@rules.predicate
def is_ordinary(person: Any, thing: Any) -> bool:
    """The membership is neither the sponsor's nor the lead directorate's: those are the coordination's to change."""
    member = member_of(thing)
    return member is not None and member.role not in OFFICERS


@rules.predicate
def may_get_answers(person: Any) -> bool:
    """Has an account that was neither refused nor closed."""
    return bool(getattr(person, "can_receive_mail", False))


@rules.predicate
def asked_it(person: Any, demand: Any) -> bool:
    return demand is not None and is_oneself(person, demand.person)


@rules.predicate
def is_invited(person: Any, invitation: Any) -> bool:
    """The invitation is bound to an address, and this person holds it."""
    return invitation is not None and bool(invitation.email) and owns_address(person, invitation.email)


@rules.predicate
def is_visitor(person: Any) -> bool:
    """Somebody without a session, who holds the mailed link (the page is found by it); not a « voir comme »."""
    return isinstance(person, AnonymousUser)


officer = is_coordination | answers_for
keeper = is_coordination | speaks_for_it | (answers_for & is_ordinary)

# Pages.
rules.add_perm("chantiers.see_members", is_coordination | is_member)
rules.add_perm("chantiers.read_directory", is_partner | is_coordination)
rules.add_perm("chantiers.glance", officer)

# Members and those who speak for them.
rules.add_perm("chantiers.name_officer", is_coordination)
rules.add_perm("chantiers.add_member", officer)
rules.add_perm("chantiers.change_role", is_coordination | (answers_for & is_ordinary))
rules.add_perm("chantiers.end_membership", keeper)
rules.add_perm("chantiers.add_representative", keeper)
rules.add_perm("chantiers.replace_representative", keeper)
rules.add_perm("chantiers.end_representation", keeper)
rules.add_perm("chantiers.drop_representation", is_system)
rules.add_perm("chantiers.move_membership", is_system)
rules.add_perm("chantiers.leave_everything", is_system)
rules.add_perm("chantiers.move_organisation", is_system)

# Requests to join.
rules.add_perm("chantiers.request_to_join", is_signed_in & may_get_answers & may_read)
rules.add_perm("chantiers.accept_request", officer)
rules.add_perm("chantiers.refuse_request", officer)
rules.add_perm("chantiers.withdraw_request", asked_it)
rules.add_perm("chantiers.close_request", is_system)
rules.add_perm("chantiers.remind_request", is_system)

# Invitations.
rules.add_perm("chantiers.invite", officer)
rules.add_perm("chantiers.resend_invitation", officer)
rules.add_perm("chantiers.revoke_invitation", officer)
rules.add_perm("chantiers.accept_invitation", is_signed_in & is_invited)
rules.add_perm("chantiers.decline_invitation", is_visitor | is_invited)
rules.add_perm("chantiers.vouch_for_account", is_system)
rules.add_perm("chantiers.remind_invitation", is_system)
rules.add_perm("chantiers.expire_invitation", is_system)
rules.add_perm("chantiers.forget_invitation", is_system)

# News of a chantier, without being a member.
rules.add_perm("chantiers.follow", is_signed_in & may_get_answers & may_read)
rules.add_perm("chantiers.unfollow", is_signed_in)

# The register of new cooperations.
rules.add_perm("chantiers.record_cooperation", is_coordination | takes_part)
rules.add_perm("chantiers.change_cooperation", officer)
rules.add_perm("chantiers.remove_cooperation", officer)


def may_name_officer(person: Any, chantier: Any) -> bool:
    """For the acts whose role is an argument: `chantiers.name_officer`, as a question."""
    return bool(rules.has_perm("chantiers.name_officer", person, chantier))


def may_publish_cooperation(person: Any, chantier: Any) -> bool:
    """Whether the person may show a new cooperation to everybody."""
    return bool(rules.has_perm("chantiers.change_cooperation", person, chantier))


def may_glance(person: Any, chantier: Any) -> bool:
    """Whether the person may look at the chantier with somebody else's eyes."""
    return bool(rules.has_perm("chantiers.glance", person, chantier))


def is_officer(person: Any, chantier: Any) -> bool:
    """Whether the person answers for the chantier, or coordinates."""
    return bool(rules.has_perm("chantiers.invite", person, chantier))


def may_see_members(person: Any, chantier: Any) -> bool:
    return bool(rules.has_perm("chantiers.see_members", person, chantier))


def may_read_directory(person: Any) -> bool:
    return bool(rules.has_perm("chantiers.read_directory", person))
