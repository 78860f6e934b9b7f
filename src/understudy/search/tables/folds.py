"""Folds for tables: groups stay together, labels are spread evenly, and where time counts the future is judged."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.target import Target

Indices = npt.NDArray[np.int64]

FOLDS: Final = 5
SMALL, SMALL_FOLDS = 1_500, 8
"""Rows below which there are more folds, so that what is left to learn from comes closer to all of them."""
MANY: Final = 60_000
"""Rows above which two small held-out parts are estimate enough."""
FEW_FOLDS: Final = 2
HELD_OUT: Final = 20_000
MOST_HELD_OUT: Final = 0.55
"""Share of the rows above which a held-out part leaves too few to learn from."""
FINER: Final = 8
"""Of so many dealt parts a small held-out one consists."""
BANDS: Final = 25
"""Bands of a number that are spread evenly over the folds."""
AHEAD: Final = 4
"""Parts of a time-ordered table that are judged, each by what came before it."""
LEAST: Final = 0.1
"""Share of the rows that have to come before a moment for others to be judged by them, and from it on to be judged."""
STRETCHES: Final = 5
"""Stretches of time that a part which looks ahead is told by, so that it shows how far rows of one time are alike."""


@dataclass(frozen=True)
class Fold:
    """One part to learn from and one to be judged by, as sorted indices."""

    train: Indices
    held_out: Indices


@dataclass(frozen=True)
class Drawn:
    """All folds of one drawing.

    Attributes:
        folds: In a fixed order; at least one.
        ahead: They look ahead in time.
        apart: Whether held-out parts were truly held out. Where all rows are of one group, nothing can be: then there
            is one fold whose parts are both all rows, and its figures prove nothing.
    """

    folds: tuple[Fold, ...]
    ahead: bool = False
    apart: bool = True

    def taught_besides(self, rows: Indices, groups: Indices, times: npt.NDArray[np.float64] | None) -> "Drawn":
        """The same folds, each fitted on these rows too, unless they tell of what it holds out.

        Args:
            rows: They come after all others; nothing is judged by them.
            groups: Group of each row, these among them; none is fitted on rows that belong with what it holds out.
            times: When each row came about. Where folds look ahead, none is fitted on rows of later moments than the
                first that it holds out, nor on any of which that is not known: they may be of what came later.
        """
        moments = times if self.ahead else None

        def free(fold: Fold) -> Indices:
            apart: Indices = rows[~np.isin(groups[rows], groups[fold.held_out])]
            return apart if moments is None else apart[moments[apart] < moments[fold.held_out].min()]

        folds = (Fold(np.concatenate([fold.train, free(fold)]), fold.held_out) for fold in self.folds)
        return replace(self, folds=tuple(folds))

    def stretches(self, times: npt.NDArray[np.float64] | None) -> tuple[tuple[float, Indices], ...]:
        """Held-out rows by stretch of time, with the share of rows before them; none where folds do not look ahead.

        Args:
            times: When each row came about, those left out that somebody made up.
        """
        if not self.ahead or times is None:
            return ()
        moments = np.where(np.isfinite(times), times, -np.inf)
        return tuple(
            (float(np.mean(moments < moments[fold.held_out].min())), part)
            for fold in self.folds
            for part in np.array_split(fold.held_out[np.argsort(moments[fold.held_out], kind="stable")], STRETCHES)
        )


def make_folds(target: Target, groups: Indices, times: npt.NDArray[np.float64] | None, *, seed: int) -> Drawn:
    """Draws the folds.

    Args:
        target: What is to be answered.
        groups: Group of each row, 0..g-1; a group is never on both sides, unless time counts.
        times: When each row came about, or None where that does not count; NaN counts as earliest. Where nearly all
            is of one moment, that does not count either.
        seed: Same seed, same folds.

    Returns:
        The folds. A row is held out at most once.
    """
    ahead = () if times is None else _ahead(times)
    if ahead:
        return Drawn(ahead, ahead=True)
    count, chance = len(target), np.random.default_rng(seed)
    if count > MANY:
        folds = _few(_dealt(target, groups, count * FINER // HELD_OUT, chance))
    else:
        parts = SMALL_FOLDS if count < SMALL else FOLDS
        parts = max(2, min(parts, int(groups.max()) + 1))
        part_of = _dealt(target, groups, parts, chance)
        folds = [Fold(np.flatnonzero(part_of != part), np.flatnonzero(part_of == part)) for part in range(parts)]
    usable = tuple(fold for fold in folds if len(fold.train) and len(fold.held_out))
    every = np.arange(count)
    return Drawn(usable) if usable else Drawn((Fold(every, every),), apart=False)


def _few(part_of: Indices) -> list[Fold]:
    """Small parts to be judged by, each put together of dealt ones; fewer where the rest are too large for it."""
    sizes = np.bincount(part_of)
    free = [part for part, size in enumerate(sizes) if 0 < size <= MOST_HELD_OUT * len(part_of)]
    wanted = min(HELD_OUT, int(sizes[free].sum()) // FEW_FOLDS)
    folds = []
    for _ in range(FEW_FOLDS if free else 0):
        held = _about(wanted, free, sizes, most=MOST_HELD_OUT * len(part_of))
        free = [part for part in free if part not in held]
        inside = np.isin(part_of, held)
        folds.append(Fold(np.flatnonzero(~inside), np.flatnonzero(inside)))
    return folds


def _about(wanted: int, free: Sequence[int], sizes: Indices, *, most: float) -> list[int]:
    """Parts that together have about so many rows: what fits, and one more where that comes nearer."""
    held, total = list[int](), 0
    for part in free:
        if total + sizes[part] <= wanted:
            held.append(part)
            total += sizes[part]
    left = [part for part in free if part not in held]
    if left:
        smallest = min(left, key=lambda part: sizes[part])
        more = total + sizes[smallest]
        if not held or (more - wanted < wanted - total and more <= most):
            held.append(smallest)
    return held


def _ahead(times: npt.NDArray[np.float64]) -> tuple[Fold, ...]:
    """Folds that are judged by what came later; rows of one moment are on one side."""
    moments = np.where(np.isfinite(times), times, -np.inf)
    order = np.sort(moments)
    later = order[order > order[math.ceil(LEAST * len(order)) - 1]]
    if len(later) < LEAST * len(order):
        return ()
    shares = np.linspace(0.5, 1, AHEAD, endpoint=False)
    # Enough has to come before the first cut.
    cuts = np.unique([max(order[int(len(order) * share)], later[0]) for share in shares])
    return tuple(
        Fold(np.flatnonzero(moments < start), np.flatnonzero((moments >= start) & (moments < end)))
        for start, end in zip(cuts, [*cuts[1:], np.inf], strict=True)
    )


def _dealt(target: Target, groups: Indices, parts: int, chance: np.random.Generator) -> Indices:
    """Deals groups out to parts by what they are answered with, the largest groups first; returns each row's part."""
    sizes = np.bincount(groups)
    order = np.argsort(groups, kind="stable")
    first = order[np.cumsum(sizes) - sizes]
    answers = _coarse(target)[first]
    drawn = chance.permutation(len(sizes))
    ranked = drawn[np.lexsort((-sizes[drawn], answers[drawn]))]
    part_of = np.empty(len(sizes), np.int64)
    if sizes.max() == 1:
        part_of[ranked] = np.arange(len(ranked)) % parts
        return part_of[groups]
    filled = [(0, part) for part in range(parts)]
    for group in ranked:
        rows, part = filled[0]
        part_of[group] = part
        heapq.heapreplace(filled, (rows + int(sizes[group]), part))
    return part_of[groups]


def _coarse(target: Target) -> Indices:
    """Labels as they are, numbers by their rank, so that both are spread evenly."""
    if target.classes:
        return np.asarray(target.values, np.int64)
    ranks = np.argsort(np.argsort(target.values, kind="stable"), kind="stable")
    return np.asarray(ranks * BANDS // len(ranks), np.int64)
