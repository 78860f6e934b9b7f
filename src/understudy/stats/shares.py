"""The share of answers that are right (of all, of one label, of a slice), bounded on both sides.

What is guaranteed: the true share lies below `lower` with probability at most 1 - confidence, and above `upper` with
probability at most 1 - confidence, for every number of examples. It assumes that examples (or groups of them) were
drawn independently from what the model will meet, and that neither model nor threshold was chosen by them.

Where every example stands alone the bounds are Clopper and Pearson's, and the guarantee is exact. Where groups are
shared they are cluster-adjusted, and the guarantee rests on the simulations that `stats.clusters` names. The upper
bound of the right answers is the lower bound of the wrong ones, mirrored, so both sides are of one kind.

Recall and precision are shares of a part of the examples, whose number is itself left to chance: those that truly have
the label, or those that were given it. Taken as given, each of them is still right or wrong independently of the
others at one rate, so the same bounds hold for them, whatever their number turned out to be.

Source:
    Clopper & Pearson, Biometrika 26 (1934); for groups see `stats.clusters`.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.domain.review import Measured, Outcome
from understudy.stats.clusters import clustered_lower_bounds, clustered_proportion
from understudy.stats.intervals import lower_bounds

Bounds = NDArray[np.float64]


def share_measured(right: ArrayLike, *, groups: Sequence[str], confidence: float) -> Measured:
    """The share of right answers with a bound on each side.

    Args:
        right: Whether each answer is right, shape (n,); n may be 0, which proves nothing.
        groups: The group of each example, n of them; all different when every example stands alone.
        confidence: Coverage of each bound alone, between 0 and 1.

    Returns:
        The share; without examples an estimate of 0.0 between the bounds 0.0 and 1.0.

    Raises:
        ValueError: The lengths differ, or the confidence is not between 0 and 1.
    """
    hits = np.asarray(right, dtype=np.bool_)
    share = clustered_proportion(hits, groups, confidence=confidence)
    wrong = clustered_proportion(~hits, groups, confidence=confidence)
    upper, independent = 1.0 - wrong.lower, len({str(group) for group in groups})
    return Measured(share.estimate, share.lower, upper, share.trials, independent, confidence, share.method)


def recall_measured(
    true: ArrayLike, answered: ArrayLike, label: object, *, groups: Sequence[str], confidence: float
) -> Measured:
    """Of the examples that truly have a label, the share that was given it.

    Args:
        true: The true label of each example, by index or by name, shape (n,).
        answered: The label that it was given, likewise.
        label: Which label.
        groups: The group of each example, n of them.
        confidence: Coverage of each bound alone, between 0 and 1.

    Raises:
        ValueError: As in `share_measured`.
    """
    has, given = _members(true, label, groups), _members(answered, label, groups)
    return share_measured(given[has], groups=_of(groups, has), confidence=confidence)


def precision_measured(
    true: ArrayLike, answered: ArrayLike, label: object, *, groups: Sequence[str], confidence: float
) -> Measured:
    """Of the examples that were given a label, the share that truly has it. Arguments as in `recall_measured`."""
    return recall_measured(answered, true, label, groups=groups, confidence=confidence)


def outcome_of(measured: Measured, bar: float, at_least: bool = True) -> Outcome:
    """What a figure says about a bar.

    Args:
        measured: The figure with its bounds.
        bar: What is asked, in the figure's unit.
        at_least: The figure shall be at least the bar; else at most.

    Returns:
        Proven when the bound on the near side reaches the bar, refuted when the bound on the far side falls short of
        it, else open. Each of the two is wrong with probability at most 1 - `measured.confidence`.

    Raises:
        ValueError: The bar is not a number.
    """
    if math.isnan(bar):
        raise ValueError("a bar is a number")
    if not at_least:
        return outcome_of(_mirrored(measured), -bar)
    if measured.lower >= bar:
        return Outcome.PROVEN
    return Outcome.REFUTED if measured.upper < bar else Outcome.OPEN


def corrected_lower(measured: Measured, label_error_upper: float) -> float:
    """A lower bound of the share that is truly right, where the labels it was counted by may be wrong.

    What is counted is agreement with labels, and an answer that agrees with a right label is right. So the true share
    is at least the agreement less the share of wrong labels, and no more can be said: in the worst case every wrong
    label is one that the model has learnt to repeat. The bound fails with the chances that its two parts fail, added.

    Where wrong labels fall at random, independently of the answers, nothing has to be taken off: they hit right answers
    more often than they excuse wrong ones (as long as the model is better than chance), so agreement is below the
    truth and the plain bound is on the safe side already.

    Args:
        measured: Agreement with the labels.
        label_error_upper: Upper bound of the share of labels that are wrong, 0..1.

    Raises:
        ValueError: The share of wrong labels is not in 0..1.
    """
    if not 0.0 <= label_error_upper <= 1.0:
        raise ValueError("label_error_upper must lie between 0 and 1")
    return max(0.0, measured.lower - label_error_upper)


def share_bounds(
    right: ArrayLike, groups: Sequence[str], *, confidence: float, counted: ArrayLike | None = None
) -> tuple[Bounds, Bounds]:
    """Both bounds of `share_measured` for many samples at once, as simulations want them.

    Args:
        right: Whether each answer is right, a sample a row, shape (rows, n).
        groups: The group of each column, the same in every row.
        confidence: Coverage of each bound alone, between 0 and 1.
        counted: Which answers the share is of (those of a label, or of a slice), shape (rows, n); None for all.

    Returns:
        Lower and upper bounds, each of shape (rows,).

    Raises:
        ValueError: The shapes differ, or the confidence is not between 0 and 1.
    """
    hits = np.asarray(right, dtype=np.bool_)
    if hits.ndim != 2 or hits.shape[1] != len(groups):
        raise ValueError("right needs a row for each sample and a column for each group")
    inside = np.broadcast_to(np.True_ if counted is None else np.asarray(counted, dtype=np.bool_), hits.shape)
    names, member_of = np.unique(np.array([str(group) for group in groups]), return_inverse=True)
    hits = hits & inside
    if len(names) == len(groups):
        right_of, tried = hits.sum(axis=1), inside.sum(axis=1)
        lower = lower_bounds(right_of, tried, confidence=confidence)
        return lower, 1.0 - lower_bounds(tried - right_of, tried, confidence=confidence)
    right_by_group, sizes = _by_group(hits, member_of), _by_group(inside, member_of)
    lower = clustered_lower_bounds(right_by_group, sizes, confidence=confidence)
    return lower, 1.0 - clustered_lower_bounds(sizes - right_by_group, sizes, confidence=confidence)


def _by_group(marked: NDArray[np.bool_], member_of: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many columns of each group are marked, shape (rows, groups)."""
    order = np.argsort(member_of, kind="stable")
    starts = np.flatnonzero(np.diff(member_of[order], prepend=-1))
    counts: NDArray[np.int64] = np.add.reduceat(marked[:, order], starts, axis=1, dtype=np.int64)
    return counts


def _mirrored(measured: Measured) -> Measured:
    """The same of minus the figure."""
    return replace(measured, estimate=-measured.estimate, lower=-measured.upper, upper=-measured.lower)


def _members(labels: ArrayLike, label: object, groups: Sequence[str]) -> NDArray[np.bool_]:
    """Which examples have the label."""
    has = np.array([each == label for each in np.asarray(labels).tolist()], dtype=np.bool_)
    if has.shape != (len(groups),):
        raise ValueError("labels need one entry for each group")
    return has


def _of(groups: Sequence[str], members: NDArray[np.bool_]) -> list[str]:
    return [group for group, inside in zip(groups, members.tolist(), strict=True) if inside]
