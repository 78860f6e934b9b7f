"""Claims about how far stated probabilities can be taken at their word."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.calibration import calibration_error, reliability_bins

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
