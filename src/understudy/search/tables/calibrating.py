"""From held-out answers to honest probabilities, a threshold and what a review may know of them."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from understudy.search.out_of_fold import DECIMALS, MOST, OutOfFold

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEAST: Final = 1e-7
SHARE_RIGHT: Final = 0.95
"""What answers above the threshold should reach, out of fold. A review proves a promise; this is only a start."""


def fit_sharpness(given: Numbers, labels: npt.NDArray[np.int64]) -> float:
    """The factor on log probabilities that makes held-out ones honest.

    The true label's target is slightly below 1, the lower the fewer rows there are.

    Args:
        given: (n, k), each row summing to 1.
        labels: (n,), 0..k-1.

    Source:
        Guo et al., On calibration of modern neural networks, ICML 2017; the targets as Platt (1999).
    """
    logs = np.log(np.maximum(given, LEAST))
    count, classes = logs.shape
    smoothing = classes / (count + classes)
    truth = np.full(logs.shape, smoothing / classes)
    truth[np.arange(count), labels] += 1 - smoothing

    def loss(log_factor: float) -> float:
        scores = logs * np.exp(log_factor)
        return float(np.mean(special.logsumexp(scores, axis=1) - (truth * scores).sum(axis=1)))

    found = optimize.minimize_scalar(loss, bounds=(-2.0, 1.5), method="bounded", options={"xatol": 1e-3})
    return float(np.exp(found.x))


def sharpened(given: Numbers, sharpness: float) -> Numbers:
    """Probabilities after that factor, (n, k)."""
    return np.asarray(special.softmax(np.log(np.maximum(given, LEAST)) * sharpness, axis=1))


def fit_slope(stated: Numbers, right: Flags) -> tuple[float, float]:
    """Slope and shift on log odds that make stated probabilities honest.

    Source:
        Platt, Probabilistic outputs for support vector machines, 1999.
    """
    odds = special.logit(np.clip(stated, LEAST, 1 - LEAST))
    hits, misses = int(right.sum()), int((~right).sum())
    truth = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))

    def loss(both: Numbers) -> float:
        scores = both[0] * odds + both[1]
        return float(np.mean(np.logaddexp(0, scores) - truth * scores) + 1e-4 * (both[0] - 1) ** 2)

    found = optimize.minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.05, 5.0), (-10.0, 10.0)])
    return float(found.x[0]), float(found.x[1])


def sloped(stated: Numbers, slope: tuple[float, float]) -> Numbers:
    """Probabilities after slope and shift, (n,)."""
    return np.asarray(special.expit(slope[0] * special.logit(np.clip(stated, LEAST, 1 - LEAST)) + slope[1]))


def threshold_of(stated: Numbers, right: Flags) -> float:
    """The lowest probability such that answers at or above it are right often enough.

    Returns:
        The threshold, 0..1; just above the surest wrong answer where `SHARE_RIGHT` is never reached.
    """
    order = np.argsort(-stated, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_ties = np.append(np.diff(stated[order]) != 0, True)
    reached = np.flatnonzero((shares >= SHARE_RIGHT) & last_of_ties)
    if len(reached):
        return float(stated[order][reached[-1]])
    return min(1.0, float(stated[~right].max()) + 1e-6)


def summed_up(stated: Numbers, right: Flags) -> OutOfFold:
    """How sure held-out answers were and whether rightly, surest first; nothing is left of which row it was."""
    order = np.lexsort((right, -stated))
    if len(order) > MOST:
        order = order[np.linspace(0, len(order) - 1, MOST).astype(np.int64)]
    scale = 10**DECIMALS
    shown = tuple(math.floor(float(stated[each]) * scale) / scale for each in order)
    return OutOfFold(shown, tuple(bool(right[each]) for each in order))
