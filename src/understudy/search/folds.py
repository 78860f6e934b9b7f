"""Folds for cross-validation: groups stay together, labels are spread evenly."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

MAX_FOLDS = 5
FEW = 3_000
"""Examples up to which the evenest folds are sought; beyond, dealing groups out is as even and takes linear time."""
SOME, SOME_FOLDS = 5_000, 3
"""Examples above which three parts are enough: each still learns from two thirds, in half of the time of five."""
MANY = 10_000
"""Examples above which one held-out part is estimate enough, and five would only cost time."""
HELD_OUT = 4_000
SMALL_FOLDS = 7
"""Parts when there are few examples: what is left to learn from comes closer to all of them."""
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
        folds: In a fixed order; at least one.
        apart: Whether held-out parts were truly held out. Where every label comes from one group alone, nothing can
            be: then there is one fold whose parts are both all examples, and its figures prove nothing.
    """

    folds: tuple[Fold, ...]
    apart: bool = True

    @property
    def rows(self) -> Indices:
        """Indices of the examples that out-of-fold scores belong to, in their order."""
        return np.concatenate([fold.held_out for fold in self.folds])

    @property
    def once(self) -> Indices:
        """Places in `rows`: of each example the first."""
        return np.sort(np.unique(self.rows, return_index=True)[1])

    def taught_besides(self, indices: Indices, groups: Labels | None = None) -> "Folds":
        """The same folds, each fitted on these examples too; nothing is judged by them.

        Args:
            indices: Above all others.
            groups: Of all examples, these among them; then no fold is fitted on those that belong with what it holds
                out.
        """

        def free(fold: Fold) -> Indices:
            return indices if groups is None else indices[~np.isin(groups[indices], groups[fold.held_out])]

        folds = (Fold(np.concatenate([fold.train, free(fold)]), fold.held_out) for fold in self.folds)
        return replace(self, folds=tuple(folds))

    def taught_alike(self, count: int) -> "Folds":
        """The same folds, each fitted on a copy of every training example too, which comes `count` behind it."""
        return replace(
            self,
            folds=tuple(Fold(np.concatenate([fold.train, fold.train + count]), fold.held_out) for fold in self.folds),
        )

    def cases(self, labels: Labels) -> int:
        """How many examples the figures rest on, each counted once; as few as there are labels if none was apart."""
        return len(np.unique(self.rows)) if self.apart else len(np.unique(labels))


def make_folds(labels: Labels, groups: Labels, *, seed: int) -> Folds:
    """Draws the folds.

    Args:
        labels: Label of each example, 0..k-1.
        groups: Group of each example, 0..g-1; a group is never on both sides.
        seed: Same seed, same folds.

    Returns:
        Folds whose training parts hold every label. A label whose examples are all of one group is trained on and
        never held out, for it cannot be both.
    """
    movable = _movable(labels, groups)
    parts: list[Indices] = []
    if len(movable):
        some, together = labels[movable], np.unique(groups[movable], return_inverse=True)[1]
        repeats = 4 if len(labels) < TINY else 2 if len(labels) < SMALL else 1
        drawn = [part for repeat in range(repeats) for part in _draw(some, together, seed + repeat)]
        parts = [movable[part] for part in drawn]
    if len(labels) > MANY:
        parts.sort(key=lambda part: _unfairness(part, labels))
    # Of many parts one is made a fold: all the others' training parts would be as long, and there are hundreds.
    folds = tuple(islice(_usable(parts, labels), 1 if len(labels) > MANY else None))
    if not folds:
        every = np.arange(len(labels))
        return Folds((Fold(every, every),), apart=False)
    return Folds(folds)


def _movable(labels: Labels, groups: Labels) -> Indices:
    """Examples that may be held out: those of groups with no label that comes from this group alone."""
    alone = (_groups_of_labels(labels, groups) == 1)[labels]
    locked = np.zeros(int(groups.max()) + 1, bool)
    locked[groups[alone]] = True
    return np.flatnonzero(~locked[groups])


def _groups_of_labels(labels: Labels, groups: Labels) -> Labels:
    """How many groups each label comes from, (k,)."""
    pairs = np.unique(labels * (int(groups.max()) + 1) + groups)
    return np.bincount(pairs // (int(groups.max()) + 1))


def _draw(labels: Labels, groups: Labels, seed: int) -> list[Indices]:
    """Cuts the examples into parts, none of which shares a group with another; some may be empty."""
    fewest = int(_groups_of_labels(labels, groups)[labels].min())
    count = _parts(len(labels), fewest)
    if len(labels) <= FEW and fewest >= count:
        part_of = _spread(labels, groups, count, np.random.default_rng(seed))[groups]
    else:
        part_of = _deal(labels, groups, count, np.random.default_rng(seed))[groups]
    return [np.flatnonzero(part_of == part) for part in range(count)]


def _parts(examples: int, fewest: int) -> int:
    """Into how many parts to cut, where the rarest label has `fewest` groups."""
    if examples > MANY:
        return max(MAX_FOLDS, examples // HELD_OUT)
    wanted = SMALL_FOLDS if examples < SMALL else MAX_FOLDS if examples <= SOME else SOME_FOLDS
    return max(min(wanted, fewest), 2)


def _spread(labels: Labels, groups: Labels, count: int, rng: np.random.Generator) -> Labels:
    """Puts one group after the other where labels are then spread most evenly over the parts, lopsided groups first.

    Of parts that are as good the one with the fewest examples takes it.

    Returns:
        The part of each group, (g,).

    Source:
        scikit-learn's `StratifiedGroupKFold`, which takes longer to load than most trainings to run.
    """
    held = np.zeros((int(groups.max()) + 1, int(labels.max()) + 1))
    np.add.at(held, (groups, labels), 1)
    drawn = rng.permutation(len(held))
    order = drawn[np.argsort(-held[drawn].std(axis=1), kind="stable")]
    shares = held / np.maximum(held.sum(axis=0), 1)
    filled, sizes, part_of = np.zeros((count, held.shape[1])), np.zeros(count), np.empty(len(held), np.int64)
    into_each = np.eye(count)[:, :, None]
    for group in order:
        unevenness = (filled + into_each * shares[group]).std(axis=1).mean(axis=1)
        best = np.flatnonzero(np.isclose(unevenness, unevenness.min()))
        part_of[group] = part = int(best[sizes[best].argmin()])
        filled[part] += shares[group]
        sizes[part] += held[group].sum()
    return part_of


def _deal(labels: Labels, groups: Labels, count: int, rng: np.random.Generator) -> Labels:
    """Deals groups out to parts, a label after the other, larger groups first, each to where its label is rarest.

    Returns:
        The part of each group, (g,).
    """
    sizes = np.bincount(groups)
    first = np.zeros(len(sizes), np.int64)
    first[groups[::-1]] = labels[::-1]
    order = np.lexsort((rng.random(len(sizes)), -sizes, first))
    part_of = np.empty(len(sizes), np.int64)
    for run in np.split(order, np.flatnonzero(np.diff(first[order])) + 1):
        filled = np.zeros(count)
        for group in run:
            part_of[group] = part = int(filled.argmin())
            filled[part] += sizes[group]
    return part_of


def _usable(parts: Iterable[Indices], labels: Labels) -> Iterator[Fold]:
    """Folds that hold out something and train on every label."""
    present = np.bincount(labels) > 0
    for held_out in parts:
        kept = np.ones(len(labels), bool)
        kept[held_out] = False
        train = np.flatnonzero(kept)
        if len(held_out) and np.array_equal(np.bincount(labels[train], minlength=len(present)) > 0, present):
            yield Fold(train, held_out)


def _unfairness(held_out: Indices, labels: Labels) -> tuple[bool, int, int]:
    """How little a part stands for all: far too large, then few labels, then not of the size that is wanted."""
    size = len(held_out)
    return size > 2 * HELD_OUT, -len(np.unique(labels[held_out])), abs(size - HELD_OUT)
