"""Straight lines are the best there are under their penalty, whatever stands beside what in the columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax

from understudy.search.tables.dense import fit_dense
from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.fitted import Task
from understudy.search.tables.linear import WIDE, Lines
from understudy.search.tables.target import Numbers, Target


def task_of(seed: int, classes: int, *, columns: int = 4, rows: int = 120) -> Task:
    """Rows of numbers, of which the second says nearly what the first does, and labels that depend on them."""
    chance = np.random.default_rng(seed)
    numbers = chance.normal(size=(rows, columns)).astype(np.float32)
    numbers[:, 1] = numbers[:, 0] + 1e-3 * numbers[:, 1]
    pulls = numbers[:, :4] @ chance.normal(size=(4, classes)) + chance.gumbel(size=(rows, classes))
    values = np.r_[np.arange(classes), pulls.argmax(axis=1)[classes:]]
    target = Target(values, classes, chance.uniform(0.5, 2, rows))
    encoded = Encoded(numbers, np.zeros((rows, 0), np.int32))
    features = tuple(Feature(f"n{place}", f"n{place}") for place in range(columns))
    return Task(encoded, target, encoded, target, (), features, seed, 1, lambda: None)


def lost(task: Task, weights: Numbers, penalty: float) -> tuple[float, Numbers]:
    """What weights lose with their penalty, by the textbook and in 64 bits, and the gradient of that."""
    matrix = fit_dense(task, bins=0)[1].astype(np.float64)
    scores = matrix @ weights[:-1] + weights[-1]
    truth, counted = np.eye(task.target.classes)[task.target.values], task.target.weights[:, None]
    total = -(log_softmax(scores, axis=1) * truth * counted).sum() + penalty * (weights[:-1] ** 2).sum() / 2
    residual = (softmax(scores, axis=1) - truth) * counted
    return float(total), np.vstack([matrix.T @ residual + penalty * weights[:-1], residual.sum(axis=0)])


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 5), st.sampled_from([0.3, 3.0, 30.0]))
def test_no_other_line_loses_less(seed: int, classes: int, penalty: float) -> None:
    """Whichever way the weights are moved, the loss with its penalty does not fall."""
    task = task_of(seed, classes)
    line = Lines().fit(task, {"penalty": penalty})
    least, gradient = lost(task, line.weights, penalty)
    assert np.abs(gradient).max() < 0.02
    moves = np.random.default_rng(seed).normal(size=(20, *line.weights.shape)) * 0.1
    assert all(lost(task, line.weights + move, penalty)[0] > least for move in moves)


def test_very_many_columns_end_in_the_same_line() -> None:
    """Where columns are too many to be turned the answers are those of the best line too."""
    task = task_of(3, 2, columns=WIDE // 2 + 8, rows=60)
    line = Lines().fit(task, {"penalty": 3.0})
    assert len(line.weights) > WIDE
    assert np.abs(lost(task, line.weights, 3.0)[1]).max() < 0.02


@pytest.mark.parametrize("classes", [2, 3])
def test_a_line_is_kept_as_it_was(classes: int) -> None:
    """What was kept of a line answers as it did, with probabilities that sum to one."""
    task = task_of(5, classes)
    line = Lines().fit(task, {"penalty": 3.0})
    answers = line.answers(task.rows)
    assert answers.shape == (120, classes)
    assert answers.sum(axis=1) == pytest.approx(1)
    np.testing.assert_array_equal(Lines().read(line.arrays()).answers(task.rows), answers)


def test_constant_and_repeated_columns_do_no_harm() -> None:
    """Columns that say nothing, or the same as another, leave a line that can be fitted."""
    numbers = np.tile(np.array([[1.0, 0.0], [1.0, 1.0]], np.float32), (40, 3))
    rows = Encoded(numbers, np.zeros((80, 0), np.int32))
    target = Target(np.tile([0, 1], 40), 2, np.ones(80))
    features = tuple(Feature(f"n{place}", f"n{place}") for place in range(6))
    task = Task(rows, target, rows, target, (), features, 0, 1, lambda: None)
    answers = Lines().fit(task, {"penalty": 1.0}).answers(rows)
    assert (answers.argmax(axis=1) == target.values).all()
