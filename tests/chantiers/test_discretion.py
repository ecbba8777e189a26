"""What a group's own pages and letters do not tell: who follows, who asked, what was never opened."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dialogue.chantiers.acts import cooperations, demands, invitations, life, members
from dialogue.chantiers.letters.life import tell_group
from dialogue.chantiers.mine import groups_for
from dialogue.chantiers.models import Chantier, Cooperation
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import Refused
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
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
)

pytestmark = pytest.mark.django_db


def test_a_chantier_abandoned_before_its_opening_stays_the_coordinations_alone() -> None:
    chantier = make_chantier(stage=Stage.ABANDONED, opened_on=None, motive="Le projet a changé.")
    partner, coordinator = make_person(), make_coordinator()
    assert [*Chantier.objects.visible_to(partner)] == []
    assert chantier.readable_by(partner) is False
    assert [*Chantier.objects.visible_to(coordinator)] == [chantier]


def test_a_seat_prepared_before_the_opening_is_neither_shown_nor_told() -> None:
    chantier = make_chantier(stage=Stage.PROPOSED, opened_on=None)
    person = make_member(chantier, role=Role.LEAD).person
    assert groups_for(person, TODAY) == []
    assert tell_group("abandoned", chantier, by=make_coordinator(), now=NOW) == 0
    assert Letter.objects.count() == 0


def test_whoever_is_seated_before_the_opening_hears_of_it_when_the_chantier_opens() -> None:
    chantier, coordinator = make_chantier(stage=Stage.PROPOSED, opened_on=None, title="Cantines"), make_coordinator()
    mandate = make_mandate()
    members.add_member(
        chantier, by=coordinator, now=NOW, organisation=mandate.organisation, role=Role.LEAD, person=mandate.person
    )
    assert Letter.objects.count() == 0
    life.open_chantier(chantier, by=coordinator, now=NOW)
    assert [*Letter.objects.values_list("person", "subject")] == [(mandate.person.pk, "Un chantier s’ouvre : Cantines")]


def test_the_answer_to_an_invitation_goes_to_who_answers_now_not_to_an_inviter_who_left() -> None:
    chantier = make_chantier()
    inviter = make_member(chantier, role=Role.LEAD)
    sponsor = make_member(chantier, role=Role.SPONSOR).person
    first, second = (make_invitation(chantier, sent_by=inviter.person, email=email) for email in ("a@p.example", "b@p.example"))
    invitations.decline_invitation(first, by=make_person(email="a@p.example"), now=NOW)
    assert [letter.person for letter in Letter.objects.all()] == [inviter.person]
    Letter.objects.all().delete()
    members.end_membership(inviter.member, by=make_coordinator(), now=NOW, motive="Réorganisation.")
    Letter.objects.all().delete()
    invitations.decline_invitation(second, by=make_person(email="b@p.example"), now=NOW)
    assert [letter.person for letter in Letter.objects.all()] == [sponsor]


def test_the_history_of_a_group_names_an_asker_to_those_who_answer_only(client_for: Any) -> None:
    chantier = make_chantier()
    lead, member = make_member(chantier, role=Role.LEAD).person, make_member(chantier).person
    asker = make_mandate(person=make_person(name="Camille Demandeuse"))
    demands.request_to_join(chantier, by=asker.person, now=NOW, organisation=asker.organisation, motivation="Nous livrons.")
    page = reverse("chantiers:history", args=[chantier.slug])
    assert "Camille Demandeuse" in client_for(lead).get(page).content.decode()
    assert "Camille Demandeuse" not in client_for(member).get(page).content.decode()


def test_whom_one_follows_is_no_history_of_the_group(client_for: Any) -> None:
    chantier = make_chantier()
    lead = make_member(chantier, role=Role.LEAD).person
    demands.follow(chantier, by=make_person(name="Dominique Discrète"), now=NOW)
    assert "Dominique Discrète" not in client_for(lead).get(reverse("chantiers:history", args=[chantier.slug])).content.decode()


def test_a_cooperation_that_was_shown_outside_cannot_be_erased_once_brought_back() -> None:
    chantier = make_chantier()
    lead = make_member(chantier, role=Role.LEAD).person
    both = [make_organisation(), make_organisation()]
    born = cooperations.record_cooperation(
        chantier, by=lead, now=NOW, title="Commandes groupées", organisations=both, since=TODAY, circle=Circle.PARTNERS
    )
    Cooperation.objects.filter(pk=born.pk).update(circle=Circle.GROUP)
    born.refresh_from_db()
    with pytest.raises(Refused):
        cooperations.remove_cooperation(born, by=lead, now=NOW, chantier=chantier)
    assert Cooperation.objects.count() == 1
