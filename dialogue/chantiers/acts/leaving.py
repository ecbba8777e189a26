"""What this room does when a person closes their account or loses a mandate, or when two organisations turn out to be one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from dialogue.chantiers.acts.demands import close_request
from dialogue.chantiers.acts.invitations import expire_invitation, forget_invitation
from dialogue.chantiers.acts.members import drop_representation, move_membership
from dialogue.chantiers.models import Cooperation, Follow, Invitation, JoinRequest, Member, Representative
from dialogue.chantiers.rules import members as rules  # noqa: F401
from dialogue.chantiers.stages import InvitationStage
from dialogue.ledger.acts import SYSTEM, act
from dialogue.people.models import Mandate, Organisation, Person


@act("chantiers.leave_everything")
def leave_everything(person: Person, *, by: Any, now: datetime) -> None:
    """Ends what the person holds in every group. What they did stays; what they wrote of themselves goes."""
    for representative in Representative.objects.filter(person=person, until=None).select_related("member__chantier"):
        drop_representation(representative, by=SYSTEM, now=now)
    for request in JoinRequest.objects.waiting().filter(person=person).select_related("chantier"):
        close_request(request, by=SYSTEM, now=now)
    JoinRequest.objects.filter(person=person).update(motivation="")
    Follow.objects.filter(person=person).delete()
    for invitation in Invitation.objects.filter(email__iexact=person.email):
        forget = expire_invitation if invitation.stage == InvitationStage.SENT else forget_invitation
        forget(invitation, by=SYSTEM, now=now)


@act("chantiers.move_organisation", record=["into"])
def move_organisation(source: Organisation, *, by: Any, now: datetime, into: Organisation) -> None:
    """What the doubled organisation holds in the groups goes to the one that stays."""
    for member in Member.objects.filter(organisation=source).select_related("chantier"):
        move_membership(member, by=SYSTEM, now=now, organisation=into)
    JoinRequest.objects.filter(organisation=source).update(organisation=into)
    for invitation in Invitation.objects.filter(organisation=source):
        doubled = Invitation.objects.filter(
            chantier=invitation.chantier_id, organisation=into, email__iexact=invitation.email, stage=InvitationStage.SENT
        )
        if invitation.stage == InvitationStage.SENT and doubled.exists():
            expire_invitation(invitation, by=SYSTEM, now=now)
    Invitation.objects.filter(organisation=source).update(organisation=into)
    for cooperation in Cooperation.objects.filter(organisations=source):
        cooperation.organisations.remove(source)
        cooperation.organisations.add(into)


def on_leaving(person: Person, *, by: Any, now: datetime) -> None:
    """For `people.hooks.on_leaving`."""
    leave_everything(person, by=SYSTEM, now=now)


def on_mandate_ended(mandate: Mandate, *, by: Any, now: datetime) -> None:
    """For `people.hooks.on_mandate_ended`: their seats for that organisation end with it, and they are told."""
    seats = Representative.objects.active().filter(person=mandate.person_id, member__organisation=mandate.organisation_id)
    for seat in seats.select_related("person", "member__chantier", "member__organisation"):
        drop_representation(seat, by=SYSTEM, now=now, told=True)


def on_merge(source: Organisation, into: Organisation, *, by: Any, now: datetime) -> None:
    """For `people.hooks.on_merge`."""
    move_organisation(source, by=SYSTEM, now=now, into=into)


def preview_merge(source: Organisation, into: Organisation) -> list[str]:
    """For `people.hooks.merge_previews`: what would move, as sentences."""
    seats = Member.objects.active().filter(organisation=source).count()
    asked = JoinRequest.objects.waiting().filter(organisation=source).count()
    sentences = []
    if seats:
        sentences.append(ngettext("%(n)d place dans un groupe", "%(n)d places dans des groupes", seats) % {"n": seats})
    if asked:
        sentences.append(
            ngettext("%(n)d demande à rejoindre un groupe", "%(n)d demandes à rejoindre un groupe", asked) % {"n": asked}
        )
    return sentences
