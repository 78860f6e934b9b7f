"""Least squares towards any columns (labels that are there, or a number): linear, and by likeness to known rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.rows import Indices, Rows
from understudy.search.scorers import Linear, Matrix, Radial, squared_distances

Array = npt.NDArray[np.float64]
AnyMatrix = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Sums:
    """Sums over rows and over what is wanted of them.

    Attributes:
        total: Rows in all.
        rows: Their sum, (r,).
        wanted: Sum of what is wanted, (k,).
        products: Sum of outer products of the rows, (r, r).
        cross: Sum of outer products of rows and what is wanted, (r, k).
    """

    total: float
    rows: Array
    wanted: Array
    products: Array
    cross: Array

    @classmethod
    def of(cls, chunks: Iterable[tuple[Indices, AnyMatrix]], wanted: Matrix, pulse: Callable[[], None]) -> "Sums":
        """Adds up rows that come in chunks.

        Args:
            chunks: At least one.
            wanted: Of every row there is, (n, k).
            pulse: Called for each chunk; raises when the work should end.
        """
        total, rows, products, cross = 0.0, np.zeros(()), np.zeros(()), np.zeros(())
        summed = np.zeros(wanted.shape[1])
        for part, chunk in chunks:
            pulse()
            total += len(part)
            rows = rows + chunk.sum(axis=0, dtype=np.float64)
            summed += wanted[part].sum(axis=0, dtype=np.float64)
            products = products + chunk.T @ chunk
            cross = cross + chunk.T @ wanted[part]
        return cls(total, rows, summed, products, cross)

    def __sub__(self, other: "Sums") -> "Sums":
        """What is left when some of the rows are taken out again."""
        return Sums(
            self.total - other.total,
            self.rows - other.rows,
            self.wanted - other.wanted,
            self.products - other.products,
            self.cross - other.cross,
        )


def ridge(sums: Sums, strengths: Sequence[float]) -> list[Linear]:
    """Least squares with a penalty on the squared weights, one scorer for each strength.

    Source:
        Hoerl & Kennard, Technometrics 12 (1970); as a classifier Rifkin & Klautau, JMLR 5 (2004).
    """
    mean, level = sums.rows / sums.total, sums.wanted / sums.total
    scatter = sums.products - sums.total * np.outer(mean, mean)
    cross = sums.cross - np.outer(mean, sums.wanted)
    fitted = []
    for strength in strengths:
        weights = scipy.linalg.solve(scatter + strength * np.eye(len(mean)), cross, assume_a="pos", check_finite=False)
        fitted.append(Linear(weights.astype(np.float32), (level - mean @ weights).astype(np.float32)))
    return fitted


class KernelRidge:
    """Least squares on likeness to the rows that are learned from, on distances that are computed once for a view."""

    def __init__(self, rows: Rows, wanted: Matrix) -> None:
        self._rows, self._wanted = rows.take(np.arange(rows.count)), wanted
        self._distances = squared_distances(self._rows, self._rows)

    def fit(self, indices: Indices, settings: Sequence[tuple[float, float]]) -> list[Radial]:
        """Fits once for each penalty and gamma; every fit has all its rows as centres.

        Source:
            Saunders, Gammerman & Vovk, Ridge regression learning algorithm in dual variables, ICML 1998.
        """
        between = self._distances[np.ix_(indices, indices)]
        wanted = self._wanted[indices].astype(np.float64)
        level = wanted.mean(axis=0)
        centres = self._rows[indices]
        fitted = []
        for penalty, gamma in settings:
            kernel = np.exp(-gamma * between.astype(np.float64))
            kernel[np.diag_indices_from(kernel)] += penalty
            weights = scipy.linalg.solve(kernel, wanted - level, assume_a="pos", overwrite_a=True, check_finite=False)
            fitted.append(Radial(centres, gamma, weights.astype(np.float32), level.astype(np.float32)))
        return fitted
