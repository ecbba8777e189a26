"""A proposition from the group's decisions to the pact: each turn, who may, what is refused."""

from datetime import date, timedelta

import pytest

from dialogue.assembly.acts import fate, instruction, sessions, votes
from dialogue.assembly.acts import propositions as acts
from dialogue.assembly.acts.propositions import adopt_by_group, back_to_drafting, draft, edit, redraft, widen_circle, withdraw
from dialogue.assembly.models import AssemblySession, Proposition
from dialogue.assembly.stages import Outcome, PropositionStage, SessionKind, Verdict
from dialogue.chantiers.acts import life
from dialogue.chantiers.acts.roadmap import Conflict
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.meetings.acts.capture import remove_decision
from dialogue.people.circles import Glance
from dialogue.people.stages import Circle, Kind
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
S = PropositionStage


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def record(proposition, by, *, now=NOW, **values):
    facts = {
        "outcome": Outcome.ADOPTED, "date": proposition.session.date, "number": f"CD-{proposition.number}", "matter_code": "7.5",
        "votes_for": 58, "votes_against": 4, "abstentions": 2,
    }  # fmt: skip
    return votes.record_vote(proposition, by=by, now=now, **facts | values)


# Drafting ---------------------------------------------------------------------------------------------------------


def test_a_proposition_is_drafted_from_the_chosen_decisions_in_the_order_of_their_numbers(chantier, lead):
    meeting = make.make_held_meeting(chantier)
    first = make.make_decision(meeting, lead, text="Les cantines achètent ensemble.")
    second = make.make_decision(meeting, lead, text="Le Département paie le camion.")
    made = draft(chantier, by=lead, now=NOW, title="  Acheter   ensemble ", decisions=[second, first])
    assert (made.title, made.text) == ("Acheter ensemble", "Les cantines achètent ensemble.\n\nLe Département paie le camion.")
    assert list(made.decisions.order_by("number")) == [first, second]
    assert (made.stage, made.circle, made.label) == (S.DRAFTING, Circle.GROUP, f"P{made.number}")


def test_numbers_follow_each_other_and_are_never_given_again(chantier, lead):
    first = draft(chantier, by=lead, now=NOW, title="Une", text="Un.")
    withdraw(first, by=lead, now=NOW, motive="Erreur.")
    second = draft(chantier, by=lead, now=NOW, title="Deux", text="Deux.")
    assert second.number == first.number + 1
    assert Proposition.objects.filter(pk=first.pk).exists()


def test_what_makes_no_draft(chantier, lead):
    other = make.make_chantier(stage=Stage.WORKING)
    foreign = make.make_decision(make.make_held_meeting(other), lead)
    dropped = make.make_decision(make.make_held_meeting(chantier), lead, state="dropped")
    draft(chantier, by=lead, now=NOW, title="Acheter ensemble", text="Un.")
    for facts, sentence in (
        ({"title": "Acheter ENSEMBLE", "text": "Un."}, "porte déjà ce titre"),
        ({"title": " ", "text": "Un."}, "Donnez un titre"),
        ({"title": "Rien"}, "Écrivez ce que le groupe propose"),
        ({"title": "Ailleurs", "decisions": [foreign]}, "décisions de son propre groupe"),
        ({"title": "Abandonnée", "decisions": [dropped]}, "abandonnée ou remplacée"),
    ):
        with pytest.raises(Refused, match=sentence):
            draft(chantier, by=lead, now=NOW, **facts)
    with pytest.raises(Refused, match="à ce stade du chantier"):
        draft(make.make_chantier(stage=Stage.OPEN), by=make.make_coordinator(), now=NOW, title="Trop tôt", text="Un.")


def test_observers_and_outsiders_write_nothing(chantier):
    observer = make.make_member(chantier, role=Role.OBSERVER).person
    for person in (observer, make.make_person(), make.make_secretary()):
        with pytest.raises(NotAllowed):
            draft(chantier, by=person, now=NOW, title="Une", text="Un.")


def test_two_people_who_write_at_once_are_both_heard(chantier, lead):
    member = make.make_member(chantier).person
    made = draft(chantier, by=lead, now=NOW, title="Une", text="Un.")
    read_before = fresh(made)
    edit(made, by=lead, now=NOW, revision=0, values={"text": "Le texte de la direction."})
    with pytest.raises(Conflict) as conflict:
        edit(read_before, by=member, now=NOW, revision=0, values={"text": "Le texte du partenaire."})
    assert conflict.value.theirs.text == "Le texte de la direction."
    edit(fresh(made), by=member, now=NOW, revision=0, values={"text": "Le texte de la direction."})  # the same words: no conflict
    edit(fresh(made), by=member, now=NOW, revision=1, values={"text": "Les deux."})
    assert (fresh(made).text, fresh(made).revision) == ("Les deux.", 2)


def test_a_decision_that_a_proposition_cites_is_not_removed(chantier, lead):
    decision = make.make_decision(make.make_held_meeting(chantier, stage="in_session"), lead)
    made = draft(chantier, by=lead, now=NOW, title="Une", decisions=[decision])
    with pytest.raises(Refused, match=f"proposition n° {made.number} s’appuie"):
        remove_decision(decision, by=lead, now=NOW)


# Adoption by the group --------------------------------------------------------------------------------------------


def test_the_group_adopts_at_a_meeting_that_took_place(chantier, lead):
    made = make.make_proposition(chantier)
    meeting = make.make_held_meeting(chantier)
    adopt_by_group(made, by=lead, now=NOW, meeting=meeting)
    made = fresh(made)
    assert (made.stage, made.circle) == (S.ADOPTED_BY_GROUP, Circle.PARTNERS)
    assert (made.adopted_at_meeting, made.adopted_by_group_on) == (meeting, date(2017, 10, 23))
    with pytest.raises(Refused):
        edit(made, by=lead, now=NOW, revision=made.revision, values={"text": "Autre"})


def test_what_the_group_cannot_adopt(chantier, lead):
    held, coming = make.make_held_meeting(chantier), make.make_meeting(chantier, number=7)
    elsewhere = make.make_held_meeting(make.make_chantier())
    bare = make.make_proposition(chantier, reasons="", expected_effect="")
    whole = make.make_proposition(chantier)
    with pytest.raises(Refused, match="le pourquoi, l’effet attendu"):
        adopt_by_group(bare, by=lead, now=NOW, meeting=held)
    with pytest.raises(Refused, match="séance qui a eu lieu"):
        adopt_by_group(whole, by=lead, now=NOW, meeting=coming)
    with pytest.raises(Refused, match="autre groupe"):
        adopt_by_group(whole, by=lead, now=NOW, meeting=elsewhere)
    with pytest.raises(Refused, match="Le texte a changé"):
        adopt_by_group(whole, by=lead, now=NOW, meeting=held, revision=9)
    with pytest.raises(NotAllowed):
        adopt_by_group(whole, by=make.make_member(chantier).person, now=NOW, meeting=held)


def test_back_to_drafting_while_nobody_used_the_text(chantier, lead):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    asked = make.make_opinion(made)
    back_to_drafting(made, by=lead, now=NOW)
    made = fresh(made)
    assert (made.stage, made.circle, made.adopted_at_meeting, made.submitted_on) == (S.DRAFTING, Circle.GROUP, None, None)
    assert not made.opinions.filter(pk=asked.pk).exists()


def test_no_way_back_to_drafting_once_a_service_answered(chantier, lead):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    make.make_opinion(made, verdict=Verdict.FAVOURABLE, given_at=NOW)
    with pytest.raises(Refused, match="déjà donné son avis"):
        back_to_drafting(made, by=lead, now=NOW)


# Instruction ------------------------------------------------------------------------------------------------------


def test_services_are_asked_and_one_answers_with_its_cost(chantier, lead):
    made = make.make_proposition(chantier, stage=S.ADOPTED_BY_GROUP)
    service = make.make_organisation(name="Direction des collèges", kind=Kind.DIRECTORATE)
    officer = make.make_mandate(organisation=service).person
    instruction.submit(made, by=lead, now=NOW, services=[service], opinions_due_on=TODAY + timedelta(days=14))
    opinion = fresh(made).opinions.get()
    assert (fresh(made).stage, fresh(made).submitted_on, opinion.verdict) == (S.UNDER_REVIEW, TODAY, "")
    with pytest.raises(NotAllowed):
        instruction.give_opinion(opinion, by=lead, now=NOW, verdict=Verdict.FAVOURABLE)
    with pytest.raises(Refused, match="Dites les réserves"):
        instruction.give_opinion(opinion, by=officer, now=NOW, verdict=Verdict.WITH_RESERVATIONS)
    instruction.give_opinion(opinion, by=officer, now=NOW, verdict=Verdict.WITH_RESERVATIONS, text="Deux camions.", cost=90_000)
    opinion = fresh(opinion)
    assert (opinion.verdict, opinion.cost, opinion.given_by) == (Verdict.WITH_RESERVATIONS, 90_000, officer)


def test_the_coordination_asks_one_service_more_and_never_twice(chantier):
    made, coordination = make.make_proposition(chantier, stage=S.UNDER_REVIEW), make.make_coordinator()
    service = make.make_organisation(kind=Kind.DIRECTORATE)
    instruction.ask_opinion(made, by=coordination, now=NOW, service=service)
    with pytest.raises(Refused, match="déjà demandé"):
        instruction.ask_opinion(made, by=coordination, now=NOW, service=service)
    with pytest.raises(Refused, match="n’est pas un service"):
        instruction.ask_opinion(made, by=coordination, now=NOW, service=make.make_organisation(kind=Kind.ASSOCIATION))


def test_a_service_asked_by_mistake_is_asked_no_more_and_may_be_asked_again(chantier, lead):
    made, coordination = make.make_proposition(chantier, stage=S.UNDER_REVIEW), make.make_coordinator()
    given, asked = make.make_opinion(made, verdict=Verdict.FAVOURABLE, given_at=NOW), make.make_opinion(made)
    by = {"by": coordination, "now": NOW}
    with pytest.raises(NotAllowed):
        instruction.cancel_opinion_request(made, by=lead, now=NOW, service=asked.service)
    with pytest.raises(Refused, match="il reste au dossier"):
        instruction.cancel_opinion_request(made, service=given.service, **by)
    instruction.cancel_opinion_request(made, service=asked.service, **by)
    with pytest.raises(Refused, match="n’est plus demandé"):
        instruction.cancel_opinion_request(made, service=asked.service, **by)
    with pytest.raises(Refused, match="n’est plus demandé"):
        instruction.give_opinion(asked, verdict=Verdict.FAVOURABLE, **by)
    assert list(made.opinions.all()) == [given]
    instruction.ask_opinion(made, service=asked.service, **by)
    assert made.opinions.count() == 2


# The agenda and the vote ------------------------------------------------------------------------------------------


def test_the_first_proposition_tabled_says_so_of_the_chantier(chantier, secretary):
    session = make.make_session(date=TODAY + timedelta(days=30))
    first, second = (make.make_proposition(chantier, stage=S.UNDER_REVIEW) for _n in range(2))
    instruction.table(first, by=secretary, now=NOW, session=session)
    instruction.table(second, by=secretary, now=NOW + timedelta(days=1), session=session)
    assert fresh(chantier).tabled_on == TODAY
    assert (fresh(first).stage, fresh(first).circle, fresh(first).session) == (S.TABLED, Circle.PUBLIC, session)


def test_a_tabled_proposition_is_never_wider_than_its_chantier(secretary):
    chantier = make.make_chantier(stage=Stage.DELIVERED, circle=Circle.PARTNERS)
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    instruction.table(made, by=secretary, now=NOW, session=make.make_session(date=TODAY + timedelta(days=30)))
    assert fresh(made).circle == Circle.PARTNERS
    assert not fresh(made).readable_by(Glance())
    with pytest.raises(Refused, match="n’est pas public"):
        widen_circle(fresh(made), by=make.make_coordinator(), now=NOW)


def test_what_cannot_be_tabled(secretary):
    working = make.make_proposition(make.make_chantier(stage=Stage.WORKING), stage=S.UNDER_REVIEW)
    coming = make.make_session(date=TODAY + timedelta(days=30))
    with pytest.raises(Refused, match="avoir remis ses livrables"):
        instruction.table(working, by=secretary, now=NOW, session=coming)
    delivered = make.make_proposition(make.make_chantier(stage=Stage.DELIVERED), stage=S.UNDER_REVIEW)
    with pytest.raises(Refused, match="plus de 62 jours"):
        instruction.table(delivered, by=secretary, now=NOW, session=make.make_session(back=60))


def test_off_the_agenda_it_is_in_instruction_again(chantier, secretary):
    made = make.make_proposition(chantier, stage=S.TABLED)
    with pytest.raises(Refused, match="autre séance"):
        instruction.untable(made, by=secretary, now=NOW, session=make.make_session(back=100))
    instruction.untable(made, by=secretary, now=NOW, session=made.session)
    assert (fresh(made).stage, fresh(made).session) == (S.UNDER_REVIEW, None)


def test_only_the_secretariat_and_the_coordination_record_a_vote(chantier, lead, secretary):
    made = make.make_proposition(chantier, stage=S.TABLED)
    with pytest.raises(NotAllowed):
        record(made, lead)
    resolution = record(made, secretary)
    made = fresh(made)
    assert (made.stage, made.resolution, resolution.votes_cast) == (S.ADOPTED, resolution, 64)
    assert (resolution.matter_name, resolution.object) == ("Finances locales/Subventions", made.title)


def test_a_vote_of_a_session_to_come_is_not_recorded(chantier, secretary):
    made = make.make_proposition(chantier, stage=S.TABLED, session=make.make_session(date=TODAY + timedelta(days=3)))
    with pytest.raises(Refused, match="quand il a eu lieu"):
        record(made, secretary)


def test_adjourned_then_instructed_anew_then_voted_elsewhere(chantier, secretary):
    made = make.make_proposition(chantier, stage=S.TABLED)
    make.make_opinion(made, verdict=Verdict.FAVOURABLE, given_at=NOW)
    adjourned = record(made, secretary, outcome=Outcome.ADJOURNED, reason="Le budget n’est pas prêt.", number="", matter_code="")
    assert (fresh(made).stage, fresh(made).resolution) == (S.ADJOURNED, None)
    instruction.return_to_instruction(fresh(made), by=secretary, now=NOW)
    made = fresh(made)
    assert (made.stage, made.round, made.session) == (S.UNDER_REVIEW, 2, None)
    coming = make.make_session(date=TODAY + timedelta(days=30))
    instruction.table(made, by=secretary, now=NOW, session=coming)
    voted = record(fresh(made), secretary, now=NOW + timedelta(days=31))
    assert list(fresh(made).resolutions.order_by("date")) == [adjourned, voted]
    assert fresh(made).resolution == voted


def test_a_proposition_that_came_back_is_written_anew_under_another_number(chantier, lead):
    made = make.make_proposition(chantier, stage=S.REFERRED_BACK)
    again = redraft(made, by=lead, now=NOW)
    assert (again.replaces, again.title, again.stage) == (made, made.title, S.DRAFTING)
    with pytest.raises(Refused, match="déjà en cours"):
        redraft(made, by=lead, now=NOW)
    adopt_by_group(again, by=lead, now=NOW, meeting=make.make_held_meeting(chantier))
    assert (fresh(made).stage, fresh(made).motive) == (S.WITHDRAWN, f"Reprise dans la proposition n° {again.number}.")
    with pytest.raises(Refused, match="revenue de l’assemblée"):
        redraft(make.make_proposition(chantier, stage=S.UNDER_REVIEW), by=lead, now=NOW)


# What becomes of it -----------------------------------------------------------------------------------------------


def test_the_first_entry_in_a_pact_is_that_of_the_chantier(secretary):
    chantier = make.make_chantier(stage=Stage.DELIVERED, tabled_on=date(2017, 10, 16))
    made = make.make_proposition(chantier, stage=S.ADOPTED)
    with pytest.raises(Refused, match="ne peut pas précéder le vote"):
        fate.enter_pact(made, by=secretary, now=NOW, in_pact_on=made.resolution.date - timedelta(days=1))
    fate.enter_pact(made, by=secretary, now=NOW, in_pact_on=TODAY)
    assert (fresh(made).stage, fresh(made).in_pact_on, fresh(chantier).in_pact_on) == (S.IN_PACT, TODAY, TODAY)


def test_a_chantier_of_which_nothing_was_voted_stays_without_follow_up(secretary, lead, chantier):
    Chantier.objects.filter(pk=chantier.pk).update(tabled_on=date(2017, 10, 1))
    rejected, left = (make.make_proposition(chantier, stage=S.TABLED) for _n in range(2))
    record(rejected, secretary, outcome=Outcome.REJECTED, votes_for=4, votes_against=58)
    assert fresh(chantier).no_follow_up_on is None
    withdraw(left, by=lead, now=NOW, motive="Nous renonçons.")
    assert fresh(chantier).no_follow_up_on == TODAY
    assert fresh(chantier).shown_state.code == "livrable"
    with pytest.raises(Refused, match="déjà enregistrée"):
        draft(fresh(chantier), by=lead, now=NOW, title="Encore", text="Un.")


def test_voted_but_without_follow_up_says_why(chantier, secretary):
    made = make.make_proposition(chantier, stage=S.ADOPTED)
    with pytest.raises(Refused, match="Écrivez le motif"):
        fate.no_follow_up(made, by=secretary, now=NOW, motive=" ")
    fate.no_follow_up(made, by=secretary, now=NOW, motive="L’État reprend la compétence.")
    assert (fresh(made).stage, fresh(made).closed_on) == (S.NO_FOLLOW_UP, TODAY)


def test_a_chantier_is_completed_only_when_each_proposition_has_an_outcome(chantier, lead):
    Chantier.objects.filter(pk=chantier.pk).update(tabled_on=date(2017, 10, 1), in_pact_on=TODAY)
    make.make_proposition(chantier, stage=S.IN_PACT)
    waiting = make.make_proposition(chantier, stage=S.ADJOURNED, title="Louer un camion")
    with pytest.raises(Refused, match="« Louer un camion »"):
        life.complete(fresh(chantier), by=lead, now=NOW)
    withdraw(waiting, by=lead, now=NOW, motive="Nous renonçons.")
    life.complete(fresh(chantier), by=lead, now=NOW)
    assert fresh(chantier).stage == Stage.COMPLETED


# Sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_is_tied_to_its_date_in_the_calendar_of_the_process(secretary):
    december = make.make_date(kind="assembly", title="Vote du budget primitif 2018", starts_on=date(2017, 12, 1), precision="month")
    session = sessions.create_session(None, by=secretary, now=NOW, date=date(2017, 12, 14), title="Vote du budget", number_pattern="17.##")
    assert (session.calendar_date, session.kind) == (december, SessionKind.PLENARY)
    with pytest.raises(Refused, match="déjà dans la liste"):
        sessions.create_session(None, by=secretary, now=NOW, date=date(2017, 12, 14), title="Encore")
    with pytest.raises(Refused, match="une seule suite de #"):
        sessions.create_session(None, by=secretary, now=NOW, date=date(2017, 12, 15), title="Autre", number_pattern="#-#")


def test_a_session_changes_and_goes_while_nothing_is_on_it(chantier, secretary):
    session = make.make_session(date=TODAY)
    sessions.change_session(session, by=secretary, now=NOW, date=TODAY + timedelta(days=1), title="Autre", kind=SessionKind.STANDING)
    assert (fresh(session).title, fresh(session).kind) == ("Autre", SessionKind.STANDING)
    sessions.remove_session(session, by=secretary, now=NOW, date=session.date)
    assert not AssemblySession.objects.filter(pk=session.pk).exists()
    voted = make.make_proposition(chantier, stage=S.ADOPTED).session
    with pytest.raises(Refused, match="inscrites à cette séance"):
        sessions.remove_session(voted, by=secretary, now=NOW, date=voted.date)
    with pytest.raises(Refused, match="ne changent plus"):
        sessions.change_session(voted, by=secretary, now=NOW, date=TODAY, title="Autre", kind=SessionKind.PLENARY)


def test_the_register_holds_no_free_text(chantier, lead, secretary):
    made = make.make_proposition(chantier, stage=S.TABLED)
    record(made, secretary, reason="Un secret")
    entry = Entry.objects.get(act="assembly.record_vote")
    assert entry.facts == {"outcome": "adopted", "date": made.session.date.isoformat()}
    assert (entry.stage_from, entry.stage_to, entry.space) == ("tabled", "adopted", chantier.ledger_space)
    assert acts.PROPOSING == [Stage.WORKING, Stage.DELIVERED]
