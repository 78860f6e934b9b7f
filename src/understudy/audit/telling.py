"""Telling: how well one column alone tells labels, on examples that had no say in it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import Column, ColumnKind
from understudy.audit.marks import Marks

MOST_CELLS: Final = 64
BINS: Final = 16
ROWS_A_BIN: Final = 8
PARTS: Final = 5

Indices = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """A column cut into cells; missing values are a cell of their own.

    Attributes:
        name: Of the column.
        code: Cell of each row, 0..cells-1, (n,).
        cells: How many.
    """

    name: str
    code: Indices
    cells: int


def cut(column: Column, rows: Indices) -> Cut | None:
    """Cuts a column at some rows into cells, or None where it holds one value, or words that no cell can hold."""
    if column.kind in {ColumnKind.TEXT, ColumnKind.ID, ColumnKind.EMPTY}:
        return None
    code = _bins(column.numbers[rows]) if column.quantity else _levels(column.code[rows])
    cells = int(code.max(initial=0)) + 1
    return None if cells < 2 else Cut(column.name, code, cells)


def by_label(cut: Cut, marks: Marks, part: Indices) -> Shares:
    """How well each label is told from the rest: balanced accuracy out of fold, 0..1, 0.5 for not at all, (k,).

    A cell says yes to a label where, on the other parts, it is commoner among that label's examples than among the
    rest's. So rare labels count as much as common ones.
    """
    place, size, labels = part * cut.cells + cut.code, PARTS * cut.cells, len(marks.names)
    every = np.bincount(place, minlength=size).reshape(PARTS, cut.cells, 1)
    marked = np.bincount(place[marks.rows] * labels + marks.labels, minlength=size * labels)
    counts = marked.reshape(PARTS, cut.cells, labels)
    rest = every - counts
    learned, learned_rest = counts.sum(axis=0) - counts, rest.sum(axis=0) - rest
    yes = _share(learned) > _share(learned_rest)
    hit = (counts * yes).sum(axis=(0, 1)) / np.maximum(counts.sum(axis=(0, 1)), 1)
    spared = (rest * ~yes).sum(axis=(0, 1)) / np.maximum(rest.sum(axis=(0, 1)), 1)
    told: Shares = (hit + spared) / 2
    return told


def overall(cut: Cut, truth: Indices, classes: int, part: Indices) -> float:
    """Share of what the majority gets wrong that each cell's commonest label gets right, out of fold; at most 1."""
    place = (part * cut.cells + cut.code) * classes + truth
    counts = np.bincount(place, minlength=PARTS * cut.cells * classes).reshape(PARTS, cut.cells, classes)
    learned = counts.sum(axis=0) - counts
    said = learned.argmax(axis=2)
    right = int(np.take_along_axis(counts, said[..., None], axis=2).sum())
    majority = int(counts.sum(axis=(0, 1)).max())
    total = len(truth)
    return (right - majority) / (total - majority) if total > majority else 0.0


def explained(cut: Cut, target: Shares, part: Indices) -> float:
    """Share of a number's variance that the cells' means explain, out of fold; at most 1."""
    place = part * cut.cells + cut.code
    size = PARTS * cut.cells
    counts = np.bincount(place, minlength=size).reshape(PARTS, cut.cells)
    sums = np.bincount(place, weights=target, minlength=size).reshape(PARTS, cut.cells)
    learned = counts.sum(axis=0) - counts
    means = np.where(learned > 0, (sums.sum(axis=0) - sums) / np.maximum(learned, 1), target.mean())
    left = float(((target - means[part, cut.code]) ** 2).sum())
    spread = float(((target - target.mean()) ** 2).sum())
    return 1 - left / spread if spread > 0 else 0.0


def _share(counts: npt.NDArray[np.int64]) -> Shares:
    """Of each part's and label's examples, which share lies in each cell."""
    shares: Shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def _bins(numbers: Shares) -> Indices:
    """Cells of about equally many rows; few different numbers are a cell each."""
    there = np.isfinite(numbers)
    levels = np.unique(numbers[there])
    bins = int(np.clip(there.sum() // ROWS_A_BIN, 2, BINS))
    if len(levels) > bins:
        levels = np.unique(np.quantile(numbers[there], np.arange(bins) / bins, method="nearest"))
    code = np.searchsorted(levels, np.where(there, numbers, 0.0), side="right")
    return np.unique(np.where(there, code, -1), return_inverse=True)[1].astype(np.int64)


def _levels(code: Indices) -> Indices:
    """Cells of the commonest values; the others share one."""
    values, place, often = np.unique(code, return_inverse=True, return_counts=True)
    if len(values) > MOST_CELLS:
        kept = np.argsort(-often, kind="stable")[: MOST_CELLS - 1]
        shared = np.full(len(values), MOST_CELLS - 1, np.int64)
        shared[kept] = np.arange(MOST_CELLS - 1)
        place = shared[place]
    return place.astype(np.int64)
