"""Whether a learning curve can be followed further."""

import numpy as np
import scipy

from understudy.domain.learning import Behaviour
from understudy.stats.curve_fan import Fan, noise
from understudy.stats.scores import Scores

FEWEST_SIZES = 4
FEWEST_EXAMPLES = 20
SURE = 0.01
"""Chance that a test calls a well-behaved curve ill-behaved."""
NOTEWORTHY = 0.01
"""A fall or a gain of less than this share of answers is none."""
HARDLY = 0.8
"""Share of the fan in which twice the examples bring no noteworthy gain, from which a curve is called flat."""


def behaviour_of(scores: Scores, fan: Fan, *, examples: int) -> Behaviour:
    """Judges a measured curve.

    Args:
        scores: As measured.
        fan: Fitted to them.
        examples: Training examples there are.

    Returns:
        Too short where there are fewer than four sizes or twenty examples; ill-behaved where accuracy falls
        significantly between any two sizes (each pair tested at an even part of 1%), or where no curve of the
        families explains the points (chi-squared at 1%), as at peaks and jumps; flat where twice the examples would
        hardly help; else well-behaved.

    Source:
        The tests of monotonicity follow Yan, Mohr & Viering (arXiv 2505.15657): differences, with Bonferroni.
    """
    if len(scores.sizes) < FEWEST_SIZES or examples < FEWEST_EXAMPLES:
        return Behaviour.TOO_SHORT
    if falls(scores) or too_rough(fan):
        return Behaviour.ILL
    now, twice = fan.accuracy([examples, 2 * examples]).T
    return Behaviour.FLAT if np.mean(twice - now < NOTEWORTHY) >= HARDLY else Behaviour.WELL


def falls(scores: Scores) -> bool:
    """Whether accuracy falls between two sizes by more than noise and more than is noteworthy."""
    first, second = np.triu_indices(len(scores.sizes), 1)
    spread = noise(scores)
    variance = spread[first, first] + spread[second, second] - 2 * spread[first, second]
    rise = scores.errors[second] - scores.errors[first]
    limit = float(scipy.special.ndtri(1 - SURE / len(first)))
    return bool(np.any((rise > NOTEWORTHY) & (rise > limit * np.sqrt(variance))))


def too_rough(fan: Fan) -> bool:
    """Whether no curve passes by the points closely enough."""
    return float(scipy.special.chdtrc(fan.freedom, fan.misfit)) < SURE
