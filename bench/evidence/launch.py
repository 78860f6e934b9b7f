"""Whether the product would launch: its own review decides.

A review of every simulated look would take an hour, and hardly any of them can launch. So a look is first asked what
every launch implies, by the product's own bounds for many looks at once; the review itself decides all others.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bench.evidence.sealed import Flags, Look, Shares, material
from understudy.domain.brief import Brief
from understudy.domain.review import Review, Verdict
from understudy.stats.betting import clears
from understudy.stats.intervals import lower_bounds
from understudy.stats.looks import confidence_of
from understudy.stats.shares import share_bounds
from understudy.studio.claims.promises import is_worthwhile, promise_of
from understudy.studio.review.launch_review import review_of

ROUNDING = 1e-9


def review(look: Look, brief: Brief) -> Review:
    """The product's review of a look."""
    return review_of(material(look, brief))


def launched(look: Look, brief: Brief) -> Review | None:
    """The review of a look if it says “launch”, else None."""
    known = material(look, brief)
    promise = promise_of(known)
    if promise is not None and not is_worthwhile(promise):
        return None  # as nothing is to be answered alone, and a review requires that something is
    said = review_of(known)
    return said if said.verdict is Verdict.LAUNCH else None


def launches(look: Look, brief: Brief) -> bool:
    """Whether the review of a look says “launch”."""
    return launched(look, brief) is not None


def could_prove(right: Flags, stated: Shares, bar: float, *, look: int = 1, groups: Sequence[str] = ()) -> Flags:
    """Whether at any threshold at all the bar is proven, as it is in every launch by a share.

    Args:
        right: Of each answer of each run, shape (runs, n).
        stated: How sure each was, shape (runs, n).
        bar: The share right that is asked for.
        look: Which look it is.
        groups: What each example belongs with, the same in every run; every one alone when empty.

    Returns:
        Shape (runs,).
    """
    confidence = confidence_of(look)
    if groups:
        pairs = zip(right, stated, strict=True)
        return np.array([_grouped(each, sure, groups, confidence) >= bar - ROUNDING for each, sure in pairs], np.bool_)
    surest_first = np.argsort(-stated, axis=1, kind="stable")
    hits = np.cumsum(np.take_along_axis(right, surest_first, axis=1), axis=1)
    could: Flags = np.any(hits >= fewest_right(right.shape[1], bar, look), axis=1)
    return could


@lru_cache(maxsize=1_000)
def fewest_right(count: int, bar: float, look: int) -> npt.NDArray[np.int64]:
    """Of 1 to `count` answers, how many must be right for their bound to reach the bar; one more where none will do.

    The bound rises with the right answers, so halving finds it.
    """
    answered = np.arange(1, count + 1)
    low, high = np.zeros_like(answered), answered + 1
    while np.any(low < high):
        middle = (low + high) // 2
        bounds = lower_bounds(np.minimum(middle, answered), answered, confidence=confidence_of(look))
        enough = (middle > answered) | (bounds >= bar - ROUNDING)
        low, high = np.where(enough, low, np.minimum(middle + 1, high)), np.where(enough, middle, high)
    return low


def could_pay(losses: Shares, stated: Shares, most: float, dearest: float, *, look: int = 1) -> Flags:
    """Whether at any threshold at all answers are proven to cost at most so much, as in every launch by money.

    Args:
        losses: What each answer of each run costs by being wrong, 0 to `dearest`, shape (runs, n).
        stated: How sure each was, no two alike, shape (runs, n).
        most: What an answer may cost on average.
        dearest: What an answer can cost.
        look: Which look it is.

    Returns:
        Shape (runs,).
    """
    ranks = np.argsort(np.argsort(-stated, axis=1), axis=1)
    could = np.zeros(len(losses), np.bool_)
    for alone in range(1, losses.shape[1] + 1):
        paid = losses[ranks < alone].reshape(len(losses), alone)  # in the order of the digests, as a review has them
        could |= clears(-paid, -most, low=-dearest, high=0.0, confidence=confidence_of(look))
    return could


def _grouped(right: Flags, stated: Shares, groups: Sequence[str], confidence: float) -> float:
    """The highest bound at any threshold."""
    alone = stated[None, :] >= stated[:, None]
    lower, _ = share_bounds(np.broadcast_to(right, alone.shape), groups, confidence=confidence, counted=alone)
    return float(lower.max())
