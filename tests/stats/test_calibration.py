"""Claims about how far stated probabilities can be taken at their word."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.calibration import calibration_error, reliability_bins, share_interval
from understudy.stats.clusters import clustered_proportion, effective_trials
from understudy.stats.intervals import lower_bound, upper_bound

answers = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80)


@given(answers)
def test_every_answer_falls_in_exactly_one_bin(cases: list[tuple[float, bool]]) -> None:
    """Bins rise, do not overlap, are not empty, hold their own mean, and lose no answer and no right answer."""
    stated, right = np.array([p for p, _ in cases]), np.array([hit for _, hit in cases])
    bins = reliability_bins(stated, right)
    assert sum(one.count for one in bins) == len(cases)
    assert sum(one.count * one.share_right for one in bins) == pytest.approx(right.sum())
    for one in bins:
        assert one.count > 0
        assert one.lower - 1e-12 <= one.mean_probability <= one.upper + 1e-12
    assert all(before.upper <= after.lower + 1e-12 for before, after in pairwise(bins))


@given(answers)
def test_calibration_error_is_a_share(cases: list[tuple[float, bool]]) -> None:
    """The error lies in 0..1, and is at least the gap between the overall means."""
    stated, right = np.array([p for p, _ in cases]), np.array([hit for _, hit in cases])
    error = calibration_error(reliability_bins(stated, right))
    assert abs(stated.mean() - right.mean()) - 1e-9 <= error <= 1.0


def test_a_bin_holds_its_lower_end_and_the_last_holds_certainty() -> None:
    """0.9 belongs to 0.9..1.0, and so does 1.0."""
    bins = reliability_bins(np.array([0.9, 1.0, 0.8999, 0.0]), np.array([True, False, True, False]))
    assert [(round(one.lower, 9), one.count) for one in bins] == [(0.0, 1), (0.8, 1), (0.9, 2)]


def test_calibration_error_by_hand() -> None:
    """Four answers at 95% of which two are right, one at 55% that is wrong: (4 x 0.45 + 0.55) / 5."""
    bins = reliability_bins(np.array([0.95] * 4 + [0.55]), np.array([True, True, False, False, False]))
    assert calibration_error(bins) == pytest.approx((4 * 0.45 + 0.55) / 5)


def test_no_answers_have_no_bins_and_no_error() -> None:
    """Nothing stated, nothing wrong."""
    assert reliability_bins(np.array([]), np.array([], dtype=bool)) == ()
    assert calibration_error(()) == 0.0


def test_probabilities_out_of_range_are_refused() -> None:
    """A stated probability above 1, or none at all, is an error."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability_bins(np.array([1.2]), np.array([True]))
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability_bins(np.array([math.nan]), np.array([True]))
    with pytest.raises(ValueError, match="one length"):
        reliability_bins(np.array([0.5, 0.6]), np.array([True]))


@pytest.mark.parametrize("share", [0.6, 0.8])
def test_intervals_of_bins_cover_also_where_answers_come_in_groups(share: float) -> None:
    """Ten groups of 20 with a correlation of 0.2: missed in at most 5% of 200 worlds, give or take the chance error.

    An interval that takes each answer for one of its own misses five times as often.
    """
    rng, groups = np.random.default_rng(60), [str(place // 20) for place in range(200)]
    missed = alone = 0
    for _ in range(200):
        right = rng.random(200) < rng.beta(share * 4, (1 - share) * 4, 10).repeat(20)
        (one,) = reliability_bins(np.full(200, share), right)
        low, high = share_interval(one, worth=effective_trials(clustered_proportion(right, groups)) / 200)
        missed += not low <= share <= high
        low, high = share_interval(one, worth=1.0)
        alone += not low <= share <= high
    assert missed / 200 <= 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / 200)
    assert alone / 200 > 0.25


@given(st.integers(1, 60), st.floats(0.0, 1.0), st.floats(0.05, 1.0))
def test_the_interval_of_a_bin_holds_its_share_and_is_exact_where_answers_stand_alone(
    count: int, part: float, worth: float
) -> None:
    """Worth less, it is wider; worth one each, it is Clopper and Pearson's."""
    right = round(part * count)
    (one,) = reliability_bins(np.full(count, 0.5), np.arange(count) < right)
    low, high = share_interval(one, worth=worth)
    exact = lower_bound(right, count, confidence=0.975), upper_bound(right, count, confidence=0.975)
    assert share_interval(one, worth=1.0) == pytest.approx(exact)
    assert 0.0 <= low <= exact[0] + 1e-9
    assert exact[1] - 1e-9 <= high <= 1.0
    assert low - 1e-9 <= one.share_right <= high + 1e-9
