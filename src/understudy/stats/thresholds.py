"""What a model may answer alone: "62% of requests, at most 2% of them wrongly; people take the rest".

What is guaranteed: with probability at least `confidence`, the share of wrong answers (or the mean cost) among those
given alone is at most the promised one at every threshold called proven, so also at the one that is chosen. It assumes
that the sealed examples (or their groups) were drawn independently and that the order of testing was fixed without
their labels.

Why it is true. Thresholds are tested one after another, each at the whole error budget, and testing stops at the first
that fails. For a false promise, the first threshold in that order whose claim is false must have passed its test,
and that single test fails only with probability 1 - confidence; no correction for many thresholds is needed. A
threshold with so few answers that no labels at all could prove it is passed over; that is seen without labels.

Each test of a share is Clopper-Pearson's (exact; cluster-adjusted when examples belong together), each test of a cost
is by betting. A threshold that was not tested is not proven, not even when a more lenient one is.

Source:
    Angelopoulos, Bates, Candes, Jordan & Lei, "Learn then Test" (2021); Maurer, Hothorn & Lehmacher (1995) for
    testing in a fixed sequence.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.domain.review import AutomationPoint, AutomationPromise
from understudy.stats.betting import mean_measured
from understudy.stats.clusters import clustered_proportion
from understudy.stats.testing_order import check_share, checked, cost_testing_order, testing_order

__all__ = ["automation_promise", "cost_promise", "cost_testing_order", "testing_order"]

_SHOWN = 20
"""Thresholds that are shown beside those tested, so that a curve has a shape."""

Point = Callable[[float], AutomationPoint]


def automation_promise(
    stated: ArrayLike,
    right: ArrayLike,
    *,
    groups: Sequence[str],
    most_error: float,
    order: Sequence[float],
    confidence: float,
) -> AutomationPromise:
    """Up to which threshold "at most so many answers are wrong" is proven on sealed examples.

    Args:
        stated: Probability of each sealed answer, 0..1, shape (n,).
        right: Whether it was right, shape (n,).
        groups: The group of each example, n of them.
        most_error: The share of wrong answers to be promised, strictly between 0 and 1.
        order: Thresholds in the order in which they are tested, chosen without the sealed labels (`testing_order`).
        confidence: Of the promise, between 0 and 1.

    Returns:
        The promise at the most lenient proven threshold, with the whole curve.

    Raises:
        ValueError: Lengths that differ, or a share out of range.
    """
    given, told = checked(stated, right)
    hits = np.asarray(told, dtype=np.bool_)
    _check(given, groups, order, confidence)
    check_share("most_error", most_error)

    def point(threshold: float) -> AutomationPoint:
        alone = given >= threshold
        answered, wrong = int(alone.sum()), int((alone & ~hits).sum())
        share = clustered_proportion(hits[alone], _of(groups, alone), confidence=confidence)
        upper = 1.0 - share.lower
        return _point(threshold, answered, wrong, len(given), wrong / max(answered, 1), upper)

    def provable(threshold: float) -> bool:
        alone = given >= threshold
        perfect = clustered_proportion(hits[alone] | True, _of(groups, alone), confidence=confidence)
        return 1.0 - perfect.lower <= most_error

    testable = [threshold for threshold in order if provable(threshold)]
    return _promise(given, groups, point, most_error, (order, testable), confidence)


def cost_promise(
    stated: ArrayLike,
    losses: ArrayLike,
    *,
    groups: Sequence[str],
    most_cost: float,
    bounds: tuple[float, float],
    order: Sequence[float],
    confidence: float,
) -> AutomationPromise:
    """Up to which threshold "an answer given alone costs at most so much on average" is proven.

    Args:
        stated: Probability of each sealed answer, 0..1, shape (n,).
        losses: What each answer cost, shape (n,), in an order that has nothing to do with them.
        groups: The group of each example, n of them.
        most_cost: The mean cost to be promised, in the losses' unit.
        bounds: The least and the most that an answer can cost, whatever the data show.
        order: Thresholds in the order in which they are tested (`cost_testing_order`).
        confidence: Of the promise, between 0 and 1.

    Returns:
        As `automation_promise`, where `most_error`, `error` and `error_upper` are mean costs in the losses' unit and
        `wrong` counts answers that cost more than the least.

    Raises:
        ValueError: As there, or a loss outside its bounds.
    """
    given, told = checked(stated, losses)
    paid = np.asarray(told, dtype=np.float64)
    _check(given, groups, order, confidence)
    low, high = bounds
    if not (low < high and np.all((paid >= low) & (paid <= high))):
        raise ValueError("losses must lie within their bounds")

    def point(threshold: float) -> AutomationPoint:
        alone = given >= threshold
        found = mean_measured(
            paid[alone], low=low, high=high, groups=_of(groups, alone), confidence=confidence, unit=""
        )
        wrong, error = int(np.sum(paid[alone] > low)), found.estimate if found.count else 0.0
        return _point(threshold, found.count, wrong, len(given), error, found.upper)

    def provable(threshold: float) -> bool:
        largest = max(Counter(_of(groups, given >= threshold)).values(), default=0)
        worth = float(np.sum(given >= threshold)) / max(largest, 1)
        return largest > 0 and low + (high - low) * (1.0 - (1.0 - confidence) ** (1.0 / worth)) <= most_cost

    testable = [threshold for threshold in order if provable(threshold)]
    return _promise(given, groups, point, most_cost, (order, testable), confidence)


def _promise(
    given: NDArray[np.float64],
    groups: Sequence[str],
    point: Point,
    most: float,
    orders: tuple[Sequence[float], Sequence[float]],
    confidence: float,
) -> AutomationPromise:
    """Tests what is testable in sequence, stops at the first failure, and draws the whole curve."""
    order, testable = orders
    points = {threshold: point(threshold) for threshold in _looked_at(given, order)}
    proven = set(takewhile(lambda threshold: points[threshold].error_upper <= most, testable))
    curve = tuple(replace(points[threshold], proven=threshold in proven) for threshold in sorted(points, reverse=True))
    failed = next((threshold for threshold in testable if threshold not in proven), None)
    if not proven:
        return AutomationPromise(most, None, 0.0, 0.0, confidence, curve, failed=failed)
    chosen = points[min(proven)]
    share = clustered_proportion(given >= chosen.threshold, groups, confidence=confidence)
    return AutomationPromise(most, chosen.threshold, share.estimate, share.lower, confidence, curve, failed=failed)


def _looked_at(given: NDArray[np.float64], order: Sequence[float]) -> set[float]:
    """The thresholds to be tested, and some between the surest and the least sure answer for the curve's shape."""
    shown = np.quantile(given, np.linspace(0.0, 1.0, _SHOWN + 1), method="lower") if len(given) else np.empty(0)
    return {float(each) for each in order} | {float(each) for each in shown}


def _point(threshold: float, answered: int, wrong: int, count: int, error: float, upper: float) -> AutomationPoint:
    share = answered / count if count else 0.0
    return AutomationPoint(threshold, answered, wrong, share, error, upper, proven=False)


def _of(groups: Sequence[str], chosen: NDArray[np.bool_]) -> list[str]:
    return [group for group, one in zip(groups, chosen.tolist(), strict=True) if one]


def _check(given: NDArray[np.float64], groups: Sequence[str], order: Sequence[float], confidence: float) -> None:
    """Refuses arguments that contradict each other."""
    check_share("confidence", confidence)
    if len(groups) != len(given):
        raise ValueError("groups need one entry for each answer")
    if not all(0.0 <= threshold <= 1.0 for threshold in order):
        raise ValueError("thresholds must lie between 0 and 1")
