"""What is worth knowing about answers that are numbers, besides the share within the tolerance.

Four things, each with its bounds: how far off they are (the median error and the error that nine in ten keep within),
whether the intervals that the model states hold what they promise, how wide an interval would have to be, and whether
small truths are answered too high and large ones too low. How each bound is made is told in `stats.regression`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.domain.evidence import NumberFigures
from understudy.domain.review import Measured
from understudy.stats.regression import conformal_width, error_quantile
from understudy.stats.shares import share_measured
from understudy.stats.thirds import thirds

STATED = 0.8
"""The share of truths that the interval which comes with a number is to hold."""
MOST = 0.9
"""The share of errors that a large one exceeds no more than; also the coverage of the interval that is proven."""
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sized:
    """Answers to examples whose truths are alike in size.

    Attributes:
        name: For people ("under 120").
        members: Which of the examples, (n,).
        off: The median of answer less truth, in the numbers' unit: above 0 where answers are too high.
    """

    name: str
    members: Flags
    off: Measured


def number_figures(
    said: ArrayLike,
    truth: ArrayLike,
    intervals: ArrayLike | None,
    *,
    usual: float,
    groups: Sequence[str],
    confidence: float,
) -> NumberFigures | None:
    """How far off numbers are, in short.

    Args:
        said: The answers, (n,).
        truth: What was so, (n,).
        intervals: The interval that came with each answer, (n, 2), not a number where none came; None where none did.
        usual: The median of the training examples.
        groups: The group of each, n of them.
        confidence: Coverage of each bound, between 0 and 1.

    Returns:
        The figures, or None without an example.

    Raises:
        ValueError: The shapes differ, or the confidence is impossible.
    """
    errors = errors_of(said, truth)
    if not errors.size:
        return None
    median = error_quantile(errors, 0.5, confidence, groups=groups)
    large = error_quantile(errors, MOST, confidence, groups=groups)
    held = coverage(truth, intervals, groups=groups, confidence=confidence)
    plain = errors_of(np.full_like(errors, usual), truth)
    return NumberFigures(
        median=median.estimate,
        median_upper=_known(median.upper),
        large=large.estimate,
        large_upper=_known(large.upper),
        usual=float(np.median(plain)),
        held=None if held is None else round(held.estimate * held.count),
        held_lower=None if held is None else held.lower,
    )


def errors_of(said: ArrayLike, truth: ArrayLike) -> Numbers:
    """Absolute errors, (n,); the largest number there is where answer or truth is none, as that is never right.

    Raises:
        ValueError: The shapes differ.
    """
    answers, true = np.asarray(said, np.float64), np.asarray(truth, np.float64)
    if answers.shape != true.shape:
        raise ValueError("truth and answers need the same shape")
    errors: Numbers = np.abs(answers - true)
    errors[~np.isfinite(errors)] = np.finfo(np.float64).max
    return errors


def coverage(
    truth: ArrayLike, intervals: ArrayLike | None, *, groups: Sequence[str], confidence: float
) -> Measured | None:
    """The share of truths that lie within the interval that came with the answer.

    Args:
        truth: What was so, (n,).
        intervals: From where to where, (n, 2); a row that is not a number holds nothing. None where none came.
        groups: The group of each, n of them.
        confidence: Coverage of each bound, between 0 and 1.

    Returns:
        The share, or None where no interval came.
    """
    if intervals is None:
        return None
    ends, true = np.asarray(intervals, np.float64), np.asarray(truth, np.float64)
    with np.errstate(invalid="ignore"):
        inside = (ends[:, 0] <= true) & (true <= ends[:, 1])
    return share_measured(inside, groups=groups, confidence=confidence)


def proven_width(errors: ArrayLike, *, groups: Sequence[str], confidence: float) -> Measured:
    """How far around each answer nine in ten truths lie.

    Args:
        errors: Absolute errors, (n,).
        groups: The group of each, n of them.
        confidence: Of the upper bound, between 0 and 1.

    Returns:
        The conformal width (as `estimate`), which holds them on average over sealed sets, and as `upper` the width that
        does so with the confidence: a tolerance interval. Either is infinite where too few are sealed.
    """
    on_average = conformal_width(errors, MOST, groups=groups)
    bounds = error_quantile(errors, MOST, confidence, groups=groups)
    return Measured(
        on_average, max(0.0, bounds.lower), bounds.upper, bounds.count, bounds.groups, confidence,
        f"conformal, {bounds.method}", bounds.unit,
    )  # fmt: skip


def by_size(
    said: ArrayLike, truth: ArrayLike, *, groups: Sequence[str], confidence: float, unit: str = ""
) -> tuple[Sized, ...]:
    """Whether answers are too high or too low, by the size of the truth: its lower, middle and upper third.

    A model that has learned little answers near the mean: too high where the truth is small, too low where it is large.

    Args:
        said: The answers, (n,).
        truth: What was so, (n,).
        groups: The group of each, n of them.
        confidence: Coverage of each bound, between 0 and 1.
        unit: What the numbers count.

    Returns:
        The thirds that hold an example; fewer where truths repeat so that thirds fall together.
    """
    answers, true = np.asarray(said, np.float64), np.asarray(truth, np.float64)
    known = np.isfinite(answers) & np.isfinite(true)
    found = []
    for name, inside in thirds(np.where(known, true, np.nan)):
        off = answers[inside] - true[inside]
        measured = error_quantile(off, 0.5, confidence, groups=_of(groups, inside), unit=unit)
        found.append(Sized(name, inside, measured))
    return tuple(found)


def _of(groups: Sequence[str], inside: Flags) -> list[str]:
    return [group for group, mine in zip(groups, inside.tolist(), strict=True) if mine]


def _known(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None
