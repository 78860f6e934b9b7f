"""Margins: intervals hold what they say, and how near is told from how near it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search.margins import Margins


@pytest.mark.parametrize("count", [10, 30, 300])
def test_intervals_hold_four_in_five_of_new_truths(count: int) -> None:
    """Over many small samples of skewed errors, 80% of new ones lie within, or more where there are few."""
    rng = np.random.default_rng(0)
    held = []
    for _ in range(300):
        gaps, hardness = rng.exponential(size=count) - 0.7, rng.uniform(0.5, 2, count)
        margins = Margins.of(gaps * hardness, hardness)
        fresh, hard = rng.exponential(size=50) - 0.7, rng.uniform(0.5, 2, 50)
        low, high = margins.intervals(np.zeros(50), hard).T
        held.append(np.mean((fresh * hard >= low) & (fresh * hard <= high)))
    assert 0.78 <= np.mean(held) <= (0.9 if count < 20 else 0.84)


@settings(max_examples=60)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40), st.floats(0, 1_000))
def test_being_near_enough_is_never_certain_and_grows_with_the_tolerance(gaps: list[float], tolerance: float) -> None:
    """The probability lies below 1, never falls as the tolerance grows, and survives the file."""
    margins = Margins.of(np.array(gaps), np.ones(len(gaps)))
    near, nearer = margins.within(tolerance, np.ones(1))[0], margins.within(tolerance / 2, np.ones(1))[0]
    assert 0 <= nearer <= near < 1
    again = Margins.from_json(margins.to_json())
    assert again.within(tolerance, np.ones(1))[0] == near
    assert margins.sides[0] <= 0 <= margins.sides[1]


def test_the_stated_share_is_the_share() -> None:
    """Where half of the held-out answers were within the tolerance, the next one is with about one half."""
    gaps = np.random.default_rng(1).normal(size=2_000)
    stated = Margins.of(gaps, np.ones(2_000)).within(0.6745, np.ones(1))[0]
    assert stated == pytest.approx(0.5, abs=0.03)
