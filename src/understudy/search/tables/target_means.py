"""Categories by what they were answered with: means of the target, shrunk where a category is rare."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]

PARTS: Final = 5
"""A training row's mean comes from the other four parts, so that no row sees its own answer."""
PRIOR: Final = 10.0
"""Rows that the mean of the whole counts as."""


@dataclass(frozen=True)
class TargetMeans:
    """Means of the target by category.

    Attributes:
        tables: For each column of codes, (levels + 1, t): means by code, and last the mean of the whole, for unknowns.
    """

    tables: tuple[Matrix, ...]

    def numbers(self, codes: Codes) -> Matrix:
        """The means of each row's categories, (n, q · t)."""
        parts = [table[codes[:, place]] for place, table in enumerate(self.tables)]
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(codes), 0), np.float32)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be kept."""
        return {str(place): table for place, table in enumerate(self.tables)}


def fit_means(codes: Codes, sizes: tuple[int, ...], target: Numbers, *, seed: int) -> tuple[TargetMeans, Matrix]:
    """Finds the means, and what training rows see of them.

    Args:
        codes: (n, q), of training rows.
        sizes: How many different codes each column has.
        target: (n, t): what means are taken of.
        seed: Of the parts.

    Returns:
        The means for new rows, and those for the training rows, (n, q · t), each without its own part.

    Source:
        Micci-Barreca (2001), cross-fitted as in scikit-learn's `TargetEncoder`.
    """
    means = TargetMeans(tuple(_table(codes[:, place], size, target) for place, size in enumerate(sizes)))
    part_of = np.random.default_rng(seed).permutation(len(codes)) % PARTS
    seen = np.zeros((len(codes), sum(table.shape[1] for table in means.tables)), np.float32)
    for part in range(PARTS):
        inside, outside = part_of == part, part_of != part
        if inside.any():
            tables = (_table(codes[outside, place], size, target[outside]) for place, size in enumerate(sizes))
            seen[inside] = TargetMeans(tuple(tables)).numbers(codes[inside])
    return means, seen


def _table(codes: Codes, size: int, target: Numbers) -> Matrix:
    whole = target.mean(axis=0) if len(target) else np.zeros(target.shape[1])
    known = codes >= 0
    counts = np.bincount(codes[known], minlength=size)
    sums = np.stack([np.bincount(codes[known], column[known], minlength=size) for column in target.T], axis=1)
    means = (sums + PRIOR * whole) / (counts + PRIOR)[:, None]
    return np.concatenate([means, whole[None]]).astype(np.float32)
