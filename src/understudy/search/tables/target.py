"""What is to be answered, as candidates learn it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

MOST_MEANS = 4
"""Labels whose shares are taken by category; of more labels, the commonest."""


@dataclass(frozen=True)
class Target:
    """What is to be answered for some rows.

    Attributes:
        values: Places of labels, 0..k-1, or numbers in units of their deviation from their mean, (n,).
        classes: k, or 0 for numbers.
        weights: How much each row counts, (n,); mean about 1.
    """

    values: npt.NDArray[Any]
    classes: int
    weights: Numbers

    def __len__(self) -> int:
        return len(self.values)

    def some(self, rows: Indices) -> "Target":
        """That of the rows with these indices."""
        return Target(self.values[rows], self.classes, self.weights[rows])

    @classmethod
    def together(cls, parts: Sequence["Target"]) -> "Target":
        """Those of several lots of rows, behind one another."""
        values, weights = (np.concatenate([getattr(each, name) for each in parts]) for name in ("values", "weights"))
        return cls(values, parts[0].classes, weights)

    @cached_property
    def means(self) -> Numbers:
        """What means by category are taken of, (n, t): the number, or whether it is a label."""
        if not self.classes:
            return np.asarray(self.values, np.float64)[:, None]
        counts = np.bincount(self.values, minlength=self.classes)
        if self.classes == 2:
            return np.asarray(self.values == 1, np.float64)[:, None]
        common = np.sort(np.argsort(-counts, kind="stable")[:MOST_MEANS])
        return np.asarray(self.values[:, None] == common, np.float64)

    def loss(self, given: Numbers) -> float:
        """What answers lost: mean log loss in nats, or the root of the mean squared error in deviations.

        Args:
            given: Probabilities, (n, k), or numbers, (n, 1).
        """
        mean = float(np.average(self.losses(given), weights=self.weights))
        return mean if self.classes else float(np.sqrt(mean))

    def losses(self, given: Numbers) -> Numbers:
        """Log loss or squared error of each row, (n,)."""
        if not self.classes:
            return np.asarray((given[:, 0] - self.values) ** 2)
        true = np.take_along_axis(given, self.values[:, None].astype(np.int64), axis=1)[:, 0]
        return np.asarray(-np.log(np.clip(true, 1e-9, 1)))
