"""Sub-subjects of one theme in one territory."""

import random

import pytest

from dialogue.analysis.clusters import cluster, split

BIKES = [
    f"Une piste cyclable {where}" for where in ("à Langon", "vers le lac", "près du collège", "à Bazas", "le long de la route")
]
BUSES = [f"Des bus plus fréquents {when}" for when in ("le soir", "le dimanche", "en été", "pour les lycéens", "vers Bordeaux")]
PARKING = [
    f"Un parking de covoiturage {where}" for where in ("au péage", "à la gare", "en entrée de ville", "à Créon", "près du pont")
]
ALONE = ["Repeindre le phare en rouge vif", ""]
TEXTS = [*BIKES, *BUSES, *PARKING, *ALONE]


def test_texts_that_speak_of_the_same_thing_are_together_and_told_by_their_words():
    found = cluster(TEXTS, k=3)
    assert {one.members for one in found.clusters} == {tuple(range(5)), tuple(range(5, 10)), tuple(range(10, 15))}
    labels = {one.members[0]: one.words for one in found.clusters}
    assert set(labels[0][:2]) == {"cyclable", "piste"}
    assert "bus" in labels[5][:3]
    assert "covoiturage" in labels[10][:3]


def test_texts_that_look_like_no_other_stay_visible():
    assert cluster(TEXTS, k=3).leftover == (15, 16)


def test_every_text_is_in_one_group_or_left_over():
    found = cluster(TEXTS)
    places = [at for one in found.clusters for at in one.members] + list(found.leftover)
    assert sorted(places) == list(range(len(TEXTS)))


def test_three_verbatims_of_the_group_that_do_not_repeat_each_other():
    for one in cluster([*TEXTS, *BIKES], k=3).clusters:
        assert len({([*TEXTS, *BIKES])[at] for at in one.verbatims}) == 3
        assert set(one.verbatims) <= set(one.members)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_arrival_changes_nothing(seed):
    order = list(range(len(TEXTS)))
    random.Random(seed).shuffle(order)
    ours, theirs = cluster(TEXTS), cluster([TEXTS[at] for at in order])
    assert [one.members for one in ours.clusters] == [tuple(sorted(order[at] for at in one.members)) for one in theirs.clusters]
    assert [one.words for one in ours.clusters] == [one.words for one in theirs.clusters]


def test_under_eight_texts_nothing_is_grouped():
    found = cluster(TEXTS[:7])
    assert (found.clusters, found.leftover) == ((), tuple(range(7)))
    assert cluster([]).leftover == ()


def test_the_same_text_over_and_over_is_no_two_groups():
    assert cluster(["Une piste cyclable"] * 20).clusters == ()


def test_a_group_is_parted_in_two_with_nobody_left():
    found = split([*BIKES, *BUSES])
    assert [one.members for one in found.clusters] in (
        [tuple(range(5)), tuple(range(5, 10))],
        [tuple(range(5, 10)), tuple(range(5))],
    )
    assert found.leftover == ()


def test_a_group_is_not_parted_in_one():
    with pytest.raises(ValueError):
        split(BIKES, 1)


def test_the_label_is_the_three_most_telling_words():
    one = cluster(TEXTS, k=3).clusters[0]
    assert one.label == ", ".join(one.words[:3])
