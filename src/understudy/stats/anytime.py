"""Bounds that hold at every moment at once, for evidence that comes one request at a time.

What is guaranteed: with probability at least `confidence`, the true mean is at least `lower` after every single value,
for ever; likewise `upper`, each on its own side. So anyone may look at any time and stop the moment a bar is proven.
It assumes that each value lies in 0..1 and that its mean, given all that came before, is the same; values may be
whole (right or wrong) or anything between.

Why it is true. Against "the mean is at most m", stake a share u of what one has on each value x: the wealth is
multiplied by (1 - u) + u x / m, whose mean is at most 1. The average over all u between 0 and 1 is a wealth too, it
would ever reach 1 / (1 - confidence) with probability at most 1 - confidence (Ville's inequality), and for whole
values it has a closed form in their count and sum. For values between 0 and 1 that form is smaller than the true
wealth on average, since the likelihood ratio it is made of is convex in each value; so the guarantee stands, and count
and sum are all that has to be remembered.

The price of looking at any time is some width: 96 of 100 right is at least 91.0% by a single look and at least 88.1%
at any time (both at 95%).

Source:
    Robbins, Annals of Mathematical Statistics 41 (1970), for mixtures; Ville (1939); Waudby-Smith & Ramdas, JRSS-B 86
    (2024), for bounded values.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

MOST_ANSWERS = 100_000
"""No answer of `answers_needed` is larger; nobody waits for more."""
_HALVINGS = 60
_AT_ONCE = 64


@dataclass(frozen=True)
class ConfidenceSequence:
    """The bounds of a mean, value by value. Start with `ConfidenceSequence()` and keep what `update` returns.

    Attributes:
        count: Values seen.
        total: Their sum.
        lower: The highest lower bound that was ever reached, 0..1; it never falls.
        upper: The lowest upper bound that was ever reached, 0..1; it never rises.
        confidence: Coverage of each side alone, over all moments together, between 0 and 1.
    """

    count: int = 0
    total: float = 0.0
    lower: float = 0.0
    upper: float = 1.0
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if not 0.0 < self.confidence < 1.0:
            raise ValueError("confidence must lie strictly between 0 and 1")
        if not 0.0 <= self.total <= self.count:
            raise ValueError("the sum of values in 0..1 lies between 0 and their count")

    def update(self, value: float) -> "ConfidenceSequence":
        """The sequence after one more value.

        Args:
            value: 1 (or True) for right, 0 for wrong, or anything between.

        Raises:
            ValueError: The value is not in 0..1.
        """
        if not 0.0 <= value <= 1.0:
            raise ValueError("a value lies between 0 and 1")
        count, total = self.count + 1, self.total + float(value)
        total = min(total, float(count))  # a long sum of values a hair below 1 may round above their count
        lower = max(self.lower, _lower(total, count, self.confidence))
        upper = min(self.upper, 1.0 - _lower(count - total, count, self.confidence))
        return replace(self, count=count, total=total, lower=lower, upper=upper)

    @property
    def estimate(self) -> float:
        """Mean of the values seen, 0..1; 0.0 before the first."""
        return self.total / self.count if self.count else 0.0

    def proven(self, bar: float) -> bool:
        """Whether the mean was ever shown to be at least `bar`; once shown, it stays so."""
        return self.lower >= bar

    def refuted(self, bar: float) -> bool:
        """Whether the mean was ever shown to be below `bar`."""
        return self.upper < bar


def sequence_of(values: ArrayLike, *, confidence: float = 0.95) -> ConfidenceSequence:
    """The sequence after many values that are each 0 or 1: what `update` would give, value by value, but at once.

    The lower bound rises with every 1 and falls with every 0, so its height was reached at the end of a run of ones;
    the upper bound likewise. Only those moments are reckoned.

    Args:
        values: In the order in which they came, shape (n,).
        confidence: Coverage of each side alone, between 0 and 1.

    Raises:
        ValueError: A value is neither 0 nor 1, or the confidence is out of range.
    """
    whole = np.asarray(values, dtype=np.float64)
    if whole.ndim != 1 or not np.all((whole == 0.0) | (whole == 1.0)):
        raise ValueError("values are a row of zeros and ones")
    counts, totals = np.arange(1.0, len(whole) + 1.0), np.cumsum(whole)
    changes = np.append(np.diff(whole) != 0.0, True) if len(whole) else np.zeros(0, np.bool_)
    rights, wrongs = changes & (whole == 1.0), changes & (whole == 0.0)
    lower = _lowers(totals[rights], counts[rights], confidence)
    upper = _lowers((counts - totals)[wrongs], counts[wrongs], confidence)
    return ConfidenceSequence(
        count=len(whole),
        total=float(whole.sum()),
        lower=float(lower.max(initial=0.0)),
        upper=1.0 - float(upper.max(initial=0.0)),
        confidence=confidence,
    )


def log_wealth(total: ArrayLike, count: ArrayLike, mean: ArrayLike) -> NDArray[np.float64]:
    """Logarithm of the wealth against "the mean is at most `mean`", mixed evenly over all stakes.

    Args:
        total: Sum of the values, 0 to `count`; any shape that broadcasts.
        count: How many values.
        mean: The mean bet against, strictly between 0 and 1.

    Returns:
        Log wealth in nats, in the broadcast shape; 0 before the first value.
    """
    right, number, against = (np.asarray(each, dtype=np.float64) for each in (total, count, mean))
    wrong = number - right
    above = scipy.special.betaincc(right + 1.0, wrong + 1.0, against)
    with np.errstate(divide="ignore"):
        evidence = scipy.special.betaln(right + 1.0, wrong + 1.0) + np.log(above)
    spread: NDArray[np.float64] = evidence - right * np.log(against) - (wrong + 1.0) * np.log1p(-against)
    return spread


def answers_needed(bar: float, true_rate: float, *, confidence: float = 0.95, power: float = 0.8) -> int | None:
    """Answered requests until the anytime lower bound has probably cleared the bar.

    Worked out exactly, not simulated: for each number of wrong answers there is a count of answers from which the
    bar is proven, and the chance of having passed one of these points follows from one to the next.

    Args:
        bar: The rate to be shown, strictly between 0 and 1.
        true_rate: The rate assumed to be true, 0..1.
        confidence: Coverage of the sequence, between 0 and 1.
        power: Chance to have proven the bar by then, between 0 and 1.

    Returns:
        The number, or None when no number does it (`true_rate` does not exceed `bar`) or more than `MOST_ANSWERS`
        would be needed.

    Raises:
        ValueError: A share is out of range.
    """
    for name, value in (("bar", bar), ("confidence", confidence), ("power", power)):
        if not (0.0 < value < 1.0 and math.isfinite(value)):
            raise ValueError(f"{name} must lie strictly between 0 and 1")
    if not 0.0 <= true_rate <= 1.0:
        raise ValueError("true_rate must lie between 0 and 1")
    if true_rate <= bar:
        return None
    most_wrong = _most_wrong(bar, confidence)
    # A walk that ever proved the bar is on its proving side at the end more often than not, for it drifts that way.
    if power >= 0.5 and scipy.special.bdtr(most_wrong, MOST_ANSWERS, 1.0 - true_rate) < power / 2:
        return None
    still_open = np.ones(1)  # chance of each number of wrong answers so far while nothing is proven
    before = 0
    for proving in _proving(most_wrong, bar, confidence):
        still_open = np.convolve(still_open, _wrong_among(proving - before, 1.0 - true_rate))
        still_open, before = still_open[1:], proving  # that few wrong answers prove the bar here
        if 1.0 - still_open.sum() >= power:
            return proving
        still_open = _trimmed(still_open)
    return None


def _wrong_among(answers: int, rate: float) -> NDArray[np.float64]:
    """Chances of 0, 1, ... wrong answers among so many."""
    wrong = np.arange(answers + 1)
    logs = (
        scipy.special.gammaln(answers + 1)
        - scipy.special.gammaln(wrong + 1)
        - scipy.special.gammaln(answers - wrong + 1)
    )
    chances: NDArray[np.float64] = np.exp(
        logs + scipy.special.xlogy(wrong, rate) + scipy.special.xlog1py(answers - wrong, -rate)
    )
    return chances


def _trimmed(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the far tail, which weighs less than any power is asked to."""
    kept = np.flatnonzero(np.cumsum(chances[::-1])[::-1] > 1e-12)
    return chances[: kept[-1] + 1] if kept.size else chances[:1]


def _most_wrong(bar: float, confidence: float) -> int:
    """The most wrong answers with which `MOST_ANSWERS` still prove the bar; -1 where even none is too many."""
    target, low, high = -math.log1p(-confidence), -1, MOST_ANSWERS
    while high - low > 1:
        middle = (low + high) // 2
        proven = log_wealth(MOST_ANSWERS - middle, MOST_ANSWERS, bar) >= target
        low, high = (middle, high) if proven else (low, middle)
    return low


def _proving(most_wrong: int, bar: float, confidence: float) -> Iterator[int]:
    """For 0, 1, ... wrong answers, up to the most, the fewest answers that prove the bar; found by many at once."""
    target, wrong = -math.log1p(-confidence), np.arange(min(most_wrong + 1, _AT_ONCE))
    while wrong.size:
        low, high = wrong.copy(), np.full(len(wrong), MOST_ANSWERS)
        while np.any(high - low > 1):
            middle = (low + high) // 2
            proven = log_wealth(middle - wrong, middle, bar) >= target
            low, high = np.where(proven, low, middle), np.where(proven, middle, high)
        yield from high.tolist()
        wrong = np.arange(wrong[-1] + 1, min(most_wrong, 2 * int(wrong[-1]) + 1) + 1)


def _lower(total: float, count: int, confidence: float) -> float:
    """The least mean that the wealth does not refute; the wealth falls as the mean it bets against rises."""
    target = -math.log1p(-confidence)
    low, high = 0.0, total / count
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not 0.0 < middle < 1.0:
            break
        low, high = (middle, high) if log_wealth(total, count, middle) >= target else (low, middle)
    return low


def _lowers(totals: NDArray[np.float64], counts: NDArray[np.float64], confidence: float) -> NDArray[np.float64]:
    """The same of many at once; each sum is above 0."""
    target = -math.log1p(-confidence)
    low, high = np.zeros(len(counts)), totals / np.maximum(counts, 1.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        refuted = log_wealth(totals, counts, np.clip(middle, np.nextafter(0.0, 1.0), np.nextafter(1.0, 0.0))) >= target
        low, high = np.where(refuted, middle, low), np.where(refuted, high, middle)
    return low
