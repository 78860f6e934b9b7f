"""How a model fares on parts of the data, and how far parts are apart.

Definitions are fairlearn's. For one label that matters (the positive one: "crack", "admit"), the selection rate is the
share of examples that are given it. Demographic parity difference is the largest selection rate of any group of people
or things less the smallest. Equalized odds difference is the larger of two such differences, that of recall (true
positives) and that of false alarms (false positives).

Two questions have two answers, which must not be mixed:

- "How good is it on this slice?" Each slice's figures have their own bounds, each at `confidence`, each taken alone.
  Of twenty slices one may well show a bound that is missed.
- "Is anything wrong?" What is found is found with few false alarms over all slices together: the chance that any
  slice that is no worse than the rest is called worse is at most 1 - confidence (Holm's step-down test), and a gap's
  bounds hold however many groups there are.

Bounds of a gap need no formula of their own. The largest rate belongs to one group and the smallest to one other,
unknown but fixed, so two one-sided bounds at (1 - confidence) / 2 give an upper bound of the gap. A gap that is at
least so wide is shown by any two groups, so for the lower bound all bounds must hold, two for each group. Both hold by
the union bound alone, whatever slices have in common: one wall may have photos by both cameras. They are wider than
approximations such as Newcombe's, which can be trusted only for slices that are large and have nothing in common.
The observed gap itself overstates the true one when slices are small, since luck is part of what is furthest apart.

All this assumes, as `stats.shares` does, examples or groups that were drawn independently. No figure here says why
slices differ, or whether it is just.

Source:
    Bird et al., "Fairlearn" (2020); Hardt, Price & Srebro (2016) for equalized odds; Holm, Scandinavian Journal of
    Statistics 6 (1979); Fisher's exact test.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from understudy.domain.review import Measured
from understudy.stats.clusters import CLUSTERED
from understudy.stats.intervals import PLAIN
from understudy.stats.shares import share_bounds, share_measured

UNION = "union of "
Mask = NDArray[np.bool_]
SMALLEST_P = 1e-15
"""No p-value from bounds is told more exactly than this."""
_HALVINGS = 30


@dataclass(frozen=True)
class Comparison:
    """A slice against all other examples.

    Attributes:
        own: Share right in the slice, its bounds taken alone.
        rest: Share right among the other examples, likewise.
        p_value: Of "the slice is no worse than the rest", adjusted for all slices that were compared with it, 0..1.
            Where groups are shared, one that exceeds 1 - confidence before it is adjusted is told as 1.0.
        worse: It is shown to be worse: `p_value` is at most 1 - confidence.
    """

    own: Measured
    rest: Measured
    p_value: float
    worse: bool


def worse_than_rest(
    right: ArrayLike, members: ArrayLike, *, groups: Sequence[str], confidence: float
) -> tuple[Comparison, ...]:
    """Which slices are shown to be worse than the rest, with few false alarms over all slices together.

    Where every example stands alone, each slice is tested by Fisher's exact test. Where groups are shared, it is tested
    by cluster-adjusted bounds that part: the slice's upper one from the rest's lower one.

    Args:
        right: Whether each answer is right, shape (n,).
        members: Which examples each slice has, shape (slices, n). Pass all slices of all columns at once, also those
            that will not be told of; they may overlap.
        groups: The group of each example, n of them.
        confidence: One less the chance of any false alarm, between 0 and 1; and coverage of each bound taken alone.

    Returns:
        One entry for each slice, in their order. A slice that has none or all of the examples is never worse.

    Raises:
        ValueError: The shapes differ, or the confidence is not between 0 and 1.
    """
    hits = np.asarray(right, dtype=np.bool_)
    inside = np.asarray(members, dtype=np.bool_).reshape(-1, len(groups))
    if hits.shape != (len(groups),):
        raise ValueError("right needs one entry for each group")
    adjusted = holm(_p_values(hits, inside, groups, 1.0 - confidence))
    return tuple(
        Comparison(
            _share(hits, each, groups, confidence),
            _share(hits, ~each, groups, confidence),
            p_value,
            p_value <= 1.0 - confidence,
        )
        for each, p_value in zip(inside, adjusted, strict=True)
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """p-values adjusted for their number by Holm's step-down method, in their order.

    Whoever calls all those of at most alpha a finding is wrong about any with probability at most alpha, however the
    tests depend on each other.
    """
    order = np.argsort(p_values, kind="stable")
    times = np.arange(len(p_values), 0, -1)
    stepped = np.minimum(1.0, np.maximum.accumulate(np.asarray(p_values, dtype=np.float64)[order] * times))
    adjusted = np.empty(len(p_values))
    adjusted[order] = stepped
    return tuple(adjusted.tolist())


def parity_gap(given: ArrayLike, column: Sequence[str], *, groups: Sequence[str], confidence: float) -> Measured:
    """Demographic parity difference: the largest selection rate of any value less the smallest.

    Args:
        given: Whether each example was given the label, alone or among others, shape (n,).
        column: The value of each example, n of them.
        groups: The group of each example, n of them.
        confidence: Coverage of each bound alone, between 0 and 1.

    Returns:
        The difference, 0..1; 0.0 between 0.0 and 0.0 where there is but one value.

    Raises:
        ValueError: The lengths differ, or the confidence is not between 0 and 1.
    """
    (said,) = _flags(given, column=column, groups=groups)
    return _widest([_Rate(said, np.ones_like(said), column, groups)], confidence)


def odds_gap(
    has: ArrayLike, given: ArrayLike, column: Sequence[str], *, groups: Sequence[str], confidence: float
) -> Measured:
    """Equalized odds difference: the wider of the gaps in recall and in false alarms. Arguments as `parity_gap`.

    Whether each example truly has the label comes first. A value without an example that has the label (or that lacks
    it) has no recall (or no share of false alarms). It is left out of the estimate and makes the upper bound 1.0, since
    nothing is known about it.
    """
    truly, said = _flags(has, given, column=column, groups=groups)
    return _widest([_Rate(said, truly, column, groups), _Rate(said, ~truly, column, groups)], confidence)


@dataclass(frozen=True)
class _Rate:
    """A share of `hits` among the examples that are `counted`, for every value of a column."""

    hits: Mask
    counted: Mask
    column: Sequence[str]
    groups: Sequence[str]

    @property
    def values(self) -> int:
        return len({str(value) for value in self.column})

    def each(self, confidence: float, *, bounds: int) -> list[Measured]:
        """Of each value, at a confidence at which so many bounds hold together at `confidence`."""
        alone = 1.0 - (1.0 - confidence) / bounds
        return [_share(self.hits, self.counted & inside, self.groups, alone) for _, inside in _parts(self.column)]

    def figure(self, estimate: float, lower: float, upper: float, confidence: float) -> Measured:
        count, groups = len(self.groups), len({str(group) for group in self.groups})
        method = UNION + (PLAIN if count == groups else CLUSTERED)
        return Measured(estimate, lower, upper, count, groups, confidence, method, "share")


def _widest(rates: Sequence[_Rate], confidence: float) -> Measured:
    """The widest gap between two values in any of the rates."""
    first, values = rates[0], rates[0].values
    if values < 2:
        return first.figure(0.0, 0.0, 0.0, confidence)
    estimate = lower = upper = 0.0
    for rate in rates:
        far, near = rate.each(confidence, bounds=2), rate.each(confidence, bounds=2 * values * len(rates))
        seen = [each.estimate for each in far if each.count]
        estimate = max(estimate, max(seen, default=0.0) - min(seen, default=0.0))
        lower = max(lower, max(each.lower for each in near) - min(each.upper for each in near))
        upper = max(upper, max(each.upper for each in far) - min(each.lower for each in far))
    return first.figure(estimate, lower, upper, confidence)


def _p_values(right: Mask, members: NDArray[np.bool_], groups: Sequence[str], most: float) -> list[float]:
    """Of "the share right is no lower in the slice than outside", for each; with groups 1.0 for all above `most`."""
    if len({str(group) for group in groups}) == len(groups):
        within, sizes = np.sum(right & members, axis=1), np.sum(members, axis=1)
        chances: list[float] = scipy.stats.hypergeom.cdf(within, len(right), right.sum(), sizes).tolist()
        return chances
    parted = _parted(right, members, groups, most)
    return [_least(right, each, groups, most) if far else 1.0 for each, far in zip(members, parted, strict=True)]


def _least(right: Mask, inside: Mask, groups: Sequence[str], most: float) -> float:
    """The least alpha at which the bounds still part, by halving its logarithm."""
    low, high = np.log(min(SMALLEST_P, most)), np.log(most)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        parted = _parted(right, inside[None], groups, float(np.exp(middle)))[0]
        low, high = (low, middle) if parted else (middle, high)
    return float(np.exp(high))


def _parted(right: Mask, members: NDArray[np.bool_], groups: Sequence[str], alpha: float) -> NDArray[np.bool_]:
    """Whether each slice's upper bound lies below the rest's lower one, both holding together at 1 - alpha."""
    rows = np.broadcast_to(right, members.shape)
    _, own = share_bounds(rows, groups, confidence=1.0 - alpha / 2, counted=members)
    rest, _ = share_bounds(rows, groups, confidence=1.0 - alpha / 2, counted=~members)
    return own < rest


def _flags(*told: ArrayLike, column: Sequence[str], groups: Sequence[str]) -> list[Mask]:
    """What is told of each example, as masks."""
    masks = [np.asarray(each, np.bool_) for each in told]
    if {each.shape for each in masks} != {(len(groups),)} or len(column) != len(groups):
        raise ValueError("flags, column and groups need one entry for each example")
    return masks


def _parts(column: Sequence[str]) -> list[tuple[str, Mask]]:
    """Every value by name, with the examples that have it."""
    values = np.array([str(value) for value in column])
    return [(str(value), values == value) for value in np.unique(values)]


def _share(hits: Mask, members: Mask, groups: Sequence[str], confidence: float) -> Measured:
    own = [groups[index] for index in np.flatnonzero(members).tolist()]
    return share_measured(hits[members], groups=own, confidence=confidence)
