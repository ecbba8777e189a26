"""Asking to join: at any time, with an answer guaranteed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from dialogue.chantiers import tasks
from dialogue.chantiers.acts import demands as acts
from dialogue.chantiers.forms.members import JoinForm
from dialogue.chantiers.mine import groups_for, requests_of, waiting_answers_for
from dialogue.chantiers.models import JoinRequest, Member, Representative
from dialogue.chantiers.models.member import groups_of
from dialogue.chantiers.stages import JOINABLE, Role, Stage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import AccountStage, Circle, OrganisationStage
from tests.chantiers.races import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_mandate,
    make_member,
    make_newcomer,
    make_organisation,
    make_person,
    make_request,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OTHERS = [stage for stage in Stage if stage not in JOINABLE]


def letters() -> list[tuple[str, str]]:
    """(address, subject) of what was queued, then forgets it."""
    found = sorted(Letter.objects.values_list("address", "subject"))
    Letter.objects.all().delete()
    return found


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def chantier_with_officers(**fields):
    chantier = make_chantier(**{"title": "Cantines"} | fields)
    lead = make_member(chantier, role=Role.LEAD, person=make_person(email="lead@g.example")).person
    sponsor = make_member(chantier, role=Role.SPONSOR, person=make_person(email="elue@g.example")).person
    return chantier, lead, sponsor


def asker(email="moi@p.example", **fields):
    return make_mandate(person=make_person(email=email), organisation=make_organisation(name="Le Cabas", **fields))


def test_asking_tells_those_in_charge_and_gives_a_receipt():
    chantier, _lead, _sponsor = chantier_with_officers()
    make_coordinator()
    mandate = asker()
    request = acts.request_to_join(
        chantier, by=mandate.person, now=NOW, organisation=mandate.organisation, motivation="Nous livrons deux écoles."
    )
    assert (request.stage, request.motivation, request.sent_at) == ("waiting", "Nous livrons deux écoles.", NOW)
    subject = "Réponse attendue avant le lundi 13 novembre 2017 : Le Cabas demande à rejoindre « Cantines »"
    assert letters() == [
        ("elue@g.example", subject),
        ("lead@g.example", subject),
        ("moi@p.example", "Votre demande est envoyée : Cantines"),
    ]
    assert Entry.objects.get(act="chantiers.request_to_join").facts == {
        "organisation": f"people.organisation:{mandate.organisation_id}"
    }


def test_without_sponsor_or_lead_the_coordination_is_asked():
    chantier = make_chantier(title="Cantines")
    coordinator, mandate = make_coordinator(email="c@g.example"), asker()
    acts.request_to_join(chantier, by=mandate.person, now=NOW, organisation=mandate.organisation)
    letter = Letter.objects.get(address="c@g.example")
    assert "Ce chantier n’a ni élu porteur ni direction référente" in letter.text
    assert list(waiting_answers_for(coordinator)) == [JoinRequest.objects.get()]


@pytest.mark.parametrize("stage", JOINABLE)
def test_one_asks_at_any_time_until_completion(stage):
    suspended = {"suspended_from": "working", "motive": "Pause."} if stage == Stage.SUSPENDED else {}
    mandate = asker()
    acts.request_to_join(
        make_chantier(stage=stage, **suspended), by=mandate.person, now=NOW, organisation=mandate.organisation
    )


@pytest.mark.parametrize("stage", [stage for stage in OTHERS if stage != Stage.PROPOSED])
def test_nobody_asks_once_it_is_completed(stage):
    mandate = asker()
    with pytest.raises(Refused):
        acts.request_to_join(
            make_chantier(stage=stage, motive="Fini."), by=mandate.person, now=NOW, organisation=mandate.organisation
        )
    assert JoinRequest.objects.count() == 0


def test_a_visitor_a_refused_account_and_an_outsider_of_the_circle_do_not_ask():
    organisation = make_organisation()
    refused = make_person(stage=AccountStage.REFUSED)
    newcomer = make_newcomer()
    closed_circle = make_chantier(circle=Circle.PARTNERS)
    for person, chantier in ((AnonymousUser(), make_chantier()), (refused, make_chantier()), (newcomer, closed_circle)):
        with pytest.raises(NotAllowed):
            acts.request_to_join(chantier, by=person, now=NOW, organisation=organisation)


def test_one_asks_once_at_a_time():
    chantier, mandate = make_chantier(), asker()
    acts.request_to_join(chantier, by=mandate.person, now=NOW, organisation=mandate.organisation)
    with pytest.raises(Refused, match="déjà envoyée"):
        acts.request_to_join(chantier, by=mandate.person, now=NOW, organisation=mandate.organisation)


def test_a_member_does_not_ask_for_the_organisation_they_represent_there_already():
    seat = make_member(make_chantier())
    with pytest.raises(Refused, match="déjà partie"):
        acts.request_to_join(seat.member.chantier, by=seat.person, now=NOW, organisation=seat.member.organisation)


def test_one_does_not_ask_for_an_organisation_that_somebody_else_proposed():
    hidden = make_organisation(stage=OrganisationStage.PROPOSED)
    with pytest.raises(Refused, match="Choisissez votre organisme"):
        acts.request_to_join(make_chantier(), by=make_person(), now=NOW, organisation=hidden)


@pytest.mark.parametrize("who", ["lead", "sponsor", "coordination"])
def test_accepting_opens_the_group(who):
    chantier, lead, sponsor = chantier_with_officers()
    person = {"lead": lead, "sponsor": sponsor, "coordination": make_coordinator()}[who]
    mandate = asker()
    request = make_request(chantier, person=mandate.person, organisation=mandate.organisation)
    seat = acts.accept_request(request, by=person, now=NOW + DAY)
    assert (seat.member.organisation, seat.member.role, seat.person) == (mandate.organisation, "partner", mandate.person)
    assert groups_of(fresh(mandate.person)) == {chantier.pk}
    request.refresh_from_db()
    assert (request.stage, request.answered_at, request.answered_by) == ("accepted", NOW + DAY, person)
    assert letters() == [("moi@p.example", "Bienvenue dans le groupe : Cantines")]


def test_accepting_confirms_that_the_person_speaks_for_the_organisation():
    chantier, lead, _sponsor = chantier_with_officers()
    person, organisation = make_person(), make_organisation()
    request = make_request(chantier, person=person, organisation=organisation)
    acts.accept_request(request, by=lead, now=NOW)
    assert Mandate.objects.get(person=person, organisation=organisation).since == TODAY


def test_a_second_person_of_a_member_organisation_joins_it_in_its_role():
    chantier, lead, _sponsor = chantier_with_officers()
    seat = make_member(chantier, role=Role.RESOURCE)
    colleague = make_mandate(organisation=seat.member.organisation)
    request = make_request(chantier, person=colleague.person, organisation=colleague.organisation)
    second = acts.accept_request(request, by=lead, now=NOW)
    assert second.member == seat.member


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.LEAD])
def test_accepting_never_makes_a_sponsor_or_a_lead(role):
    request = make_request(make_chantier())
    with pytest.raises(NotAllowed):
        acts.accept_request(request, by=make_coordinator(), now=NOW, role=role)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.RESOURCE, Role.OBSERVER])
def test_an_ordinary_member_answers_no_request(role):
    chantier = make_chantier()
    member, request = make_member(chantier, role=role).person, make_request(chantier)
    with pytest.raises(NotAllowed):
        acts.accept_request(request, by=member, now=NOW)
    with pytest.raises(NotAllowed):
        acts.refuse_request(request, by=member, now=NOW, motive="Non.")


def test_a_newcomer_waits_for_the_coordination_too():
    chantier, lead, _sponsor = chantier_with_officers()
    newcomer = make_newcomer(email="nouveau@p.example")
    organisation = make_mandate(
        person=newcomer, organisation=make_organisation(stage=OrganisationStage.PROPOSED, name="Le Cabas")
    ).organisation
    request = acts.request_to_join(chantier, by=newcomer, now=NOW, organisation=organisation)
    assert "attend encore la coordination" in Letter.objects.get(address="lead@g.example").text
    with pytest.raises(Refused) as refused:
        acts.accept_request(request, by=lead, now=NOW)
    assert refused.value.reasons == [
        "Le compte de cette personne attend la validation par la coordination : vous pourrez accepter ensuite.",
        "L’organisme « Le Cabas » attend la validation par la coordination : vous pourrez accepter ensuite.",
    ]
    Person.objects.filter(pk=newcomer.pk).update(stage=AccountStage.VALIDATED)
    Organisation.objects.filter(pk=organisation.pk).update(stage=OrganisationStage.VALIDATED)
    again = JoinRequest.objects.get(pk=request.pk)
    assert again.stage == "waiting"
    acts.accept_request(again, by=lead, now=NOW)


def test_a_refusal_says_why_and_one_may_ask_again():
    chantier, lead, _sponsor = chantier_with_officers()
    mandate = asker()
    request = make_request(chantier, person=mandate.person, organisation=mandate.organisation)
    with pytest.raises(Refused, match="Dites pourquoi"):
        acts.refuse_request(request, by=lead, now=NOW, motive=" ")
    acts.refuse_request(request, by=lead, now=NOW, motive="Le groupe est complet.")
    letter = Letter.objects.get(address="moi@p.example")
    assert "Le groupe est complet." in letter.text
    assert "Le groupe est complet." in letter.html
    assert "complet" not in str(Entry.objects.get(act="chantiers.refuse_request").facts)
    again = acts.request_to_join(chantier, by=mandate.person, now=NOW + DAY, organisation=mandate.organisation)
    assert again.stage == "waiting"
    assert [each.stage for each in requests_of(mandate.person)] == ["waiting", "refused"]


def test_only_the_asker_withdraws():
    request = make_request(make_chantier())
    with pytest.raises(NotAllowed):
        acts.withdraw_request(request, by=make_coordinator(), now=NOW)
    acts.withdraw_request(request, by=request.person, now=NOW)
    assert JoinRequest.objects.get().stage == "withdrawn"


def test_an_answered_request_is_not_answered_again():
    request, coordinator = make_request(make_chantier()), make_coordinator()
    acts.refuse_request(request, by=coordinator, now=NOW, motive="Non.")
    with pytest.raises(Refused):
        acts.accept_request(JoinRequest.objects.get(), by=coordinator, now=NOW)


def test_reminders_go_once_to_those_in_charge_then_once_with_the_coordination():
    chantier, _lead, _sponsor = chantier_with_officers()
    make_coordinator(email="c@g.example")
    mandate = asker()
    make_request(chantier, person=mandate.person, organisation=mandate.organisation)
    subject = "Rappel : une demande attend votre réponse, « Cantines »"
    told = {}
    for day in range(1, 30):
        tasks.remind_requests(NOW + day * DAY)
        if found := letters():
            told[day] = found
    assert told == {
        7: [("elue@g.example", subject), ("lead@g.example", subject)],
        14: [("c@g.example", subject), ("elue@g.example", subject), ("lead@g.example", subject)],
    }


def test_a_worker_that_slept_three_weeks_sends_one_reminder_only():
    chantier, _lead, _sponsor = chantier_with_officers()
    make_coordinator(email="c@g.example")
    make_request(chantier)
    assert tasks.remind_requests(NOW + 21 * DAY) == 1
    assert len(letters()) == 3
    assert tasks.remind_requests(NOW + 22 * DAY) == 0


def test_an_answer_stops_the_reminders():
    chantier, lead, _sponsor = chantier_with_officers()
    acts.accept_request(make_request(chantier), by=lead, now=NOW)
    assert tasks.remind_requests(NOW + 20 * DAY) == 0


def test_nobody_but_the_platform_reminds():
    with pytest.raises(NotAllowed):
        acts.remind_request(make_request(make_chantier()), by=make_coordinator(), now=NOW + 8 * DAY)
    with pytest.raises(Refused):
        acts.remind_request(JoinRequest.objects.get(), by=SYSTEM, now=NOW + DAY)


def test_the_request_of_a_refused_account_is_closed_without_a_word():
    request = make_request(make_chantier())
    Person.objects.filter(pk=request.person_id).update(stage=AccountStage.REFUSED)
    tasks.remind_requests(NOW)
    request.refresh_from_db()
    assert request.stage == "withdrawn"
    assert letters() == []


def test_a_lead_who_left_receives_no_request():
    chantier, lead, _sponsor = chantier_with_officers()
    Representative.objects.filter(person=lead).update(until=TODAY)
    mandate = asker()
    acts.request_to_join(chantier, by=mandate.person, now=NOW, organisation=mandate.organisation)
    assert [address for address, _subject in letters()] == ["elue@g.example", "moi@p.example"]


def test_what_mine_shows_of_groups_and_answers(django_assert_num_queries):
    chantier, lead, _sponsor = chantier_with_officers()
    make_request(chantier)
    with django_assert_num_queries(3):
        groups = groups_for(lead, TODAY)
        assert [(g.chantier, g.role, g.waiting, g.answers) for g in groups] == [(chantier, "lead", 1, True)]
    for _n in range(3):
        make_member(make_chantier(), person=lead)
    with django_assert_num_queries(3):
        assert len(groups_for(lead, TODAY)) == 4
    assert list(waiting_answers_for(make_person())) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_one_wins():
    chantier, lead, sponsor = chantier_with_officers()
    request = make_request(chantier)

    def accept(person):
        mine = JoinRequest.objects.select_related("chantier", "organisation", "person").get(pk=request.pk)
        return acts.accept_request(mine, by=fresh(person), now=NOW)

    outcomes = at_once(lambda: accept(lead), lambda: accept(sponsor))
    assert sorted(outcomes) == ["Refused", "done"]
    assert Representative.objects.filter(person=request.person).count() == 1
    assert Letter.objects.filter(subject="Bienvenue dans le groupe : Cantines").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_one_organisation_accepted_at_once_make_one_member():
    chantier, lead, sponsor = chantier_with_officers()
    organisation = make_organisation()
    first = make_request(chantier, person=make_person(), organisation=organisation)
    second = make_request(chantier, person=make_person(), organisation=organisation)

    def accept(request, person):
        mine = JoinRequest.objects.select_related("chantier", "organisation", "person").get(pk=request.pk)
        return acts.accept_request(mine, by=fresh(person), now=NOW)

    assert at_once(lambda: accept(first, lead), lambda: accept(second, sponsor)) == ["done", "done"]
    assert Member.objects.filter(organisation=organisation).count() == 1
    assert Representative.objects.filter(member__organisation=organisation).count() == 2


def test_what_a_newcomer_said_at_sign_up_is_not_asked_again():
    chantier = make_chantier()
    newcomer = make_newcomer(declared_organisation="Les Jardins d’Essai")
    form = JoinForm(person=newcomer, today=TODAY)
    assert form.initial == {"new_name": "Les Jardins d’Essai"}
    known = make_organisation(name="Les jardins d’essai")
    assert JoinForm(person=newcomer, today=TODAY).initial == {"organisation": known.pk}
    speaker = make_member(chantier).person
    assert "new_name" not in JoinForm(person=speaker, today=TODAY).initial
