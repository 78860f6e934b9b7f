"""How far off answers are that are numbers: bounds of errors, and intervals that hold what they promise.

Nothing here assumes how errors are distributed. All of it counts: of n errors that were drawn independently, the number
that do not exceed a given quantile is binomial, whatever else is true. Three promises follow, and they differ:

- A bound of an error quantile ("90% of errors are at most 3.1"): too low with probability at most 1 - confidence.
- A conformal interval ("the answer is 20 give or take 3.1"): holds the truth for `coverage` of new examples on
  average over all sealed sets that might have been drawn (marginal coverage). With this one it may hold fewer.
- The same with a confidence (a tolerance interval, "probably approximately correct"): with that confidence, this very
  interval holds the truth for at least `coverage` of all new examples. It is wider, and it is what a launch needs.

The last is nothing but the first: an interval as wide as an upper bound of the error's quantile.

Every width is made of scores, one for each sealed example, and is used the way they were made. Absolute errors give
intervals of one width. Divided by a difficulty, they give wide intervals where examples are hard. How far the truth
lies outside a band between two predicted quantiles moves that band's edges. None of this needs a model, difficulty or
band that is right: a bad one makes intervals wide, never wrong. But none may have been fitted to the sealed examples.

Where groups are shared, the unit is a whole group. The marginal width treats groups as drawn independently and an
example of a new group as the next to come, so each group counts once, whatever its size. The bounds with a confidence
are cluster-adjusted, and rest on the simulations that `stats.clusters` names.

Source:
    Order statistics: David & Nagaraja, Order Statistics (2003). Tolerance: Wilks, Annals of Mathematical Statistics 12
    (1941). Conformal: Vovk, Gammerman & Shafer (2005); Lei et al., JASA 113 (2018) for difficulty; Romano, Patterson &
    Candès (2019) for quantiles; Lee, Barber & Willett, "Distribution-free inference with hierarchical data" (2023).
"""

import math
from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from understudy.domain.review import Measured
from understudy.stats.shares import share_bounds, share_measured

ORDER = "order statistics"
ORDER_OF_GROUPS = "order statistics, cluster-adjusted"
_MOST_NUMBERS = 4_000_000
_ROUNDING = 1e-9
Numbers = NDArray[np.float64]


def error_quantile(
    errors: ArrayLike, q: float, confidence: float, *, groups: Sequence[str] | None = None, unit: str = ""
) -> Measured:
    """The error that a share q of answers does not exceed, with a bound on each side.

    Args:
        errors: Absolute errors (or any scores), shape (n,).
        q: Which share, strictly between 0 and 1.
        confidence: Coverage of each bound alone, strictly between 0 and 1.
        groups: The group of each example, n of them; None when every example stands alone.
        unit: What errors are in.

    Returns:
        The least error seen that a share q does not exceed. Bounds are errors that were seen; where there are too few
        for a bound, it is minus or plus infinity. (At 95% confidence, 29 errors are the fewest that bound their 90%
        quantile from above.)

    Raises:
        ValueError: An error that is no number, lengths that differ, or a share out of range.
    """
    names = _checked(errors, q, confidence, groups)
    ranked = np.sort(np.asarray(errors, dtype=np.float64))
    count, independent = len(ranked), len(set(names))
    if independent == count:
        low, high = lower_rank(count, q, confidence), upper_rank(count, q, confidence)
        lower = -math.inf if low is None else float(ranked[low - 1])
        upper = math.inf if high is None else float(ranked[high - 1])
    else:
        lower, upper = _clustered_bounds(np.asarray(errors, dtype=np.float64), names, q, confidence)
    estimate = float(ranked[max(math.ceil(count * q - _ROUNDING), 1) - 1]) if count else 0.0
    method = ORDER if independent == count else ORDER_OF_GROUPS
    return Measured(estimate, lower, upper, count, independent, confidence, method, unit)


def upper_rank(count: int, q: float, confidence: float) -> int | None:
    """Which of so many independent errors, counted from the smallest as 1, bounds their q-quantile from above.

    Returns:
        The least rank r for which a binomial count of (count, q) is below r with at least the confidence; None when
        there is none, which takes q ** count > 1 - confidence.

    Raises:
        ValueError: A share out of range.
    """
    _check_share("q", q)
    _check_share("confidence", confidence)
    enough = scipy.special.bdtr(np.arange(count), count, q) >= confidence
    return int(np.argmax(enough)) + 1 if enough.any() else None


def lower_rank(count: int, q: float, confidence: float) -> int | None:
    """Which of them bounds it from below: the mirrored `upper_rank`."""
    mirrored = upper_rank(count, 1.0 - q, confidence)
    return None if mirrored is None else count + 1 - mirrored


def within_tolerance(
    errors: ArrayLike, tolerance: float, confidence: float, *, groups: Sequence[str] | None = None
) -> Measured:
    """The share of answers that are off by no more than a tolerance; a share like any other, see `stats.shares`.

    Raises:
        ValueError: An error or a tolerance that is no number, lengths that differ, or an impossible confidence.
    """
    names = _checked(errors, 0.5, confidence, groups)
    if math.isnan(tolerance):
        raise ValueError("a tolerance is a number")
    near = np.asarray(errors, dtype=np.float64) <= tolerance
    return share_measured(near, groups=names, confidence=confidence)


def conformal_width(
    scores: ArrayLike, coverage: float, confidence: float | None = None, *, groups: Sequence[str] | None = None
) -> float:
    """How far intervals must reach to hold the truth.

    Args:
        scores: Of sealed examples, from `scores_of` or `band_scores`, shape (n,).
        coverage: The share of new examples whose interval shall hold the truth, strictly between 0 and 1.
        confidence: That these very intervals do so; None when they shall do so on average over sealed sets.
        groups: The group of each example, n of them; None when every example stands alone.

    Returns:
        The width for `interval` or `band`, in the unit of the scores; infinite where there are too few examples.

    Raises:
        ValueError: A score that is no number, lengths that differ, or a share out of range.
    """
    if confidence is not None:
        return error_quantile(scores, coverage, confidence, groups=groups).upper
    names = _checked(scores, coverage, 0.5, groups)
    known = np.asarray(scores, dtype=np.float64)
    _, member_of, sizes = np.unique(np.array(names), return_inverse=True, return_counts=True)
    order = np.argsort(known, kind="stable")
    weights = np.cumsum(1.0 / sizes[member_of[order]])  # each group weighs 1, and so does the one to come
    reached = np.flatnonzero(weights >= coverage * (len(sizes) + 1) - _ROUNDING)
    return float(known[order[reached[0]]]) if reached.size else math.inf


def scores_of(true: ArrayLike, predicted: ArrayLike, difficulty: ArrayLike | None = None) -> Numbers:
    """Absolute errors, divided by how hard each example is expected to be.

    Args:
        true: The truth, shape (n,).
        predicted: The answers, shape (n,).
        difficulty: The error expected of each, above 0, shape (n,); None when all are equally hard.

    Returns:
        Scores for `conformal_width`, shape (n,).

    Raises:
        ValueError: The shapes differ, or a difficulty is not above 0.
    """
    truth, answers = _alike(true, predicted)
    return np.abs(truth - answers) / _difficulty(difficulty, answers)


def interval(predicted: ArrayLike, width: float, difficulty: ArrayLike | None = None) -> tuple[Numbers, Numbers]:
    """Intervals around new answers, as wide as sealed ones that were scored by `scores_of` have to be.

    Returns:
        Lower and upper ends, each of shape (n,).

    Raises:
        ValueError: The shapes differ, or a difficulty is not above 0.
    """
    answers = np.asarray(predicted, dtype=np.float64)
    reach = width * _difficulty(difficulty, answers)
    return answers - reach, answers + reach


def band_scores(true: ArrayLike, low: ArrayLike, high: ArrayLike) -> Numbers:
    """How far the truth lies outside a band between two predicted quantiles; below 0 where it lies inside.

    Args:
        true: The truth, shape (n,).
        low: The lower predicted quantile, shape (n,).
        high: The upper one, shape (n,).

    Returns:
        Scores for `conformal_width`, shape (n,).

    Raises:
        ValueError: The shapes differ.
    """
    truth, below = _alike(true, low)
    _, above = _alike(true, high)
    return np.maximum(below - truth, truth - above)


def band(low: ArrayLike, high: ArrayLike, width: float) -> tuple[Numbers, Numbers]:
    """New bands between predicted quantiles, their edges moved out by a width (in, where it is below 0).

    Returns:
        Lower and upper ends, each of shape (n,); an interval whose ends have crossed holds nothing.

    Raises:
        ValueError: The shapes differ.
    """
    below, above = _alike(low, high)
    return below - width, above + width


def _clustered_bounds(errors: Numbers, names: Sequence[str], q: float, confidence: float) -> tuple[float, float]:
    """By the share of errors that do not exceed a candidate: the quantile is where that share passes q.

    A candidate bounds it from above when it and all larger ones show a share of at least q, so that only one test, at
    the quantile itself, has to go wrong for a bound to fail; from below likewise, by the share strictly below it.
    """
    candidates = np.unique(errors)
    at_once = max(1, _MOST_NUMBERS // len(errors))
    reached, short = [], []
    for start in range(0, len(candidates), at_once):
        some = candidates[start : start + at_once, None]
        reached.append(share_bounds(errors <= some, names, confidence=confidence)[0] >= q)
        short.append(share_bounds(errors < some, names, confidence=confidence)[1] <= q)
    from_above = np.logical_and.accumulate(np.concatenate(reached)[::-1])[::-1]
    from_below = np.logical_and.accumulate(np.concatenate(short))
    upper = candidates[from_above][0] if from_above.any() else math.inf
    lower = candidates[from_below][-1] if from_below.any() else -math.inf
    return float(lower), float(upper)


def _checked(errors: ArrayLike, q: float, confidence: float, groups: Sequence[str] | None) -> list[str]:
    """The group of each error; refuses arguments that contradict each other."""
    _check_share("q", q)
    _check_share("confidence", confidence)
    known = np.asarray(errors, dtype=np.float64)
    names = [str(i) for i in range(known.size)] if groups is None else [str(group) for group in groups]
    if known.shape != (len(names),):
        raise ValueError("errors need one entry for each group")
    if np.any(np.isnan(known)):
        raise ValueError("an error is a number")
    return names


def _alike(one: ArrayLike, other: ArrayLike) -> tuple[Numbers, Numbers]:
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError("truth and answers need the same shape")
    return first, second


def _difficulty(difficulty: ArrayLike | None, answers: Numbers) -> Numbers:
    if difficulty is None:
        return np.ones_like(answers)
    hard, _ = _alike(difficulty, answers)
    if not np.all(hard > 0):
        raise ValueError("a difficulty lies above 0")
    return hard


def _check_share(name: str, value: float) -> None:
    if not (0.0 < value < 1.0 and math.isfinite(value)):
        raise ValueError(f"{name} must lie strictly between 0 and 1")
