"""Claims about shares with a bound on each side."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

from understudy.domain.review import Measured, Outcome
from understudy.stats.intervals import PLAIN
from understudy.stats.shares import (
    corrected_lower,
    outcome_of,
    precision_measured,
    recall_measured,
    share_bounds,
    share_measured,
)

CHANCE_OF_2000 = 0.061
"""What a true 5% may show in 2,000 runs: 5% + 2.33 standard errors."""
answers = st.lists(st.booleans(), max_size=60)
grouped = st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefgh")), max_size=80)
confidences = st.floats(0.5, 0.999)


def alone(count: int) -> list[str]:
    return [f"g{i}" for i in range(count)]


@given(answers, confidences)
def test_examples_that_stand_alone_get_clopper_and_pearsons_bounds(right: list[bool], confidence: float) -> None:
    """Both bounds are those of statsmodels' "beta" interval with both tails."""
    found = share_measured(right, groups=alone(len(right)), confidence=confidence)
    if right:
        low, high = proportion_confint(sum(right), len(right), alpha=2 * (1 - confidence), method="beta")
        assert (found.lower, found.upper) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))
    assert (found.count, found.groups, found.method, found.unit) == (len(right), len(right), PLAIN, "share")


@given(grouped, confidences)
def test_wrong_answers_mirror_right_ones(cases: list[tuple[bool, str]], confidence: float) -> None:
    """The share of wrong answers is one less that of right ones, bounds and all; the estimate lies between them."""
    groups = [group for _, group in cases]
    right = share_measured([hit for hit, _ in cases], groups=groups, confidence=confidence)
    wrong = share_measured([not hit for hit, _ in cases], groups=groups, confidence=confidence)
    assert (wrong.lower, wrong.upper) == (pytest.approx(1 - right.upper), pytest.approx(1 - right.lower))
    assert 0.0 <= right.lower <= right.estimate + 1e-12
    assert right.estimate <= right.upper + 1e-12
    assert right.upper <= 1.0
    assert right.groups == len(set(groups))


def test_nothing_seen_proves_nothing() -> None:
    """Without examples the bounds are 0 and 1, and every bar is open."""
    nothing = share_measured([], groups=[], confidence=0.95)
    assert (nothing.estimate, nothing.lower, nothing.upper, nothing.count) == (0.0, 0.0, 1.0, 0)
    assert outcome_of(nothing, 0.5) is Outcome.OPEN


def test_recall_and_precision_count_their_own_examples() -> None:
    """Worked by hand: three cracks of which two were called so; four called so of which two are."""
    true = ["crack", "crack", "crack", "fine", "fine", "dirt"]
    said = ["crack", "crack", "fine", "crack", "crack", "dirt"]
    groups = ["a", "b", "c", "d", "e", "f"]
    recall = recall_measured(true, said, "crack", groups=groups, confidence=0.95)
    precision = precision_measured(true, said, "crack", groups=groups, confidence=0.95)
    assert (recall.estimate, recall.count) == (2 / 3, 3)
    assert (precision.estimate, precision.count) == (2 / 4, 4)
    by_index = recall_measured(
        np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 0, 0, 2]), 0, groups=groups, confidence=0.95
    )
    assert by_index == recall
    assert recall_measured(true, said, "rust", groups=groups, confidence=0.95).count == 0


def test_labels_and_groups_must_match() -> None:
    """One group for each label, or an error."""
    with pytest.raises(ValueError, match="one entry for each group"):
        recall_measured(["a", "b"], ["a", "b"], "a", groups=["x"], confidence=0.95)
    with pytest.raises(ValueError, match="column for each group"):
        share_bounds(np.ones((2, 3)), ["x"], confidence=0.95)


@pytest.mark.parametrize(
    ("lower", "upper", "at_least", "outcome"),
    [
        (0.90, 0.97, True, Outcome.PROVEN),
        (0.89, 0.97, True, Outcome.OPEN),
        (0.80, 0.90, True, Outcome.OPEN),
        (0.80, 0.89, True, Outcome.REFUTED),
        (0.85, 0.90, False, Outcome.PROVEN),
        (0.85, 0.91, False, Outcome.OPEN),
        (0.91, 0.95, False, Outcome.REFUTED),
        (-math.inf, math.inf, True, Outcome.OPEN),
    ],
)
def test_an_outcome_follows_from_the_bounds_alone(lower: float, upper: float, at_least: bool, outcome: Outcome) -> None:
    """Proven by the near bound, refuted by the far one, else open; reaching the bar is enough."""
    measured = Measured(0.5, lower, upper, 10, 10, 0.95, PLAIN)
    assert outcome_of(measured, 0.9, at_least) is outcome


def test_a_bar_that_is_no_number_is_refused() -> None:
    """A missing bar never passes for a low one."""
    with pytest.raises(ValueError, match="number"):
        outcome_of(share_measured([True], groups=["a"], confidence=0.95), math.nan)


@settings(max_examples=40)
@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(
            st.lists(st.sampled_from("abcdefgh"), min_size=n, max_size=n),
            st.lists(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=n, max_size=n), min_size=1, max_size=4),
        )
    ),
    st.booleans(),
)
def test_many_samples_at_once_get_the_same_bounds(
    case: tuple[list[str], list[list[tuple[bool, bool]]]], standing_alone: bool
) -> None:
    """Row by row the vectorised bounds are those of `share_measured`, also of a part that differs by row."""
    groups = alone(len(case[0])) if standing_alone else case[0]
    right = np.array([[hit for hit, _ in row] for row in case[1]])
    counted = np.array([[inside for _, inside in row] for row in case[1]])
    lower, upper = share_bounds(right, groups, confidence=0.95, counted=counted)
    for row in range(len(right)):
        own = [group for group, inside in zip(groups, counted[row], strict=True) if inside]
        one = share_measured(right[row][counted[row]], groups=own, confidence=0.95)
        assert (lower[row], upper[row]) == (pytest.approx(one.lower), pytest.approx(one.upper))


@pytest.mark.parametrize(("rate", "correlation"), [(0.9, 0.2), (0.5, 0.5), (0.1, 0.2), (0.02, 0.1)])
def test_both_bounds_cover_with_groups_in_simulation(rate: float, correlation: float) -> None:
    """50 groups of 10: each bound misses the truth in at most 5% of 2,000 worlds, give or take the chance error."""
    rng = np.random.default_rng(30)
    spread = 1 / correlation - 1
    rates = np.repeat(rng.beta(rate * spread, (1 - rate) * spread, (2000, 50)), 10, axis=1)
    lower, upper = share_bounds(rng.random((2000, 500)) < rates, [str(i // 10) for i in range(500)], confidence=0.95)
    assert np.mean(lower > rate) <= CHANCE_OF_2000
    assert np.mean(upper < rate) <= CHANCE_OF_2000


def test_bounds_of_a_part_cover_though_its_size_is_left_to_chance() -> None:
    """Precision at a true 90%: the number of examples given the label varies, the bound still holds."""
    rng = np.random.default_rng(31)
    given_label = rng.random((2000, 120)) < 0.3
    lower, _ = share_bounds(rng.random((2000, 120)) < 0.9, alone(120), confidence=0.95, counted=given_label)
    assert 0.01 <= np.mean(lower > 0.9) <= CHANCE_OF_2000


def _agreeing(rng: np.random.Generator, wrong_labels: float, *, repeated: bool) -> NDArray[np.bool_]:
    """Whether a model that is truly right 90% of the time agrees with labels, 2,000 samples of 300."""
    truly_right = rng.random((2000, 300)) < 0.9
    if repeated:  # wrong labels lie where the model makes the same mistake
        return truly_right | (rng.random((2000, 300)) < wrong_labels / 0.1)
    label_right = rng.random((2000, 300)) >= wrong_labels
    return truly_right == label_right


def test_random_label_noise_makes_the_plain_bound_cautious() -> None:
    """With 5% of two labels wrong at random, the plain bound exceeds the truth far less often than it may."""
    agreed = _agreeing(np.random.default_rng(32), 0.05, repeated=False)
    assert np.mean(share_bounds(agreed, alone(300), confidence=0.95)[0] > 0.9) <= 0.01


def test_label_noise_that_the_model_repeats_needs_the_correction() -> None:
    """With 5% of labels wrong as the model is, the plain bound fails nearly always; the corrected one holds."""
    agreed = _agreeing(np.random.default_rng(33), 0.05, repeated=True)
    assert np.mean(share_bounds(agreed, alone(300), confidence=0.95)[0] > 0.9) >= 0.6
    measured = [share_measured(row, groups=alone(300), confidence=0.95) for row in agreed[:1000]]
    assert np.mean([corrected_lower(each, 0.05) > 0.9 for each in measured]) <= 0.05 + 2.33 * math.sqrt(
        0.05 * 0.95 / 1000
    )


def test_a_correction_never_leaves_the_range() -> None:
    """What is taken off leaves nothing below 0, and a share of wrong labels is a share."""
    measured = share_measured([True, False], groups=["a", "b"], confidence=0.95)
    assert corrected_lower(measured, 1.0) == 0.0
    assert corrected_lower(measured, 0.0) == measured.lower
    with pytest.raises(ValueError, match="between 0 and 1"):
        corrected_lower(measured, 5.0)
