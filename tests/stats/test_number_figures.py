"""Claims about how far off numbers are, by size and by interval."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.number_figures import by_size, coverage, errors_of, number_figures, proven_width
from understudy.stats.regression import conformal_width, error_quantile


def alone(count: int) -> list[str]:
    return [str(place) for place in range(count)]


@given(st.integers(1, 200), st.integers(0, 999))
def test_the_short_figures_are_those_of_the_quantiles(count: int, seed: int) -> None:
    """Median and nine in ten, each with its upper bound, or none where too few are sealed."""
    chance = np.random.default_rng(seed)
    truth = chance.gamma(2.0, 50.0, count)
    said = truth + chance.normal(0, 8, count)
    found = number_figures(said, truth, None, usual=80.0, groups=alone(count), confidence=0.95)
    assert found is not None
    median = error_quantile(np.abs(said - truth), 0.5, 0.95)
    large = error_quantile(np.abs(said - truth), 0.9, 0.95)
    assert (found.median, found.large) == (median.estimate, large.estimate)
    assert (found.median_upper is None) == math.isinf(median.upper) == (count < 5)
    assert (found.large_upper is None) == math.isinf(large.upper) == (count < 29)
    assert found.usual == pytest.approx(float(np.median(np.abs(truth - 80.0))))
    assert found.held is None


def test_truths_inside_their_intervals_are_counted() -> None:
    """The ends belong to an interval, and an answer without one holds nothing."""
    intervals = [[0.0, 2.0], [1.0, 1.5], [np.nan, np.nan], [3.0, 4.0]]
    found = coverage([2.0, 1.2, 1.0, 5.0], intervals, groups=alone(4), confidence=0.95)
    assert found is not None
    assert round(found.estimate * found.count) == 2
    assert coverage([1.0], None, groups=alone(1), confidence=0.95) is None


def test_a_model_that_answers_near_the_middle_is_seen_to_lean() -> None:
    """Too high where truths are small, too low where they are large, each proven; a fair model shows neither."""
    truth = np.random.default_rng(0).uniform(0, 100, 600)
    low, _, high = by_size(0.5 * truth + 25, truth, groups=alone(600), confidence=0.95)
    assert low.off.lower > 0 > high.off.upper
    assert low.name.startswith("under ")
    fair = by_size(truth + np.random.default_rng(1).normal(0, 5, 600), truth, groups=alone(600), confidence=0.95)
    assert all(third.off.lower < 0 < third.off.upper for third in fair)
    assert sum(third.members.sum() for third in fair) == 600


def test_truths_that_repeat_have_fewer_thirds() -> None:
    """Where nearly all truths are the same there is no middle, and nothing is counted twice."""
    found = by_size(np.ones(30), np.r_[np.zeros(25), np.arange(1, 6)], groups=alone(30), confidence=0.95)
    assert sum(third.members.sum() for third in found) == 30


def test_the_width_has_both_promises() -> None:
    """On average over sealed sets, and with the confidence; the second is the wider."""
    errors = np.random.default_rng(2).exponential(3.0, 400)
    found = proven_width(errors, groups=alone(400), confidence=0.95)
    assert found.estimate == conformal_width(errors, 0.9)
    assert found.upper == conformal_width(errors, 0.9, 0.95) > found.estimate


def test_what_is_no_number_is_as_far_off_as_can_be() -> None:
    """An answer that is no number is never near, and never stops the count."""
    errors = errors_of([1.0, np.nan], [2.0, 2.0])
    assert errors[0] == 1.0
    assert errors[1] > 1e300
    with pytest.raises(ValueError, match="same shape"):
        errors_of([1.0], [1.0, 2.0])
