"""Kernel ridge for many rows: by likeness to a thousand landmarks instead of to every row that is learned from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.least_squares import Sums
from understudy.search.rows import Chunks, Indices, Rows
from understudy.search.scorers import Matrix, Radial, squared_distances

LANDMARKS: Final = 1000
"""Rows that all others are likened to: a square matrix of 8 MB."""
STEADY: Final = 1e-8
"""Of the mean square of likeness, added on the diagonal: more than 32 bits lose."""


class LandmarkRidge:
    """Least squares on likeness to landmarks.

    Landmarks are spread evenly over the rows, which lie in the order of digests, so chance drew them; their labels play
    no part. All rows are likened to them once for each gamma, and a fit on a part takes the rest out again.

    Source:
        Williams & Seeger, Using the Nyström method to speed up kernel machines, NIPS 2000.
    """

    def __init__(self, rows: Rows, wanted: Matrix, gammas: Sequence[float], pulse: Callable[[], None]) -> None:
        self._rows, self._wanted, self._pulse = rows, wanted, pulse
        self._centres = rows.take(np.unique(np.linspace(0, rows.count - 1, LANDMARKS).round().astype(np.int64)))
        self._between = squared_distances(self._centres, self._centres).astype(np.float64)
        self._whole = {gamma: self._summed(np.arange(rows.count), gamma) for gamma in sorted(set(gammas))}

    def fit(self, indices: Indices, settings: Sequence[tuple[float, float]]) -> list[Radial]:
        """Fits on sorted indices, once for each penalty and gamma; the gammas are among those that were named."""
        sums = {gamma: self._sums(indices, gamma) for gamma in self._whole}
        return [self._solved(sums[gamma], penalty, gamma) for penalty, gamma in settings]

    def _solved(self, sums: Sums, penalty: float, gamma: float) -> Radial:
        level = sums.wanted / sums.total
        steady = STEADY * float(np.trace(sums.products)) / len(self._between)
        bent = sums.products + penalty * np.exp(-gamma * self._between) + steady * np.eye(len(self._between))
        cross = sums.cross - np.outer(sums.rows, level)
        weights = scipy.linalg.solve(bent, cross, assume_a="pos", check_finite=False)
        return Radial(self._centres, gamma, weights.astype(np.float32), level.astype(np.float32))

    def _sums(self, indices: Indices, gamma: float) -> Sums:
        """Over the rows that are learned from; over those that are left out where they are fewer."""
        left_out = np.setdiff1d(np.arange(self._rows.count), indices, assume_unique=True)
        if not len(left_out):
            return self._whole[gamma]
        if len(left_out) < len(indices):
            return self._whole[gamma] - self._summed(left_out, gamma)
        return self._summed(indices, gamma)

    def _summed(self, indices: Indices, gamma: float) -> Sums:
        likened = _Likened(self._rows.chunks(indices), self._centres, gamma)
        return Sums.of(likened, self._wanted, self._pulse)


@dataclass(frozen=True)
class _Likened:
    """Rows as their likeness to landmarks, in 64 bits: products of what is so much alike need them."""

    chunks: Chunks
    centres: Matrix
    gamma: float

    def __iter__(self) -> Iterator[tuple[Indices, npt.NDArray[np.float64]]]:
        for part, chunk in self.chunks:
            for start in range(0, len(part), len(self.centres)):
                some = slice(start, start + len(self.centres))
                distances = squared_distances(chunk[some], self.centres)
                yield part[some], np.exp(-self.gamma * distances.astype(np.float64))
