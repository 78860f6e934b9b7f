"""Rows as numbers of like size: bins, and codes of their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.search.tables.dense import LEAST_ONE_HOT, MOST_ONE_HOT, fit_dense
from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.fitted import Task
from understudy.search.tables.target import Target

PLAIN, WORDED = Feature("height", "height"), Feature("title: wording 1", "title", worded=True)


def task_of(numbers: list[list[float]], codes: list[int] | None = None, sizes: tuple[int, ...] = ()) -> Task:
    """Rows of a number and of one that a text was brought to, to learn from."""
    held = np.array(codes, np.int32)[:, None] if codes is not None else np.zeros((len(numbers), 0), np.int32)
    rows = Encoded(np.array(numbers, np.float32), held)
    target = Target(rows.numbers[:, 0].astype(np.float64), 0, np.ones(len(rows)))
    return Task(rows, target, rows, target, sizes, (PLAIN, WORDED), 0, 1, lambda: None)


def counted(count: int) -> list[list[float]]:
    """Numbers that all differ."""
    return [[float(place), float(place % 97)] for place in range(count)]


def test_what_a_text_was_brought_to_gets_fewer_bins() -> None:
    """A number is spread over as many bins as asked for, one of a text's over a quarter; a straight line over none."""
    dense, _ = fit_dense(task_of(counted(200)), bins=12)
    assert np.bincount(dense.binned).tolist() == [12, 3]
    none, _ = fit_dense(task_of(counted(200)), bins=0)
    assert len(none.binned) == len(none.low) == len(none.high) == 0


@given(st.lists(st.integers(-9999, 9999), min_size=5, max_size=40, unique=True), st.integers(2, 12))
def test_bins_fill_one_after_the_other(values: list[int], bins: int) -> None:
    """The larger the number, the more of its bins are full: never less than of a smaller one, each within 0 and 1."""
    rows = [[float(value), 0.0] for value in sorted(values)]
    dense, matrix = fit_dense(task_of(rows), bins=bins)
    filled = matrix[:, matrix.shape[1] - len(dense.binned) :][:, dense.binned == 0]
    assert filled.shape[1] == bins
    assert ((filled >= 0) & (filled <= 1)).all()
    assert (np.diff(filled, axis=0) >= 0).all()
    assert filled[0].sum() == 0
    assert filled[-1] == pytest.approx(1)


@pytest.mark.parametrize(("rows", "most"), [(2_000, MOST_ONE_HOT), (100_000, LEAST_ONE_HOT)])
def test_codes_of_their_own_are_bounded(rows: int, most: int) -> None:
    """Of three hundred codes the commonest get a number each: more where there are few rows, fewer where many."""
    codes = [place % 300 for place in range(rows)]
    dense, matrix = fit_dense(task_of(counted(rows), codes, (300,)), bins=0)
    assert len(dense.hot[0]) == most
    assert matrix.shape == (rows, 2 + 2 + 1 + most)
