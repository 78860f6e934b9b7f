"""Candidates: the heads that are tried on every view, and how each is fitted."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from understudy.engine.inference import cores
from understudy.search.folds import Fold, Folds
from understudy.search.logistic import Logistic
from understudy.search.moments import Moments, discriminant, nearest_mean, ridge
from understudy.search.radial import MAX_ROWS, RadialMachines
from understudy.search.rows import Indices, Rows
from understudy.search.scorers import Matrix, Scorer

RIDGE = (1.0, 0.3, 0.1, 0.03)
SHRINKAGE = (0.6, 0.3, 0.1, 0.03)
LOGISTIC = (0.1, 0.01)
MOST_THREADS = 4
"""Folds fitted at once; each may hold a kernel matrix of its own."""
RADIAL = ((1.0, 0.5), (10.0, 0.5), (10.0, 0.15), (30.0, 0.05))
"""Penalty and gamma; rows have a mean squared length of about 1."""


@dataclass(frozen=True)
class Material:
    """What heads are fitted on.

    Attributes:
        rows: A view of all training examples.
        labels: Label of each, 0..k-1.
        classes: k.
        folds: How they are split for cross-validation.
        pulse: Called often during long work; raises when the work should end.
    """

    rows: Rows
    labels: Indices
    classes: int
    folds: Folds
    pulse: Callable[[], None]
    _moments: dict[bytes, Moments] = field(default_factory=dict, init=False, repr=False, compare=False)

    def moments(self, indices: Indices) -> Moments:
        """The moments of some rows; summed up once, however many families ask."""
        key = indices.tobytes()
        if key not in self._moments:
            self._moments[key] = self._summed(indices)
        return self._moments[key]

    def _summed(self, indices: Indices) -> Moments:
        every = np.arange(self.rows.count)
        left_out = np.setdiff1d(every, indices, assume_unique=True)
        if 0 < len(left_out) < len(indices):
            rest = Moments.of(self.rows.chunks(left_out), self.labels, self.classes, self.pulse)
            return self.moments(every) - rest
        return Moments.of(self.rows.chunks(indices), self.labels, self.classes, self.pulse)


Fit = Callable[[Indices], list[Scorer]]
"""Fits on sorted indices: one scorer for each of a family's settings."""


@dataclass(frozen=True)
class Family:
    """Heads of one kind that share most of their work.

    Attributes:
        name: For people.
        settings: Each setting, for people; one candidate each.
        prepare: Given the material, returns how to fit on a part of it.
    """

    name: str
    settings: tuple[str, ...]
    prepare: Callable[[Material], Fit]

    def fits(self, count: int) -> bool:
        """Whether the family can work on so many examples."""
        return self.name != RADIAL_NAME or count <= MAX_ROWS


RADIAL_NAME = "support vectors"


def _closed_form(solve: Callable[[Moments], Sequence[Scorer]], material: Material) -> Fit:
    material.moments(np.arange(material.rows.count))  # before the folds, which all take theirs from it
    return lambda indices: list(solve(material.moments(indices)))


def _logistic(material: Material) -> Fit:
    problem = Logistic(material.rows, material.labels, material.classes, material.pulse)
    return lambda indices: list(problem.fit(indices, LOGISTIC))


def _radial(material: Material) -> Fit:
    machines = RadialMachines(material.rows, material.labels, material.classes)
    return lambda indices: [machines.fit(indices, penalty=penalty, gamma=gamma) for penalty, gamma in RADIAL]


FAMILIES = (
    Family("nearest mean", ("",), partial(_closed_form, lambda moments: [nearest_mean(moments)])),
    Family(
        "linear discriminant",
        tuple(f"shrinkage {value:g}" for value in SHRINKAGE),
        partial(_closed_form, lambda moments: discriminant(moments, SHRINKAGE)),
    ),
    Family("ridge", tuple(f"penalty {value:g}" for value in RIDGE), partial(_closed_form, lambda m: ridge(m, RIDGE))),
    Family(RADIAL_NAME, tuple(f"penalty {penalty:g}, gamma {gamma:g}" for penalty, gamma in RADIAL), _radial),
    Family("logistic regression", tuple(f"penalty {value:g}" for value in LOGISTIC), _logistic),
)


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
    with ThreadPoolExecutor(min(cores(), MOST_THREADS)) as pool:
        parts = list(pool.map(scored, material.folds.folds))
    return [np.concatenate(each) for each in zip(*parts, strict=True)]
