"""Claims about how far apart two samples are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from understudy.stats.two_samples import chance, distance

SAMPLES = st.lists(st.integers(-5, 5) | st.just(-np.inf), min_size=1, max_size=40)


@pytest.mark.filterwarnings("ignore:ks_2samp")
@settings(max_examples=60)
@given(SAMPLES, SAMPLES)
def test_the_distance_is_the_largest_gap_between_shares(one: list[float], other: list[float]) -> None:
    """At every number that occurs, ties and missing ones included; the same either way round, and 0 for the same."""
    left, right = np.array(one, np.float32), np.array(other, np.float32)
    gaps = [abs((left <= at).mean() - (right <= at).mean()) for at in {*left, *right}]
    assert distance(left, right) == pytest.approx(max(gaps))
    assert distance(left, right) == distance(right, left)
    assert distance(left, left) == 0.0
    assert 0.0 <= chance(left, right) <= 1.0


def test_the_distance_is_that_of_scipy() -> None:
    """Of two normal samples."""
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=80), rng.normal(size=50) + 1.0
    assert distance(one, other) == pytest.approx(stats.ks_2samp(one, other).statistic)


@pytest.mark.parametrize("draw", ["normal", "three words"])
def test_chance_is_never_too_small(draw: str) -> None:
    """Of pairs from one distribution no more than one in ten looks like one in ten, with ties or without."""
    rng = np.random.default_rng(5)
    pairs = [
        [rng.integers(3, size=size) / 2.0 if draw == "three words" else rng.normal(size=size) for size in (60, 25)]
        for _ in range(600)
    ]
    assert np.mean([chance(one, other) <= 0.1 for one, other in pairs]) <= 0.13


def test_a_chance_that_is_far_above_is_not_reckoned() -> None:
    """It is said to be 1; one that may lie below is exact."""
    one, other = np.arange(60.0), np.arange(25.0) + 20.0
    assert 1e-9 < chance(one, other) < 1.0
    assert chance(one, other, below=1e-9) == 1.0
    assert chance(one, other + 60.0, below=1e-9) == chance(one, other + 60.0) < 1e-9
