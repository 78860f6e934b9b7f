"""Candidates: the heads that are tried on every view, and how each is fitted."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from understudy.engine.inference import cores
from understudy.search import least_squares
from understudy.search.folds import Fold, Folds
from understudy.search.landmarks import LandmarkRidge
from understudy.search.least_squares import KernelRidge, Sums
from understudy.search.logistic import Logistic
from understudy.search.moments import Moments, discriminant, nearest_mean, ridge
from understudy.search.rows import Indices, Rows
from understudy.search.scorers import Matrix, Scorer

RIDGE = (1.0, 0.3, 0.1, 0.03)
SHRINKAGE = (0.6, 0.3, 0.1, 0.03)
LOGISTIC = (0.1, 0.01)
MOST_THREADS = 4
"""Folds fitted at once; each may hold a kernel matrix of its own."""
FEW_ROWS = 200
"""Rows up to which folds are fitted one after the other: threads would wait for each other for longer than they work.
Measured on two cores with 42 rows: .77 s of all fits of a training, 1.06 s with two threads; with 210 rows as long."""
RIDGE_TOWARDS = (3.0, 1.0, 0.3, 0.1, 0.03)
KERNEL = ((1.0, 0.5), (0.3, 0.5), (0.1, 0.5), (0.03, 0.5), (0.03, 0.15), (0.01, 0.15))
"""Penalty and gamma; rows have a mean squared length of about 1."""
LABEL_KERNEL = ((1.0, 0.5), (0.1, 0.5), (0.1, 0.15), (0.03, 0.05))
"""The same for one of several labels. With support vector machines in their place, means of share right: six kinds of
rubbish .853 (these .865), ants and bees .946 (.955), tweets .737 (.736, 64 of each), chats .921 (.926, 8
of each); with neither .853, .946, .730, .926."""
MAX_ROWS = 3000
"""Training rows up to which the kernel matrix is worth its memory (36 MB) and time."""


@dataclass(frozen=True)
class Material:
    """What heads are fitted on.

    Attributes:
        rows: A view of all training examples.
        labels: Label of each, 0..k-1; where answers are of another kind, the stratum.
        classes: k.
        folds: How they are split for cross-validation.
        pulse: Called often during long work; raises when the work should end.
        wanted: What least squares is fitted towards where answers are several labels or numbers; see `Target`.
    """

    rows: Rows
    labels: Indices
    classes: int
    folds: Folds
    pulse: Callable[[], None]
    wanted: Matrix | None = None
    _moments: dict[bytes, Moments] = field(default_factory=dict, init=False, repr=False, compare=False)
    _sums: dict[bytes, Sums] = field(default_factory=dict, init=False, repr=False, compare=False)

    def moments(self, indices: Indices) -> Moments:
        """The moments of some rows; summed up once, however many families ask."""
        key = indices.tobytes()
        if key not in self._moments:
            self._moments[key] = self._summed(indices)
        return self._moments[key]

    def sums(self, indices: Indices) -> Sums:
        """The sums of some rows and of what is wanted of them, likewise.

        Raises:
            ValueError: One label is to be learned.
        """
        key = indices.tobytes()
        if key not in self._sums:
            self._sums[key] = self._summed_wanted(indices)
        return self._sums[key]

    def _summed(self, indices: Indices) -> Moments:
        left_out = self._fewer_left_out(indices)
        if left_out is not None:
            rest = Moments.of(self.rows.chunks(left_out), self.labels, self.classes, self.pulse)
            return self.moments(np.arange(self.rows.count)) - rest
        return Moments.of(self.rows.chunks(indices), self.labels, self.classes, self.pulse)

    def _summed_wanted(self, indices: Indices) -> Sums:
        left_out, wanted = self._fewer_left_out(indices), wanted_of(self)
        if left_out is not None:
            rest = Sums.of(self.rows.chunks(left_out), wanted, self.pulse)
            return self.sums(np.arange(self.rows.count)) - rest
        return Sums.of(self.rows.chunks(indices), wanted, self.pulse)

    def _fewer_left_out(self, indices: Indices) -> Indices | None:
        """The rows that are left out, if they are fewer; sums over those are quicker."""
        left_out = np.setdiff1d(np.arange(self.rows.count), indices, assume_unique=True)
        return left_out if 0 < len(left_out) < len(indices) else None


def wanted_of(material: Material) -> Matrix:
    """What least squares is fitted towards.

    Raises:
        ValueError: One label is to be learned.
    """
    if material.wanted is None:
        raise ValueError("least squares needs columns to fit towards")
    return material.wanted


def one_hot(labels: Indices, classes: int) -> Matrix:
    """What least squares is fitted towards for one of several labels, (n, k): one at the label, else nothing."""
    return np.eye(classes, dtype=np.float32)[labels]


Fit = Callable[[Indices], list[Scorer]]
"""Fits on sorted indices: one scorer for each of a family's settings."""


@dataclass(frozen=True)
class Family:
    """Heads of one kind that share most of their work.

    Attributes:
        name: For people.
        settings: Each setting, for people; one candidate each.
        prepare: Given the material, returns how to fit on a part of it.
        most: Examples above which it takes too long; None for any number.
    """

    name: str
    settings: tuple[str, ...]
    prepare: Callable[[Material], Fit]
    most: int | None = None

    def fits(self, count: int) -> bool:
        """Whether the family can work on so many examples."""
        return self.most is None or count <= self.most


KERNEL_NAME = "kernel ridge"


def _closed_form(solve: Callable[[Moments], Sequence[Scorer]], material: Material) -> Fit:
    material.moments(np.arange(material.rows.count))  # before the folds, which all take theirs from it
    return lambda indices: list(solve(material.moments(indices)))


def _logistic(material: Material) -> Fit:
    problem = Logistic(material.rows, material.labels, material.classes, material.pulse)
    return lambda indices: list(problem.fit(indices, LOGISTIC))


def _likeness(material: Material) -> Fit:
    machine = KernelRidge(material.rows, one_hot(material.labels, material.classes))
    return lambda indices: list(machine.fit(indices, LABEL_KERNEL))


def _ridge_towards(material: Material) -> Fit:
    material.sums(np.arange(material.rows.count))  # before the folds, which all take theirs from it
    return lambda indices: list(least_squares.ridge(material.sums(indices), RIDGE_TOWARDS))


def _kernel_ridge(material: Material) -> Fit:
    wanted = wanted_of(material)
    if material.rows.count > MAX_ROWS:
        landmarks = LandmarkRidge(material.rows, wanted, [gamma for _, gamma in KERNEL], material.pulse)
        return lambda indices: list(landmarks.fit(indices, KERNEL))
    machine = KernelRidge(material.rows, wanted)
    return lambda indices: list(machine.fit(indices, KERNEL))


def _by_likeness(settings: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    return tuple(f"penalty {penalty:g}, gamma {gamma:g}" for penalty, gamma in settings)


FAMILIES = (
    Family("nearest mean", ("",), partial(_closed_form, lambda moments: [nearest_mean(moments)])),
    Family(
        "linear discriminant",
        tuple(f"shrinkage {value:g}" for value in SHRINKAGE),
        partial(_closed_form, lambda moments: discriminant(moments, SHRINKAGE)),
    ),
    Family("ridge", tuple(f"penalty {value:g}" for value in RIDGE), partial(_closed_form, lambda m: ridge(m, RIDGE))),
    Family(KERNEL_NAME, _by_likeness(LABEL_KERNEL), _likeness, MAX_ROWS),
    Family("logistic regression", tuple(f"penalty {value:g}" for value in LOGISTIC), _logistic),
)
"""For one of several labels."""
REGRESSIONS = (
    Family("ridge", tuple(f"penalty {value:g}" for value in RIDGE_TOWARDS), _ridge_towards),
    Family(KERNEL_NAME, _by_likeness(KERNEL), _kernel_ridge),
)
"""For several labels at once, and for numbers. Measured on texts of 48 labels and on salaries: logistic regressions one
against the rest, and support vector regression, add nothing to these."""


def held_out_scores(family: Family, material: Material) -> list[Matrix]:
    """Scores each example by heads that did not see it, for each of the family's settings.

    Returns:
        One (m, k) matrix for each setting, in the order of `material.folds.rows`.
    """
    fit = family.prepare(material)

    def scored(fold: Fold) -> list[Matrix]:
        material.pulse()
        held_out = material.rows.take(fold.held_out)
        return [np.asarray(scorer(held_out), np.float32) for scorer in fit(fold.train)]

    # Each fold is fitted by one thread alone, so how many there are changes no figure.
    threads = 1 if material.rows.count <= FEW_ROWS else min(cores(), MOST_THREADS)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(scored, material.folds.folds))
    return [np.concatenate(each) for each in zip(*parts, strict=True)]
