"""Rows and labels for tests of heads."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.search.rows import Rows, Turning

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


def blobs(count: int, classes: int, width: int = 8, *, spread: float = 0.35, seed: int = 0) -> tuple[Matrix, Indices]:
    """Rows around one centre a label, with a squared length of about 1."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(classes, width)) / np.sqrt(width)
    labels = np.append(np.arange(classes), rng.integers(0, classes, count - classes))
    return (centres[labels] + rng.normal(size=(count, width)) * spread / np.sqrt(width)).astype(np.float32), labels


def held(matrix: Matrix) -> Rows:
    """The matrix as rows in memory."""
    plain = Turning(
        np.zeros(matrix.shape[1], np.float32),
        np.ones(matrix.shape[1], np.float32),
        np.eye(matrix.shape[1], dtype=np.float32),
    )
    return Rows.turned(lambda at: matrix[at], len(matrix), plain, Path("never written"))
