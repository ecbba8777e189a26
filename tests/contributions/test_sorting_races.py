"""Two agents at the same moment."""

from __future__ import annotations

import pytest

from dialogue.contributions.acts import answers, pairs, sorting
from dialogue.contributions.models import Contribution, Pair, SortingChange
from dialogue.contributions.stages import Verdict
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.chantiers.races import at_once
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def own(row):
    """The row as each agent loaded it."""
    return Contribution.objects.get(pk=row.pk)


def test_of_two_who_take_the_same_one_only_one_holds_it():
    row, first, second = make.make_contribution(), make.make_coordinator(), make.make_coordinator()
    one, other = own(row), own(row)
    outcomes = at_once(
        lambda: sorting.take_up(one, by=first, now=NOW), lambda: sorting.take_up(other, by=second, now=NOW)
    )
    assert sorted(outcomes) == ["Refused", "done"]
    holder = first if outcomes[0] == "done" else second
    assert own(row).held_by == holder
    assert Entry.objects.filter(act="contributions.take_up").count() == 1


def test_of_two_who_classify_the_same_one_the_second_sees_that_it_changed():
    row, themes = make.make_contribution(), [make.make_theme(), make.make_theme()]
    first, second = make.make_coordinator(), make.make_coordinator()
    one, other = own(row), own(row)
    outcomes = at_once(
        lambda: sorting.qualify(one, by=first, now=NOW, theme=themes[0], revision=0),
        lambda: sorting.qualify(other, by=second, now=NOW, theme=themes[1], revision=0),
    )
    assert sorted(outcomes) == ["Refused", "done"]
    assert own(row).theme == themes[outcomes.index("done")]
    assert SortingChange.objects.count() == 1


def test_an_answer_sent_twice_at_once_leaves_once():
    row = make.make_contribution(stage="closed", outcome="closed", answer="Non.")
    chief = make.make_coordinator()
    one, other = own(row), own(row)
    outcomes = at_once(lambda: answers.send_answer(one, by=chief, now=NOW), lambda: answers.send_answer(other, by=chief, now=NOW))
    assert (sorted(outcomes), Letter.objects.count()) == (["Refused", "done"], 1)


def test_two_verdicts_at_once_on_one_pair_leave_one():
    pair, chief = make.make_pair(), make.make_coordinator()
    one, other = Pair.objects.get(), Pair.objects.get()
    outcomes = at_once(
        lambda: pairs.judge_pair(one, by=chief, now=NOW, verdict=Verdict.SAME),
        lambda: pairs.judge_pair(other, by=chief, now=NOW, verdict=Verdict.OPPOSITE),
    )
    assert sorted(outcomes) == ["Refused", "done"]
    same = Pair.objects.get().verdict == "same"
    assert (own(pair.second).stage == "merged") is same


def test_a_chain_of_copies_merged_at_once_ends_in_the_oldest():
    first, second, third = (make.make_contribution() for _ in range(3))
    chief = make.make_coordinator()
    outcomes = at_once(
        lambda: pairs.merge(own(third), by=chief, now=NOW, into=own(second)),
        lambda: pairs.merge(own(second), by=chief, now=NOW, into=own(first)),
    )
    stages = [own(row).stage for row in (first, second, third)]
    assert stages[0] == "admissible"
    assert outcomes[1] == "done"
    assert stages[2] == ("merged" if outcomes[0] == "done" else "admissible")


def test_undone_by_two_at_once_it_is_undone_once():
    row, chief = make.make_contribution(stage="received", is_published=False), make.make_coordinator()
    sorting.judge_admissible(own(row), by=chief, now=NOW)
    one, other = own(row), own(row)
    outcomes = at_once(lambda: sorting.undo_sorting(one, by=chief, now=NOW), lambda: sorting.undo_sorting(other, by=chief, now=NOW))
    assert sorted(outcomes) == ["Refused", "done"]
    assert own(row).stage == "received"
