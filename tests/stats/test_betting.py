"""Claims about the mean of bounded values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from understudy.domain.review import Measured
from understudy.stats.betting import (
    BETTING,
    BETTING_ON_GROUPS,
    MOST_BETS,
    clears,
    clears_by_group,
    lower_means,
    mean_measured,
)
from understudy.stats.intervals import lower_bound, lower_bounds

values = st.lists(st.floats(-5.0, 20.0), min_size=1, max_size=40)
few_levels = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.2, 1.0]), min_size=1, max_size=60)


def measured(costs: list[float], *, confidence: float = 0.95, groups: list[str] | None = None) -> Measured:
    """The bound of values from -5 to 20."""
    own = groups or [str(place) for place in range(len(costs))]
    return mean_measured(costs, low=-5.0, high=20.0, groups=own, confidence=confidence, unit="EUR")


@settings(max_examples=40)
@given(values, st.floats(0.6, 0.99))
def test_bounds_hold_the_estimate_between_them(costs: list[float], confidence: float) -> None:
    """Lower bound, estimate and upper bound stand in this order within the limits, at every confidence."""
    found = measured(costs, confidence=confidence)
    assert -5.0 <= found.lower <= found.estimate <= found.upper <= 20.0
    assert found.estimate == pytest.approx(np.mean(costs))
    assert (found.count, found.groups, found.method, found.unit) == (len(costs), len(costs), BETTING, "EUR")


@settings(max_examples=25)
@given(few_levels)
def test_a_mirror_swaps_the_bounds(costs: list[float]) -> None:
    """What is cost upside down is saving: its lower bound is the cost's upper bound, with the sign changed."""
    given_costs = np.array(costs)[None, :]
    alone = [str(place) for place in range(len(costs))]
    found = mean_measured(costs, low=0.0, high=1.0, groups=alone, confidence=0.9, unit="share")
    saved = lower_means(-given_costs, low=-1.0, high=0.0, confidence=0.9)[0]
    assert found.upper == pytest.approx(max(-saved, found.estimate))
    assert found.lower == pytest.approx(min(lower_means(given_costs, confidence=0.9)[0], found.estimate))


@settings(max_examples=25)
@given(few_levels, st.floats(-3.0, 3.0), st.floats(0.1, 100.0))
def test_the_unit_does_not_matter(costs: list[float], start: float, scale: float) -> None:
    """Moving and scaling values and limits alike moves and scales the bounds, up to one cell of the grid."""
    here = lower_means(np.array(costs)[None, :], confidence=0.95)[0]
    there = lower_means(
        np.clip(start + scale * np.array(costs), start, start + scale)[None, :],
        low=start,
        high=start + scale,
        confidence=0.95,
    )[0]
    assert (there - start) / scale == pytest.approx(here, abs=0.02)


@settings(max_examples=25)
@given(few_levels, st.floats(0.55, 0.9), st.floats(0.0, 0.09))
def test_more_confidence_costs_width(costs: list[float], confidence: float, more: float) -> None:
    """A bound that is to hold more often is never higher by more than a stake's rounding."""
    given_costs = np.array(costs)[None, :]
    wide = lower_means(given_costs, confidence=confidence + more)[0]
    assert wide <= lower_means(given_costs, confidence=confidence)[0] + 0.02


@pytest.mark.parametrize("count", [1, 5, 20, 59, 300])
def test_without_a_single_cost_the_bound_is_the_exact_one(count: int) -> None:
    """When everything was right it is Clopper-Pearson's, but for the grid: 59 of 59 show 95%."""
    found = lower_means(np.ones((1, count)), confidence=0.95)[0]
    exact = lower_bound(count, count)
    assert exact - 0.01 <= found <= exact + 1e-12


def test_nearly_as_sharp_as_the_exact_bound_of_a_share() -> None:
    """For values that are 0 or 1, intervals are at most 12% wider than Clopper-Pearson's, which can do nothing else."""
    rng = np.random.default_rng(30)
    for rate in (0.5, 0.9, 0.97):
        right = (rng.random((150, 100)) < rate).astype(np.float64)
        ours = (right.mean(axis=1) - lower_means(right, confidence=0.95)).mean()
        exact = (right.mean(axis=1) - lower_bounds(right.sum(axis=1), 100)).mean()
        assert ours <= 1.12 * exact


LEVELS = [(1.0,), (0.2, 1.0), (0.05, 0.05, 0.05, 1.0)]


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize(("count", "right"), [(20, 0.5), (100, 0.8), (500, 0.5), (500, 0.95), (1000, 0.99)])
def test_coverage_lies_between_94_and_99_percent(levels: tuple[float, ...], count: int, right: float) -> None:
    """The upper bound of a cost matrix's mean cost covers at least 95%, less chance error, and rarely too much.

    Too much is more than 99% (99.5% with chance error), unless not even a sample without any cost puts the bound below
    the mean, or does so less than once in a hundred times.
    """
    rng = np.random.default_rng(31)
    costs, mean = _costs(rng, (2000, count), right, levels), (1.0 - right) * float(np.mean(levels))
    misses = float(clears(-costs, -mean, low=-1.0, high=0.0, confidence=0.95).mean())
    assert misses <= 0.061
    unavoidable = 1.0 - 0.05 ** (1.0 / count) >= mean * 0.75
    assert misses >= 0.005 or unavoidable
    low_misses = float(clears(costs, mean, confidence=0.95).mean())
    assert 0.005 <= low_misses <= 0.061


@pytest.mark.parametrize("levels", LEVELS[:2])
@pytest.mark.parametrize("sizes", [(10,) * 50, (10,) * 20, (30,) * 5 + (3,) * 60])
def test_groups_may_resemble_each_other(levels: tuple[float, ...], sizes: tuple[int, ...]) -> None:
    """With a correlation of 0.2 within groups, each side misses at most 5% of the time, give or take chance."""
    rng = np.random.default_rng(32)
    rates = rng.beta(0.15 * 4, 0.85 * 4, (2000, len(sizes)))
    wrong = rng.random((2000, sum(sizes))) < np.repeat(rates, sizes, axis=1)
    costs = np.where(wrong, rng.choice(levels, wrong.shape), 0.0)
    groups, mean = [str(place) for place, size in enumerate(sizes) for _ in range(size)], 0.15 * float(np.mean(levels))
    assert clears(-costs, -mean, low=-1.0, high=0.0, groups=groups, confidence=0.95).mean() <= 0.061
    assert clears(costs, mean, groups=groups, confidence=0.95).mean() <= 0.061


def test_large_groups_may_be_the_worse_ones() -> None:
    """The mean is that over examples: where large groups err more often, the bound still misses at most 5%."""
    rng = np.random.default_rng(33)
    misses = 0
    for _ in range(400):
        large = rng.random(60) < 0.3
        sizes = np.where(large, 8, 1)
        costs = (rng.random(sizes.sum()) < np.repeat(np.where(large, 0.3, 0.02), sizes)).astype(np.float64)
        groups = np.repeat(np.arange(60), sizes).astype(str).tolist()
        mean = (0.3 * 8 * 0.3 + 0.7 * 1 * 0.02) / (0.3 * 8 + 0.7)
        misses += int(clears(-costs[None, :], -mean, low=-1.0, high=0.0, groups=groups, confidence=0.95)[0])
    assert misses / 400 <= 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / 400)


def test_forgetting_the_groups_misses_more() -> None:
    """The simulation can fail: the same costs taken one by one miss more than 10% of the time."""
    rng = np.random.default_rng(34)
    rates = rng.beta(0.15 * 4, 0.85 * 4, (1000, 50))
    costs = (rng.random((1000, 500)) < np.repeat(rates, 10, axis=1)).astype(np.float64)
    assert clears(-costs, -0.15, low=-1.0, high=0.0, confidence=0.95).mean() > 0.10


def test_a_group_of_everything_is_one_value() -> None:
    """One group alone proves what a single value would."""
    found = measured([0.0] * 30, groups=["wall"] * 30)
    assert (found.groups, found.method) == (1, BETTING_ON_GROUPS)
    assert found.lower <= measured([0.0]).lower + 0.2


def test_bound_and_single_test_agree() -> None:
    """A sample whose bound lies above a bar clears it, and one whose bound lies clearly below does not."""
    rng = np.random.default_rng(35)
    costs = _costs(rng, (200, 80), 0.8, (0.2, 1.0))
    bounds, cleared = lower_means(costs, confidence=0.95), clears(costs, 0.08, confidence=0.95)
    assert np.all(cleared[bounds > 0.081])
    assert not np.any(cleared[bounds < 0.07])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=40), st.floats(0.05, 0.95), st.integers(0, 5), st.integers(0, 99)
)
def test_sums_by_group_are_tested_as_values_are(sizes: list[int], bar: float, empty: int, seed: int) -> None:
    """Samples whose groups differ, of which some end with groups of nothing, are each tested as if they were alone."""
    draw, counts = np.random.default_rng(seed), np.zeros((2, len(sizes) + empty))
    counts[0, : len(sizes)] = sizes
    counts[1, : (len(sizes) + 1) // 2] = sizes[: (len(sizes) + 1) // 2]
    each = np.where(draw.uniform(size=counts.shape) < 0.9, 8.0, 2.0)
    found = clears_by_group(each * counts, counts, 8.0 * bar, high=8.0, confidence=0.9)
    for row in (0, 1):
        whole = counts[row].astype(int)
        names = [str(place) for place, size in enumerate(whole) for _ in range(size)]
        values = np.repeat(each[row], whole)[None]
        assert found[row] == clears(values, 8.0 * bar, high=8.0, groups=names, confidence=0.9)[0]


def test_sums_that_groups_cannot_have_are_refused() -> None:
    """More than all at their most, a row without values, a bar beyond what values can be, and shapes that differ."""
    for sums, sizes, bar in (
        ([[9.0]], [[1]], 0.5),
        ([[0.0]], [[0]], 0.5),
        ([[1.0]], [[1]], 9.0),
        ([[1.0]], [[1, 2]], 0.5),
    ):
        with pytest.raises(ValueError, match=r"values|bar"):
            clears_by_group(sums, sizes, bar, high=8.0, confidence=0.9)


def test_very_many_values_share_bets() -> None:
    """Beyond so many values neighbours are bet on together: the bound stays, within a hair, that of a share."""
    count = 3 * MOST_BETS
    right = (np.random.default_rng(36).random(count) < 0.9).astype(np.float64)
    found = lower_means(right[None, :], confidence=0.95)[0]
    assert found == pytest.approx(lower_bound(int(right.sum()), count), abs=2e-3)


def test_nothing_measured_bounds_nothing() -> None:
    """Without examples the bounds are the limits."""
    found = mean_measured([], low=-1.0, high=3.0, groups=[], confidence=0.95, unit="EUR")
    assert (found.lower, found.upper, found.count) == (-1.0, 3.0, 0)


@pytest.mark.parametrize(
    ("costs", "low", "high", "confidence"),
    [([2.0], 0.0, 1.0, 0.95), ([-0.1], 0.0, 1.0, 0.95), ([math.nan], 0.0, 1.0, 0.95), ([0.5], 1.0, 0.0, 0.95)]
    + [([0.5], 0.0, 1.0, bad) for bad in (0.0, 1.0, math.nan)]
    + [([0.5], -math.inf, 1.0, 0.95)],
)
def test_impossible_values_are_refused(costs: list[float], low: float, high: float, confidence: float) -> None:
    """Values beyond their limits, limits upside down and impossible confidences are errors."""
    with pytest.raises(ValueError, match="must lie"):
        mean_measured(costs, low=low, high=high, groups=["a"] * len(costs), confidence=confidence, unit="EUR")


def test_shapes_must_fit() -> None:
    """One group for each value, one row for each sample, and a bar between the limits."""
    with pytest.raises(ValueError, match="one entry for each group"):
        mean_measured([0.1], low=0.0, high=1.0, groups=["a", "b"], confidence=0.95, unit="share")
    with pytest.raises(ValueError, match="a row for each sample"):
        lower_means(np.ones(3), confidence=0.95)
    with pytest.raises(ValueError, match="bar must lie"):
        clears(np.ones((1, 3)), 1.5, confidence=0.95)


def _costs(
    rng: np.random.Generator, shape: tuple[int, int], right: float, levels: tuple[float, ...]
) -> NDArray[np.float64]:
    """Costs of answers of which so many are right; a wrong one costs any of the levels."""
    return np.where(rng.random(shape) < right, 0.0, rng.choice(levels, shape))
