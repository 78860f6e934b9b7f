"""Claims about how far a distribution has shifted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from understudy.stats.shift import shift_p_value, stability_index

counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12)


@given(counts)
def test_the_index_is_a_distance(bins: list[tuple[int, int]]) -> None:
    """It is never negative, the same in both directions, and 0 for the same counts."""
    before, now = zip(*bins, strict=True)
    assert stability_index(before, now) >= 0.0
    assert stability_index(before, now) == pytest.approx(stability_index(now, before))
    assert stability_index(before, before) == pytest.approx(0.0, abs=1e-12)


def test_known_indices() -> None:
    """Half against half to 0.6 against 0.4 is an index of 0.04; an empty bin is large and finite."""
    assert stability_index([5_000, 5_000], [6_000, 4_000]) == pytest.approx(0.0405, abs=0.0005)
    assert 1.0 < stability_index([500, 500], [1_000, 0]) < 10.0
    assert stability_index([0, 0], [5, 5]) == 0.0


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=2, max_size=12))
def test_chance_is_that_of_the_two_sample_test(bins: list[tuple[int, int]]) -> None:
    """The chance equals scipy's for a contingency table of both rows."""
    before, now = zip(*bins, strict=True)
    known = stats.chi2_contingency(np.array([before, now]), correction=False)
    assert shift_p_value(before, now) == pytest.approx(float(known.pvalue), abs=1e-9)


def test_without_counts_nothing_has_shifted() -> None:
    """An empty side or a single bin gives a chance of 1; bins that differ are an error."""
    assert shift_p_value([0, 0], [5, 5]) == shift_p_value([5], [9]) == 1.0
    for before, now in (([1, 2], [1]), ([-1, 2], [1, 2])):
        with pytest.raises(ValueError, match="same bins"):
            stability_index(before, now)
