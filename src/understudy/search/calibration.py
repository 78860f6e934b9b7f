"""From scores to probabilities: one temperature, fitted on scores that the model had not learned from."""

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.folds import Folds
from understudy.search.rows import Indices

Array = npt.NDArray[np.floating[Any]]

LEAST = 1e-9
"""No probability is taken to be less, so that no loss is without bound."""
_LOG_RANGE = (-7.0, 9.0)


def fit_sharpness(scores: Array, labels: Indices, *, cases: int | None = None) -> float:
    """Finds the factor on scores after which a softmax gives calibrated probabilities.

    The true label's target is slightly below 1, the lower the fewer examples there are, so that a handful of right
    answers never becomes certainty.

    Args:
        scores: (n, k), of examples that were held out.
        labels: (n,), 0..k-1.
        cases: How many different examples they are of; None for n.

    Returns:
        The factor (an inverse temperature), above 0.

    Source:
        Guo et al., On calibration of modern neural networks, ICML 2017; the targets as Platt (1999).
    """
    count, classes = scores.shape
    smoothing = classes / ((count if cases is None else cases) + classes)
    centred = scores.astype(np.float64) - scores.mean(axis=1, keepdims=True, dtype=np.float64)
    # The search runs over a range of factors, so scores of any size are first brought to the same.
    unit = float(np.sqrt(np.mean(centred**2)))
    if not unit:
        return 1.0
    centred /= unit
    true = np.take_along_axis(centred, labels[:, None], axis=1)[:, 0]

    largest = centred.max(axis=1)
    below = centred - largest[:, None]

    def loss(log_sharpness: float) -> float:
        sharpness = np.exp(log_sharpness)
        normaliser = np.log(np.exp(sharpness * below).sum(axis=1)) + sharpness * largest
        # Centred scores sum to 0, so a uniform target adds the normaliser alone.
        return float(np.mean(normaliser - (1 - smoothing) * sharpness * true))

    found = scipy.optimize.minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded", options={"xatol": 1e-3})
    return float(np.exp(found.x)) / unit


def probabilities(scores: Array, sharpness: float) -> npt.NDArray[np.float64]:
    """Softmax of scores times sharpness, (n, k)."""
    return np.asarray(scipy.special.softmax(scores.astype(np.float64) * sharpness, axis=1))


def figures(given: npt.NDArray[np.float64], labels: Indices, folds: Folds) -> tuple[float, float]:
    """Mean log loss, in nats, and share right of held-out probabilities; those of a guess if none was held out."""
    if not folds.apart:
        return float(np.log(given.shape[1])), 1 / given.shape[1]
    return float(log_losses(given, labels).mean()), float((given.argmax(axis=1) == labels).mean())


def log_losses(given: npt.NDArray[np.float64], labels: Indices) -> npt.NDArray[np.float64]:
    """Negative log probability of each true label, in nats, (n,)."""
    true = np.take_along_axis(given, labels[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.clip(true, LEAST, 1)))
