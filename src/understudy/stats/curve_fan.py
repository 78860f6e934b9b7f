"""A fan of curves: all that could have given the points that were measured, each as often as it is likely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from understudy.stats.curve_shapes import Shapes, every_shape
from understudy.stats.scores import Array, Scores

REDRAWS, DRAWS_EACH = 400, 10
MISFIT = 0.03
"""How far a true curve may lie off the families, as a share of its error."""
LEARNED_TOO = 1.5
"""Variance of a curve's height over what the scored groups explain: examples are learned from as well as scored, so who
gathers others learns from others. In eight drawn worlds of Gaussian labels, fifty projects of 48 to 150 examples each,
it was 1.1 to 2.3 times as large, 1.5 on average; no real set had a say."""
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
    """Covariance of the measured errors, (s, s): which groups were scored, and each point's own noise."""
    whole: Array = scores.covariance + np.diag(own_noise(scores))
    return whole


def own_noise(scores: Scores) -> Array:
    """Variance of each measured error by itself, (s,): which examples were learned from, and misfit.

    Where next to nothing was wrong the counts themselves say too little about their noise, so it is never less than
    that of half an answer.
    """
    count = scores.right.shape[1]
    own: Array = (MISFIT * scores.errors) ** 2 + scores.spread**2 / scores.repetitions + (0.5 / count) ** 2
    return own


def fan_of(scores: Scores, *, rng: np.random.Generator, redraws: int = REDRAWS) -> Fan:
    """Fits both families to the points, as they are and as they would be had other groups been scored.

    Each redraw moves the points as new groups would (a bootstrap over groups, by its covariance, and more than
    that, since groups are learned from too), so the fan starts where the points end, as wide as their height is
    unsure. To each, every shape on the grid is fitted: its scale enters linearly, so the best one, its spread and
    the shape's likelihood are known in closed form (weighted least squares). Shapes are drawn by their likelihood
    and scales by theirs, between 0 and 1. So the fan also holds what the points leave open, and which family is
    right.

    The whole covariance is not used as the weight of one fit, though that would be efficient: points that rise and
    fall together let such a fit lie off all of them at once, wherever the expected shapes pull it.

    Args:
        scores: At least two sizes.
        rng: Decides the draws.
        redraws: How often the points are drawn anew; `DRAWS_EACH` curves are drawn for each.

    Source:
        Efron & Tibshirani, An Introduction to the Bootstrap (1993); that no unbiased estimate of the variance of
        cross-validation exists, and why it is too small: Bengio & Grandvalet, JMLR 5 (2004); Peelle's pertinent
        puzzle for the last paragraph (Chiba & Smith, ANL/NDM-121, 1991).
    """
    grid = every_shape()
    shapes = grid.decline(scores.sizes / scores.sizes[-1]).T
    moved = _redrawn(scores, redraws, rng)
    root = 1 / np.sqrt(own_noise(scores))[:, None]
    white, points = shapes * root, moved * root
    weight = (white**2).sum(axis=0)
    best = white.T @ points / weight[:, None]
    misfit = np.maximum((points**2).sum(axis=0) - best**2 * weight[:, None], 0.0)
    likelihood = np.log(grid.prior) - 0.5 * np.log(weight)
    place = np.stack([_drawn(likelihood - 0.5 * each, DRAWS_EACH, rng) for each in misfit.T])
    centre = np.take_along_axis(best.T, place, axis=1).ravel()
    scale = _between(centre, 1 / np.sqrt(weight[place.ravel()]), rng)
    return Fan(
        float(scores.sizes[-1]), grid.take(place.ravel()), scale, _least_misfit(scores, shapes), _freedom(scores)
    )


def _redrawn(scores: Scores, redraws: int, rng: np.random.Generator) -> Array:
    """The measured errors as other groups, scored and learned from, would have given them, (s, redraws)."""
    values, vectors = np.linalg.eigh(LEARNED_TOO * scores.covariance)
    steps = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(scores.errors[:, None] + steps @ rng.standard_normal((len(values), redraws)), np.float64)


def _least_misfit(scores: Scores, shapes: Array) -> float:
    """Least squared distance between the points and any curve, in units of their whole noise."""
    root = np.linalg.cholesky(noise(scores))
    white = scipy.linalg.solve_triangular(root, np.column_stack([shapes, scores.errors]), lower=True)
    curves, points = white[:, :-1], white[:, -1]
    along = curves.T @ points
    return float(max(points @ points - (along**2 / (curves**2).sum(axis=0)).max(), 0.0))


def _freedom(scores: Scores) -> int:
    return max(len(scores.sizes) - 4, 1)


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
    low, high = scipy.special.ndtr(-centre / spread), scipy.special.ndtr((1 - centre) / spread)
    part = np.clip(low + rng.random(len(centre)) * (high - low), 1e-12, 1 - 1e-12)
    return np.clip(centre + spread * scipy.special.ndtri(part), LEAST_ERROR, 1.0)
