"""Multinomial logistic regression that needs its rows only in chunks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.engine.ahead import each_ahead
from understudy.engine.inference import cores
from understudy.search.rows import Chunks, Indices, Rows
from understudy.search.scorers import Linear, Matrix

Array = npt.NDArray[np.float64]
Flat = np.ndarray[tuple[int], np.dtype[np.float64]]

MAX_ITERATIONS = 100
TOLERANCE = 5e-4
"""Of the scaled gradient, times the root of the number of rows."""
CURVATURE = 0.08
"""How much a typical row bends the loss, of the 0.25 at most: the larger, the sooner a fit ends, and the less exact it
is. Measured on 6,000 questions of 77 labels and 7,200 of 150, against fits to a tenth of the tolerance: probabilities
are off by 0.0001 on average, 0.2 at most; with 0.02 by half of that, in a third more time."""
LARGE: Final = 2_000_000
"""Numbers in the rows of a fit from which its leading columns are fitted alone first. Measured on 6,022 rows of 1,024
columns and 77 classes: the same probabilities in half the time, for all columns are then needed for few steps only."""
LEADING: Final = 4
"""One in so many columns leads."""
THREADS: Final = 4
"""Threads that sum up one large fit, at most: each holds a gradient, and folds may be fitted side by side."""
PART: Final = 1024
"""Rows of a large fit that one thread sums over in one go; sums are added in the rows' order, however many threads."""

Summed = tuple[float, Array]
"""Loss and gradient of some rows."""
Each = Callable[[Callable[[tuple[Indices, Matrix]], Summed], Chunks], Iterable[Summed]]
"""Sums over each chunk, in order."""


def of_each(sides: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Weights or scores of each label, (n, k), from those that are fitted: of two labels one column, (n, 1).

    One column says all about two labels, and a product with one column takes a tenth of that with two.
    """
    return np.concatenate([-sides, sides], axis=1) / 2 if sides.shape[1] == 1 else sides


def of_sides(each: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Gradients by what is fitted, from those by the weights or scores of each label."""
    return (each[:, 1:] - each[:, :1]) / 2 if each.shape[1] == 2 else each


@dataclass(frozen=True)
class Logistic:
    """Logistic regressions on parts of the same rows.

    Attributes:
        rows: All rows.
        labels: Label of every row, 0..k-1.
        classes: k.
        pulse: Called at every step; raises when the work should end.
    """

    rows: Rows
    labels: Indices
    classes: int
    pulse: Callable[[], None]

    def fit(self, indices: Indices, strengths: Sequence[float]) -> list[Linear]:
        """Fits by L-BFGS, one scorer for each strength, each starting from the one before.

        Args:
            indices: Sorted indices of the rows to fit on.
            strengths: Penalties on half the squared weights, relative to the summed loss; falling.

        Source:
            Liu & Nocedal, Mathematical Programming 45 (1989), through `scipy.optimize`.
        """
        chunks, width = self.rows.chunks(indices), self.rows.width
        large = len(indices) * width >= LARGE
        if large:
            chunks = _Parts(chunks)
        lengths = np.zeros(width)
        for _, chunk in chunks:
            lengths += np.einsum("nr,nr->r", chunk, chunk)
        weights = np.zeros((width + 1, 1 if self.classes == 2 else self.classes))
        # Turned rows spread most in their first columns, so these alone come near to the end already.
        stages = [width // LEADING, width] if large else [width]
        fitted = []
        with _each(min(cores(), THREADS) if large else 1) as each:
            for strength in strengths:
                for columns in stages:
                    self._improve(weights, chunks, lengths[:columns], strength, len(indices), each)
                found = of_each(weights.astype(np.float32))
                fitted.append(Linear(found[:-1], found[-1]))
        return fitted

    def _improve(self, weights: Array, chunks: Chunks, lengths: Array, strength: float, count: int, each: Each) -> None:
        """Fits the weights of the first columns, as many as there are `lengths`, and the bias; others stay."""
        columns = len(lengths)
        penalties = np.append(np.full(columns, strength), 0.0)[:, None]
        # Turned rows are uncorrelated, so this scaling makes the loss about equally curved in every direction.
        bend = np.append(lengths, count)[:, None] * CURVATURE + penalties
        used = np.append(np.arange(columns), -1)
        seen = chunks if columns == len(weights) - 1 else _Leading(chunks, columns)
        weights[used] = _Problem(self, seen, penalties, 1 / np.sqrt(bend), each).solve(weights[used], count)


@contextmanager
def _each(threads: int) -> Iterator[Each]:
    """How sums over chunks are made while it is open: by so many threads."""
    if threads == 1:
        yield map
        return
    with ThreadPoolExecutor(threads) as pool:
        yield partial(each_ahead, pool, ahead=threads + 1)


@dataclass(frozen=True)
class _Parts:
    """Rows in chunks that are not too large for several threads to share them."""

    chunks: Chunks

    def __iter__(self) -> Iterator[tuple[Indices, Matrix]]:
        for part, chunk in self.chunks:
            for start in range(0, len(part), PART):
                yield part[start : start + PART], chunk[start : start + PART]


@dataclass(frozen=True)
class _Leading:
    """The first columns of rows."""

    chunks: Chunks
    columns: int

    def __iter__(self) -> Iterator[tuple[Indices, Matrix]]:
        for part, chunk in self.chunks:
            yield part, chunk[:, : self.columns]


@dataclass(frozen=True)
class _Problem:
    """One fit, in scaled weights.

    Attributes:
        logistic: Whose fit it is.
        chunks: The rows to fit on.
        penalties: Of each row of the weights, (r + 1, 1).
        scale: Of each row of the weights, (r + 1, 1).
        each: How sums over chunks are made.
    """

    logistic: Logistic
    chunks: Chunks
    penalties: Array
    scale: Array
    each: Each

    def solve(self, start: Array, count: int) -> Array:
        """Returns the weights, (r + 1, k), the last row being the bias."""
        found = scipy.optimize.minimize(
            self._loss,
            (start / self.scale).ravel(),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": MAX_ITERATIONS, "gtol": TOLERANCE * np.sqrt(count), "ftol": 0.0, "maxcor": 12},
        )
        weights: Array = found.x.reshape(start.shape) * self.scale
        return weights

    def _loss(self, flat: Flat) -> tuple[float, Flat]:
        """Summed negative log-likelihood plus penalty, and its gradient in scaled weights."""
        weights = flat.reshape(len(self.scale), -1) * self.scale
        small = weights.astype(np.float32)
        loss, gradient = 0.0, np.zeros_like(weights)
        for lost, slope in self.each(partial(self._summed, small), self.chunks):
            self.logistic.pulse()
            loss += lost
            gradient += slope
        each = of_each(weights)
        loss += float((self.penalties * each**2).sum()) / 2
        return loss, ((gradient + self.penalties * of_sides(each)) * self.scale).ravel()

    def _summed(self, small: Matrix, some: tuple[Indices, Matrix]) -> Summed:
        """Of some rows: their summed negative log-likelihood, and its gradient."""
        part, chunk = some
        scores = of_each(chunk @ small[:-1] + small[-1])
        scores -= scores.max(axis=1, keepdims=True)
        true = np.arange(len(part)), self.logistic.labels[part]
        loss = -float(scores[true].sum(dtype=np.float64))
        residual = np.exp(scores, out=scores)
        total = residual.sum(axis=1, keepdims=True)
        loss += float(np.log(total).sum(dtype=np.float64))
        residual /= total
        residual[true] -= 1
        residual = of_sides(residual)
        return loss, np.vstack([chunk.T @ residual, residual.sum(axis=0, dtype=np.float64)])
