"""On the agenda of a session and off it again: who reads, who is told, what the chantier says; sessions that not everyone knows."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.urls import reverse

from dialogue.assembly.acts import instruction
from dialogue.assembly.acts.propositions import adopt_by_group, redraft, widen_circle, withdraw
from dialogue.assembly.models import AssemblySession, Proposition
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
S = PropositionStage


@pytest.fixture
def november():
    return make.make_session(date=TODAY + timedelta(days=10), title="Séance de novembre")


@pytest.fixture
def december():
    return make.make_session(date=TODAY + timedelta(days=40), title="Séance de décembre")


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def told() -> list[str]:
    """Subjects, and the session that the letter names."""
    rows = Letter.objects.filter(kind="assembly.path").order_by("pk").values_list("subject", "text")
    months = ("novembre", "décembre")
    return [f"{subject.partition(' : ')[0]} ({', '.join(m for m in months if f'Séance de {m}' in text)})" for subject, text in rows]


def test_moved_to_another_session_the_same_day_the_group_hears_of_that_one_alone(chantier, lead, secretary, november, december):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    by = {"by": secretary, "now": NOW}
    instruction.table(made, session=november, **by)
    instruction.untable(made, session=november, **by)
    assert told() == []
    instruction.table(made, session=december, **by)
    assert told() == ["Proposition inscrite à une séance de l’assemblée (décembre)"]


def test_those_who_read_that_it_was_on_the_agenda_are_told_that_it_is_not(chantier, lead, secretary, november):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    by = {"by": secretary, "now": NOW}
    instruction.table(made, session=november, **by)
    Letter.objects.update(stage="digested")
    late = make.make_member(chantier).person
    instruction.untable(made, session=november, **by)
    letter = Letter.objects.get(subject__startswith="Proposition retirée de l’ordre du jour")
    assert letter.person == lead != late
    assert "n’est plus à l’ordre du jour de la séance du jeudi 16 novembre 2017" in " ".join(letter.text.split())
    instruction.table(made, session=november, **by)
    assert Letter.objects.filter(subject__startswith="Proposition inscrite", person=lead).count() == 2


def test_off_the_agenda_it_returns_to_its_readers_and_nothing_of_the_chantier_is_at_the_assembly(chantier, secretary, november):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    by = {"by": secretary, "now": NOW}
    instruction.table(made, session=november, **by)
    assert (fresh(made).circle, fresh(chantier).tabled_on) == (Circle.PUBLIC, TODAY)
    instruction.untable(made, session=november, **by)
    assert (fresh(made).circle, fresh(chantier).tabled_on) == (Circle.PARTNERS, None)
    instruction.table(made, session=november, by=secretary, now=NOW + timedelta(days=1))
    assert fresh(chantier).tabled_on == TODAY + timedelta(days=1)
    life.cancel_tabling(fresh(chantier), by=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        life.cancel_tabling(fresh(chantier), by=make.make_coordinator(), now=NOW)


def test_the_chantier_stays_at_the_assembly_while_a_session_has_or_had_another_of_its_propositions(chantier, secretary, november):
    by = {"by": secretary, "now": NOW}
    first, second = (make.make_proposition(chantier, stage=S.UNDER_REVIEW) for _n in range(2))
    instruction.table(first, session=november, **by)
    instruction.table(second, session=november, **by)
    instruction.untable(first, session=november, **by)
    assert fresh(chantier).tabled_on == TODAY
    instruction.untable(second, session=november, **by)
    assert fresh(chantier).tabled_on is None


def test_what_was_typed_of_the_chantier_before_its_propositions_were_written_here_stays(chantier, secretary, november):
    Chantier.objects.update(tabled_on=date(2017, 10, 1))
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    instruction.table(made, by=secretary, now=NOW, session=november)
    instruction.untable(made, by=secretary, now=NOW, session=november)
    assert fresh(chantier).tabled_on == date(2017, 10, 1)


def test_what_everyone_read_for_another_reason_stays_public(chantier, lead, secretary, november):
    by = {"by": secretary, "now": NOW}
    seen = make.make_proposition(chantier, stage=S.ADJOURNED)
    instruction.return_to_instruction(seen, **by)
    opened = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    widen_circle(opened, by=lead, now=NOW)
    for made in (seen, opened):
        instruction.table(made, session=november, **by)
        instruction.untable(made, session=november, **by)
        assert fresh(made).circle == Circle.PUBLIC
    assert fresh(chantier).tabled_on == TODAY


def test_taken_off_a_past_session_nothing_of_the_chantier_is_at_the_assembly_though_it_was_typed_after(chantier, secretary):
    held = make.make_session(date=TODAY - timedelta(days=5))
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    instruction.table(made, by=secretary, now=NOW, session=held)
    assert fresh(chantier).tabled_on == held.date
    instruction.untable(made, by=secretary, now=NOW, session=held)
    assert (fresh(made).stage, fresh(chantier).tabled_on) == (S.UNDER_REVIEW, None)


def test_an_outcome_that_is_recorded_keeps_the_tabling(chantier):
    Chantier.objects.update(tabled_on=TODAY, no_follow_up_on=TODAY)
    with pytest.raises(Refused, match="déjà enregistrée"):
        life.cancel_tabling(fresh(chantier), by=SYSTEM, now=NOW)


# A text that came back, written anew --------------------------------------------------------------------------------


def test_a_new_text_that_was_given_up_leaves_room_for_another(client, chantier, lead):
    made = make.make_proposition(chantier, stage=S.ADJOURNED)
    first = redraft(made, by=lead, now=NOW)
    withdraw(first, by=lead, now=NOW, motive="Mauvais départ.")
    second = redraft(made, by=lead, now=NOW)
    with pytest.raises(Refused, match="déjà en cours"):
        redraft(made, by=lead, now=NOW)
    assert list(Proposition.objects.new_text_of(made)) == [second]
    client.force_login(lead)
    text = client.get(reverse("assembly:work", args=[chantier.slug, made.number])).content.decode()
    doors = [reverse("assembly:work", args=[chantier.slug, each.number]) for each in (first, second)]
    assert [door in text for door in doors] == [False, True]
    adopt_by_group(second, by=lead, now=NOW, meeting=make.make_held_meeting(chantier))
    assert (fresh(made).stage, fresh(made).motive) == (S.WITHDRAWN, f"Reprise dans la proposition n° {second.number}.")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_proposition(chantier, replaces=made)


def test_of_two_texts_on_one_thing_one_alone_goes_to_the_vote(client, chantier, lead, secretary, november):
    made = make.make_proposition(chantier, stage=S.ADJOURNED)
    anew = redraft(made, by=lead, now=NOW)
    assert anew.replaces == made
    instruction.return_to_instruction(fresh(made), by=secretary, now=NOW)
    instruction.table(fresh(made), by=secretary, now=NOW, session=november)
    meeting = make.make_held_meeting(chantier)
    refused = (
        f"La proposition n° {made.number}, que ce texte remplace, est de nouveau inscrite à une séance : "
        "faites-la d’abord retirer de l’ordre du jour."
    )
    with pytest.raises(Refused) as refusal:
        adopt_by_group(anew, by=lead, now=NOW, meeting=meeting)
    assert refusal.value.reasons == [refused]
    client.force_login(lead)
    door = reverse("assembly:move", args=[chantier.slug, anew.number, "adopter"])
    assert "faites-la d’abord retirer de l’ordre du jour" in client.get(door).content.decode()
    instruction.untable(fresh(made), by=secretary, now=NOW, session=november)
    adopt_by_group(anew, by=lead, now=NOW, meeting=meeting)
    assert (fresh(made).stage, fresh(anew).stage) == (S.WITHDRAWN, S.ADOPTED_BY_GROUP)


def test_a_text_in_the_place_of_one_that_was_voted_meanwhile_is_not_adopted(chantier, lead):
    voted = make.make_proposition(chantier, stage=S.ADOPTED)
    anew = make.make_proposition(chantier, replaces=voted)
    with pytest.raises(Refused, match=f"L’assemblée a voté la proposition n° {voted.number}, que ce texte devait remplacer"):
        adopt_by_group(anew, by=lead, now=NOW, meeting=make.make_held_meeting(chantier))


# A session that is the partners' alone -----------------------------------------------------------------------------


def reserved() -> AssemblySession:
    day = make.make_date(kind="assembly", circle="partners", title="Réunion réservée", starts_on=date(2017, 10, 30))
    return make.make_session(title="Séance réservée", calendar_date=day)


def test_a_session_of_the_partners_is_not_named_to_the_others(client, chantier):
    session = reserved()
    partner = make.make_person()
    pages = [
        make.make_proposition(chantier, stage=stage, session=session).get_absolute_url()
        for stage in (S.TABLED, S.ADOPTED, S.ADJOURNED)
    ] + [chantier.get_absolute_url()]
    for url in pages:
        text = client.get(url).content.decode()
        assert ("Séance réservée" in text, "Séance de l’assemblée" in text) == (False, True), url
    client.force_login(partner)
    assert all("Séance réservée" in client.get(url).content.decode() for url in pages)


def test_the_coordination_that_looks_as_the_public_does_reads_no_name_either(client, chantier):
    make.make_proposition(chantier, stage=S.TABLED, session=reserved())
    client.force_login(make.make_coordinator())
    text = client.get(reverse("portal:glance", args=[chantier.slug, "public"])).content.decode()
    assert ("Séance réservée" in text, "Séance de l’assemblée" in text) == (False, True)


def test_letters_name_the_session_to_those_who_may_know_of_it(chantier, lead, secretary):
    session = reserved()
    newcomer = make.make_member(chantier, person=make.make_newcomer()).person
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    instruction.table(made, by=secretary, now=NOW - timedelta(days=10), session=session)
    texts = {letter.person: " ".join(letter.text.split()) for letter in Letter.objects.filter(kind="assembly.path")}
    assert "à l’ordre du jour : Séance réservée, lundi 30 octobre 2017" in texts[lead]
    assert "à l’ordre du jour : Séance de l’assemblée, lundi 30 octobre 2017" in texts[newcomer]
    assert [session.readable_by(each) for each in (lead, newcomer, AnonymousUser(), secretary)] == [True, False, False, True]
