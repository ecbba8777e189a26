"""Entering, changing role, being replaced, leaving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogue.chantiers.acts import members as acts
from dialogue.chantiers.exports_members import personal_data
from dialogue.chantiers.models import Invitation, Member, Representative
from dialogue.chantiers.models.member import groups_of
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.acts import close_account, end_mandate, merge_organisations
from dialogue.people.models import Person
from dialogue.people.stages import OrganisationStage
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_invitation,
    make_mandate,
    make_member,
    make_newcomer,
    make_organisation,
    make_person,
    make_request,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def letters() -> list[tuple[str, str]]:
    """(address, subject) of what was queued, then forgets it."""
    found = sorted(Letter.objects.values_list("address", "subject"))
    Letter.objects.all().delete()
    return found


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_the_coordination_names_the_sponsor_and_the_lead_and_they_are_told():
    chantier, coordinator = make_chantier(title="Cantines"), make_coordinator()
    mandate = make_mandate(person=make_person(email="elue@gironde.example"), organisation=make_organisation(name="Gironde"))
    member = acts.add_member(
        chantier, by=coordinator, now=NOW, organisation=mandate.organisation, role=Role.SPONSOR, person=mandate.person,
        committed_at_council=True,
    )
    assert (member.role, member.since, member.until, member.committed_at_council) == ("sponsor", TODAY, None, True)
    assert groups_of(fresh(mandate.person)) == {chantier.pk}
    assert letters() == [("elue@gironde.example", "Vous faites partie du groupe : Cantines")]
    entry = Entry.objects.get(act="chantiers.add_member")
    assert entry.facts == {
        "organisation": f"people.organisation:{mandate.organisation_id}",
        "role": "sponsor",
        "person": f"people.person:{mandate.person_id}",
        "committed_at_council": True,
    }


def test_there_is_one_sponsor_and_the_reason_names_it():
    chantier = make_chantier()
    make_member(chantier, role=Role.SPONSOR, organisation=make_organisation(name="Conseil départemental"))
    with pytest.raises(Refused) as refused:
        acts.add_member(chantier, by=make_coordinator(), now=NOW, organisation=make_organisation(), role=Role.SPONSOR)
    assert refused.value.reasons == [
        "Ce chantier a déjà un élu porteur : Conseil départemental. Mettez d’abord fin à son rôle."
    ]


def test_there_is_one_lead():
    chantier = make_chantier()
    make_member(chantier, role=Role.LEAD, organisation=make_organisation(name="Direction des routes"))
    with pytest.raises(Refused) as refused:
        acts.add_member(chantier, by=make_coordinator(), now=NOW, organisation=make_organisation(), role=Role.LEAD)
    assert refused.value.reasons == [
        "Ce chantier a déjà une direction référente : Direction des routes. Mettez d’abord fin à son rôle."
    ]


def test_the_lead_adds_partners_but_names_neither_sponsor_nor_lead():
    chantier = make_chantier()
    lead = make_member(chantier, role=Role.LEAD).person
    member = acts.add_member(chantier, by=lead, now=NOW, organisation=make_organisation(), role=Role.RESOURCE)
    assert member.role == "resource"
    with pytest.raises(NotAllowed):
        acts.add_member(chantier, by=fresh(lead), now=NOW, organisation=make_organisation(), role=Role.SPONSOR)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.RESOURCE, Role.OBSERVER])
def test_an_ordinary_member_adds_nobody(role):
    chantier = make_chantier()
    with pytest.raises(NotAllowed):
        acts.add_member(
            chantier, by=make_member(chantier, role=role).person, now=NOW, organisation=make_organisation(), role=Role.PARTNER
        )


def test_the_lead_of_another_chantier_adds_nobody_here():
    stranger = make_member(make_chantier(), role=Role.LEAD).person
    with pytest.raises(NotAllowed):
        acts.add_member(make_chantier(), by=stranger, now=NOW, organisation=make_organisation(), role=Role.PARTNER)


def test_an_organisation_enters_once_in_a_role():
    chantier, organisation = make_chantier(), make_organisation(name="Les Paniers")
    make_member(chantier, organisation=organisation)
    with pytest.raises(Refused, match="« Les Paniers » a déjà ce rôle dans le groupe"):
        acts.add_member(chantier, by=make_coordinator(), now=NOW, organisation=organisation, role=Role.PARTNER)


def test_an_organisation_that_waits_for_validation_does_not_enter():
    waiting = make_organisation(stage=OrganisationStage.PROPOSED)
    with pytest.raises(Refused, match="n’est pas encore validé"):
        acts.add_member(make_chantier(), by=make_coordinator(), now=NOW, organisation=waiting, role=Role.PARTNER)


def test_only_a_validated_person_who_speaks_for_the_organisation_enters_with_it():
    chantier, coordinator, organisation = make_chantier(), make_coordinator(), make_organisation(name="Le Cabas")
    with pytest.raises(Refused, match="ne représente pas l’organisme « Le Cabas »"):
        acts.add_member(
            chantier, by=coordinator, now=NOW, organisation=organisation, role=Role.PARTNER, person=make_person()
        )
    newcomer = make_mandate(person=make_newcomer(), organisation=organisation).person
    with pytest.raises(Refused, match="n’est pas validé"):
        acts.add_member(chantier, by=coordinator, now=NOW, organisation=organisation, role=Role.PARTNER, person=newcomer)
    assert Member.objects.count() == 0


@pytest.mark.parametrize("stage", [Stage.ARCHIVED, Stage.ABANDONED])
def test_nobody_enters_a_chantier_that_is_over(stage):
    chantier = make_chantier(stage=stage, motive="Fini.")
    with pytest.raises(Refused):
        acts.add_member(chantier, by=make_coordinator(), now=NOW, organisation=make_organisation(), role=Role.PARTNER)


def test_a_change_of_role_keeps_the_people_and_the_history():
    chantier = make_chantier(title="Cantines")
    seat = make_member(chantier, person=make_person(email="m@p.example"))
    successor = acts.change_role(seat.member, by=make_coordinator(), now=NOW, role=Role.LEAD)
    seat.refresh_from_db()
    assert (seat.until, seat.member.until) == (TODAY, TODAY)
    assert [each.person for each in successor.representatives.active()] == [seat.person]
    assert (successor.role, successor.since) == ("lead", TODAY)
    assert letters() == [("m@p.example", "Votre rôle change dans le chantier « Cantines »")]


def test_the_lead_changes_no_role_of_sponsor_or_lead():
    chantier = make_chantier()
    lead, sponsor, partner = (make_member(chantier, role=r) for r in (Role.LEAD, Role.SPONSOR, Role.PARTNER))
    for seat, role in ((sponsor, Role.PARTNER), (partner, Role.SPONSOR)):
        with pytest.raises(NotAllowed):
            acts.change_role(seat.member, by=fresh(lead.person), now=NOW, role=role)


def test_leaving_ends_everything_and_erases_nothing():
    chantier = make_chantier(title="Cantines")
    lead = make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example"))
    organisation = make_organisation(name="Les Paniers")
    seat = make_member(chantier, organisation=organisation, person=make_person(email="moi@p.example"))
    colleague = make_member(chantier, organisation=organisation, person=make_person(email="collegue@p.example"))
    invitation = make_invitation(chantier, organisation=organisation)
    acts.end_membership(seat.member, by=seat.person, now=NOW)
    seat.refresh_from_db()
    assert (seat.member.until, seat.until) == (TODAY, TODAY)
    assert Representative.objects.filter(member__chantier=chantier).count() == 3
    assert groups_of(fresh(colleague.person)) == frozenset()
    assert Invitation.objects.get(pk=invitation.pk).stage == "revoked"
    assert letters() == [
        ("collegue@p.example", "Fin de votre participation : Cantines"),
        ("lead@g.example", "« Les Paniers » quitte le chantier « Cantines »"),
    ]
    # Afterwards, what happens in the group is no longer told to who left.
    acts.add_member(
        chantier, by=fresh(lead.person), now=LATER, organisation=organisation, role=Role.OBSERVER
    )
    assert letters() == []


def test_somebody_else_who_ends_a_membership_says_why():
    chantier = make_chantier(title="Cantines")
    lead = make_member(chantier, role=Role.LEAD).person
    seat = make_member(chantier, person=make_person(email="parti@p.example"))
    with pytest.raises(Refused, match="Dites pourquoi"):
        acts.end_membership(seat.member, by=lead, now=NOW, motive="  ")
    acts.end_membership(seat.member, by=lead, now=NOW, motive="L’association a fermé.")
    letter = Letter.objects.get(address="parti@p.example")
    assert "L’association a fermé." in letter.text
    assert Member.objects.get(pk=seat.member.pk).end_motive == "L’association a fermé."
    assert "fermé" not in str(Entry.objects.get(act="chantiers.end_membership").facts)


def test_a_lead_does_not_vanish_alone_and_the_coordination_may_end_the_role():
    chantier = make_chantier(title="Cantines")
    lead = make_member(
        chantier, role=Role.LEAD, organisation=make_organisation(name="Direction A"), person=make_person(email="l@g.example")
    )
    sponsor = make_member(chantier, role=Role.SPONSOR, person=make_person(email="s@g.example"))
    with pytest.raises(Refused) as refused:
        acts.end_membership(lead.member, by=lead.person, now=NOW)
    assert refused.value.reasons == [
        "La direction référente ne quitte pas seule le chantier : la coordination nomme celle qui prend la suite."
    ]
    with pytest.raises(NotAllowed):
        acts.end_membership(lead.member, by=sponsor.person, now=NOW, motive="Non.")
    coordinator, other = make_coordinator(), make_coordinator(email="c2@g.example")
    acts.end_membership(lead.member, by=coordinator, now=NOW, motive="Réorganisation.")
    assert letters() == [
        (other.email, "« Direction A » quitte le chantier « Cantines »"),
        ("l@g.example", "Fin de votre participation : Cantines"),
        ("s@g.example", "« Direction A » quitte le chantier « Cantines »"),
    ]


def test_leaving_twice_is_refused():
    seat = make_member(make_chantier())
    coordinator = make_coordinator()
    acts.end_membership(seat.member, by=coordinator, now=NOW, motive="Oui.")
    again = Member.objects.get(pk=seat.member.pk)
    with pytest.raises(Refused, match="ne fait déjà plus partie"):
        acts.end_membership(again, by=coordinator, now=NOW, motive="Encore.")


def test_an_organisation_may_come_back_after_leaving():
    chantier, coordinator = make_chantier(), make_coordinator()
    seat = make_member(chantier)
    acts.end_membership(seat.member, by=coordinator, now=NOW, motive="Pause.")
    acts.add_member(chantier, by=coordinator, now=NOW, organisation=seat.member.organisation, role=Role.PARTNER)
    assert chantier.members.count() == 2


def test_a_replacement_is_told_to_the_three_concerned():
    chantier = make_chantier(title="Cantines")
    make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example"))
    organisation = make_organisation(name="Le Cabas")
    old = make_member(chantier, organisation=organisation, person=make_person(email="ancien@p.example"))
    new = make_mandate(person=make_person(email="nouveau@p.example"), organisation=organisation).person
    acts.replace_representative(old.member, by=make_coordinator(), now=NOW, old=old.person, new=new)
    assert letters() == [
        ("ancien@p.example", "Une autre personne représente « Le Cabas » : Cantines"),
        ("lead@g.example", "Nouvelle personne pour « Le Cabas » : Cantines"),
        ("nouveau@p.example", "Vous faites partie du groupe : Cantines"),
    ]
    assert groups_of(fresh(old.person)) == frozenset()
    assert groups_of(fresh(new)) == {chantier.pk}
    old.refresh_from_db()
    assert old.until == TODAY


def test_an_organisation_replaces_its_own_representative_but_not_with_a_stranger():
    seat = make_member(make_chantier())
    with pytest.raises(Refused, match="ne représente pas l’organisme"):
        acts.replace_representative(seat.member, by=seat.person, now=NOW, old=seat.person, new=make_person())
    seat.refresh_from_db()
    assert seat.until is None


def test_a_partner_replaces_nobody_of_another_organisation():
    chantier = make_chantier()
    seat, other = make_member(chantier), make_member(chantier)
    colleague = make_mandate(organisation=seat.member.organisation).person
    with pytest.raises(NotAllowed):
        acts.replace_representative(seat.member, by=other.person, now=NOW, old=seat.person, new=colleague)


def test_the_last_representative_is_replaced_not_removed():
    seat = make_member(make_chantier())
    with pytest.raises(Refused, match="dernière personne"):
        acts.end_representation(seat, by=seat.person, now=NOW)
    second = make_mandate(organisation=seat.member.organisation).person
    acts.add_representative(seat.member, by=seat.person, now=NOW, person=second)
    acts.end_representation(seat, by=fresh(seat.person), now=NOW)
    assert [each.person for each in seat.member.representatives.active()] == [second]


def test_a_representative_is_added_once():
    seat = make_member(make_chantier())
    with pytest.raises(Refused, match="représente déjà"):
        acts.add_representative(seat.member, by=seat.person, now=NOW, person=seat.person)


def test_closing_an_account_leaves_the_groups_and_says_that_an_organisation_has_no_voice():
    chantier = make_chantier(title="Cantines")
    make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example"))
    seat = make_member(
        chantier, organisation=make_organisation(name="Le Cabas"), person=make_person(email="parti@p.example")
    )
    request = make_request(make_chantier(), person=seat.person, organisation=seat.member.organisation)
    invitation = make_invitation(make_chantier(), email="parti@p.example")
    close_account(seat.person, by=seat.person, now=NOW)
    seat.refresh_from_db()
    request.refresh_from_db()
    invitation.refresh_from_db()
    assert seat.until == TODAY
    assert seat.member.until is None
    assert (request.stage, request.motivation) == ("withdrawn", "")
    assert (invitation.stage, invitation.email) == ("expired", "")
    assert ("lead@g.example", "Plus personne ne représente « Le Cabas » : Cantines") in letters()


def test_whoever_loses_a_mandate_leaves_the_groups_of_that_organisation_and_no_other():
    person, cabas = make_person(email="ancien@p.example"), make_organisation(name="Le Cabas")
    chantier, coordinator = make_chantier(title="Cantines"), make_coordinator()
    make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example"))
    seat = make_member(chantier, organisation=cabas, person=person)
    other = make_member(make_chantier(), person=person)
    colleague = make_member(make_chantier(title="Forêts"), organisation=cabas)
    assert groups_of(fresh(person)) == {chantier.pk, other.member.chantier_id}
    end_mandate(person.mandates.get(organisation=cabas), by=coordinator, now=NOW)
    seat.refresh_from_db()
    colleague.refresh_from_db()
    assert (seat.until, colleague.until) == (TODAY, None)
    assert groups_of(fresh(person)) == {other.member.chantier_id}
    assert letters() == [
        ("ancien@p.example", "Fin de votre participation : Cantines"),
        ("lead@g.example", "Plus personne ne représente « Le Cabas » : Cantines"),
    ]
    line = Entry.objects.get(act="chantiers.drop_representation")
    assert (line.actor, line.thing_id) == (Entry.Actor.SYSTEM, seat.pk)


def test_a_mandate_ended_today_gives_no_new_seat_today():
    seat, coordinator = make_member(make_chantier()), make_coordinator()
    person, organisation = seat.person, seat.member.organisation
    make_member(seat.member.chantier, organisation=organisation)
    end_mandate(person.mandates.get(), by=coordinator, now=NOW)
    with pytest.raises(Refused, match="ne représente pas"):
        acts.add_representative(seat.member, by=coordinator, now=NOW, person=person)


def test_merging_organisations_moves_seats_and_doubles_nobody():
    chantier, coordinator = make_chantier(), make_coordinator()
    kept, doubled = make_organisation(name="Kept"), make_organisation(name="Doubled")
    common = make_person()
    make_member(chantier, organisation=kept, person=common)
    make_member(chantier, organisation=doubled, person=common)
    alone = make_member(chantier, organisation=doubled)
    elsewhere = make_member(make_chantier(), organisation=doubled)
    request = make_request(make_chantier(), person=make_person(), organisation=doubled)
    merge_organisations(doubled, by=coordinator, now=NOW, into=kept)
    assert not Member.objects.filter(organisation=doubled).exists()
    seats = Representative.objects.active().filter(member__chantier=chantier)
    assert sorted(each.person_id for each in seats) == sorted([common.pk, alone.person_id])
    assert {each.member.organisation_id for each in seats} == {kept.pk}
    elsewhere.refresh_from_db()
    assert (elsewhere.until, elsewhere.member.organisation_id) == (None, kept.pk)
    request.refresh_from_db()
    assert request.organisation_id == kept.pk


def test_dates_stay_in_order_when_one_enters_and_leaves_the_same_day():
    chantier, coordinator = make_chantier(), make_coordinator()
    member = acts.add_member(chantier, by=coordinator, now=NOW, organisation=make_organisation(), role=Role.PARTNER)
    acts.end_membership(member, by=coordinator, now=NOW - timedelta(days=3), motive="Erreur.")
    assert member.until == date(2017, 11, 6)


def test_the_export_of_ones_data_tells_groups_requests_and_invitations():
    seat = make_member(make_chantier(title="Cantines"), organisation=make_organisation(name="Le Cabas"))
    make_request(make_chantier(title="Vélos"), person=seat.person, organisation=seat.member.organisation)
    make_invitation(make_chantier(title="Forêt"), email=seat.person.email, organisation=seat.member.organisation)
    make_member(make_chantier())
    data = personal_data(seat.person)
    assert data["groupes"] == [
        {"chantier": "Cantines", "organisme": "Le Cabas", "rôle": "partenaire", "depuis": date(2017, 4, 1), "jusqu’au": None}
    ]
    assert [row["chantier"] for row in data["demandes-a-rejoindre"]] == ["Vélos"]
    assert [row["chantier"] for row in data["invitations"]] == ["Forêt"]
    assert data["chantiers-suivis"] == []
