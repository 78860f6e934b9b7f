"""Rows made up from real ones: values that go together as theirs do, none of them anybody's row on purpose."""

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.domain.task import number_text
from understudy.modalities.table.cells import ISO, Cell, moment_of, number_of, style_with
from understudy.modalities.table.fit import known_cells
from understudy.modalities.table.schema import Column, Kind, TableSchema

FEWEST: Final = 5
"""Rows of a label from which its rows are made up."""
SHRUNK: Final = 0.1
"""Share by which correlations are drawn towards none, since few rows overstate them."""
MOST: Final = 5_000
"""Real rows that are learned from; of more, drawn ones."""

Numbers = npt.NDArray[np.float64]
Draws = tuple[list[bytes], list[str]]


def looked_at(count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Which of so many real rows others are made up from: all of them, or drawn ones, in their order."""
    return np.arange(count) if count <= MOST else np.sort(rng.choice(count, MOST, replace=False))


def made_rows(
    rows: Sequence[bytes],
    labels: Sequence[str],
    count: int,
    *,
    schema: TableSchema,
    rng: np.random.Generator,
    joint: bool = False,
) -> Draws:
    """Makes up rows by a Gaussian copula, one for each label.

    Each column's values are put in an order, dates by the calendar and numbers by size however they are written; ranks
    become normal scores, whose correlations say what goes together. Whether a value is missing is a column of its own.
    Drawn scores become values again: numbers between neighbouring real ones, all else a real value. So a cell that
    holds words, a name or a key is a real one: leave out such columns where they say who somebody is.

    Args:
        rows: Real rows, as canonical JSON objects: those that are `looked_at`.
        labels: The label of each.
        count: How many to make; labels come as often as they do among the real rows.
        schema: The columns that are known: made rows bear their names, whatever capitals a request wrote, and cells
            are read as their kinds say.
        rng: Draws.
        joint: Labels are numbers that go together with the columns, and are made up with them.

    Returns:
        Rows and their labels; none where no label has `FEWEST` rows.

    Source:
        Patki, Wedge & Veeramachaneni, "The Synthetic Data Vault", DSAA 2016, the Gaussian copula.
    """
    cells = [known_cells(row, schema) for row in rows]
    known = {column.name: column for column in schema.columns}
    if joint:
        names = list(dict.fromkeys(name for row in cells for name in row))
        whole = [[*(row.get(name) for name in names), float(label)] for row, label in zip(cells, labels, strict=True)]
        if len(whole) < FEWEST:
            return [], []
        drawn = _drawn(whole, [*map(known.get, names), None], count, rng)
        return [_bytes(names, row[:-1]) for row in drawn], [number_text(float(str(row[-1]))) for row in drawn]
    return _by_label(cells, labels, known, count, rng)


def _by_label(
    cells: Sequence[dict[str, Cell]],
    labels: Sequence[str],
    known: Mapping[str, Column],
    count: int,
    rng: np.random.Generator,
) -> Draws:
    names = sorted(set(labels))
    own = {name: [row for row, label in zip(cells, labels, strict=True) if label == name] for name in names}
    enough = [name for name in names if len(own[name]) >= FEWEST]
    total = sum(len(own[name]) for name in enough)
    made: Draws = ([], [])
    if not total:
        return made
    shares = rng.multinomial(count, [len(own[name]) / total for name in enough])
    for name, share in zip(enough, shares, strict=True):
        columns = list(dict.fromkeys(column for row in own[name] for column in row))
        whole = [[row.get(column) for column in columns] for row in own[name]]
        drawn = _drawn(whole, [*map(known.get, columns)], int(share), rng)
        made[0].extend(_bytes(columns, row) for row in drawn)
        made[1].extend([name] * len(drawn))
    return made


def _drawn(
    rows: Sequence[Sequence[Cell]], known: Sequence[Column | None], count: int, rng: np.random.Generator
) -> list[list[Cell]]:
    """Rows drawn from the copula of these, whose columns are those that are known, or None."""
    columns = [[row[at] for row in rows] for at in range(len(rows[0]))]
    there = [[cell is not None for cell in column] for column in columns]
    ordered = [
        _ordered([cell for cell in cells if cell is not None] or [None], column)
        for cells, column in zip(columns, known, strict=True)
    ]
    scores = np.full((len(rows), 2 * len(columns)), np.nan)
    for at, (_, ranks) in enumerate(ordered):
        if any(there[at]):
            scores[there[at], at] = _scores(ranks, rng)
        scores[:, len(columns) + at] = _scores(np.array(there[at], np.int64), rng)
    drawn = scipy.special.ndtr(rng.standard_normal((count, scores.shape[1])) @ _root(scores).T)
    made = []
    for at, (values, ranks) in enumerate(ordered):
        absent = drawn[:, len(columns) + at] < 1 - np.mean(there[at])
        given = _values(values, ranks, drawn[:, at])
        made.append([None if gone else value for gone, value in zip(absent, given, strict=True)])
    return [list(row) for row in zip(*made, strict=True)]


def _root(scores: Numbers) -> Numbers:
    """A root of the columns' correlations, each taken over the rows in which both are there."""
    known = np.isfinite(scores).astype(np.float64)
    filled = np.nan_to_num(scores)
    both = np.maximum(known.T @ known, 1)
    first, second = (filled.T @ known) / both, (known.T @ filled) / both
    spans = np.sqrt(np.maximum(((filled**2).T @ known) / both - first**2, 1e-12))
    across = np.sqrt(np.maximum((known.T @ filled**2) / both - second**2, 1e-12))
    spread = np.clip(((filled.T @ filled) / both - first * second) / (spans * across), -1, 1) * (1 - SHRUNK)
    np.fill_diagonal(spread, 1.0)
    sizes, directions = np.linalg.eigh(spread)
    root = directions * np.sqrt(np.maximum(sizes, 0))
    scaled: Numbers = root / np.sqrt((root**2).sum(axis=1, keepdims=True))
    return scaled


def _ordered(cells: Sequence[Cell], column: Column | None) -> tuple[list[Cell], npt.NDArray[np.int64]]:
    """The different values of a column in order, and which one each cell is: what measures, then words, then truths."""
    values = sorted(dict.fromkeys((_kind(cell), cell) for cell in cells), key=lambda each: _place(each[1], column))
    places = {value: place for place, value in enumerate(values)}
    return [cell for _, cell in values], np.array([places[_kind(cell), cell] for cell in cells], np.int64)


def _kind(cell: Cell) -> int:
    """Missing, number, word, or truth; so that 1 and true stay apart."""
    if cell is None:
        return 0
    return 3 if isinstance(cell, bool) else 2 if isinstance(cell, str) else 1


def _place(cell: Cell, column: Column | None) -> tuple[int, float, str]:
    if not isinstance(cell, str):
        return _kind(cell), float(cell or 0), ""
    measured = math.nan
    if column is not None and column.kind is Kind.DATE:
        measured = moment_of(cell, column.way or ISO)
    elif column is not None and column.kind is Kind.NUMBER:
        measured = number_of(cell, style_with(column.decimal))
    return (_kind(cell), 0.0, cell) if math.isnan(measured) else (_kind(measured), measured, cell)


def _scores(ranks: npt.NDArray[np.int64], rng: np.random.Generator) -> Numbers:
    """Normal scores of ranks; equal ones are spread by chance over the span that they share."""
    counts = np.bincount(ranks)
    before = np.concatenate([[0], np.cumsum(counts)[:-1]])
    even = (before[ranks] + rng.random(len(ranks)) * counts[ranks]) / len(ranks)
    scores: Numbers = scipy.special.ndtri(np.clip(even, 1e-6, 1 - 1e-6))
    return scores


def _values(values: Sequence[Cell], ranks: npt.NDArray[np.int64], level: Numbers) -> list[Cell]:
    """Values at levels of a column's distribution."""
    edges = np.cumsum(np.bincount(ranks)) / len(ranks)
    places = np.minimum(np.searchsorted(edges, level, side="left"), len(values) - 1)
    fluent = len(values) > len(ranks) / 4 and sum(_kind(value) == 1 for value in values) > 0.9 * len(values)
    if not fluent:
        return [values[place] for place in places]
    within = (level - np.concatenate([[0.0], edges])[places]) / np.diff(np.concatenate([[0.0], edges]))[places]
    return [_between(values, int(place), float(part)) for place, part in zip(places, within, strict=True)]


def _between(values: Sequence[Cell], place: int, part: float) -> Cell:
    """A number between one of a column and the next, written as finely as these; whole where both are."""
    low, high = values[place], values[min(place + 1, len(values) - 1)]
    if _kind(low) != 1 or _kind(high) != 1 or isinstance(low, str) or isinstance(high, str):
        return low
    start, end = float(low or 0), float(high or 0)
    number = start + min(max(part, 0.0), 1.0) * (end - start)
    whole = isinstance(low, int) and isinstance(high, int)
    return round(number) if whole else round(number, max(_decimals(start), _decimals(end)))


def _decimals(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _bytes(columns: Sequence[str], row: Sequence[Cell]) -> bytes:
    said = dict(zip(columns, row, strict=True))
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
