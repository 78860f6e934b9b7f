"""Kernel ridge by landmarks: exact where every row is one, and near it where a thousand stand for many."""

from pathlib import Path

import numpy as np
import pytest

from understudy.search import landmarks
from understudy.search.landmarks import LandmarkRidge
from understudy.search.least_squares import KernelRidge
from understudy.search.rows import Rows, Turning

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(90, 7)).astype(np.float32) / np.float32(np.sqrt(7))
WANTED = np.stack([MATRIX[:, 0] > 0, np.sin(3 * MATRIX[:, 1])], axis=1).astype(np.float32)
SETTINGS = [(0.1, 0.5), (0.03, 0.15), (0.03, 0.5)]
HELD = Rows(len(MATRIX), MATRIX.shape[1], MATRIX, None)


def quiet() -> None:
    """Nobody wants to stop."""


@pytest.mark.parametrize("part", [np.arange(90), np.arange(0, 90, 3), np.flatnonzero(np.arange(90) % 4)])
def test_with_every_row_as_a_landmark_it_is_kernel_ridge(part: np.ndarray) -> None:
    """Whichever rows are learned from, and whether the others are taken out or these summed up."""
    by_landmarks = LandmarkRidge(HELD, WANTED, [0.5, 0.15], quiet).fit(part, SETTINGS)
    for ours, exact in zip(by_landmarks, KernelRidge(HELD, WANTED).fit(part, SETTINGS), strict=True):
        np.testing.assert_allclose(ours(MATRIX), exact(MATRIX), atol=2e-3)


def test_few_landmarks_come_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the rows as landmarks answer nearly what all do, and the scorer holds no more than they are."""
    monkeypatch.setattr(landmarks, "LANDMARKS", 30)
    (few,) = LandmarkRidge(HELD, WANTED, [0.15], quiet).fit(np.arange(90), [(0.1, 0.15)])
    (exact,) = KernelRidge(HELD, WANTED).fit(np.arange(90), [(0.1, 0.15)])
    assert len(few.centres) == 30
    assert np.abs(few(MATRIX) - exact(MATRIX)).mean() < 0.05


def test_rows_on_disk_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that do not fit in memory are read in chunks, and the scorer is the same but for rounding."""
    monkeypatch.setattr("understudy.search.rows.IN_MEMORY", 10)
    monkeypatch.setattr("understudy.search.rows.CHUNK", 16)
    plain = Turning(np.zeros(7, np.float32), np.ones(7, np.float32), np.eye(7, dtype=np.float32))
    stored = Rows.turned(lambda rows: MATRIX[rows], 90, plain, tmp_path / "rows.f32")
    part = np.flatnonzero(np.arange(90) % 4)
    for ours, others in zip(
        LandmarkRidge(stored, WANTED, [0.5, 0.15], quiet).fit(part, SETTINGS),
        LandmarkRidge(HELD, WANTED, [0.5, 0.15], quiet).fit(part, SETTINGS),
        strict=True,
    ):
        np.testing.assert_allclose(ours(MATRIX), others(MATRIX), atol=1e-3)
