"""One temperature makes probabilities honest, and little evidence never makes them sure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from understudy.search.calibration import fit_sharpness, log_losses, probabilities


@pytest.mark.parametrize("sharpness", [0.2, 1.0, 7.0])
@pytest.mark.parametrize("classes", [2, 5])
def test_a_known_temperature_is_found_again(sharpness: float, classes: int) -> None:
    """Labels drawn from a softmax of known sharpness lead back to it."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(20_000, classes)) * 2 / sharpness
    drawn = special.softmax(scores * sharpness, axis=1).cumsum(axis=1)
    labels = (rng.random((20_000, 1)) > drawn).sum(axis=1)
    assert fit_sharpness(scores, labels) == pytest.approx(sharpness, rel=0.05)


@settings(max_examples=60)
@given(st.integers(2, 12), st.integers(2, 6), st.floats(0.01, 1e4))
def test_a_handful_of_right_answers_is_never_certainty(count: int, classes: int, scale: float) -> None:
    """However far apart the scores and however right the answers, few of them leave room for doubt."""
    labels = np.arange(count) % classes
    scores = np.eye(classes)[labels] * scale
    stated = probabilities(scores, fit_sharpness(scores, labels)).max(axis=1)
    assert (stated < 1 - 0.4 * (classes - 1) / (count + classes)).all()


def test_fewer_cases_make_less_sure() -> None:
    """The same scores seen of fewer different examples give probabilities nearer to even."""
    labels = np.arange(40) % 2
    scores = np.eye(2)[labels]
    sharp = [fit_sharpness(scores, labels, cases=cases) for cases in (40, 10, 2)]
    assert sharp == sorted(sharp, reverse=True)
    assert probabilities(scores, sharp[-1]).max() == pytest.approx(0.75, abs=0.01)


def test_wrong_scores_become_even_probabilities() -> None:
    """Scores that say nothing about the label end near an even chance."""
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(500, 4))
    given_probabilities = probabilities(scores, fit_sharpness(scores, rng.integers(0, 4, 500)))
    assert given_probabilities.max() < 0.45
    np.testing.assert_allclose(given_probabilities.sum(axis=1), 1)


def test_identical_scores_are_fine() -> None:
    """Scores without any difference give even probabilities and the log loss of a guess."""
    scores, labels = np.zeros((6, 3)), np.array([0, 1, 2, 0, 1, 2])
    given_probabilities = probabilities(scores, fit_sharpness(scores, labels))
    np.testing.assert_allclose(log_losses(given_probabilities, labels), np.log(3))
