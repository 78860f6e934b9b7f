"""Sums over labelled rows from which several heads follow in closed form, however many rows there were."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search import least_squares
from understudy.search.least_squares import Sums
from understudy.search.rows import Chunks, Indices
from understudy.search.scorers import Linear

Array = npt.NDArray[np.float64]

_LEAST_SPREAD = 1e-3
"""Of rows about their label's mean, where rows are about 1 long: less is rounding, as with one row a label."""


@dataclass(frozen=True)
class Moments:
    """Counts, sums and products of rows.

    Attributes:
        counts: Rows of each label, (k,).
        sums: Their sums, (k, r).
        products: Sum of outer products over all rows, (r, r).
    """

    counts: Array
    sums: Array
    products: Array

    @classmethod
    def of(cls, chunks: Chunks, labels: Indices, classes: int, pulse: Callable[[], None]) -> "Moments":
        """Adds up rows that come in chunks.

        Args:
            chunks: At least one.
            labels: Label of every row there is, 0..k-1.
            classes: k.
            pulse: Called for each chunk; raises when the work should end.
        """
        counts, sums, products = np.zeros(classes), np.zeros(()), np.zeros(())
        for part, chunk in chunks:
            pulse()
            member = np.eye(classes, dtype=np.float32)[labels[part]]
            counts += member.sum(axis=0)
            sums = sums + member.T @ chunk
            products = products + chunk.T @ chunk
        return cls(counts, sums, products)

    def __sub__(self, other: "Moments") -> "Moments":
        """What is left when some of the rows are taken out again."""
        return Moments(self.counts - other.counts, self.sums - other.sums, self.products - other.products)

    @property
    def total(self) -> float:
        """Rows in all."""
        return float(self.counts.sum())


def ridge(moments: Moments, strengths: Sequence[float]) -> list[Linear]:
    """Least squares on 0/1 targets with a penalty on the squared weights, one scorer for each strength."""
    return least_squares.ridge(
        Sums(moments.total, moments.sums.sum(axis=0), moments.counts, moments.products, moments.sums.T), strengths
    )


def discriminant(moments: Moments, shrinkages: Sequence[float]) -> list[Linear]:
    """Linear discriminant analysis with the pooled covariance drawn towards a multiple of the identity.

    Source:
        Friedman, Regularized discriminant analysis, JASA 84 (1989).
    """
    centres = moments.sums / np.maximum(moments.counts, 1)[:, None]
    pooled = (moments.products - (moments.sums.T @ centres)) / moments.total
    identity = np.eye(len(pooled)) * (max(np.trace(pooled), _LEAST_SPREAD) / len(pooled))
    priors = np.log(np.maximum(moments.counts, 0.5) / moments.total)
    fitted = []
    for shrinkage in shrinkages:
        covariance = (1 - shrinkage) * pooled + shrinkage * identity
        weights = scipy.linalg.solve(covariance, centres.T, assume_a="pos", check_finite=False)
        fitted.append(_linear(weights, priors - 0.5 * np.einsum("kr,rk->k", centres, weights)))
    return fitted


def nearest_mean(moments: Moments) -> Linear:
    """Scores by closeness to each label's mean row."""
    centres = moments.sums / np.maximum(moments.counts, 1)[:, None]
    return _linear(2 * centres.T, -(centres**2).sum(axis=1))


def _linear(weights: Array, bias: Array) -> Linear:
    return Linear(weights.astype(np.float32), bias.astype(np.float32))
