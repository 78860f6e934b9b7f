"""What a learning curve is drawn from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats.scores import Scores

from .growths import SIZES, grown, power


def test_errors_are_shares_of_what_was_scored() -> None:
    """An example that no model of a size was asked about counts neither way at that size."""
    right = np.array([[1.0, 0.0, np.nan], [1.0, 0.5, 1.0]])
    scores = Scores(np.array([8.0, 16.0]), right, np.zeros(2), 1, np.arange(3), np.zeros(3, np.int64))
    assert scores.errors.tolist() == [0.5, pytest.approx(1 / 6)]
    assert [point.examples for point in scores.points()] == [8, 16]


def test_the_covariance_is_that_of_redrawn_groups() -> None:
    """Drawing the groups anew, many times, spreads the errors as the covariance says."""
    scores = grown(power(1.0, 0.4), examples=120, group=3)
    rng, groups = np.random.default_rng(5), 40
    drawn = []
    for _ in range(3_000):
        weight = np.bincount(rng.integers(0, groups, groups), minlength=groups)[scores.groups]
        drawn.append(((1 - scores.right) * weight).sum(axis=1) / weight.sum())
    assert np.allclose(np.cov(np.array(drawn).T), scores.covariance, rtol=0.15, atol=2e-5)


def test_points_rise_and_fall_together() -> None:
    """The same examples are scored at every size, so differences are known better than heights."""
    spread = grown(power(1.0, 0.4), models=200).covariance
    difference = spread[-1, -1] + spread[-2, -2] - 2 * spread[-1, -2]
    assert difference < spread[-1, -1]


@given(st.integers(1, 40), st.integers(1, 5))
@settings(max_examples=30)
def test_a_covariance_has_no_negative_direction(examples: int, group: int) -> None:
    """Whatever was scored, no combination of points has a variance below nothing."""
    scores = grown(power(1.0, 0.4), examples=examples, group=group)
    assert np.linalg.eigvalsh(scores.covariance).min() > -1e-12


def test_scores_of_a_label_are_its_own_examples() -> None:
    """A label's scores hold its examples alone, and a label that was not scored everywhere has none."""
    scores = grown(power(1.0, 0.4), examples=90, labels=3)
    own = scores.of_label(1)
    assert own is not None
    assert own.right.shape == (len(SIZES), 30)
    assert np.array_equal(own.right, scores.right[:, 1::3])
    assert scores.of_label(7) is None
    scores.right[0, scores.labels == 2] = np.nan
    assert scores.of_label(2) is None


def test_what_does_not_fit_together_is_refused() -> None:
    """Rows, columns and sizes must belong together, and every size must have been scored."""
    groups = np.arange(2)
    with pytest.raises(ValueError, match="row for each size"):
        Scores(np.array([8.0]), np.ones((1, 3)), np.zeros(1), 1, groups, groups)
    with pytest.raises(ValueError, match="rise"):
        Scores(np.array([8.0, 8.0]), np.ones((2, 2)), np.zeros(2), 1, groups, groups)
    with pytest.raises(ValueError, match="scored"):
        Scores(np.array([8.0]), np.full((1, 2), np.nan), np.zeros(1), 1, groups, groups)
