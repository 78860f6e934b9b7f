"""A fan of curves: all that could have given the points that were measured, each as often as it is likely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

from understudy.stats.curve_shapes import Shapes, every_shape
from understudy.stats.scores import Array, Scores

DRAWS = 4_000
MISFIT = 0.03
"""How far a true curve may lie off the families, as a share of its error."""
LEAST_ERROR = 1e-6


@dataclass(frozen=True)
class Fan:
    """Curves drawn in proportion to how well they explain the points.

    Attributes:
        base: The largest size that was measured.
        shapes: One for each draw, (d,).
        scale: Error at `base` of each, (d,), 0..1.
        misfit: Least weighted sum of squared distances between the points and any curve.
        freedom: Points less the parameters of a curve, at least 1.
    """

    base: float
    shapes: Shapes
    scale: Array
    misfit: float
    freedom: int

    def accuracy(self, examples: Sequence[float] | Array) -> Array:
        """Accuracy of each draw with so many examples, (d, n)."""
        sizes = np.asarray(examples, np.float64) / self.base
        accuracy: Array = 1.0 - np.clip(self.scale[:, None] * self.shapes.decline(sizes), 0.0, 1.0)
        return accuracy

    def needed(self, target: float) -> Array:
        """Examples at which each draw reaches a target, (d,); infinite where never."""
        return self.base * self.shapes.reach((1.0 - target) / self.scale)


def noise(scores: Scores) -> Array:
    """Covariance of the measured errors, (s, s): which groups were scored, which were learned from, and misfit.

    Where next to nothing was wrong the counts themselves say too little about their noise, so it is never less than
    that of half an answer.
    """
    errors, count = scores.errors, scores.right.shape[1]
    own = (MISFIT * errors) ** 2 + scores.spread**2 / scores.repetitions + (0.5 / count) ** 2
    whole: Array = scores.covariance + np.diag(own)
    return whole


def fan_of(scores: Scores, *, rng: np.random.Generator, draws: int = DRAWS) -> Fan:
    """Fits both families to the points, every shape on the grid, and draws from what they leave possible.

    A shape's scale enters linearly, so its best value, its spread and the shape's likelihood are known in closed form
    (weighted least squares); shapes are drawn by their likelihood and scales by theirs, between 0 and 1. So the
    interval holds both what the points leave open and which family is right.

    Args:
        scores: At least two sizes.
        rng: Decides the draws.
        draws: How many.
    """
    grid = every_shape()
    root = np.linalg.cholesky(noise(scores))
    columns = np.column_stack([grid.decline(scores.sizes / scores.sizes[-1]).T, scores.errors])
    white = linalg.solve_triangular(root, columns, lower=True)
    shapes, points = white[:, :-1], white[:, -1]
    weight = (shapes**2).sum(axis=0)
    best = shapes.T @ points / weight
    misfit = np.maximum(points @ points - best**2 * weight, 0.0)
    place = _drawn(np.log(grid.prior) - 0.5 * np.log(weight) - 0.5 * misfit, draws, rng)
    scale = _between(best[place], 1 / np.sqrt(weight[place]), rng)
    return Fan(float(scores.sizes[-1]), grid.take(place), scale, float(misfit.min()), max(len(scores.sizes) - 4, 1))


def _drawn(log_weight: Array, draws: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Places, each as often as it weighs, evenly spread over the cumulated weights.

    Source:
        Systematic resampling, Kitagawa, Journal of Computational and Graphical Statistics 5 (1996).
    """
    weight = np.exp(log_weight - log_weight.max())
    steps = (np.arange(draws) + rng.random()) / draws
    places = np.searchsorted(np.cumsum(weight) / weight.sum(), steps)
    return np.minimum(places, len(weight) - 1)


def _between(centre: Array, spread: Array, rng: np.random.Generator) -> Array:
    """Normal draws, held between 0 and 1."""
    low, high = special.ndtr(-centre / spread), special.ndtr((1 - centre) / spread)
    part = np.clip(low + rng.random(len(centre)) * (high - low), 1e-12, 1 - 1e-12)
    return np.clip(centre + spread * special.ndtri(part), LEAST_ERROR, 1.0)
