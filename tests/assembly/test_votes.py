"""A recorded vote: what the database and the act refuse, what a correction keeps, the number that is proposed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from dialogue.assembly import matters
from dialogue.assembly.acts import votes
from dialogue.assembly.acts.votes import BadVote, correct_vote
from dialogue.assembly.amounts import votes_in_words
from dialogue.assembly.models import Resolution
from dialogue.assembly.numbering import next_numbers
from dialogue.assembly.stages import Outcome, PropositionStage
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import Refused
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
S = PropositionStage


@pytest.fixture
def tabled():
    return make.make_proposition(make.make_chantier(stage=Stage.DELIVERED), stage=S.TABLED)


def facts(proposition, **changes):
    return {
        "outcome": Outcome.ADOPTED, "date": proposition.session.date, "number": "CD-1", "matter_code": "7.5", "votes_for": 58,
        "votes_against": 4, "abstentions": 2, "not_voting": 1, "members_count": 66, "object": proposition.title,
    } | changes  # fmt: skip


def errors_of(proposition, secretary, **changes):
    with pytest.raises(BadVote) as bad:
        votes.record_vote(proposition, by=secretary, now=NOW, **facts(proposition, **changes))
    assert Resolution.objects.count() == 0
    return set(bad.value.errors)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "CD;1"}, "number"),
        ({"matter_code": ""}, "matter_code"),
        ({"matter_code": "12.7"}, "matter_code"),
        ({"outcome": Outcome.ADOPTED_AMENDED}, "adopted_text"),
        ({"abstentions": None}, "abstentions"),
        ({"members_count": 64}, "votes_for"),
        ({"votes_for": 4, "votes_against": 58}, "outcome"),
        ({"outcome": Outcome.REJECTED}, "outcome"),
        ({"budget_year": 2018}, "budget_name"),
        ({"budget_name": "Budget principal"}, "budget_year"),
        ({"prefecture_date": date(2017, 1, 1)}, "prefecture_date"),
        ({"url": "gironde.example/deliberation"}, "url"),
        ({"url": "https://pas une adresse"}, "url"),
        ({"date": TODAY + timedelta(days=1)}, "date"),
        ({"date": date(2017, 1, 1)}, "date"),
    ],
)
def test_what_cannot_be_recorded_is_said_beside_its_field(tabled, secretary, changes, field):
    assert field in errors_of(tabled, secretary, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"votes_cast": 65},
        {"votes_for": None},
        {"votes_for": 3, "votes_cast": 9},
        {"members_count": 63},
        {"not_voting": 60, "members_count": 66},
        {"budget_year": 2018},
        {"budget_name": "Budget principal"},
        {"prefecture_date": date(2017, 1, 1)},
        {"number": ""},
        {"matter_code": ""},
        {"adopted_text": "Autre"},
        {"outcome": "adopted_amended"},
    ],
)
def test_the_database_refuses_nonsense_whoever_writes(tabled, changes):
    row = make.make_resolution(tabled)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.filter(pk=row.pk).update(**changes)


def test_a_number_is_given_once(tabled, secretary):
    votes.record_vote(tabled, by=secretary, now=NOW, **facts(tabled))
    other = make.make_proposition(make.make_chantier(stage=Stage.DELIVERED), stage=S.TABLED, session=tabled.session)
    with pytest.raises(BadVote, match="autre délibération"):
        votes.record_vote(other, by=secretary, now=NOW, **facts(other))


def test_two_secretaries_record_one_vote(tabled, secretary):
    read_before = type(tabled).objects.get(pk=tabled.pk)
    votes.record_vote(tabled, by=secretary, now=NOW, **facts(tabled))
    with pytest.raises(Refused):
        votes.record_vote(read_before, by=make.make_secretary(), now=NOW, **facts(read_before, number="CD-2"))
    assert Resolution.objects.count() == 1


def test_an_adjournment_needs_neither_number_nor_count(tabled, secretary):
    made = votes.record_vote(tabled, by=secretary, now=NOW, outcome=Outcome.ADJOURNED, date=tabled.session.date, reason="Plus tard.")
    assert (made.number, made.votes_cast, made.reason) == ("", None, "Plus tard.")


def test_a_correction_keeps_what_was_recorded_and_why(tabled, secretary):
    row = votes.record_vote(tabled, by=secretary, now=NOW, **facts(tabled))
    later = NOW + timedelta(days=1)
    correct_vote(row, by=secretary, now=later, motive="Une voix oubliée.", revision=0, **facts(tabled, votes_for=59))
    row.refresh_from_db()
    former = row.former.get()
    assert (row.votes_for, row.votes_cast, row.revision, row.corrected_at) == (59, 65, 1, later)
    assert (former.votes_for, former.votes_cast, former.motive, former.by) == (58, 64, "Une voix oubliée.", secretary)
    with pytest.raises(Refused, match="Rien ne change"):
        correct_vote(row, by=secretary, now=later, motive="Encore.", revision=1, **facts(tabled, votes_for=59))
    with pytest.raises(Refused, match="entre-temps"):
        correct_vote(row, by=secretary, now=later, motive="Encore.", revision=0, **facts(tabled, votes_for=57))


def test_a_corrected_outcome_moves_the_proposition_and_its_chantier(tabled, secretary):
    Chantier.objects.filter(pk=tabled.chantier_id).update(tabled_on=date(2017, 10, 1))
    row = votes.record_vote(
        tabled, by=secretary, now=NOW, **facts(tabled, outcome=Outcome.REJECTED, votes_for=4, votes_against=58)
    )
    assert Chantier.objects.get(pk=tabled.chantier_id).no_follow_up_on == TODAY
    correct_vote(row, by=secretary, now=NOW, motive="Colonnes inversées.", revision=0, **facts(tabled))
    tabled.refresh_from_db()
    assert (tabled.stage, tabled.resolution) == (S.ADOPTED, row)
    assert Chantier.objects.get(pk=tabled.chantier_id).no_follow_up_on is None


def test_an_outcome_does_not_change_once_something_came_of_it(secretary):
    made = make.make_proposition(make.make_chantier(stage=Stage.DELIVERED), stage=S.IN_PACT)
    row = made.resolution
    values = facts(made, number=row.number, outcome=Outcome.REJECTED, votes_for=4, votes_against=58)
    with pytest.raises(Refused, match="L’issue ne change plus"):
        correct_vote(row, by=secretary, now=NOW, motive="Erreur.", revision=0, **values)


def test_counts_are_said_in_words(tabled):
    row = make.make_resolution(tabled, not_voting=1, members_count=66)
    assert votes_in_words(row) == (
        "58 voix pour, 4 contre, 2 abstentions ; 1 membre ne prend pas part au vote ; l’assemblée compte 66 membres."
    )
    row.votes_for, row.votes_against, row.abstentions, row.not_voting, row.members_count = 64, 0, 0, None, None
    assert votes_in_words(row) == "À l’unanimité : 64 voix pour."
    row.votes_cast = None
    assert votes_in_words(row) == ""


def test_matters_are_found_by_code_name_or_suggestion():
    assert len(matters.MATTERS) == 57
    assert matters.find("7.5") == ("7.5", "Finances locales/Subventions")
    assert matters.find("7.5.1") == ("7.5.1", "Finances locales/Subventions")
    assert matters.find("8.4 Domaines de compétences par thèmes/Aménagement du territoire")[0] == "8.4"
    assert matters.find("subventions") == ("7.5", "Finances locales/Subventions")
    assert matters.find("7.10")[1] == "Finances locales/Divers"
    assert [matters.find(typed) for typed in ("", "0.1", "7.11", "Bonjour", "7.5.123456")] == [None] * 5


def test_the_number_that_follows_is_proposed(tabled):
    session = tabled.session
    assert next_numbers(session, 2) == ["", ""]
    session.number_pattern = "CD.2017.12.###"
    assert next_numbers(session, 2) == ["CD.2017.12.001", "CD.2017.12.002"]
    make.make_resolution(tabled, number="CD.2017.12.041")
    assert next_numbers(session, 1) == ["CD.2017.12.042"]
    session.number_pattern = ""
    assert next_numbers(session, 2) == ["CD.2017.12.042", "CD.2017.12.043"]
