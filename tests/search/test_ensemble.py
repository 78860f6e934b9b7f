"""The ensemble is a mixture that does no worse than what it started from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search.ensemble import MAX_PICKS, START, Ensemble, choose, clearly_better
from understudy.search.kinds.one_label import LogLoss


def candidates(count: int, rows: int, classes: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, rows)
    made = []
    for _ in range(count):
        raw = rng.random((rows, classes)) + np.eye(classes)[labels] * rng.random()
        made.append(raw / raw.sum(axis=1, keepdims=True))
    return made, labels


def loss_of(given_probabilities: np.ndarray, labels: np.ndarray) -> float:
    loss = LogLoss(labels)
    return loss.overall(loss.losses(loss.told(given_probabilities)))


@settings(max_examples=50)
@given(st.integers(1, 12), st.integers(2, 40), st.integers(2, 4), st.integers(0, 99))
def test_an_ensemble_is_a_mixture_of_its_members(count: int, rows: int, classes: int, seed: int) -> None:
    """Weights sum to 1, the mixture's rows do too, and adding members never raised the loss."""
    made, labels = candidates(count, rows, classes, seed)
    ensemble = choose(made, LogLoss(labels))
    assert sum(ensemble.weights) == pytest.approx(1)
    assert list(ensemble.members) == sorted(set(ensemble.members))
    assert len(ensemble.members) <= MAX_PICKS
    mixed = sum(weight * made[member] for member, weight in zip(ensemble.members, ensemble.weights, strict=True))
    np.testing.assert_allclose(ensemble.given, mixed)
    np.testing.assert_allclose(ensemble.given.sum(axis=1), 1)
    best = sorted(made, key=lambda each: loss_of(each, labels))[:START]
    assert ensemble.losses.mean() <= loss_of(np.mean(best, axis=0), labels) + 1e-9


def test_a_perfect_candidate_takes_most_of_the_weight() -> None:
    """Where one candidate is right and the others guess, the mixture leans on it."""
    labels = np.arange(30) % 3
    perfect = np.eye(3)[labels] * 0.97 + 0.01
    ensemble = choose([np.full((30, 3), 1 / 3)] * 6 + [perfect], LogLoss(labels))
    assert dict(zip(ensemble.members, ensemble.weights, strict=True))[6] > 0.5


def test_a_small_gain_is_no_reason_for_more_demand() -> None:
    """A challenger must be better by more than chance, and repeated rows of one example count once."""
    rng = np.random.default_rng(0)
    losses = rng.random(40)
    incumbent = Ensemble((0,), (1.0,), losses, np.empty(0))
    noisy = Ensemble((0,), (1.0,), losses - 0.01 + rng.normal(0, 0.5, 40), np.empty(0))
    better = Ensemble((0,), (1.0,), losses - 0.3, np.empty(0))
    rows = np.arange(40)
    assert not clearly_better(incumbent, incumbent, rows)
    assert clearly_better(better, incumbent, rows)
    assert not clearly_better(incumbent, better, rows)
    spread = Ensemble((0,), (1.0,), losses - 1.5 / np.sqrt(40) + np.tile([1, -1], 20), np.empty(0))
    assert [clearly_better(spread, incumbent, rows, errors=errors) for errors in (1, 2)] == [True, False]
    tiled = [Ensemble((0,), (1.0,), np.tile(each.losses, 9), np.empty(0)) for each in (noisy, incumbent)]
    assert clearly_better(*tiled, np.tile(rows, 9)) == clearly_better(noisy, incumbent, rows)
