"""Two readers, the same texts."""

import pytest

from dialogue.analysis.agreement import agreement, kappa


def test_the_share_sorted_alike():
    assert agreement(["eau", "eau", "sport", "eau"], ["eau", "sport", "sport", "eau"]) == 0.75


def test_kappa_takes_chance_away():
    # 20 yes–yes, 5 yes–no, 10 no–yes, 15 no–no: the textbook example, 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert kappa(first, second) == pytest.approx(0.4)


def test_kappa_of_the_same_answers_is_one_even_when_there_is_only_one_answer():
    assert kappa(["a", "b"], ["a", "b"]) == 1
    assert kappa(["a", "a"], ["a", "a"]) == 1


def test_kappa_of_opposite_answers_is_negative():
    assert kappa(["a", "b"], ["b", "a"]) == -1


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError):
        agreement([], [])
    with pytest.raises(ValueError):
        kappa(["a"], ["a", "b"])
