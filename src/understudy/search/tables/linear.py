"""Straight lines: logistic regression for labels, ridge regression for numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.tables.dense import Dense, fit_dense
from understudy.search.tables.encoding import Encoded, Matrix
from understudy.search.tables.fitted import Arrays, Numbers, Pulse, Task, put_under, under
from understudy.search.tables.target import Target

Flat = np.ndarray[tuple[int], np.dtype[np.float64]]

MOST_STEPS: Final = 200
TOLERANCE: Final = 1e-4


@dataclass(frozen=True)
class Line:
    """A fitted line.

    Attributes:
        dense: What it sees.
        weights: (w + 1, k) or (w + 1, 1); the last row is the bias.
        classes: As in `Target`.
    """

    dense: Dense
    weights: Numbers
    classes: int

    curve: None = None

    def cut(self, rounds: int) -> "Line":  # noqa: ARG002
        """It knows no rounds."""
        return self

    def answers(self, rows: Encoded) -> Numbers:
        """See `Fitted`."""
        scores = self.dense.matrix(rows).astype(np.float64) @ self.weights[:-1] + self.weights[-1]
        return np.asarray(scipy.special.softmax(scores, axis=1)) if self.classes else scores

    def arrays(self) -> Arrays:
        """See `Fitted`."""
        own: Arrays = {"weights": self.weights.astype(np.float32), "classes": np.array(self.classes)}
        return own | put_under("dense", self.dense.arrays())


class Lines:
    """The family of straight lines."""

    def fit(self, task: Task, setting: Mapping[str, Any]) -> Line:
        """Fits a line; see `Family`.

        Args:
            task: The fit.
            setting: `penalty`: on half the squared weights, relative to the summed loss; `bins`: of each number, or 0.
        """
        dense, matrix = fit_dense(task, bins=int(setting.get("bins", 0)))
        penalty = float(setting["penalty"])
        target = task.target
        weights = _logistic(matrix, target, penalty, task.pulse) if target.classes else _ridge(matrix, target, penalty)
        return Line(dense, weights.astype(np.float32).astype(np.float64), target.classes)

    def read(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Line:
        """See `Family`."""
        weights = arrays["weights"].astype(np.float64)
        return Line(Dense.of_arrays(under("dense", arrays)), weights, int(arrays["classes"]))


def _ridge(matrix: Matrix, target: Target, penalty: float) -> Numbers:
    weights = target.weights
    whole = weights.sum()
    centre = (weights @ matrix) / whole
    level = float(weights @ target.values / whole)
    centred = matrix.astype(np.float64) - centre
    scaled = centred * weights[:, None]
    system = scaled.T @ centred
    system[np.diag_indices_from(system)] += penalty
    found = np.linalg.solve(system, scaled.T @ (target.values - level))
    return np.append(found, level - centre @ found)[:, None]


def _logistic(matrix: Matrix, target: Target, penalty: float, pulse: Pulse) -> Numbers:
    """Multinomial logistic regression by L-BFGS, each number brought to like curvature first."""
    count, width = matrix.shape
    classes = target.classes
    truth = (target.values[:, None] == np.arange(classes)).astype(np.float32)
    counted = target.weights.astype(np.float32)[:, None]
    lengths = np.einsum("nw,nw->w", matrix, matrix)
    scale = 1 / np.sqrt(np.append(lengths, count) * 0.1 + penalty)[:, None]
    penalties = np.append(np.full(width, penalty), 0.0)[:, None]

    def loss(flat: Flat) -> tuple[float, Flat]:
        pulse()
        weights = flat.reshape(-1, classes) * scale
        small = weights.astype(np.float32)
        scores = matrix @ small[:-1] + small[-1]
        logs = scores - scipy.special.logsumexp(scores, axis=1, keepdims=True)
        residual = (np.exp(logs) - truth) * counted
        total = -float((logs * truth * counted).sum(dtype=np.float64)) + float((penalties * weights**2).sum()) / 2
        gradient = np.concatenate([matrix.T @ residual, residual.sum(axis=0, keepdims=True)]) + penalties * weights
        return total, np.asarray(gradient * scale, np.float64).ravel()

    found = scipy.optimize.minimize(
        loss,
        np.zeros((width + 1) * classes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "gtol": TOLERANCE * np.sqrt(count), "ftol": 1e-9, "maxcor": 12},
    )
    weights: Numbers = found.x.reshape(-1, classes) * scale
    return weights
