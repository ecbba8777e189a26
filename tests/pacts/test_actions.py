"""The actions of a pact: their number, origin and state; the contributions they take up, as an end of the sorting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogue.contributions.acts import answers, sorting
from dialogue.contributions.stages import Outcome, Stage
from dialogue.ledger.acts import Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.pacts.acts import actions, editions
from dialogue.pacts.acts.contributions import link_contribution, unlink_contribution
from dialogue.pacts.acts.words import Outdated
from dialogue.pacts.models import ActionContribution, PactAction
from dialogue.pacts.stages import ActionState, Origin
from dialogue.people.acts import merge_organisations
from tests import factories as make
from tests import factories_pacts as pacts

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY
OTHER = {"origin": Origin.OTHER, "origin_words": "Un schéma de 2015"}


@pytest.fixture
def coordinator():
    return make.make_coordinator()


@pytest.fixture
def pact():
    return pacts.make_pact()


def added(pact, by, **fields):
    common = {"title": "Ouvrir une cuisine", "theme": make.make_theme(), "entered_year": 2018} | OTHER
    return actions.add_action(pact, by=by, now=NOW, **common | fields)


def test_actions_are_numbered_for_life_across_the_pacts(pact, coordinator):
    first, second = added(pact, coordinator), added(pacts.make_pact(), coordinator)
    assert (first.number, second.number) == (1, 2)
    assert first.published_on is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "  "}, "Donnez un intitulé"),
        ({"origin_words": ""}, "d’où vient cette action"),
        ({"origin": Origin.PROPOSITION}, "Choisissez la proposition votée"),
        ({"origin": Origin.CONTRIBUTION}, "au moins une contribution"),
        ({"starts_on": date(2018, 5, 2), "due_on": date(2018, 5, 1)}, "précède le début"),
        ({"title": "x" * 201}, "200 signes au plus"),
    ],
)
def test_what_an_action_lacks_is_said(pact, coordinator, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        added(pact, coordinator, **fields)


def test_an_action_says_which_contributions_it_comes_from(pact, coordinator):
    row = make.make_contribution()
    action = added(pact, coordinator, origin=Origin.CONTRIBUTION, origin_words="", contributions=[row])
    assert list(action.contributions.all()) == [row]


def test_an_action_begins_ends_and_is_dropped_with_a_motive(pact, coordinator):
    action = added(pact, coordinator)
    actions.start_action(action, by=coordinator, now=NOW)
    assert action.state == ActionState.UNDER_WAY
    with pytest.raises(Refused, match="pas encore venue"):
        actions.complete_action(action, by=coordinator, now=NOW, done_on=TODAY + timedelta(days=1))
    actions.complete_action(action, by=coordinator, now=NOW, done_on=TODAY)
    with pytest.raises(Refused):
        actions.drop_action(action, by=coordinator, now=NOW, motive="Trop tard.")
    actions.resume_action(action, by=coordinator, now=NOW)
    assert (action.state, action.done_on) == (ActionState.UNDER_WAY, None)
    with pytest.raises(Refused, match="Écrivez le motif"):
        actions.drop_action(action, by=coordinator, now=NOW, motive=" ")
    actions.drop_action(action, by=coordinator, now=NOW, motive="Le terrain est inondable.")
    action.refresh_from_db()
    assert (action.state, action.motive) == (ActionState.DROPPED, "Le terrain est inondable.")
    assert "Le terrain" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_an_action_that_an_adopted_edition_says_over_is_not_taken_up_again(pact, coordinator):
    action = pacts.make_action(pact, state="done", done_on=TODAY)
    pacts.make_line(pacts.make_edition(pact, stage="adopted", year=2018), action)
    with pytest.raises(Refused, match="Le pacte de 2018 dit"):
        actions.resume_action(action, by=coordinator, now=NOW)


def test_two_people_who_change_an_action_at_once_are_both_heard(pact, coordinator):
    action = added(pact, coordinator)
    actions.change_action(action, by=coordinator, now=NOW, revision=0, title="Ouvrir deux cuisines")
    with pytest.raises(Outdated):
        actions.change_action(action, by=coordinator, now=NOW, revision=0, title="Autre chose")


def test_what_was_adopted_is_not_removed_what_was_not_is(pact, coordinator):
    mistake, adopted = added(pact, coordinator), pacts.make_action(pact)
    actions.remove_action(mistake, by=coordinator, now=NOW)
    with pytest.raises(Refused, match="abandonnez-la"):
        actions.remove_action(adopted, by=coordinator, now=NOW)
    assert list(PactAction.objects.all()) == [adopted]


def test_lateness_is_computed(pact):
    action = pacts.make_action(pact, due_on=date(2017, 11, 5))
    assert action.is_late(TODAY)
    assert not action.is_late(date(2017, 11, 5))
    action.state = ActionState.DONE
    assert not action.is_late(TODAY)


def test_merged_organisations_keep_the_actions_they_lead(pact, coordinator):
    doubled, kept = make.make_organisation(), make.make_organisation()
    action = pacts.make_action(pact, lead=doubled)
    merge_organisations(doubled, by=coordinator, now=NOW, into=kept)
    action.refresh_from_db()
    assert action.lead == kept
    assert Entry.objects.filter(act="pacts.change_lead").exists()  # change_lead, by the platform


# Contributions -------------------------------------------------------------------------------------------------------


def test_tying_a_contribution_to_an_action_is_an_end_of_its_sorting(pact, coordinator):
    action, row = pacts.make_action(pact), make.make_contribution(stage="qualified")
    link_contribution(action, by=coordinator, now=NOW, contribution=row)
    row.refresh_from_db()
    assert (row.stage, row.outcome) == (Stage.LINKED, Outcome.PACT)
    assert f"action n° {action.number}, « {action.title} »" in row.answer
    answers.send_answer(row, by=coordinator, now=NOW)
    letter = Letter.objects.get(kind="contributions.decision")
    assert letter.subject == f"Votre contribution n° {row.number} est reprise dans le pacte de votre territoire"
    with pytest.raises(Refused, match="a déjà reçu la réponse"):
        unlink_contribution(action, by=coordinator, now=NOW, contribution=row)


def test_the_answer_may_be_written_otherwise(pact, coordinator):
    action, row = pacts.make_action(pact), make.make_contribution()
    link_contribution(action, by=coordinator, now=NOW, contribution=row, answer="Oui, dès mars.")
    row.refresh_from_db()
    assert row.answer == "Oui, dès mars."


def test_untied_it_is_what_it_was_before(pact, coordinator):
    action, row = pacts.make_action(pact), make.make_contribution(stage="qualified")
    link_contribution(action, by=coordinator, now=NOW, contribution=row)
    unlink_contribution(action, by=coordinator, now=NOW, contribution=row)
    row.refresh_from_db()
    assert (row.stage, row.outcome, row.answer) == (Stage.QUALIFIED, "", "")
    assert not ActionContribution.objects.exists()


def test_the_sorting_is_not_undone_under_the_action_nor_reopened(pact, coordinator):
    action, row = pacts.make_action(pact), make.make_contribution(stage="qualified")
    link_contribution(action, by=coordinator, now=NOW, contribution=row)
    row.refresh_from_db()
    with pytest.raises(Refused, match="détachez-la depuis cette action"):
        sorting.undo_sorting(row, by=coordinator, now=NOW)
    answers.send_answer(row, by=coordinator, now=NOW)
    with pytest.raises(Refused, match="détachez-la d’abord de l’action"):
        sorting.reopen(row, by=coordinator, now=NOW, reason="Une erreur.")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stage": "received", "is_published": False}, "Lisez et classez d’abord"),
        ({"stage": "withdrawn", "is_published": False}, "a été retirée"),
    ],
)
def test_what_does_not_stand_or_was_not_read_is_not_tied(pact, coordinator, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        link_contribution(pacts.make_action(pact), by=coordinator, now=NOW, contribution=make.make_contribution(**fields))


def test_a_contribution_is_tied_once_to_an_action_and_never_to_one_that_is_over(pact, coordinator):
    action, row = pacts.make_action(pact), make.make_contribution()
    link_contribution(action, by=coordinator, now=NOW, contribution=row)
    with pytest.raises(Refused, match="déjà rattachée"):
        link_contribution(action, by=coordinator, now=NOW, contribution=row)
    over = pacts.make_action(pact, state="done", done_on=TODAY)
    with pytest.raises(Refused):
        link_contribution(over, by=coordinator, now=NOW, contribution=make.make_contribution())


def test_authors_who_were_answered_before_hear_of_the_action_once_it_is_published(pact, coordinator):
    row = make.make_contribution(stage="answered", outcome="closed", answered_at=NOW, answer="Pas cette année.")
    action = added(pact, coordinator, origin=Origin.CONTRIBUTION, origin_words="", contributions=[row])
    edition = editions.prepare_edition(pact, by=coordinator, now=NOW, year=2018)
    texts = {"introduction": "Un.", "report": "Deux.", "notes": {action.number: "Elle commence."}}
    editions.write_edition(edition, by=coordinator, now=NOW, **texts)
    editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=TODAY)
    assert not Letter.objects.filter(kind="pacts.contribution_news").exists()
    editions.publish_edition(edition, by=coordinator, now=NOW)
    letter = Letter.objects.get(kind="pacts.contribution_news")
    assert letter.subject == "Votre contribution est reprise dans le pacte : Ouvrir une cuisine"
    assert f"/pactes/actions/{action.number}/" in letter.text
    assert edition.content["actions"][0]["note"] == "Elle commence."


def test_an_author_is_told_once_of_one_action(pact, coordinator):
    row = make.make_contribution(stage="answered", outcome="closed", answered_at=NOW, answer="Pas cette année.")
    action = pacts.make_action(pact)
    link_contribution(action, by=coordinator, now=NOW, contribution=row)
    unlink_contribution(action, by=coordinator, now=NOW, contribution=row)
    link_contribution(action, by=coordinator, now=NOW, contribution=row)
    assert Letter.objects.filter(kind="pacts.contribution_news").count() == 1
