"""Duplicates: compared, merged with both authors kept, parted again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dialogue.contributions.acts import answers, pairs, sorting
from dialogue.contributions.models import Contribution, Pair, Support
from dialogue.contributions.pairs import compared, components
from dialogue.contributions.stages import Verdict
from dialogue.ledger.acts import Refused
from dialogue.mailer.models import Letter, LetterStage
from tests import factories as make
from tests.contributions.sorting_world import letters_to
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return make.make_coordinator()


def support(row, key):
    return Support.objects.create(contribution=row, author_key=key * 64, at=NOW, confirmed_at=NOW)


def test_the_same_demand_is_merged_into_the_older_and_both_authors_are_told(chief):
    pair = make.make_pair()
    older, younger = pair.first, pair.second
    moved, known = support(younger, "a"), support(younger, "b")
    support(older, "b")
    pairs.judge_pair(pair, by=chief, now=NOW, verdict=Verdict.SAME)
    younger.refresh_from_db()
    assert (younger.stage, younger.merged_into, younger.is_published) == ("merged", older, False)
    assert letters_to(younger) == [f"Votre contribution n° {younger.number} est regroupée avec une autre"]
    assert letters_to(older) == [f"D’autres disent la même chose que vous : contribution n° {older.number}"]
    assert set(older.supports.values_list("author_key", flat=True)) == {"a" * 64, "b" * 64}
    assert Support.objects.get(pk=known.pk).contribution == younger
    pairs.reconsider_pair(pair, by=chief, now=NOW)
    younger.refresh_from_db()
    assert (younger.stage, younger.merged_into, younger.is_published) == ("admissible", None, True)
    assert Support.objects.get(pk=moved.pk).contribution == younger
    assert letters_to(younger) == []
    assert Pair.objects.get().verdict == "waiting"


def test_parting_them_after_the_letter_left_tells_the_author(chief):
    pair = make.make_pair()
    pairs.judge_pair(pair, by=chief, now=NOW, verdict=Verdict.SAME)
    Letter.objects.update(stage=LetterStage.SENT)
    younger = Contribution.objects.get(pk=pair.second.pk)
    assert pairs.unmerge(younger, by=chief, now=NOW) is True
    assert letters_to(younger)[-1] == f"Votre contribution n° {younger.number} est de nouveau étudiée à part"
    assert Pair.objects.get().verdict == "waiting"


def test_undoing_the_merge_puts_the_pair_back_to_be_compared(chief):
    pair = make.make_pair()
    pairs.judge_pair(pair, by=chief, now=NOW, verdict=Verdict.SAME)
    sorting.undo_sorting(Contribution.objects.get(pk=pair.second.pk), by=chief, now=NOW)
    assert (Pair.objects.get().verdict, Contribution.objects.filter(stage="merged").count()) == ("waiting", 0)


def test_a_neighbour_or_an_opposite_changes_neither_contribution(chief):
    for verdict in (Verdict.NEAR, Verdict.OPPOSITE):
        pair = make.make_pair()
        pairs.judge_pair(pair, by=chief, now=NOW, verdict=verdict)
        assert (pair.verdict, pair.judged_by, pair.second.stage) == (verdict, chief, "admissible")
    assert Letter.objects.count() == 0


def test_one_merges_into_the_older_only_and_into_what_stands(chief):
    older, younger = make.make_contribution(), make.make_contribution()
    for row, into, sentence in (
        (older, younger, "On regroupe dans la contribution la plus ancienne."),
        (older, older, "On regroupe dans la contribution la plus ancienne."),
    ):
        with pytest.raises(Refused) as told:
            pairs.merge(row, by=chief, now=NOW, into=into)
        assert told.value.reasons == [sentence]


def test_merging_into_a_merged_one_goes_to_the_one_that_stands(chief):
    first, second, third = (make.make_contribution() for _ in range(3))
    pairs.merge(second, by=chief, now=NOW, into=first)
    pairs.merge(third, by=chief, now=NOW, into=second)
    third.refresh_from_db()
    assert third.merged_into == first


def test_the_answer_reaches_the_authors_of_merged_ones_too(chief):
    first = make.make_contribution(stage="qualified", qualified_at=NOW)
    second = make.make_contribution()
    pairs.merge(second, by=chief, now=NOW, into=first)
    answers.close(first, by=chief, now=NOW, answer="Pas cette année.")
    assert answers.send_answer(first, by=chief, now=NOW) == 2
    second.refresh_from_db()
    assert (second.stage, second.answer) == ("merged", "Pas cette année.")
    assert letters_to(second)[-1] == f"Réponse à votre contribution n° {second.number}"


def test_only_the_words_of_one_side_are_marked():
    first, second = compared("Des bancs au bord du fleuve.", "des Bancs publics au bord du fleuve")
    assert "".join(piece.text for piece in first) == "Des bancs au bord du fleuve."
    assert [piece.text.strip() for piece in second if piece.alone] == ["publics"]
    assert not any(piece.alone for piece in first)


def test_near_copies_are_gathered_by_chains_of_three_or_more():
    assert components([(1, 2), (2, 3), (8, 9), (5, 4), (6, 4), (7, 4)]) == [[4, 5, 6, 7], [1, 2, 3]]
    assert components([]) == []


def test_a_mass_mailing_is_merged_in_one_go_once_confirmed(chief, client_for):
    make.make_department()
    rows = [make.make_contribution() for _ in range(4)]
    for row in rows[1:]:
        make.make_pair(first=rows[0], second=row)
    make.make_pair(first=rows[1], second=rows[2])
    desk, url = client_for(chief), reverse("contributions:merge_group")
    page = desk.get(reverse("contributions:pairs"))
    assert page.context["groups"] == [[row.number for row in rows]]
    numbers = {"numero": [row.number for row in rows[:3]]}
    assert desk.post(url, numbers).status_code == 200
    assert not Contribution.objects.filter(stage="merged").exists()
    desk.post(url, numbers | {"confirme": "1"})
    merged = Contribution.objects.filter(stage="merged")
    assert [row.merged_into for row in merged] == [rows[0], rows[0]]
    assert Pair.objects.filter(verdict="same").count() == 3
    assert letters_to(rows[0]) == [f"D’autres disent la même chose que vous : contribution n° {rows[0].number}"]


def test_several_pairs_are_judged_at_once_and_the_last_is_undone(chief, client_for):
    make.make_department()
    several = [make.make_pair() for _ in range(3)]
    desk = client_for(chief)
    desk.post(reverse("contributions:judge_several"), {"paire": [pair.pk for pair in several[:2]], "verdict": "near"})
    assert Pair.objects.filter(verdict="near").count() == 2
    desk.post(reverse("contributions:judge_pair", args=[several[2].pk]), {"verdict": "opposite"})
    page = desk.get(reverse("contributions:pairs"))
    assert page.context["last"] == several[2]
    desk.post(reverse("contributions:reconsider_pair", args=[several[2].pk]))
    assert Pair.objects.get(pk=several[2].pk).verdict == "waiting"
