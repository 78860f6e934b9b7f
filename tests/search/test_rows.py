"""Rows keep what tells photos apart, in memory or in a file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.search import rows as rows_module
from understudy.search.rows import Rows, learn_turning


def features(count: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(3, 2, (count, width)).astype(np.float32)


@settings(max_examples=25)
@given(st.integers(2, 40), st.integers(1, 60), st.integers(0, 99))
def test_turning_keeps_the_distances_of_standardised_rows(count: int, width: int, seed: int) -> None:
    """Few photos lose no distance to one another, and their mean squared length is about 1."""
    given_rows = features(count, width, seed)
    turning = learn_turning(lambda at: given_rows[at], count, seed=0)
    turned = turning(given_rows)
    standard = (given_rows - turning.mean) * turning.scale
    apart = [np.linalg.norm(m[:, None] - m[None], axis=2) for m in (turned, standard)]
    np.testing.assert_allclose(*apart, atol=2e-2)
    assert turned.shape[1] <= min(count, width)
    assert (turned**2).sum(axis=1).mean() == pytest.approx(1, abs=0.01)


def test_identical_photos_turn_to_nothing() -> None:
    """Where all photos are the same, rows are finite zeros."""
    given_rows = np.full((7, 30), 4.5, np.float32)
    turned = learn_turning(lambda at: given_rows[at], 7, seed=0)(given_rows)
    assert turned.shape == (7, 1)
    assert (turned == 0).all()


@pytest.mark.parametrize("indices", [[], [0], [3, 4, 5], [0, 9, 99], list(range(0, 100, 2)), list(range(100))])
def test_rows_in_a_file_are_the_rows_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indices: list[int]
) -> None:
    """Any choice of rows reads the same from a file as from memory."""
    given_rows = features(100, 12)
    turning = learn_turning(lambda at: given_rows[at], 100, seed=0)
    kept = Rows.turned(lambda at: given_rows[at], 100, turning, tmp_path / "never")
    monkeypatch.setattr(rows_module, "IN_MEMORY", 10)
    monkeypatch.setattr(rows_module, "CHUNK", 7)
    stored = Rows.turned(lambda at: given_rows[at], 100, turning, tmp_path / "rows")
    wanted = np.array(indices, np.int64)
    np.testing.assert_allclose(stored.take(wanted), kept.take(wanted), atol=1e-6)
    chunks = [*stored.chunks(wanted)]
    assert [len(part) for part, _ in chunks] == [len(chunk) for _, chunk in chunks]
    assert sum(len(part) for part, _ in chunks) == len(indices)
    stored.remove()
    assert not (tmp_path / "rows").exists()


def test_many_photos_are_turned_to_bounded_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """More photos than dimensions are turned to the directions in which a sample of them spreads most."""
    monkeypatch.setattr(rows_module, "MAX_DIMENSIONS", 5)
    monkeypatch.setattr(rows_module, "SAMPLE", 50)
    rng = np.random.default_rng(0)
    given_rows = (rng.normal(size=(400, 5)) @ rng.normal(size=(5, 40))).astype(np.float32)
    turning = learn_turning(lambda at: given_rows[at], 400, seed=0)
    turned, standard = turning(given_rows), (given_rows - turning.mean) * turning.scale
    assert turned.shape == (400, 5)
    np.testing.assert_allclose(turned @ turning.basis.T, standard, atol=0.05)
