"""Claims about bounds of proportions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats as oracle
from statsmodels.stats.proportion import proportion_confint

from understudy.domain.evidence import Proportion
from understudy.stats.intervals import (
    MOST_TRIALS,
    PLAIN,
    lower_bound,
    lower_bounds,
    proportion,
    trials_needed,
    upper_bound,
)

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
confidences = st.floats(0.5, 0.999)


@given(counts, confidences)
def test_bounds_equal_those_of_statsmodels(count: tuple[int, int], confidence: float) -> None:
    """The lower and upper bounds are those of statsmodels' "beta" interval with both tails."""
    successes, trials = count
    low, high = proportion_confint(successes, trials, alpha=2 * (1 - confidence), method="beta")
    assert lower_bound(successes, trials, confidence=confidence) == pytest.approx(low, abs=1e-12)
    assert upper_bound(successes, trials, confidence=confidence) == pytest.approx(high, abs=1e-12)


@given(counts, confidences)
def test_bound_stays_on_its_side_of_the_estimate(count: tuple[int, int], confidence: float) -> None:
    """A lower bound never exceeds the observed share, nor leaves 0..1; an upper bound mirrors it."""
    successes, trials = count
    share = successes / trials
    assert 0.0 <= lower_bound(successes, trials, confidence=confidence) <= share
    assert share <= upper_bound(successes, trials, confidence=confidence) <= 1.0


@given(counts)
def test_one_more_right_answer_never_lowers_the_bound(count: tuple[int, int]) -> None:
    """A further example that is right raises the bound, one that is wrong lowers it."""
    successes, trials = count
    here = lower_bound(successes, trials)
    assert lower_bound(successes + 1, trials + 1) > here
    assert lower_bound(successes, trials + 1) <= here
    assert lower_bound(successes, trials, confidence=0.99) <= here


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_exact_coverage_never_falls_below_what_is_promised(confidence: float) -> None:
    """For every n up to 60 and every true rate on a grid, the bound is at most the truth often enough (enumerated)."""
    rates = np.concatenate([np.linspace(0.005, 0.995, 199), [1e-6, 1 - 1e-6]])
    for trials in range(1, 61):
        successes = np.arange(trials + 1)
        chance = oracle.binom.pmf(successes[:, None], trials, rates)
        holds = lower_bounds(successes, trials, confidence=confidence)[:, None] <= rates
        assert np.all((chance * holds).sum(axis=0) >= confidence - 1e-12), f"{trials} trials"


def test_three_of_three_prove_little() -> None:
    """3 of 3 right: one-sided at least 37%; 29% is the lower end of the two-sided interval."""
    assert lower_bound(3, 3) == pytest.approx(0.05 ** (1 / 3))
    assert lower_bound(3, 3, confidence=0.975) == pytest.approx(0.292, abs=5e-4)
    assert lower_bound(31, 32) == pytest.approx(0.860, abs=1e-3)


def test_nothing_counted_proves_nothing() -> None:
    """Without trials the bounds are 0 and 1, and the evidence says so."""
    assert (lower_bound(0, 0), upper_bound(0, 0)) == (0.0, 1.0)
    assert proportion(0, 0) == Proportion(0, 0, 0.0, 0.95, PLAIN)


@pytest.mark.parametrize(("successes", "trials"), [(4, 3), (-1, 3), (0, -1)])
def test_contradictory_counts_are_refused(successes: int, trials: int) -> None:
    """Counts that contradict each other are an error, not a number."""
    with pytest.raises(ValueError, match="between 0 and trials"):
        lower_bound(successes, trials)


@pytest.mark.parametrize("confidence", [0.0, 1.0, math.nan, 95.0])
def test_impossible_confidence_is_refused(confidence: float) -> None:
    """A confidence that is no share is an error."""
    with pytest.raises(ValueError, match="confidence"):
        lower_bound(1, 2, confidence=confidence)


def test_without_an_error_59_examples_show_95_percent_and_299_show_99() -> None:
    """The published figures, and that one example fewer is not enough."""
    assert trials_needed(0.95, 1.0) == 59
    assert trials_needed(0.99, 1.0) == 299
    assert lower_bound(59, 59) >= 0.95 > lower_bound(58, 58)


@given(st.floats(0.01, 0.999), confidences)
def test_without_errors_the_number_is_the_smallest(bar: float, confidence: float) -> None:
    """The bound of that many right answers reaches the bar; of one fewer it does not."""
    needed = trials_needed(bar, 1.0, confidence=confidence)
    assert needed is not None
    assert lower_bound(needed, needed, confidence=confidence) >= bar - 1e-12
    assert needed == 1 or lower_bound(needed - 1, needed - 1, confidence=confidence) < bar + 1e-12


def _power(trials: NDArray[np.int64], bar: float, true_rate: float, confidence: float) -> NDArray[np.float64]:
    """Chance that the bound clears the bar, straight from its definition, by enumeration."""
    clears = [np.flatnonzero(lower_bounds(np.arange(n + 1), n, confidence=confidence) >= bar) for n in trials]
    fewest = np.array([found[0] if found.size else n + 1 for n, found in zip(trials, clears, strict=True)])
    power: NDArray[np.float64] = oracle.binom.sf(fewest - 1, trials, true_rate)
    return power


@pytest.mark.parametrize(
    ("bar", "true_rate", "power"),
    [(0.9, 0.97, 0.8), (0.9, 0.95, 0.8), (0.8, 0.9, 0.9), (0.5, 0.7, 0.5), (0.9, 0.99, 0.8), (0.996, 0.998, 0.8)],
)
def test_needed_trials_agree_with_enumeration(bar: float, true_rate: float, power: float) -> None:
    """From the needed number on the power never falls short again; just before it, it does."""
    needed = trials_needed(bar, true_rate, power=power)
    assert needed is not None
    around = np.arange(needed - 1, needed + 150)
    enumerated = _power(around, bar, true_rate, 0.95)
    assert enumerated[0] < power
    assert np.all(enumerated[1:] >= power)


@pytest.mark.parametrize(("true_rate", "published"), [(0.93, 550), (0.95, 180), (0.97, 90)])
def test_needed_trials_match_the_published_figures(true_rate: float, published: int) -> None:
    """Bar 90%, power 80%: about 550 at a true 93%, 180 at 95%, 90 at 97%; ours stay safe and lie up to 15% above."""
    needed = trials_needed(0.9, true_rate)
    assert needed is not None
    assert 0.95 * published <= needed <= 1.15 * published


def test_some_bars_cannot_be_shown() -> None:
    """A bar at or above the true rate, or a hair below it, has no number of examples."""
    assert trials_needed(0.9, 0.9) is None
    assert trials_needed(0.95, 0.5) is None
    assert trials_needed(0.9, 0.9001) is None


@settings(max_examples=40)
@given(st.floats(0.3, 0.98), st.floats(0.1, 0.6), st.sampled_from([0.5, 0.8, 0.95]))
def test_a_better_model_never_needs_more(bar: float, gap: float, power: float) -> None:
    """The needed number does not rise with the true rate, shows the bar where all are right, and stays in bounds."""
    rates = [bar + (1 - bar) * share for share in (gap, (1 + gap) / 2, 1.0)]
    needed = [trials_needed(bar, rate, power=power) for rate in rates]
    numbers = [n for n in needed if n is not None]
    assert numbers == sorted(numbers, reverse=True)
    assert lower_bound(numbers[-1], numbers[-1]) >= bar - 1e-12
    assert numbers[0] <= 2 * MOST_TRIALS
