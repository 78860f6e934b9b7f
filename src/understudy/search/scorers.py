"""Scorers: what a fitted head is. Linear ones, and radial ones that measure distances to known examples."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


class Scorer(Protocol):
    """Gives every label a score; the higher, the likelier."""

    def __call__(self, rows: Matrix) -> Matrix:
        """Scores turned rows, (n, r), as (n, k)."""
        ...


@dataclass(frozen=True)
class Linear:
    """Scores that are weighted sums.

    Attributes:
        weights: (r, k)
        bias: (k,)
    """

    weights: Matrix
    bias: Matrix

    def __call__(self, rows: Matrix) -> Matrix:  # noqa: D102
        return rows @ self.weights + self.bias


@dataclass(frozen=True)
class Radial:
    """Scores that are weighted sums of similarity exp(-gamma distance²) to known rows.

    Attributes:
        centres: (m, r)
        gamma: How fast similarity falls with squared distance.
        weights: (m, k)
        bias: (k,)
    """

    centres: Matrix
    gamma: float
    weights: Matrix
    bias: Matrix

    def __call__(self, rows: Matrix) -> Matrix:  # noqa: D102
        similarity = np.exp(-np.float32(self.gamma) * squared_distances(rows, self.centres))
        return np.asarray(similarity @ self.weights + self.bias, np.float32)


def squared_distances(rows: Matrix, centres: Matrix) -> Matrix:
    """Squared distances, (n, m), between (n, r) and (m, r)."""
    lengths = (rows * rows).sum(axis=1)[:, None] + (centres * centres).sum(axis=1)
    return np.asarray(np.maximum(lengths - 2 * (rows @ centres.T), 0), np.float32)
