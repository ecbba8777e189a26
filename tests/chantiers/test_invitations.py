"""Invitations: they expire, serve once, are bound to an address; one reminder, then nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from dialogue.chantiers import tasks
from dialogue.chantiers.acts import invitations as acts
from dialogue.chantiers.models import Invitation, Representative
from dialogue.chantiers.models.member import groups_of, hash_of
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import AccountStage, OrganisationStage
from tests.chantiers.races import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_invitation,
    make_member,
    make_newcomer,
    make_organisation,
    make_person,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADDRESS = "invitee@p.example"


def cabas() -> Organisation:
    return Organisation.objects.filter(name="Le Cabas").first() or make_organisation(name="Le Cabas")


def invite(chantier=None, *, by=None, **fields) -> Invitation:
    return acts.invite(
        chantier or make_chantier(title="Cantines"),
        by=by or make_coordinator(name="Coordination"),
        now=NOW,
        **{"organisation": fields.get("organisation") or cabas(), "email": ADDRESS} | fields,
    )


def link_in(letter: Letter) -> str:
    return re.search(r"http://localhost:8000(/invitations/\S+/)", letter.text).group(1)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def late(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_an_invitation_is_mailed_to_the_address_and_only_a_hash_is_kept():
    invitation = invite(message="Votre camion nous manque.", email=" Invitee@P.example ")
    letter = Letter.objects.get()
    assert (letter.address, letter.person, letter.mandatory) == (ADDRESS, None, True)
    assert letter.subject == "Coordination vous invite à rejoindre le chantier « Cantines »"
    assert "Votre camion nous manque." in letter.text
    token = link_in(letter).split("/")[2]
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert row["token_hash"] == hash_of(token)
    assert (row["email"], row["role"], row["stage"]) == (ADDRESS, "partner", "sent")
    assert timedelta(days=59) < invitation.expires_at - timezone.now() <= timedelta(days=60)
    assert Entry.objects.get(act="chantiers.invite").facts == {
        "organisation": f"people.organisation:{invitation.organisation_id}"
    }


def test_the_lead_invites_partners_but_grants_no_more_than_that():
    chantier = make_chantier()
    lead = make_member(chantier, role=Role.LEAD).person
    invite(chantier, by=lead, role=Role.RESOURCE)
    for role in (Role.LEAD, Role.SPONSOR):
        with pytest.raises(NotAllowed):
            invite(chantier, by=lead, role=role, email="autre@p.example")


@pytest.mark.parametrize("role", [Role.PARTNER, Role.RESOURCE, Role.OBSERVER])
def test_an_ordinary_member_invites_nobody(role):
    chantier = make_chantier()
    with pytest.raises(NotAllowed):
        invite(chantier, by=make_member(chantier, role=role).person)


def test_an_address_is_invited_once():
    chantier, organisation = make_chantier(), make_organisation()
    invite(chantier, organisation=organisation)
    with pytest.raises(Refused, match="déjà invitée"):
        invite(chantier, organisation=organisation, email=ADDRESS.upper())


def test_an_expired_invitation_does_not_forbid_another():
    chantier, organisation = make_chantier(), make_organisation()
    old = invite(chantier, organisation=organisation)
    late(old)
    invite(chantier, organisation=organisation)
    assert (fresh(old).stage, fresh(old).email) == ("expired", "")


def test_a_member_a_refused_account_and_a_waiting_organisation_are_not_invited():
    chantier = make_chantier()
    seat = make_member(chantier)
    make_person(email="refuse@p.example", stage=AccountStage.REFUSED)
    with pytest.raises(Refused, match="fait déjà partie"):
        invite(chantier, organisation=seat.member.organisation, email=seat.person.email)
    with pytest.raises(Refused, match="n’est pas accepté"):
        invite(chantier, email="refuse@p.example")
    with pytest.raises(Refused, match="n’est pas encore validé"):
        invite(chantier, organisation=make_organisation(stage=OrganisationStage.PROPOSED))
    assert Letter.objects.count() == 0


def test_accepting_enters_the_group_and_tells_who_invited():
    chantier = make_chantier(title="Cantines")
    lead = make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example")).person
    invitation = invite(chantier, by=lead, role=Role.OBSERVER)
    Letter.objects.all().delete()
    guest = make_person(email=ADDRESS)
    seat = acts.accept_invitation(invitation, by=guest, now=NOW + DAY)
    assert (seat.member.role, seat.member.organisation.name, seat.person) == ("observer", "Le Cabas", guest)
    assert groups_of(fresh(guest)) == {chantier.pk}
    assert Mandate.objects.get(person=guest).organisation == invitation.organisation
    assert (fresh(invitation).stage, fresh(invitation).accepted_by) == ("accepted", guest)
    assert list(Letter.objects.values_list("address", "subject")) == [
        ("lead@g.example", "Invitation acceptée : Le Cabas rejoint « Cantines »")
    ]


def test_accepting_validates_the_account_because_somebody_in_charge_vouched_for_the_address():
    coordinator = make_coordinator()
    invitation, guest = invite(by=coordinator), make_newcomer(email=ADDRESS)
    acts.accept_invitation(invitation, by=guest, now=NOW)
    kept = fresh(guest)
    assert (kept.stage, kept.validated_at, kept.is_partner) == ("validated", NOW, True)
    entry = Entry.objects.get(act="chantiers.vouch_for_account")
    assert (entry.actor, entry.stage_from, entry.stage_to) == ("system", "pending", "validated")
    assert entry.facts == {
        "invitation": f"chantiers.invitation:{invitation.pk}", "voucher": f"people.person:{coordinator.pk}"
    }


def test_another_address_does_not_accept():
    invitation = invite()
    for person in (make_person(email="autre@p.example"), make_coordinator()):
        with pytest.raises(NotAllowed):
            acts.accept_invitation(invitation, by=person, now=NOW)
        with pytest.raises(NotAllowed):
            acts.decline_invitation(invitation, by=person, now=NOW)
    assert fresh(invitation).stage == "sent"


def test_an_expired_invitation_is_not_accepted_even_at_the_right_domain_time():
    invitation, guest = invite(), make_person(email=ADDRESS)
    late(invitation)
    with pytest.raises(Refused, match="n’est plus valable"):
        acts.accept_invitation(fresh(invitation), by=guest, now=NOW)


def test_an_invitation_serves_once():
    invitation, guest = invite(), make_person(email=ADDRESS)
    acts.accept_invitation(invitation, by=guest, now=NOW)
    with pytest.raises(Refused):
        acts.accept_invitation(fresh(invitation), by=guest, now=NOW)


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.ARCHIVED])
def test_nobody_enters_by_invitation_after_completion(stage):
    invitation, guest = invite(), make_person(email=ADDRESS)
    invitation.chantier.stage = stage
    invitation.chantier.save()
    with pytest.raises(Refused, match="n’accueille plus"):
        acts.accept_invitation(fresh(invitation), by=guest, now=NOW)


def test_an_invitation_to_be_sponsor_is_refused_when_the_seat_was_taken_meanwhile():
    chantier = make_chantier()
    invitation = invite(chantier, role=Role.SPONSOR)
    make_member(chantier, role=Role.SPONSOR)
    with pytest.raises(Refused, match="déjà un élu porteur"):
        acts.accept_invitation(invitation, by=make_person(email=ADDRESS), now=NOW)
    assert fresh(invitation).stage == "sent"


def test_sending_again_kills_the_former_link(client):
    invitation = invite()
    former = link_in(Letter.objects.get())
    Letter.objects.all().delete()
    acts.resend_invitation(invitation, by=make_coordinator(), now=NOW + DAY)
    latter = link_in(Letter.objects.get())
    assert former != latter
    assert client.get(former).status_code == 404
    assert client.get(latter).status_code == 200


def test_a_cancelled_invitation_opens_nothing():
    invitation, guest = invite(), make_person(email=ADDRESS)
    acts.revoke_invitation(invitation, by=make_coordinator(), now=NOW)
    with pytest.raises(Refused):
        acts.accept_invitation(fresh(invitation), by=guest, now=NOW)
    assert Representative.objects.count() == 0


def test_the_lead_of_another_chantier_touches_no_invitation_here():
    invitation, stranger = invite(), make_member(make_chantier(), role=Role.LEAD).person
    for act in (acts.resend_invitation, acts.revoke_invitation):
        with pytest.raises(NotAllowed):
            act(invitation, by=stranger, now=NOW)


def test_one_reminder_with_the_same_link_then_nothing_else():
    invitation = invite()
    first = link_in(Letter.objects.get())
    Letter.objects.all().delete()
    told = {}
    for day in range(1, 45):
        tasks.remind_invitations(NOW + day * DAY)
        if found := list(Letter.objects.all()):
            told[day] = [(letter.address, letter.subject, link_in(letter)) for letter in found]
            Letter.objects.all().delete()
    assert told == {10: [(ADDRESS, "Rappel : une invitation vous attend pour le chantier « Cantines »", first)]}
    assert fresh(invitation).reminded_at == NOW + 10 * DAY


def test_after_a_change_of_key_the_reminder_brings_a_link_that_works(settings, client):
    invite()
    Letter.objects.all().delete()
    settings.SECRET_KEY = "another"
    tasks.remind_invitations(NOW + 10 * DAY)
    assert client.get(link_in(Letter.objects.get())).status_code == 200


def test_answered_and_expired_invitations_are_not_reminded():
    declined, expired = invite(), invite(email="b@p.example")
    make_invitation(make_chantier(stage=Stage.COMPLETED))
    acts.decline_invitation(declined, by=make_person(email=ADDRESS), now=NOW)
    late(expired)
    Letter.objects.all().delete()
    assert tasks.remind_invitations(NOW + 20 * DAY) == 0


def test_sixty_days_later_the_address_is_forgotten_and_the_fact_stays():
    waiting, revoked = invite(message="Bonjour."), invite(email="b@p.example")
    acts.revoke_invitation(revoked, by=make_coordinator(), now=NOW)
    assert tasks.forget_invitations(NOW) == 0
    late(waiting)
    late(revoked)
    assert tasks.forget_invitations(NOW) == 2
    assert tasks.forget_invitations(NOW) == 0
    assert [(i.stage, i.email, i.message) for i in (fresh(waiting), fresh(revoked))] == [
        ("expired", "", ""), ("revoked", "", ""),
    ]


def test_the_page_works_signed_out_and_says_who_invites_to_what(client):
    invite(message="Venez.")
    answer = client.get(link_in(Letter.objects.get()))
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Cantines", "Le Cabas", "Coordination", ADDRESS, "Venez.", "/compte/login/?next=/invitations/"):
        assert words in page
    assert "no-store" in answer["Cache-Control"]


def test_the_page_of_an_unknown_link_is_a_404_in_words(client):
    answer = client.get("/invitations/nimporte-quoi/")
    assert answer.status_code == 404
    assert "Cette invitation n’est plus valable" in answer.content.decode()


def test_another_person_sees_that_it_is_not_theirs_and_a_post_is_forbidden(client_for):
    invite()
    link = link_in(Letter.objects.get())
    client = client_for(make_person(email="autre@p.example"))
    assert "ne vaut que pour" in client.get(link).content.decode()
    assert client.post(link, {"answer": "accept"}).status_code == 403
    assert client_for().post(link, {"answer": "accept"}).status_code == 403


def test_the_invited_person_accepts_on_the_page_and_lands_in_the_space(client_for):
    invitation = invite()
    answer = client_for(make_newcomer(email=ADDRESS)).post(link_in(Letter.objects.first()), {"answer": "accept"})
    assert (answer.status_code, answer["Location"]) == (302, f"/chantiers/{invitation.chantier.slug}/espace/")


def test_declining_needs_no_account_and_tells_who_invited(client_for):
    invitation = invite(by=make_coordinator(email="c@g.example"))
    link = link_in(Letter.objects.get())
    Letter.objects.all().delete()
    client = client_for()
    assert client.post(link, {"answer": "decline"}).status_code == 302
    assert fresh(invitation).stage == "declined"
    assert [(each.address, each.subject) for each in Letter.objects.all()] == [
        ("c@g.example", "Invitation déclinée : Cantines")
    ]
    assert "a été déclinée" in client.get(link).content.decode()
    assert client.post(link, {"answer": "decline"}).status_code == 422


def test_a_get_answers_nothing(client_for):
    invitation = invite()
    client_for(make_person(email=ADDRESS)).get(link_in(Letter.objects.get()) + "?answer=accept")
    assert fresh(invitation).stage == "sent"


def test_bad_input_of_the_form_is_said_and_nothing_is_lost(client_for):
    chantier = make_chantier()
    organisation = make_organisation()
    client = client_for(make_coordinator())
    url = f"/chantiers/{chantier.slug}/espace/membres/inviter/"
    answer = client.post(url, {"organisation": organisation.pk, "email": "pas une adresse", "role": "roi", "message": "<b>Mot</b>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Indiquez une adresse électronique complète, par exemple nom@exemple.fr." in page
    assert "Choisissez un rôle dans la liste." in page
    assert "&lt;b&gt;Mot&lt;/b&gt;" in page
    assert 'value="pas une adresse"' in page
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"organisation": "1' OR 1=1", "email": ADDRESS, "role": "partner"}).status_code == 422
    long = {"organisation": organisation.pk, "email": ADDRESS, "role": "partner", "message": "x" * 2001}
    assert client.post(url, long).status_code == 422
    assert Invitation.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_invitation_used_twice_at_once_makes_one_member():
    invitation, guest = invite(), make_newcomer(email=ADDRESS)

    def accept():
        mine = Invitation.objects.select_related("chantier", "organisation", "sent_by").get(pk=invitation.pk)
        return acts.accept_invitation(mine, by=Person.objects.get(pk=guest.pk), now=NOW)

    assert sorted(at_once(accept, accept)) == ["Refused", "done"]
    assert Representative.objects.filter(person=guest, since=TODAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepted_and_cancelled_at_once_is_one_or_the_other():
    invitation, guest, coordinator = invite(), make_person(email=ADDRESS), make_coordinator()

    def accept():
        mine = Invitation.objects.select_related("chantier", "organisation", "sent_by").get(pk=invitation.pk)
        acts.accept_invitation(mine, by=Person.objects.get(pk=guest.pk), now=NOW)

    outcomes = at_once(accept, lambda: acts.revoke_invitation(fresh(invitation), by=fresh(coordinator), now=NOW))
    assert sorted(outcomes) == ["Refused", "done"]
    assert (fresh(invitation).stage == "accepted") == Representative.objects.filter(person=guest).exists()
