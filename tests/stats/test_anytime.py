"""Claims about bounds that hold at every moment at once."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from understudy.stats.anytime import ConfidenceSequence, answers_needed, log_wealth, sequence_of
from understudy.stats.intervals import lower_bound, trials_needed

unit_values = st.lists(st.floats(0.0, 1.0), max_size=60)


def after(values: list[float], *, confidence: float = 0.95) -> ConfidenceSequence:
    """The sequence after these values."""
    sequence = ConfidenceSequence(confidence=confidence)
    for value in values:
        sequence = sequence.update(value)
    return sequence


@settings(max_examples=40)
@given(unit_values, st.floats(0.0, 1.0))
def test_bounds_only_ever_close_in(values: list[float], following: float) -> None:
    """With every value the lower bound stays or rises and the upper one stays or falls, within 0..1."""
    before = after(values)
    later = before.update(following)
    assert 0.0 <= before.lower <= later.lower <= 1.0
    assert 0.0 <= later.upper <= before.upper <= 1.0
    assert later.count == len(values) + 1
    assert later.estimate == pytest.approx(np.mean([*values, following]))


@settings(max_examples=30)
@given(unit_values)
def test_right_and_wrong_are_mirror_images(values: list[float]) -> None:
    """The upper bound of a share is what the lower bound of its opposite leaves."""
    here, there = after(values), after([1.0 - value for value in values])
    assert here.upper == pytest.approx(1.0 - there.lower, abs=1e-9)


@settings(max_examples=30)
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(0.6, 0.98))
def test_looking_any_time_costs_width(right: list[bool], confidence: float) -> None:
    """No anytime bound exceeds the best of all single looks, and more confidence never raises it."""
    values = [float(hit) for hit in right]
    looks = [lower_bound(sum(right[:seen]), seen, confidence=confidence) for seen in range(1, len(right) + 1)]
    assert after(values, confidence=confidence).lower <= max(looks) + 1e-9
    assert after(values, confidence=confidence + 0.01).lower <= after(values, confidence=confidence).lower + 1e-12


@settings(max_examples=30)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.05, 0.95))
def test_wealth_is_the_even_mixture_over_stakes(count: tuple[int, int], mean: float) -> None:
    """The closed form is the integral over all stakes from 0 to 1, done by quadrature."""
    right, seen = count
    mixed, _ = integrate.quad(lambda u: (1 - u + u / mean) ** right * (1 - u) ** (seen - right), 0.0, 1.0, limit=200)
    assert float(log_wealth(right, seen, mean)) == pytest.approx(math.log(mixed), abs=1e-6)


@given(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wealth_falls_as_the_bet_gets_harder(count: tuple[int, int]) -> None:
    """The higher the mean that is bet against, the smaller the wealth, so there is one bound."""
    right, seen = count
    below = np.linspace(0.001, 0.999, 60) * (right + 1) / (seen + 2)
    assert np.all(np.diff(log_wealth(right, seen, below)) <= 1e-9)


@pytest.mark.parametrize("rate", [0.5, 0.9, 0.98])
def test_looking_after_every_answer_is_safe(rate: float) -> None:
    """Of 800 models exactly at the bar, each looked at 500 times, at most 5% (6.8% with chance) ever prove it."""
    right = np.random.default_rng(50).random((800, 500)) < rate
    hits, seen = right.cumsum(axis=1), np.arange(1, 501)
    assert (log_wealth(hits, seen, rate) >= math.log(20)).any(axis=1).mean() <= 0.068
    assert (log_wealth(seen - hits, seen, 1 - rate) >= math.log(20)).any(axis=1).mean() <= 0.068


def test_values_between_right_and_wrong_are_safe_too() -> None:
    """Costs of 0, 0.3 and 1 with a mean of 0.2: the bound ever exceeds it in at most 5% of runs."""
    costs = np.random.default_rng(51).choice([0.0, 0.3, 1.0], (800, 400), p=[0.62, 0.2571, 0.1229])
    mean, totals = 0.3 * 0.2571 + 0.1229, costs.cumsum(axis=1)
    assert (log_wealth(totals, np.arange(1, 401), mean) >= math.log(20)).any(axis=1).mean() <= 0.068


def test_checking_a_plain_bound_every_time_is_not_safe() -> None:
    """The simulation can fail: Clopper-Pearson after each of 300 answers proves a bar at the truth far too often."""
    right = np.random.default_rng(52).random((300, 300)) < 0.9
    looks = [[lower_bound(int(hits), seen) >= 0.9 for seen, hits in enumerate(run.cumsum(), 1)] for run in right]
    assert np.mean([any(run) for run in looks]) > 0.12


def test_price_of_looking_any_time() -> None:
    """96 of 100 right: 91.0% by a single look, 88.1% at any time; the page says so."""
    sequence = after([float(place % 25 != 3) for place in range(100)])
    assert (sequence.count, sequence.total) == (100, 96.0)
    assert sequence.lower == pytest.approx(0.881, abs=1e-3)
    assert lower_bound(96, 100) == pytest.approx(0.911, abs=1e-3)
    assert sequence.proven(0.88)
    assert not sequence.proven(0.89)
    assert sequence.refuted(0.999)


@pytest.mark.parametrize(("bar", "rate"), [(0.9, 0.95), (0.5, 0.7), (0.95, 1.0)])
def test_needed_answers_are_those_of_simulation(bar: float, rate: float) -> None:
    """By the number that is told, the bar is proven in 80% of simulated shadow stages, and hardly before."""
    needed = answers_needed(bar, rate)
    assert needed is not None
    hits = (np.random.default_rng(53).random((2000, needed)) < rate).cumsum(axis=1)
    proven = log_wealth(hits, np.arange(1, needed + 1), bar) >= math.log(20)
    assert proven.any(axis=1).mean() >= 0.8 - 0.021
    assert proven[:, : needed - 1].any(axis=1).mean() < 0.8 + 0.021


def test_shadow_needs_more_than_a_sealed_set() -> None:
    """The freedom to look at any time costs answers: 324 where 203 sealed examples would do."""
    assert answers_needed(0.9, 0.95) == 324
    assert trials_needed(0.9, 0.95) == 203
    assert answers_needed(0.9, 0.9) is None
    assert answers_needed(0.95, 0.9) is None
    assert answers_needed(0.9, 0.9005) is None


@settings(max_examples=20)
@given(st.floats(0.3, 0.97), st.floats(0.2, 0.8))
def test_a_better_model_needs_fewer_answers(bar: float, gap: float) -> None:
    """The needed number does not rise with the true rate or fall with the confidence or the power."""
    rate = bar + (1 - bar) * gap
    middle, best = answers_needed(bar, rate), answers_needed(bar, (1 + rate) / 2)
    assert best is not None
    assert middle is None or best <= middle
    assert best <= (answers_needed(bar, (1 + rate) / 2, confidence=0.99) or math.inf)
    assert best <= (answers_needed(bar, (1 + rate) / 2, power=0.9) or math.inf)


def test_impossible_values_are_refused() -> None:
    """A value outside 0..1, a share out of range or a sum beyond its count is an error."""
    for value in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="value"):
            ConfidenceSequence().update(value)
    with pytest.raises(ValueError, match="confidence"):
        ConfidenceSequence(confidence=1.0)
    with pytest.raises(ValueError, match="sum"):
        ConfidenceSequence(count=2, total=3.0)
    for bar, rate in ((0.0, 0.9), (1.0, 0.9), (0.9, 1.1)):
        with pytest.raises(ValueError, match="must lie"):
            answers_needed(bar, rate)


@settings(max_examples=40)
@given(st.lists(st.booleans(), max_size=60), st.sampled_from([0.95, 0.965, 0.9925]))
def test_many_at_once_are_one_by_one(values: list[bool], confidence: float) -> None:
    """Values taken all at once give the bounds that they give one after the other."""
    one_by_one = after([float(value) for value in values], confidence=confidence)
    at_once = sequence_of(values, confidence=confidence)
    assert (at_once.count, at_once.total) == (one_by_one.count, one_by_one.total)
    assert at_once.lower == pytest.approx(one_by_one.lower, abs=1e-9)
    assert at_once.upper == pytest.approx(one_by_one.upper, abs=1e-9)


def test_many_at_once_are_whole() -> None:
    """Values between 0 and 1 are refused, for they have no runs."""
    with pytest.raises(ValueError, match="zeros and ones"):
        sequence_of([1.0, 0.5])
