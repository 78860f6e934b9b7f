"""Exact one-sided bounds of a proportion, and how many examples a claim takes.

Everything here is Clopper-Pearson: it inverts the binomial test, so its coverage holds for every number of
examples and every true rate, and never falls below what it promises. "With 95% confidence" is one-sided: three
right of three show a rate of at least 0.05 ** (1/3) = 37%. (The lower end of a two-sided 95% interval is the
one-sided bound at 97.5%, here 29%.)
"""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from understudy.domain.evidence import Proportion

PLAIN = "Clopper-Pearson"
MOST_TRIALS = 100_000
"""No answer of `trials_needed` is larger; nobody plans for more."""
MANY_ERRORS = 1000
"""Allowed errors from which on their normal approximation can be relied on to a fifth."""


def lower_bound(successes: int, trials: int, *, confidence: float = 0.95) -> float:
    """One-sided Clopper-Pearson lower bound of a proportion.

    Args:
        successes: Right answers, 0 to `trials`.
        trials: Independent examples; 0 proves nothing and gives 0.0.
        confidence: Coverage, between 0 and 1.

    Returns:
        The bound, in 0..1; 0.0 when nothing succeeded.

    Raises:
        ValueError: The counts contradict each other, or the confidence is not between 0 and 1.

    Source:
        Clopper & Pearson, Biometrika 26 (1934).
    """
    return float(lower_bounds(successes, trials, confidence=confidence))


def upper_bound(successes: int, trials: int, *, confidence: float = 0.95) -> float:
    """One-sided Clopper-Pearson upper bound of a proportion; 1.0 when everything succeeded, or nothing was tried.

    Args:
        successes: Right answers, 0 to `trials`.
        trials: Independent examples.
        confidence: Coverage, between 0 and 1.

    Raises:
        ValueError: As in `lower_bound`.
    """
    return 1.0 - lower_bound(trials - successes, trials, confidence=confidence)


def lower_bounds(successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95) -> NDArray[np.float64]:
    """`lower_bound` of many proportions at once.

    Args:
        successes: Counts, any shape that broadcasts against `trials`.
        trials: Counts.
        confidence: Coverage, between 0 and 1.

    Returns:
        Bounds in 0..1, in the broadcast shape.

    Raises:
        ValueError: As in `lower_bound`.
    """
    _check_share("confidence", confidence)
    right, tried = np.broadcast_arrays(np.asarray(successes), np.asarray(trials))
    if np.any(right < 0) or np.any(right > tried):
        raise ValueError("successes must lie between 0 and trials")
    return beta_bound(right, tried, confidence=confidence)


def beta_bound(successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95) -> NDArray[np.float64]:
    """The lower bound as a quantile of the beta distribution, which also takes fractions of an example.

    Args:
        successes: Right answers, 0 to `trials`, perhaps not whole; any shape that broadcasts against `trials`.
        trials: Independent examples, perhaps not whole.
        confidence: Coverage, between 0 and 1.

    Returns:
        Bounds in 0..1, in the broadcast shape; 0.0 where nothing succeeded.
    """
    right = np.asarray(successes, dtype=np.float64)
    wrong = np.asarray(trials, dtype=np.float64) - right
    quantile = scipy.special.betaincinv(np.where(right > 0, right, 1.0), wrong + 1.0, 1.0 - confidence)
    return np.where(right > 0, quantile, 0.0)


def proportion(successes: int, trials: int, *, confidence: float = 0.95) -> Proportion:
    """A share of independent examples with its lower bound, as evidence.

    Raises:
        ValueError: As in `lower_bound`.
    """
    return Proportion(successes, trials, lower_bound(successes, trials, confidence=confidence), confidence, PLAIN)


def trials_needed(bar: float, true_rate: float, *, confidence: float = 0.95, power: float = 0.8) -> int | None:
    """Independent examples that will probably show a rate of at least `bar`.

    The chance of clearing the bar saws up and down as examples are added: it falls with every example until one
    more error is allowed. The answer is the smallest number from which on it never falls below `power` again, so a
    project that gathers a few more than it was told is not worse off. (At bar 90% and power 80% that is 593 for a
    true 93%, 203 for 95%, 89 for 97%; the chance first touches 80% at 549, 179 and 76.)

    Args:
        bar: The rate to be shown, strictly between 0 and 1.
        true_rate: The rate assumed to be true, 0..1.
        confidence: Coverage of the bound, between 0 and 1.
        power: Chance that the bound clears the bar, between 0 and 1.

    Returns:
        The number, or None when no number does it (`true_rate` does not exceed `bar`) or more than
        `MOST_TRIALS` would be needed.

    Raises:
        ValueError: A share is out of range.
    """
    for name, value in (("bar", bar), ("confidence", confidence), ("power", power)):
        _check_share(name, value)
    if not 0.0 <= true_rate <= 1.0:
        raise ValueError("true_rate must lie between 0 and 1")
    roughly = _roughly_needed(bar, true_rate, confidence, power) if true_rate > bar else math.inf
    if roughly > MOST_TRIALS:
        return None
    errors_allowed = roughly * (1 - bar)
    fewest_errors = int(0.8 * errors_allowed) if errors_allowed > MANY_ERRORS else 0
    considered = 64 + int(0.6 * errors_allowed)
    while True:
        errors = fewest_errors + np.arange(considered + 1)
        starts = _first_trials_allowing(errors, bar, confidence)
        lowest_power = scipy.special.bdtr(errors[:-1], starts[1:] - 1, 1.0 - true_rate)
        short = np.flatnonzero(lowest_power < power)
        first_safe = int(short[-1]) + 1 if short.size else 0
        if first_safe <= considered // 2:
            return int(starts[first_safe])
        considered *= 2


def _roughly_needed(bar: float, true_rate: float, confidence: float, power: float) -> float:
    """The normal approximation of `trials_needed`; only to see early that there is no answer."""
    spread = scipy.special.ndtri(confidence) * math.sqrt(bar * (1 - bar))
    spread += scipy.special.ndtri(power) * math.sqrt(true_rate * (1 - true_rate))
    return float(spread / (true_rate - bar)) ** 2 if spread > 0 else 0.0


def _first_trials_allowing(errors: NDArray[np.int64], bar: float, confidence: float) -> NDArray[np.int64]:
    """For each number of errors, the fewest trials whose lower bound still reaches the bar."""
    alpha = 1.0 - confidence
    guess = np.ceil(scipy.special.btdtria(alpha, errors + 1.0, bar)).astype(np.int64) + errors
    for _ in range(2):  # the inverse is a float and may land one off; the test itself decides
        fewer_do = (guess > errors + 1) & (scipy.special.betainc(guess - 1.0 - errors, errors + 1.0, bar) <= alpha)
        guess = guess - fewer_do
        guess = guess + (scipy.special.betainc(guess - errors + 0.0, errors + 1.0, bar) > alpha)
    return guess


def _check_share(name: str, value: float) -> None:
    if not (0.0 < value < 1.0 and math.isfinite(value)):
        raise ValueError(f"{name} must lie strictly between 0 and 1")
