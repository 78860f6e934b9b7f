"""Claims about errors of numbers and intervals around them."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mapie.regression import SplitConformalRegressor
from numpy.typing import NDArray
from scipy import stats as oracle
from sklearn.base import BaseEstimator, RegressorMixin

from understudy.stats.regression import (
    ORDER,
    ORDER_OF_GROUPS,
    band,
    band_scores,
    conformal_width,
    error_quantile,
    interval,
    lower_rank,
    scores_of,
    upper_rank,
    within_tolerance,
)
from understudy.stats.shares import share_measured

errors_seen = st.lists(st.floats(0, 100), min_size=1, max_size=80)
shares = st.floats(0.05, 0.95)


@given(errors_seen, shares, st.floats(0.6, 0.99))
def test_bounds_of_a_quantile_equal_scipys(errors: list[float], q: float, confidence: float) -> None:
    """Each side is the one-sided confidence interval of scipy's exact quantile test; infinite where that has none.

    Where a rank has the asked confidence to the last digit, ours takes it and scipy's does not on one of its sides.
    """
    chances = oracle.binom.cdf(np.arange(len(errors)), len(errors), [[q], [1 - q]])
    assume(np.abs(chances - confidence).min() > 1e-9)
    found = error_quantile(errors, q, confidence)
    sides = [oracle.quantile_test(errors, q=0.0, p=q, alternative=side) for side in ("less", "greater")]
    high, low = (side.confidence_interval(confidence_level=confidence) for side in sides)
    assert found.upper == (math.inf if math.isnan(high.high) else high.high)
    assert found.lower == (-math.inf if math.isnan(low.low) else low.low)
    assert found.lower <= found.estimate <= found.upper
    assert (found.count, found.groups, found.method) == (len(errors), len(errors), ORDER)


def test_29_errors_are_the_fewest_that_bound_their_90_percent_quantile() -> None:
    """The largest of 29 does; 28 are too few at 95% confidence, and so is nothing at all."""
    assert upper_rank(29, 0.9, 0.95) == 29
    assert upper_rank(28, 0.9, 0.95) is None
    assert lower_rank(29, 0.1, 0.95) == 1
    assert error_quantile(np.arange(28.0), 0.9, 0.95).upper == math.inf
    nothing = error_quantile([], 0.9, 0.95)
    assert (nothing.lower, nothing.upper, nothing.count) == (-math.inf, math.inf, 0)


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
def test_exact_coverage_of_a_quantile_never_falls_below_what_is_promised(q: float) -> None:
    """For every n up to 200 the chance that the bounding rank reaches the quantile, by enumeration, is at least 95%."""
    for count in range(1, 201):
        high, low = upper_rank(count, q, 0.95), lower_rank(count, q, 0.95)
        if high is not None:
            assert oracle.binom.cdf(high - 1, count, q) >= 0.95
            assert high == 1 or oracle.binom.cdf(high - 2, count, q) < 0.95
        if low is not None:
            assert oracle.binom.sf(low - 1, count, q) >= 0.95 - 1e-12


def _grouped(rng: np.random.Generator, sizes: list[int]) -> NDArray[np.float64]:
    """Absolute errors whose groups share a shift that makes up half of their variance, standard normal in all."""
    shift = np.repeat(rng.normal(size=len(sizes)), sizes)
    return np.abs(math.sqrt(0.5) * shift + math.sqrt(0.5) * rng.normal(size=sum(sizes)))


def test_bounds_of_a_quantile_cover_with_groups() -> None:
    """40 groups of 8: each bound of the 80% quantile fails in at most 5% of 300 worlds; the plain upper one in more."""
    rng, sizes = np.random.default_rng(60), [8] * 40
    groups, true = [str(i // 8) for i in range(320)], oracle.norm.ppf(0.9)
    worlds = [_grouped(rng, sizes) for _ in range(300)]
    found = [error_quantile(errors, 0.8, 0.95, groups=groups) for errors in worlds]
    allowed = 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / 300)
    assert np.mean([each.upper < true for each in found]) <= allowed
    assert np.mean([each.lower > true for each in found]) <= allowed
    assert all(each.lower <= each.estimate <= each.upper and each.method == ORDER_OF_GROUPS for each in found)
    assert np.mean([error_quantile(errors, 0.8, 0.95).upper < true for errors in worlds]) > allowed


@given(errors_seen, st.floats(0, 100))
def test_within_a_tolerance_is_a_share(errors: list[float], tolerance: float) -> None:
    """The same as the share of answers that are near enough, groups and all."""
    near = [error <= tolerance for error in errors]
    alone = [str(i) for i in range(len(errors))]
    assert within_tolerance(errors, tolerance, 0.95) == share_measured(near, groups=alone, confidence=0.95)
    together = ["wall"] * len(errors)
    assert within_tolerance(errors, tolerance, 0.95, groups=together) == share_measured(
        near, groups=together, confidence=0.95
    )


class Known(RegressorMixin, BaseEstimator):
    """Answers with its only feature, as a model that was fitted elsewhere."""

    def fit(self, _rows: NDArray[np.float64], _true: NDArray[np.float64]) -> "Known":
        self.fitted_ = True
        return self

    def predict(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return rows[:, 0]


@pytest.mark.parametrize(("count", "coverage"), [(20, 0.9), (99, 0.9), (100, 0.95), (250, 0.8)])
def test_marginal_intervals_equal_mapies(count: int, coverage: float) -> None:
    """The interval around each answer is that of MAPIE's split conformal regressor, end for end."""
    rng = np.random.default_rng(count)
    rows = rng.normal(size=(count, 1))
    true = rows[:, 0] + rng.standard_t(3, size=count)
    model = SplitConformalRegressor(Known().fit(rows, true), confidence_level=coverage, prefit=True)
    predicted, ends = model.conformalize(rows, true).predict_interval(rows)
    low, high = interval(predicted, conformal_width(scores_of(true, predicted), coverage))
    assert low == pytest.approx(ends[:, 0, 0])
    assert high == pytest.approx(ends[:, 1, 0])


def _covered(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of new standard normal errors that each width holds."""
    covered: NDArray[np.float64] = 2 * oracle.norm.cdf(widths) - 1
    return covered


@pytest.mark.parametrize("count", [19, 60, 200])
def test_marginal_width_covers_on_average(count: int) -> None:
    """Over 2,000 sealed sets intervals hold 90% of new examples on average, and no more than 1 / (n + 1) above that.

    For a single sealed set they hold fewer about half of the time.
    """
    rng = np.random.default_rng(61)
    covered = _covered(np.array([conformal_width(np.abs(row), 0.9) for row in rng.normal(size=(2000, count))]))
    chance = 2.33 * covered.std() / math.sqrt(2000)
    assert 0.9 - chance <= covered.mean() <= 0.9 + 1 / (count + 1) + chance
    assert 0.3 <= np.mean(covered < 0.9) <= 0.6


@pytest.mark.parametrize("count", [29, 60, 200])
def test_width_with_confidence_covers_for_this_very_sealed_set(count: int) -> None:
    """In at most 5% of 20,000 sealed sets do intervals hold fewer than 90% of new examples: as many as theory says."""
    sets = np.abs(np.random.default_rng(62).normal(size=(20_000, count)))
    rank = upper_rank(count, 0.9, 0.95)
    assert rank is not None
    widths = np.sort(sets, axis=1)[:, rank - 1]
    assert widths[:100].tolist() == [conformal_width(row, 0.9, 0.95) for row in sets[:100]]
    expected = oracle.binom.sf(rank - 1, count, 0.9)
    assert expected <= 0.05
    chance = 4 * math.sqrt(expected / 20_000)
    assert np.mean(_covered(widths) < 0.9) == pytest.approx(expected, abs=chance)


def test_groups_of_any_size_count_once_and_cover_a_new_group() -> None:
    """Errors of large groups are small ones: pooled intervals hold too few of a new group's examples, grouped ones not.

    100 groups drawn alike, each with 2 examples of spread 3 or 30 examples of spread 1.
    """
    rng, grouped, pooled = np.random.default_rng(63), [], []
    for _ in range(400):
        large = rng.random(30) < 0.5
        sizes = np.where(large, 30, 2)
        groups = [str(i) for i, size in enumerate(sizes) for _ in range(size)]
        errors = np.abs(rng.normal(size=sizes.sum())) * np.repeat(np.where(large, 1.0, 3.0), sizes)
        for widths, names in ((grouped, groups), (pooled, None)):
            width = conformal_width(errors, 0.8, groups=names)
            widths.append((_covered(np.array(width)) + _covered(np.array(width / 3))) / 2)
    assert 0.79 <= np.mean(grouped) <= 0.8 + 1 / 31 + 0.01
    assert np.mean(pooled) < 0.75


@given(errors_seen, shares)
def test_examples_that_stand_alone_are_groups_of_one(errors: list[float], coverage: float) -> None:
    """With every example its own group, grouped widths are the plain ones, with and without confidence."""
    alone = [f"g{i}" for i in range(len(errors))]
    for confidence in (None, 0.9):
        plain = conformal_width(errors, coverage, confidence)
        assert conformal_width(errors, coverage, confidence, groups=alone) == plain


def test_too_few_examples_reach_to_infinity() -> None:
    """Eight cannot promise 90% on average, nine can; 28 cannot with 95% confidence, 29 can; one group cannot at all."""
    assert conformal_width(np.arange(8.0), 0.9) == math.inf
    assert conformal_width(np.arange(9.0), 0.9) == 8.0
    assert conformal_width(np.arange(28.0), 0.9, 0.95) == math.inf
    assert conformal_width(np.arange(29.0), 0.9, 0.95) == 28.0
    assert conformal_width(np.arange(99.0), 0.9, groups=["wall"] * 99) == math.inf
    assert conformal_width([], 0.5) == math.inf


def test_difficulty_spends_width_where_it_is_needed() -> None:
    """Errors that grow with a known difficulty: as many are held as promised, easy and hard ones alike."""
    rng = np.random.default_rng(64)
    hard = rng.uniform(0.2, 3.0, 4000)
    predicted, true = np.zeros(4000), hard * rng.normal(size=4000)
    sealed, new = slice(0, 2000), slice(2000, 4000)
    width = conformal_width(scores_of(true[sealed], predicted[sealed], hard[sealed]), 0.9)
    low, high = interval(predicted[new], width, hard[new])
    held = (low <= true[new]) & (true[new] <= high)
    easy = hard[new] < 1.0
    assert held[easy].mean() == pytest.approx(0.9, abs=0.03)
    assert held[~easy].mean() == pytest.approx(0.9, abs=0.03)
    one_width = conformal_width(scores_of(true[sealed], predicted[sealed]), 0.9)
    assert np.mean(np.abs(true[new])[~easy] <= one_width) < 0.87


@pytest.mark.parametrize("edge", [0.5, 1.645, 4.0])
def test_a_band_is_moved_until_it_covers(edge: float) -> None:
    """Predicted quantiles that are too tight are widened, ones that are too loose are drawn in; 90% are held."""
    rng = np.random.default_rng(65)
    true, low = rng.normal(size=3000), np.full(3000, -edge)
    width = conformal_width(band_scores(true[:2000], low[:2000], -low[:2000]), 0.9)
    below, above = band(low[2000:], -low[2000:], width)
    assert np.mean((below <= true[2000:]) & (true[2000:] <= above)) == pytest.approx(0.9, abs=0.03)
    assert (width > 0) == (edge < 1.6) or edge == pytest.approx(1.645)


def test_contradictions_are_refused() -> None:
    """A missing error, lengths that differ, a difficulty of nothing or a share of one are errors, not numbers."""
    with pytest.raises(ValueError, match="an error is a number"):
        error_quantile([1.0, math.nan], 0.5, 0.95)
    with pytest.raises(ValueError, match="one entry for each group"):
        conformal_width([1.0], 0.5, groups=["a", "b"])
    with pytest.raises(ValueError, match="a tolerance is a number"):
        within_tolerance([1.0], math.nan, 0.95)
    with pytest.raises(ValueError, match="difficulty lies above 0"):
        scores_of([1.0], [1.0], [0.0])
    with pytest.raises(ValueError, match="same shape"):
        band_scores([1.0, 2.0], [1.0], [2.0])
    with pytest.raises(ValueError, match="q must lie"):
        error_quantile([1.0], 1.0, 0.95)
    with pytest.raises(ValueError, match="confidence must lie"):
        conformal_width([1.0], 0.5, 95.0)
