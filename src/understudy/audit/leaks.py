"""Leaks: a column, or the sum of two, that holds the answer and will not be there when a question comes.

Claim: what tells the label exactly, on examples that had no say in it, is told; ordinary good columns are not.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import Column, ColumnKind, named_like_id
from understudy.audit.material import Material
from understudy.audit.parts import deal
from understudy.audit.telling import PARTS, by_label, cut, explained, overall
from understudy.audit.wording import holding_out, of_hundred, percent, quoted
from understudy.domain.finding import Finding, FindingKind, Severity

FEWEST: Final = 30
EXACT: Final = 0.99
SUSPICIOUS: Final = 0.9
ONE_LABEL: Final = 0.995
FEWEST_OF_LABEL: Final = 20
EXACT_SUM: Final = 0.999
"""Share of a number's variance that two columns together explain when it is their sum."""
GAP: Final = 0.3
MOST_ROWS: Final = 20_000
MOST_PAIRED: Final = 40
MOST_SUMMED: Final = 2_000
FEWEST_SUMMED: Final = 100
SEED: Final = 0

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


def leaks(material: Material) -> Iterator[Finding]:
    """Columns, then sums of two, that tell the label."""
    rows = _sample(material.labelled)
    columns = [_measured(column) for column in material.given]
    columns = [column for column in columns if column.kind not in {ColumnKind.ID, ColumnKind.EMPTY}]
    if len(rows) < FEWEST or not columns:
        return
    if material.numeric:
        yield from _of_number(material, columns, rows)
    elif len(material.classes) > 1:
        yield from _of_label(material, columns, rows)


def _measured(column: Column) -> Column:
    """A column whose numbers are dealt out like ids, though none is named so, as numbers: a rank may be the answer."""
    dealt = column.kind is ColumnKind.ID and np.isfinite(column.numbers).any() and not named_like_id(column.name)
    return replace(column, kind=ColumnKind.NUMBER) if dealt else column


def _sample(rows: Indices) -> Indices:
    if len(rows) <= MOST_ROWS:
        return np.arange(len(rows))
    return np.sort(np.random.default_rng(SEED).choice(len(rows), MOST_ROWS, replace=False))


def _of_label(material: Material, columns: list[Column], sample: Indices) -> Iterator[Finding]:
    rows, truth, classes = material.labelled[sample], material.truth[sample], len(material.classes)
    part = deal(truth, np.unique(material.group[rows], return_inverse=True)[1], PARTS, seed=SEED)
    marks = material.marks.at(sample)
    scores: dict[str, float] = {}
    singles: dict[str, tuple[int, float]] = {}
    for column in columns:
        cells = cut(column, rows)
        if cells is None:
            continue
        scores[column.name] = overall(cells, truth, classes, part)
        told = np.where(marks.often >= FEWEST_OF_LABEL, by_label(cells, marks, part), 0.0)
        singles[column.name] = int(told.argmax()), float(told.max())
    ranked = sorted(scores, key=lambda name: -scores[name])
    for name in ranked:
        others = [scores[other] for other in ranked if scores[other] < EXACT and other != name]
        label, told_one = singles[name]
        if scores[name] >= EXACT:
            yield _exact(name, scores[name], max(others, default=0.0))
        elif scores[name] >= SUSPICIOUS and scores[name] - max(others, default=0.0) >= GAP:
            yield _suspicious(name, scores[name], max(others, default=0.0))
        elif told_one >= ONE_LABEL and (classes > 2 or material.several):
            yield _one_label(name, marks.names[label], told_one)
    if classes == 2 and not material.several and max(scores.values(), default=0.0) < SUSPICIOUS:
        yield from _sums_of_label(columns, rows, truth)


def _sums_of_label(columns: list[Column], rows: Indices, truth: Indices) -> Iterator[Finding]:
    """The sum or difference of two numbers that, from a threshold on, is one of two labels, though neither number is.

    One threshold on one sum has so little room that on a hundred rows chance cannot come near to it.
    """
    numbers = [column for column in columns if column.kind is ColumnKind.NUMBER and len(column.levels) > 2]
    some = slice(None, None, max(1, len(rows) // MOST_SUMMED))
    tables = {column.name: column.numbers[rows][some] for column in numbers[:MOST_PAIRED]}
    for one, other in combinations(tables, 2):
        for sign, values in (("+", tables[one] + tables[other]), ("-", tables[one] - tables[other])):
            if _cut_in_two(values, truth[some]) >= EXACT:
                yield _sum((one, other), sign, "tell the label")
                return


def _cut_in_two(values: Numbers, truth: Indices) -> float:
    """Share of what the majority gets wrong that the best single threshold gets right; labels are 0 and 1."""
    there = np.isfinite(values)
    truth = truth[there]
    if len(truth) < FEWEST_SUMMED or there.mean() < 0.8:
        return 0.0
    order = np.argsort(values[there], kind="stable")
    above = np.concatenate([[0], np.cumsum(truth[order])])
    below = np.arange(len(truth) + 1) - above
    right = above[-1] - above + below
    apart = np.concatenate([[True], np.diff(values[there][order]) > 0, [True]])
    best = max(int(right[apart].max()), len(truth) - int(right[apart].min()))
    majority = max(int(truth.sum()), len(truth) - int(truth.sum()))
    return (best - majority) / (len(truth) - majority) if majority < len(truth) else 0.0


def _of_number(material: Material, columns: list[Column], sample: Indices) -> Iterator[Finding]:
    rows, target = material.labelled[sample], _in_reach(material.target[sample])
    group = np.unique(material.group[rows], return_inverse=True)[1]
    part = deal(np.zeros(len(rows), np.int64), group, PARTS, seed=SEED)
    scores = {}
    for column in columns:
        cells = cut(column, rows)
        if cells is not None:
            line = _line(column.numbers[rows], target) if column.quantity else 0.0
            scores[column.name] = max(explained(cells, target, part), line)
    ranked = sorted(scores, key=lambda name: -scores[name])
    leaked = [name for name in ranked if scores[name] >= EXACT_SUM]
    for name in leaked:
        yield _exact(name, scores[name], next((scores[one] for one in ranked if one not in leaked), 0.0))
    if leaked:
        return
    numbers = [column for column in columns if column.kind is ColumnKind.NUMBER]
    pair = _best_pair(numbers[:MOST_PAIRED], rows, target)
    if pair is not None:
        yield _sum(pair, "+", "give the number")
    elif len(ranked) > 1 and scores[ranked[0]] >= SUSPICIOUS and scores[ranked[0]] - scores[ranked[1]] >= GAP:
        yield _suspicious(ranked[0], scores[ranked[0]], scores[ranked[1]])


def _in_reach(target: Numbers) -> Numbers:
    """The same on a scale on which squares are numbers still, as those of 1e300 are not; no share depends on it."""
    return target / max(float(np.abs(target).max(initial=0.0)), 1.0)


def _line(numbers: Numbers, target: Numbers) -> float:
    """Share of the variance that a straight line explains, where most numbers are there."""
    there = np.isfinite(numbers)
    if there.mean() < 0.5 or numbers[there].std() == 0 or target[there].std() == 0:
        return 0.0
    return float(np.corrcoef(numbers[there], target[there])[0, 1] ** 2)


def _best_pair(columns: list[Column], rows: Indices, target: Numbers) -> tuple[str, str] | None:
    """Two columns of which the number is a weighted sum, found from correlations alone."""
    table = np.stack([*(column.numbers[rows] for column in columns), target]) if columns else np.empty((0, 0))
    whole = table[:, np.isfinite(table).all(axis=0)] if len(columns) > 1 else np.empty((0, 0))
    if whole.shape[1] < FEWEST if whole.size else True:
        return None
    moving = whole.std(axis=1) > 0
    if not moving[-1]:
        return None
    kept = np.flatnonzero(moving[:-1])
    corr = np.corrcoef(whole[moving])
    with_target, among = corr[-1, :-1], corr[:-1, :-1]
    left = 1 - among**2
    np.fill_diagonal(left, np.nan)
    left[left < 1e-9] = np.nan
    square = with_target[:, None] ** 2 + with_target[None] ** 2
    found = (square - 2 * with_target[:, None] * with_target[None] * among) / left
    if not np.isfinite(found).any() or np.nanmax(found) < EXACT_SUM:
        return None
    one, other = divmod(int(np.nanargmax(found)), len(kept))
    first, second = sorted((columns[kept[one]].name, columns[kept[other]].name))
    return first, second


def _exact(name: str, score: float, next_best: float) -> Finding:
    return Finding(
        FindingKind.LEAK,
        Severity.HIGH,
        name,
        f"The column {quoted(name)} alone gives the answer away: it explains {percent(score)} of what chance would get "
        f"wrong; the next best column {percent(max(next_best, 0.0))}.",
        "A column that knows the answer was usually filled in after it, and will be empty when a question comes.",
        f"Leave the column out ({holding_out(name)}), unless it is known before every decision; then it is the rule "
        "that you need.",
    )


def _suspicious(name: str, score: float, next_best: float) -> Finding:
    return Finding(
        FindingKind.LEAK,
        Severity.MEDIUM,
        name,
        f"The column {quoted(name)} alone explains {percent(score)} of what chance would get wrong, the next best "
        f"column {percent(max(next_best, 0.0))}.",
        "One column that is so much better than all others often holds a part of the answer.",
        f"Ask when it is filled in: if that is after the decision, leave it out ({holding_out(name)}).",
    )


def _one_label(name: str, label: str, told: float) -> Finding:
    return Finding(
        FindingKind.LEAK,
        Severity.MEDIUM,
        name,
        f"The column {quoted(name)} alone tells {quoted(label)} from the rest {of_hundred(told)}.",
        "What tells one label so well may have been written down together with it.",
        f"Ask when it is filled in: if that is after the decision, leave it out ({holding_out(name)}).",
    )


def _sum(pair: tuple[str, str], sign: str, what: str) -> Finding:
    name = f" {sign} ".join(pair)
    return Finding(
        FindingKind.LEAK,
        Severity.HIGH,
        name,
        f"Two columns together, {name}, {what} exactly.",
        "What is to be predicted was computed from them, so they will not be known before it is.",
        f"Leave both columns out: {holding_out(*pair)}",
    )
