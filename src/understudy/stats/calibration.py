"""How far stated probabilities can be taken at their word."""

import numpy as np
from numpy.typing import NDArray

from understudy.domain.evidence import ReliabilityBin
from understudy.stats.intervals import beta_bound


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


def share_interval(one: ReliabilityBin, *, worth: float, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson's two-sided interval of how often answers like those of a bin are right.

    Args:
        one: The bin.
        worth: How many independent answers each one is worth, above 0 up to 1: less where answers come in groups, see
            `stats.clusters.effective_trials`.
        confidence: Coverage of both ends together, between 0 and 1.

    Returns:
        Both ends, in 0..1.
    """
    trials, right = one.count * worth, one.count * worth * one.share_right
    each = 1.0 - (1.0 - confidence) / 2
    return (
        float(beta_bound(right, trials, confidence=each)),
        1.0 - float(beta_bound(trials - right, trials, confidence=each)),
    )


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
