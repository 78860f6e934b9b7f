"""What a learning curve is drawn from: how often models that learned from others answered each example rightly."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from understudy.domain.learning import CurvePoint

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scores:
    """Right and wrong answers by training size.

    Attributes:
        sizes: Examples learned from, (s,), rising.
        right: Of the models of each size that had not learned from an example, the share that answered it rightly,
            (s, m), 0..1; NaN where there was no such model. Every size must have some.
        spread: Standard deviation of the accuracy over repetitions, (s,).
        repetitions: How many there were.
        groups: Group of each example, (m,), 0..g-1.
        labels: True label of each example, (m,), 0..k-1.
    """

    sizes: Array
    right: Array
    spread: Array
    repetitions: int
    groups: Indices
    labels: Indices

    def __post_init__(self) -> None:
        if self.right.shape != (len(self.sizes), len(self.groups)) or len(self.labels) != len(self.groups):
            raise ValueError("right needs a row for each size and a column for each example")
        if len(self.sizes) and (np.any(np.diff(self.sizes) <= 0) or np.isnan(self.right).all(axis=1).any()):
            raise ValueError("sizes must rise, and each must have been scored")

    @cached_property
    def errors(self) -> Array:
        """Share of wrong answers at each size, (s,)."""
        seen = ~np.isnan(self.right)
        wrong = np.where(seen, 1.0 - self.right, 0.0).sum(axis=1)
        return np.asarray(wrong / seen.sum(axis=1), np.float64)

    @cached_property
    def covariance(self) -> Array:
        """Covariance of `errors` under new draws of groups to be scored, (s, s).

        The same examples are scored at every size, so points rise and fall together; their differences are known far
        better than their height. It is what a bootstrap over groups converges to (the infinitesimal jackknife).

        Source:
            Efron & Stein, Annals of Statistics 9 (1981).
        """
        seen = ~np.isnan(self.right)
        off = np.where(seen, 1.0 - self.right - self.errors[:, None], 0.0) / seen.sum(axis=1)[:, None]
        groups = int(self.groups.max()) + 1
        by_group = np.stack([np.bincount(self.groups, row, minlength=groups) for row in off])
        found = int((np.bincount(self.groups) > 0).sum())
        return np.asarray(by_group @ by_group.T * (found / max(found - 1, 1)), np.float64)

    def of_label(self, label: int) -> "Scores | None":
        """The scores of one label's examples, or None where some size has none of them."""
        own = self.labels == label
        right = self.right[:, own]
        if not own.any() or np.isnan(right).all(axis=1).any():
            return None
        groups = np.unique(self.groups[own], return_inverse=True)[1].astype(np.int64)
        return Scores(self.sizes, right, self.spread, self.repetitions, groups, self.labels[own])

    def points(self) -> tuple[CurvePoint, ...]:
        """The curve as measured."""
        rows = zip(self.sizes, 1.0 - self.errors, self.spread, strict=True)
        return tuple(CurvePoint(round(size), float(accuracy), float(spread)) for size, accuracy, spread in rows)
