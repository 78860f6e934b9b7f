"""Straight lines: logistic regression for labels, ridge regression for numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.logistic import of_each, of_sides
from understudy.search.tables.dense import Dense, fit_dense
from understudy.search.tables.encoding import Encoded, Matrix
from understudy.search.tables.fitted import Arrays, Numbers, Pulse, Task, put_under, under
from understudy.search.tables.target import Target

Flat = np.ndarray[tuple[int], np.dtype[np.float64]]

MOST_STEPS: Final = 200
TOLERANCE: Final = 1e-4
BENT: Final = 0.1
"""How much a typical row bends the loss, of the 0.25 at most; only speed depends on it."""
WIDE: Final = 1_500
"""Features above which each is scaled by itself, for turning them takes as much time as it saves."""
SMALLEST: Final = 1e-7
"""Added to the curvature, of all rows, so that rounding leaves it a root."""


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
    """Multinomial logistic regression by L-BFGS, in coordinates in which the loss is curved alike everywhere."""
    count, width = matrix.shape
    counted = target.weights.astype(np.float32)[:, None]
    truth = (target.values[:, None] == np.arange(target.classes)).astype(np.float32)
    penalties = np.append(np.full(width, penalty), 0.0)[:, None]
    turn = _turn(matrix, counted, penalties)

    def loss(flat: Flat) -> tuple[float, Flat]:
        pulse()
        weights = turn.weights(flat.reshape(width + 1, -1))
        small = weights.astype(np.float32)
        scores = of_each(matrix @ small[:-1] + small[-1])
        logs = scores - scipy.special.logsumexp(scores, axis=1, keepdims=True)
        residual = of_sides((np.exp(logs) - truth) * counted)
        pulled = penalties * of_each(weights)
        total = -float((logs * truth * counted).sum(dtype=np.float64)) + float((pulled * of_each(weights)).sum()) / 2
        gradient = np.concatenate([matrix.T @ residual, residual.sum(axis=0, keepdims=True)]) + of_sides(pulled)
        return total, turn.gradient(gradient).ravel()

    found = scipy.optimize.minimize(
        loss,
        np.zeros((width + 1) * (1 if target.classes == 2 else target.classes)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "gtol": TOLERANCE * np.sqrt(count), "ftol": 1e-9, "maxcor": 12},
    )
    weights: Numbers = of_each(turn.weights(found.x.reshape(width + 1, -1)))
    return weights


@dataclass(frozen=True)
class _Turn:
    """Coordinates of weights.

    Attributes:
        root: Cholesky's lower root of how the loss is about curved, (w + 1, w + 1); or of its diagonal alone, (w + 1,).
    """

    root: Numbers

    def weights(self, coordinates: Numbers) -> Numbers:
        """Weights, from where they are in these coordinates."""
        if self.root.ndim == 1:
            return coordinates / self.root[:, None]
        return np.asarray(scipy.linalg.solve_triangular(self.root, coordinates, lower=True, trans=1))

    def gradient(self, gradient: Numbers) -> Numbers:
        """A gradient in these coordinates, from that of the weights."""
        if self.root.ndim == 1:
            return gradient / self.root[:, None]
        return np.asarray(scipy.linalg.solve_triangular(self.root, gradient, lower=True))


def _turn(matrix: Matrix, counted: Matrix, penalties: Numbers) -> _Turn:
    """Coordinates in which features that say much the same do not hold up each other.

    Source:
        Böhning, Multinomial logistic regression algorithm, Annals of the Institute of Statistical Mathematics 44
        (1992): the curvature is everywhere below a constant multiple of the features' products.
    """
    weighed, whole = matrix * counted, float(counted.sum())
    if matrix.shape[1] > WIDE:
        squares = np.append(np.einsum("nw,nw->w", weighed, matrix), whole)
        return _Turn(np.sqrt(squares * BENT + penalties[:, 0]))
    sums = weighed.sum(axis=0, dtype=np.float64)[:, None]
    products = np.block([[(weighed.T @ matrix).astype(np.float64), sums], [sums.T, np.array([[whole]])]])
    return _Turn(scipy.linalg.cholesky(products * BENT + np.diag(penalties[:, 0] + SMALLEST * whole), lower=True))
