"""Every outcome is told: to the group, to followers, to the authors of the contributions; never twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from dialogue.assembly.acts import fate, instruction, votes
from dialogue.assembly.acts.merging import move_service
from dialogue.assembly.acts.propositions import adopt_by_group, back_to_drafting, withdraw
from dialogue.assembly.letters import VOTE
from dialogue.assembly.provenance import contributions_behind, followups
from dialogue.assembly.stages import Outcome, PropositionStage, Verdict
from dialogue.chantiers.letters.contributions import tell_authors
from dialogue.chantiers.models import Chantier, ContributionLink, Follow
from dialogue.chantiers.stages import Role, Stage
from dialogue.chantiers.tasks_choosing import tell_authors as job
from dialogue.ledger.acts import SYSTEM
from dialogue.mailer.models import Letter
from dialogue.people.stages import Kind
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
S = PropositionStage


@pytest.fixture
def chantier():
    found = make.make_chantier(stage=Stage.DELIVERED, tabled_on=date(2017, 10, 1))
    make.make_member(found, role=Role.LEAD)
    make.make_member(found)
    return found


def link(chantier: Chantier, **fields: Any) -> Any:
    contribution = make.make_contribution(wants_news=True, stage="linked", **fields)
    ContributionLink.objects.create(chantier=chantier, contribution=contribution, at=NOW)
    return contribution


def run_jobs() -> None:
    """What a worker does with the jobs that were queued: the news to the authors."""
    for row in DBTaskResult.objects.filter(task_path__endswith="tasks_choosing.tell_authors").order_by("enqueued_at"):
        job.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


def kinds() -> list[tuple[str, int]]:
    rows = Letter.objects.order_by("kind").values_list("kind", flat=True)
    return sorted({kind: list(rows).count(kind) for kind in rows}.items())


def vote(proposition, **values):
    facts = {
        "outcome": Outcome.ADOPTED, "date": proposition.session.date, "number": "CD-7", "matter_code": "7.5",
        "votes_for": 58, "votes_against": 4, "abstentions": 2,
    } | values  # fmt: skip
    return votes.record_vote(proposition, by=make.make_secretary(), now=NOW, **facts)


def test_the_group_the_followers_and_the_authors_hear_of_a_vote_once(chantier):
    follower = make.make_person()
    Follow.objects.create(chantier=chantier, person=follower)
    link(chantier)
    link(chantier, author_email="jeanne@habitant.example")
    made = make.make_proposition(chantier, stage=S.TABLED, title="Acheter ensemble")
    resolution = vote(made)
    run_jobs()
    assert kinds() == [("assembly.outcome", 3), ("chantiers.contribution_news", 2)]
    letter = Letter.objects.filter(kind="assembly.outcome").first()
    assert letter.subject == "L’assemblée adopte : Acheter ensemble"
    assert "58 voix pour, 4 contre, 2 abstentions." in letter.text
    assert "délibération CD-7" in letter.text
    news = Letter.objects.get(address="jeanne@habitant.example")
    assert news.subject == "L’assemblée adopte : Acheter ensemble"
    assert "reprend votre contribution" in news.text
    tell_authors(chantier, VOTE, NOW, resolution.pk)
    assert kinds() == [("assembly.outcome", 3), ("chantiers.contribution_news", 2)]


def test_the_last_rejection_says_that_nothing_goes_on_in_the_same_letter(chantier):
    link(chantier)
    made = make.make_proposition(chantier, stage=S.TABLED)
    vote(made, outcome=Outcome.REJECTED, votes_for=4, votes_against=58)
    run_jobs()
    letter = Letter.objects.filter(kind="assembly.outcome").first()
    assert "C’était la dernière proposition du groupe" in letter.text
    assert Letter.objects.filter(kind="chantiers.contribution_news").count() == 1


def test_authors_hear_of_each_passage_and_of_the_pact(chantier):
    link(chantier)
    made = make.make_proposition(chantier, stage=S.TABLED)
    vote(made, outcome=Outcome.ADJOURNED, number="", matter_code="", reason="Plus tard.")
    instruction.return_to_instruction(made, by=make.make_secretary(), now=NOW)
    instruction.table(made, by=make.make_secretary(), now=NOW, session=make.make_session(date=TODAY))
    vote(made)
    fate.enter_pact(made, by=make.make_coordinator(), now=NOW, in_pact_on=TODAY)
    run_jobs()
    subjects = list(Letter.objects.filter(kind="chantiers.contribution_news").order_by("pk").values_list("subject", flat=True))
    assert subjects == [
        f"L’assemblée ajourne : {made.title}", f"L’assemblée adopte : {made.title}", f"Inscrite au pacte : {made.title}",
    ]  # fmt: skip


def test_an_author_who_may_not_read_the_chantier_hears_nothing():
    chantier = make.make_chantier(stage=Stage.DELIVERED, circle="partners", tabled_on=date(2017, 10, 1))
    link(chantier)
    vote(make.make_proposition(chantier, stage=S.TABLED))
    run_jobs()
    assert not Letter.objects.filter(kind="chantiers.contribution_news").exists()


def test_a_correction_is_told_to_the_group_with_its_motive(chantier):
    made = make.make_proposition(chantier, stage=S.TABLED)
    row = vote(made)
    facts = {name: getattr(row, name) for name in votes.FACTS if name != "matter_name"} | {"votes_for": 59}
    votes.correct_vote(row, by=make.make_secretary(), now=NOW + timedelta(days=1), motive="Une voix oubliée.", revision=0, **facts)
    letters = Letter.objects.filter(subject=f"Vote corrigé : {made.title}")
    assert letters.count() == 2
    assert "Une voix oubliée." in letters.first().text


def corrected(row, **changes):
    facts = {name: getattr(row, name) for name in votes.FACTS if name != "matter_name"} | changes
    facts["outcome"] = Outcome(facts["outcome"])
    votes.correct_vote(row, by=make.make_secretary(), now=NOW, motive="Erreur.", revision=row.revision, **facts)
    run_jobs()


def test_authors_hear_the_outcome_that_holds_when_it_was_corrected_twice(chantier):
    link(chantier, author_email="jeanne@habitant.example")
    row = vote(make.make_proposition(chantier, stage=S.TABLED, title="Acheter ensemble"))
    run_jobs()
    corrected(row, outcome=Outcome.REJECTED, votes_for=4, votes_against=58)
    corrected(row, outcome=Outcome.ADOPTED, votes_for=58, votes_against=4)
    corrected(row, votes_for=59)  # says nothing new to the authors, whatever job comes late
    news = Letter.objects.filter(address="jeanne@habitant.example").order_by("pk")
    assert [letter.subject for letter in news] == [
        "L’assemblée adopte : Acheter ensemble",
        "L’assemblée rejette : Acheter ensemble",
        "L’assemblée adopte : Acheter ensemble",
    ]


def test_followers_hear_of_another_outcome_and_not_of_a_voice_forgotten(chantier):
    follower = make.make_person()
    Follow.objects.create(chantier=chantier, person=follower)
    row = vote(make.make_proposition(chantier, stage=S.TABLED, title="Acheter ensemble"))
    corrected(row, votes_for=59)
    corrected(row, outcome=Outcome.REJECTED, votes_for=4, votes_against=58)
    heard = Letter.objects.filter(person=follower).order_by("pk")
    assert [letter.subject for letter in heard] == ["L’assemblée adopte : Acheter ensemble", "Vote corrigé : Acheter ensemble"]
    assert "Il est corrigé. Issue : Rejetée." in " ".join(heard.last().text.split())


def test_services_are_asked_by_mail_and_the_lead_hears_the_opinion(chantier):
    made = make.make_proposition(chantier, stage=S.ADOPTED_BY_GROUP)
    service = make.make_organisation(name="Direction des collèges", kind=Kind.DIRECTORATE)
    officer = make.make_mandate(organisation=service).person
    instruction.submit(made, by=make.make_coordinator(), now=NOW, services=[service], opinions_due_on=date(2017, 11, 20))
    asked = Letter.objects.get(kind="assembly.opinion_request")
    opinion = made.opinions.get()
    assert asked.address == officer.email
    assert f"/propositions/{made.number}/avis/{opinion.pk}/" in asked.text
    assert "lundi 20 novembre 2017" in asked.text
    instruction.give_opinion(opinion, by=officer, now=NOW, verdict=Verdict.FAVOURABLE)
    instruction.give_opinion(opinion, by=officer, now=NOW, verdict=Verdict.FAVOURABLE, text="Toujours.")
    assert Letter.objects.filter(kind="assembly.opinion").count() == 1


def test_a_request_that_is_cancelled_is_not_sent_and_those_who_had_it_are_told(chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    service = make.make_organisation(name="Direction des collèges", kind=Kind.DIRECTORATE)
    make.make_mandate(organisation=service)
    by = {"by": make.make_coordinator(), "now": NOW}
    instruction.ask_opinion(made, service=service, **by)
    instruction.cancel_opinion_request(made, service=service, **by)
    assert not Letter.objects.exists()
    instruction.ask_opinion(made, service=service, **by)
    Letter.objects.update(stage="sent")
    back_to_drafting(made, **by)
    subjects = Letter.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [f"Avis demandé : {made.title}", f"Avis qui n’est plus demandé : {made.title}"]
    text = " ".join(Letter.objects.last().text.split())
    assert "L’avis de « Direction des collèges » avait été demandé" in text.replace("\u00a0", " ")
    assert f"/propositions/{made.number}/" not in text


def test_the_path_waits_for_the_digest_and_a_withdrawn_draft_is_told_to_nobody(chantier):
    made = make.make_proposition(chantier)
    adopt_by_group(made, by=make.make_coordinator(), now=NOW, meeting=make.make_held_meeting(chantier))
    assert set(Letter.objects.values_list("kind", "mode")) == {("assembly.path", "digest")}
    Letter.objects.all().delete()
    withdraw(make.make_proposition(chantier), by=make.make_coordinator(), now=NOW, motive="Erreur.")
    assert not Letter.objects.exists()


def test_a_contribution_leads_to_the_vote_and_back(chantier):
    contribution = link(chantier)
    make.make_proposition(chantier, title="En secret")
    made = make.make_proposition(chantier, stage=S.ADOPTED, title="Acheter ensemble")
    steps = followups(contribution, make.make_person())
    assert [(step.sentence, step.on) for step in steps] == [
        ("Le groupe propose : « Acheter ensemble »", date(2017, 10, 23)),
        ("« Acheter ensemble » : L’assemblée a adopté la proposition.", made.resolution.date),
    ]
    assert {step.url for step in steps} == {made.get_absolute_url()}
    assert list(contributions_behind(made, make.make_person())) == [contribution]


def test_opinions_follow_a_service_that_is_merged(chantier):
    made = make.make_proposition(chantier, stage=S.UNDER_REVIEW)
    into = make.make_organisation(kind=Kind.DIRECTORATE)
    given = make.make_opinion(made, verdict="favourable", given_at=NOW)
    awaited = make.make_opinion(made, service=into)
    move_service(given.service, by=SYSTEM, now=NOW, into=into)
    assert list(made.opinions.values_list("pk", "service")) == [(given.pk, into.pk)]
    assert not made.opinions.filter(pk=awaited.pk).exists()
