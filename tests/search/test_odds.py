"""Slope and shift on log odds make held-out scores honest, label by label."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from understudy.search.odds import fit_slope, fit_slopes, log_odds, sloped


def drawn(seed: int, count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Scores of three labels, each off by a slope and a shift of its own, and whether the labels are there."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(size=(count, 3)) * 1.5 - np.array([0.0, 2.0, -1.0])
    there = rng.random((count, 3)) < special.expit(odds)
    return odds * np.array([3.0, 0.2, 1.0]) + np.array([5.0, -0.3, 0.0]), there


def test_each_label_is_as_likely_as_it_is_said_to_be() -> None:
    """Among held-out examples that are given about some probability, about so many have the label."""
    scores, there = drawn(0)
    stated = fit_slopes(scores, there)(scores)
    for label in range(3):
        for low in (0.1, 0.4, 0.7):
            inside = (stated[:, label] >= low) & (stated[:, label] < low + 0.2)
            assert abs(stated[inside, label].mean() - there[inside, label].mean()) < 0.06


@settings(max_examples=40)
@given(st.integers(0, 99), st.floats(0.01, 100), st.floats(-50, 50), st.integers(2, 60))
def test_scale_and_shift_of_scores_do_not_matter(seed: int, scale: float, shift: float, count: int) -> None:
    """The same scores in other units give the same probabilities, all of them numbers strictly between 0 and 1."""
    scores, there = drawn(seed, count)
    plain, moved = fit_slopes(scores, there)(scores), fit_slopes(scores * scale + shift, there)(scores * scale + shift)
    np.testing.assert_allclose(plain, moved, atol=1e-5)
    assert ((plain > 0) & (plain < 1)).all()


def test_what_was_never_there_is_never_said() -> None:
    """A label that no held-out example had gets a probability near nothing, whatever its scores."""
    scores, there = drawn(1, 200)
    there[:, 2] = False
    assert fit_slopes(scores, there)(scores)[:, 2].max() < 0.1


def test_examples_that_were_held_out_often_count_once() -> None:
    """Four copies of each example are told apart from four times as many."""
    scores, there = drawn(2, 12)
    copied = np.tile(scores, (4, 1)), np.tile(there, (4, 1))
    once, told, untold = fit_slopes(scores, there), fit_slopes(*copied, cases=12), fit_slopes(*copied)
    np.testing.assert_allclose(told.slope, once.slope, rtol=1e-6)
    assert not np.allclose(untold.slope, once.slope)


def test_a_handful_of_right_answers_is_no_certainty() -> None:
    """Five held-out sets that were all right, however sure, are not taken for more than they are."""
    stated = np.array([0.9, 0.95, 0.99, 0.97, 0.8])
    slope = fit_slope(stated, np.ones(5, bool))
    assert sloped(np.array([0.999]), slope)[0] < 0.99
    assert np.isfinite(log_odds(np.array([0.0, 1.0]))).all()
