"""Multinomial logistic regression that needs its rows only in chunks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from understudy.search.rows import Indices, Rows
from understudy.search.scorers import Linear

Array = npt.NDArray[np.float64]
Flat = np.ndarray[tuple[int], np.dtype[np.float64]]

MAX_ITERATIONS = 150
TOLERANCE = 1e-5
"""Of the gradient of the mean loss: far below what changes an answer."""


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
        flat = np.zeros((self.rows.width + 1) * self.classes)
        fitted = []
        for strength in strengths:
            found = optimize.minimize(
                self._loss,
                flat,
                args=(indices, strength),
                jac=True,
                method="L-BFGS-B",
                options={"maxiter": MAX_ITERATIONS, "gtol": TOLERANCE, "maxcor": 12},
            )
            flat = found.x
            weights = flat.reshape(self.rows.width + 1, self.classes).astype(np.float32)
            fitted.append(Linear(weights[:-1], weights[-1]))
        return fitted

    def _loss(self, flat: Flat, indices: Indices, strength: float) -> tuple[float, Flat]:
        """Mean negative log-likelihood plus penalty, and its gradient."""
        weights = flat.reshape(self.rows.width + 1, self.classes)
        small = weights.astype(np.float32)
        loss, gradient = 0.0, np.zeros_like(weights)
        for part, chunk in self.rows.chunks(indices):
            self.pulse()
            scores = chunk @ small[:-1] + small[-1]
            log_likelihood = special.log_softmax(scores.astype(np.float64), axis=1)
            loss -= float(np.take_along_axis(log_likelihood, self.labels[part][:, None], axis=1).sum())
            residual = np.exp(log_likelihood)
            residual[np.arange(len(part)), self.labels[part]] -= 1
            gradient[:-1] += chunk.T @ residual.astype(np.float32)
            gradient[-1] += residual.sum(axis=0)
        loss += strength / 2 * float((weights[:-1] ** 2).sum())
        gradient[:-1] += strength * weights[:-1]
        return loss / len(indices), (gradient / len(indices)).ravel()
