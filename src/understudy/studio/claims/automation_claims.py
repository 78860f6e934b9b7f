"""What a promise comes to as a claim: proven, open or refuted, the figure that tells it, and how many more would do."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from understudy.domain.review import AutomationPoint, AutomationPromise, Claim, ClaimKind, Measured, Outcome
from understudy.stats.evidence_needed import shares_needed
from understudy.stats.shares import outcome_of, share_measured
from understudy.studio.claims.review_material import Material

WORTHWHILE = 0.1
"""A model that answers a smaller share alone is not worth its keep."""

Measures = Callable[[AutomationPoint], Measured]
Needs = Callable[[AutomationPoint], int | None]
"""Examples that a point would need among those it answers, or None when no number is known."""


def is_worthwhile(promise: AutomationPromise | None) -> bool:
    """Whether anything worth its keep may be answered alone."""
    return promise is not None and promise.threshold is not None and promise.share >= WORTHWHILE


def promise_claim(promise: AutomationPromise, measures: Measures, needs: Needs) -> Claim:
    """A promise as a required claim.

    Args:
        promise: What was promised, or that nothing was.
        measures: The figure of the answers given alone from a point on; never asked where there are none.
        needs: How many of them would probably prove it.
    """
    telling = _telling_point(promise)
    measured = None if telling is None or not telling.answered else measures(telling)
    outcome = _outcome(promise, measures)
    needed = _needed(promise, telling, needs) if outcome is Outcome.OPEN else None
    return Claim(ClaimKind.AUTOMATION, "", measured, promise.most_error, False, True, outcome, needed)


def share_claim(material: Material, promise: AutomationPromise) -> Claim:
    """The share of wrong answers among those given alone, as a claim."""
    return promise_claim(
        promise, lambda point: _wrong_from(material, point), lambda point: _needed_from(material, promise, point)
    )


def alone_from(material: Material, point: AutomationPoint) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """Which answers are given alone from a threshold on, and the groups of those."""
    alone = material.answers.sure >= point.threshold
    return alone, [group for group, given in zip(material.answers.groups, alone, strict=True) if given]


def _outcome(promise: AutomationPromise, measures: Measures) -> Outcome:
    """Refuted only if answering errs too often, or costs too much, at every threshold that is worth its keep."""
    if is_worthwhile(promise):
        return Outcome.PROVEN
    points = [point for point in promise.curve if point.share >= WORTHWHILE and point.answered]
    refuted = bool(points) and all(
        outcome_of(measures(point), promise.most_error, at_least=False) is Outcome.REFUTED for point in points
    )
    return Outcome.REFUTED if refuted else Outcome.OPEN


def _telling_point(promise: AutomationPromise) -> AutomationPoint | None:
    """The point that is promised, else the one whose test failed, or where none was tested the one that came nearest.

    Others may look proven by themselves; which of many looks best in the end proves nothing.
    """
    threshold = promise.threshold if is_worthwhile(promise) else promise.failed
    for point in promise.curve:
        if point.threshold == threshold:
            return point
    worth = [point for point in promise.curve if point.share >= WORTHWHILE]
    return min(worth, key=lambda point: (point.error_upper, -point.share), default=None)


def _needed(promise: AutomationPromise, point: AutomationPoint | None, needs: Needs) -> int | None:
    """Sealed examples in all that would probably prove a threshold, were as large a part of them answered alone."""
    if point is None or not point.answered or not point.error < promise.most_error < point.error_upper:
        return None
    needed = needs(point)
    return None if needed is None else math.ceil(needed / point.share)


def _wrong_from(material: Material, point: AutomationPoint) -> Measured:
    """The share of wrong answers among those given alone from a threshold on."""
    alone, groups = alone_from(material, point)
    right = share_measured(material.right[alone], groups=groups, confidence=material.confidence)
    return Measured(
        estimate=1.0 - right.estimate,
        lower=1.0 - right.upper,
        upper=1.0 - right.lower,
        count=right.count,
        groups=right.groups,
        confidence=right.confidence,
        method=right.method,
    )


def _needed_from(material: Material, promise: AutomationPromise, point: AutomationPoint) -> int | None:
    alone, groups = alone_from(material, point)
    right, least = material.right[alone], 1.0 - promise.most_error
    return shares_needed(right, least, groups=groups, confidence=material.next_confidence)
