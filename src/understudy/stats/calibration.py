"""How far stated probabilities can be taken at their word."""

import numpy as np
from numpy.typing import NDArray

from understudy.domain.evidence import ReliabilityBin

TINY = np.finfo(np.float64).tiny


def reliability_bins(
    stated: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Groups answers by the probability they were given with, and counts how often they were right.

    Args:
        stated: Probability of each answer, 0..1, shape (n,).
        right: Whether it was right, shape (n,).
        bins: Intervals of equal width that divide 0..1; each holds its lower end, the last also 1.

    Returns:
        The intervals that hold at least one answer, in rising order.

    Raises:
        ValueError: The shapes differ, or a probability is not in 0..1.
    """
    if stated.ndim != 1 or stated.shape != right.shape:
        raise ValueError("stated and right must be one-dimensional and of one length")
    if not np.all((stated >= 0.0) & (stated <= 1.0)):
        raise ValueError("probabilities must lie between 0 and 1")
    edges = np.linspace(0.0, 1.0, bins + 1)
    falls_in = np.minimum(np.searchsorted(edges, stated, side="right") - 1, bins - 1)
    found = []
    for index in np.unique(falls_in):
        inside = falls_in == index
        found.append(
            ReliabilityBin(
                lower=float(edges[index]),
                upper=float(edges[index + 1]),
                count=int(inside.sum()),
                mean_probability=float(stated[inside].mean()),
                share_right=float(right[inside].mean()),
            )
        )
    return tuple(found)


def calibration_error(bins: tuple[ReliabilityBin, ...]) -> float:
    """Mean gap between stated probability and share right, weighted by count.

    Returns:
        The expected calibration error, 0..1; 0.0 without answers. It is biased upward in small samples.

    Source:
        Naeini, Cooper & Hauskrecht, AAAI (2015).
    """
    total = sum(one.count for one in bins)
    gaps = sum(one.count * abs(one.mean_probability - one.share_right) for one in bins)
    return gaps / total if total else 0.0


def log_loss(truth: NDArray[np.integer], probabilities: NDArray[np.float64]) -> float:
    """Mean negative log probability of the true label, in nats.

    A true label that was given probability 0 counts as the smallest normal double (708 nats), so one certain
    mistake is dear but the mean stays a number.

    Args:
        truth: Column of the true label, shape (n,).
        probabilities: Rows that sum to 1, shape (n, k).

    Raises:
        ValueError: The shapes do not fit, or there are no rows.
    """
    return float(-np.log(np.maximum(_of_truth(truth, probabilities), TINY)).mean())


def brier(truth: NDArray[np.integer], probabilities: NDArray[np.float64]) -> float:
    """Mean squared distance between the stated probabilities and the truth, over all labels.

    Args:
        truth: Column of the true label, shape (n,).
        probabilities: Rows that sum to 1, shape (n, k).

    Returns:
        0 (certain and right) to 2 (certain and wrong).

    Raises:
        ValueError: The shapes do not fit, or there are no rows.

    Source:
        Brier, Monthly Weather Review 78 (1950), in its original form for several labels.
    """
    of_truth = _of_truth(truth, probabilities)
    return float((np.sum(probabilities**2, axis=1) - 2.0 * of_truth + 1.0).mean())


def _of_truth(truth: NDArray[np.integer], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability that each row gave to its true label."""
    if probabilities.ndim != 2 or truth.shape != (len(probabilities),) or not len(truth):
        raise ValueError("truth must name one column for each row, and there must be rows")
    if truth.min() < 0 or truth.max() >= probabilities.shape[1]:
        raise ValueError("truth names a column that is not there")
    picked: NDArray[np.float64] = np.take_along_axis(probabilities, truth[:, None], axis=1)[:, 0]
    return picked
