"""What the platform does by itself, and nobody else: reminding, forgetting, closing, moving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dialogue.chantiers.acts import demands, invitations, leaving, members
from dialogue.chantiers.models import Cooperation, Follow, Invitation, JoinRequest, Member, Representative
from dialogue.chantiers.models.member import groups_of
from dialogue.chantiers.stages import InvitationStage, RequestStage, Role
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_invitation,
    make_mandate,
    make_member,
    make_organisation,
    make_person,
    make_request,
)

pytestmark = pytest.mark.django_db
TEN_DAYS = timedelta(days=10)


def lines(act: str) -> list[tuple[str, int]]:
    """(who, which thing) of the ledger's lines of this act."""
    return [(entry.actor, entry.thing_id) for entry in Entry.objects.filter(act=act).order_by("pk")]


def invited(**fields: Any) -> Invitation:
    chantier = make_chantier(title="Cantines")
    return invitations.invite(
        chantier, by=make_coordinator(), now=NOW, organisation=make_organisation(), email="invitee@p.example", **fields
    )


def test_the_coordination_itself_cannot_do_what_only_the_platform_does():
    coordinator, seat, invitation = make_coordinator(), make_member(make_chantier()), invited()
    request = make_request(make_chantier())
    doors = [
        lambda: members.drop_representation(seat, by=coordinator, now=NOW),
        lambda: members.move_membership(seat.member, by=coordinator, now=NOW, organisation=make_organisation()),
        lambda: demands.close_request(request, by=coordinator, now=NOW),
        lambda: invitations.remind_invitation(invitation, by=coordinator, now=NOW + TEN_DAYS),
        lambda: invitations.expire_invitation(invitation, by=coordinator, now=NOW),
        lambda: invitations.forget_invitation(invitation, by=coordinator, now=NOW),
        lambda: leaving.leave_everything(seat.person, by=coordinator, now=NOW),
        lambda: leaving.move_organisation(seat.member.organisation, by=coordinator, now=NOW, into=make_organisation()),
    ]
    for door in doors:
        with pytest.raises(NotAllowed):
            door()
    assert Representative.objects.active().filter(pk=seat.pk).exists()


def test_a_dropped_representation_ends_today_and_a_voiceless_organisation_is_told_once():
    chantier = make_chantier(title="Cantines")
    make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example"))
    seat = make_member(chantier, organisation=make_organisation(name="Le Cabas"))
    second = Representative.objects.create(member=seat.member, person=make_person(), since=seat.since)
    members.drop_representation(second, by=SYSTEM, now=NOW)
    assert (second.until, Letter.objects.count()) == (TODAY, 0)
    members.drop_representation(seat, by=SYSTEM, now=NOW)
    assert (seat.until, groups_of(seat.person)) == (TODAY, frozenset())
    assert [letter.address for letter in Letter.objects.all()] == ["lead@g.example"]
    assert Member.objects.get(pk=seat.member_id).until is None
    assert lines("chantiers.drop_representation") == [("system", second.pk), ("system", seat.pk)]


def test_a_membership_moves_with_its_people_and_joins_the_one_that_stands_there():
    chantier, kept = make_chantier(), make_organisation(name="Le Cabas")
    alone = make_member(make_chantier())
    members.move_membership(alone.member, by=SYSTEM, now=NOW, organisation=kept)
    assert Member.objects.get(pk=alone.member_id).organisation == kept
    standing, doubled = make_member(chantier, organisation=kept), make_member(chantier)
    members.move_membership(doubled.member, by=SYSTEM, now=NOW, organisation=kept)
    active = Member.objects.active().get(chantier=chantier)
    people = set(active.representatives.active().values_list("person_id", flat=True))
    assert (active.pk, people) == (standing.member_id, {standing.person_id, doubled.person_id})
    assert Member.objects.get(pk=doubled.member_id).until == TODAY


def test_a_request_is_closed_without_an_answer_and_only_once():
    request = make_request(make_chantier())
    demands.close_request(request, by=SYSTEM, now=NOW)
    kept = JoinRequest.objects.get()
    assert (kept.stage, kept.answered_at, kept.answered_by, Letter.objects.count()) == (RequestStage.WITHDRAWN, NOW, None, 0)
    with pytest.raises(Refused):
        demands.close_request(kept, by=SYSTEM, now=NOW)
    assert lines("chantiers.close_request") == [("system", request.pk)]


def test_an_invitation_is_reminded_ten_days_later_and_never_again():
    invitation = invited()
    Letter.objects.all().delete()
    with pytest.raises(Refused, match="Aucun rappel n’est dû"):
        invitations.remind_invitation(invitation, by=SYSTEM, now=NOW + TEN_DAYS - timedelta(seconds=1))
    invitations.remind_invitation(invitation, by=SYSTEM, now=NOW + TEN_DAYS)
    with pytest.raises(Refused, match="Aucun rappel n’est dû"):
        invitations.remind_invitation(invitation, by=SYSTEM, now=NOW + 2 * TEN_DAYS)
    assert [letter.address for letter in Letter.objects.all()] == ["invitee@p.example"]
    assert Invitation.objects.get().reminded_at == NOW + TEN_DAYS


def test_expiring_and_forgetting_an_invitation_erase_its_address_and_its_message():
    open_one, declined = invited(message="Venez."), invited()
    invitations.expire_invitation(open_one, by=SYSTEM, now=NOW)
    Invitation.objects.filter(pk=declined.pk).update(stage=InvitationStage.DECLINED)
    invitations.forget_invitation(Invitation.objects.get(pk=declined.pk), by=SYSTEM, now=NOW)
    rows = Invitation.objects.order_by("pk").values_list("stage", "email", "message")
    assert list(rows) == [("expired", "", ""), ("declined", "", "")]
    with pytest.raises(Refused):
        invitations.expire_invitation(Invitation.objects.get(pk=open_one.pk), by=SYSTEM, now=NOW)


def test_leaving_everything_ends_every_seat_and_erases_what_one_wrote_of_oneself():
    person = make_person(email="parti@p.example")
    seats = [make_member(make_chantier(), person=person) for _ in range(2)]
    refused = {"stage": "refused", "answered_at": NOW, "motive": "Complet."}
    waiting, answered = make_request(make_chantier(), person=person), make_request(make_chantier(), person=person, **refused)
    Follow.objects.create(chantier=make_chantier(), person=person)
    other = Follow.objects.create(chantier=make_chantier(), person=make_person())
    invitation = make_invitation(make_chantier(), email="Parti@p.example")
    leaving.leave_everything(person, by=SYSTEM, now=NOW)
    assert [Representative.objects.get(pk=seat.pk).until for seat in seats] == [TODAY, TODAY]
    rows = JoinRequest.objects.filter(pk__in=[waiting.pk, answered.pk]).order_by("pk").values_list("stage", "motivation")
    assert list(rows) == [("withdrawn", ""), ("refused", "")]
    assert list(Follow.objects.all()) == [other]
    assert Invitation.objects.values_list("stage", "email").get(pk=invitation.pk) == ("expired", "")
    assert lines("chantiers.leave_everything") == [("system", person.pk)]


def test_merged_organisations_bring_requests_invitations_and_cooperations_to_the_one_that_stays():
    doubled, kept, chantier = make_organisation(), make_organisation(), make_chantier()
    request = make_request(chantier, person=make_mandate(organisation=doubled).person, organisation=doubled)
    fields = {"email": "x@p.example"}
    twice, once = make_invitation(chantier, organisation=doubled, **fields), make_invitation(chantier, organisation=doubled)
    make_invitation(chantier, organisation=kept, **fields)
    born = Cooperation.objects.create(chantier=chantier, title="Une cuisine partagée", since=TODAY)
    born.organisations.set([doubled, make_organisation(name="Voisine")])
    leaving.move_organisation(doubled, by=SYSTEM, now=NOW, into=kept)
    assert JoinRequest.objects.get(pk=request.pk).organisation == kept
    invitations_kept = Invitation.objects.filter(pk__in=[twice.pk, once.pk]).order_by("pk")
    assert list(invitations_kept.values_list("organisation", "stage")) == [(kept.pk, "expired"), (kept.pk, "sent")]
    assert set(born.organisations.values_list("name", flat=True)) == {kept.name, "Voisine"}
