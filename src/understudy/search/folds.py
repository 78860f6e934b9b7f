"""Folds for cross-validation: groups stay together, labels are spread evenly."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

Labels = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

MAX_FOLDS = 5
MANY = 10_000
"""Examples above which one held-out part is estimate enough, and five would only cost time."""
HELD_OUT = 4_000
SMALL, TINY = 150, 60
"""Examples below which folds are drawn anew two and four times, since one draw says little."""


@dataclass(frozen=True)
class Fold:
    """One part to fit on and one to be judged by, as sorted indices."""

    train: Indices
    held_out: Indices


@dataclass(frozen=True)
class Folds:
    """All folds of a run.

    Attributes:
        folds: In a fixed order.
        rows: The held-out indices of all folds, in order: what out-of-fold scores refer to.
    """

    folds: tuple[Fold, ...]

    @property
    def rows(self) -> Indices:
        """Indices of the examples that out-of-fold scores belong to, in their order."""
        return np.concatenate([fold.held_out for fold in self.folds])


def make_folds(labels: Labels, groups: Labels, *, seed: int) -> Folds:
    """Draws the folds.

    Args:
        labels: Label of each example, 0..k-1.
        groups: Group of each example; a group is never on both sides.
        seed: Same seed, same folds.

    Returns:
        At least one fold, whose training part holds every label. A label whose examples are all of one group is
        trained on and never held out, for it cannot be both.
    """
    alone = _labels_of_one_group(labels, groups)
    splittable = np.flatnonzero(~np.isin(labels, alone))
    if not len(splittable):
        return Folds((Fold(np.arange(len(labels)), np.arange(len(labels))),))
    count = min(MAX_FOLDS, _fewest_groups(labels[splittable], groups[splittable]))
    repeats = 4 if len(labels) < TINY else 2 if len(labels) < SMALL else 1
    folds: list[Fold] = []
    for repeat in range(repeats):
        drawn = _draw(labels[splittable], groups[splittable], count, seed + repeat)
        folds += [_fold(splittable[part], labels) for part in drawn]
    usable = [fold for fold in folds if len(np.unique(labels[fold.train])) == len(np.unique(labels))]
    if len(labels) > MANY:
        usable = [_fold(fold.held_out[:HELD_OUT], labels) for fold in usable[:1]]
    return Folds(tuple(usable or folds))


def _draw(labels: Labels, groups: Labels, count: int, seed: int) -> list[Indices]:
    splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
    if len(np.unique(groups)) == len(groups) and len(labels) > MANY:
        order = np.random.default_rng(seed).permutation(len(labels))
        return [np.sort(part) for part in np.array_split(order, count)]
    return [held_out for _, held_out in splitter.split(labels[:, None], labels, groups)]


def _fold(held_out: Indices, labels: Labels) -> Fold:
    kept = np.ones(len(labels), bool)
    kept[held_out] = False
    return Fold(np.flatnonzero(kept), held_out)


def _labels_of_one_group(labels: Labels, groups: Labels) -> list[int]:
    return [label for label in np.unique(labels) if len(np.unique(groups[labels == label])) < 2]


def _fewest_groups(labels: Labels, groups: Labels) -> int:
    return min(len(np.unique(groups[labels == label])) for label in np.unique(labels))
