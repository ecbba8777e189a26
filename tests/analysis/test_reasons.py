"""Observed beside expected: exact values, and the sentences they allow."""

import numpy as np
import pytest
from scipy.stats import gamma

from dialogue.analysis.reasons import Evidence, Reason, expected, judge


def test_a_territory_is_expected_to_speak_as_the_whole_departement_does():
    table = [[30, 10], [10, 50]]
    assert expected(table).tolist() == [[16.0, 24.0], [24.0, 36.0]]


def test_nothing_is_expected_where_nobody_spoke():
    assert expected([[0, 0], [0, 0]]).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_the_ratio_is_drawn_towards_one_and_its_bounds_are_those_of_the_posterior():
    found = judge(40, 20, is_priority=True)
    assert found.ratio == pytest.approx(42 / 22)
    assert (found.lower, found.upper) == pytest.approx((gamma.ppf(0.025, 42, scale=1 / 22), gamma.ppf(0.975, 42, scale=1 / 22)))
    assert (round(found.lower, 3), round(found.upper, 3)) == (1.376, 2.528)


def test_many_is_said_of_a_priority_spoken_of_more_than_expected_by_twenty_authors():
    assert judge(40, 20, is_priority=True).reason is Reason.MANY
    assert judge(40, 20, is_priority=False).reason is None
    assert judge(19, 4, is_priority=True).reason is None
    assert judge(20, 4, is_priority=True).reason is Reason.MANY
    assert judge(25, 22, is_priority=True).reason is None


def test_a_carence_is_said_of_a_priority_surely_spoken_of_less_than_half_as_much():
    assert judge(2, 25, is_priority=True).reason is Reason.FEW
    assert judge(2, 25, is_priority=False).reason is None
    assert judge(0, 3, is_priority=True).reason is None


def test_where_nothing_was_expected_nothing_is_missing():
    assert judge(0, 0, is_priority=True) == Evidence(0, 0.0, 1.0, *_prior_bounds())


def _prior_bounds():
    return tuple(float(bound) for bound in (gamma.ppf(0.025, 2) / 2, gamma.ppf(0.975, 2) / 2))


@pytest.mark.parametrize("wrong", [(-1, 2, 2), (1, -2, 2), (1, 2, 0)])
def test_counts_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError):
        judge(wrong[0], wrong[1], is_priority=True, prior=wrong[2])


def test_more_authors_never_lower_the_bounds():
    bounds = np.array([(one.lower, one.upper) for one in (judge(count, 10, is_priority=True) for count in range(60))])
    assert (np.diff(bounds, axis=0) > 0).all()
