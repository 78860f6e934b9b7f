"""Gaps: values that are missing, said or unsaid.

Claim: every way of writing “missing” is counted, and a 0, -1 or 999 that stands apart from what was measured is named.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from understudy.audit.columns import Column, ColumnKind
from understudy.audit.material import Material
from understudy.audit.wording import holding_out, percent, quoted
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import number_shown

NOTABLE: Final = 0.05
FEWEST_LEVELS: Final = 10
FEWEST_SPIKES: Final = 3
APART: Final = 3.0
"""A value stands apart when it is so many usual steps away from the next one."""
SENTINELS: Final = frozenset({-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0})


def gaps(material: Material) -> Iterator[Finding]:
    """One finding for what is missing openly, one a column for what is missing in disguise."""
    gappy = [column for column in material.given if column.missing]
    if gappy:
        yield _missing(material, gappy)
    for column in material.given:
        if column.kind is ColumnKind.NUMBER:
            yield from _disguised(material, column)


def _missing(material: Material, gappy: list[Column]) -> Finding:
    worst = sorted(gappy, key=lambda column: (-column.missing, column.name))
    total = sum(column.missing for column in gappy)
    cells = len(material) * len(material.given)
    most = worst[0].missing / len(material)
    said = sorted({marker for column in gappy for marker in column.markers})
    written = ", ".join("nothing" if marker == "" else quoted(marker) for marker in said[:4])
    named = ", ".join(f"{quoted(column.name)} ({percent(column.missing / len(material))})" for column in worst[:4])
    columns = "1 column" if len(gappy) == 1 else f"{len(gappy)} columns"
    rows = [row for row, value in enumerate(worst[0].values) if value is None]
    return Finding(
        FindingKind.MISSING_VALUES,
        Severity.MEDIUM if most >= NOTABLE else Severity.LOW,
        "values",
        f"{total:,} of {cells:,} values ({percent(total / cells)}) are missing, in {columns}: most in {named}; "
        f"written as {written}.",
        "What is missing is rarely missing by chance, and a column that is empty at the time of asking helps nobody.",
        "Find out why they are missing; leave out columns that will be mostly empty when a question comes "
        f"({holding_out('COLUMN')}).",
        material.named(rows),
    )


def _disguised(material: Material, column: Column) -> Iterator[Finding]:
    levels = np.unique(column.numbers[np.isfinite(column.numbers)])
    if len(levels) < FEWEST_LEVELS:
        return
    for value in {0.0, *SENTINELS} & {float(levels[0]), float(levels[-1])}:
        rows = np.flatnonzero(column.numbers == value)
        if len(rows) >= FEWEST_SPIKES and _stands_apart(levels, value):
            yield _spike(material, column, value, rows)


def _stands_apart(levels: np.ndarray, value: float) -> bool:
    """Whether the least or greatest value is far from the next, by the steps that follow."""
    steps = np.diff(levels) if value == levels[0] else np.diff(levels)[::-1]
    usual = float(np.mean(steps[1:FEWEST_LEVELS]))
    reach = float(levels[-1] - levels[0])
    return float(steps[0]) > APART * usual and float(steps[0]) > 0.01 * reach


def _spike(material: Material, column: Column, value: float, rows: np.ndarray) -> Finding:
    number = number_shown(value)
    others = column.numbers[np.isfinite(column.numbers) & (column.numbers != value)]
    nearest = float(others.min() if value < others.min() else others.max())
    return Finding(
        FindingKind.MISSING_VALUES,
        Severity.MEDIUM,
        column.name,
        f"The column {quoted(column.name)} is {number} in {material.counted(len(rows))} "
        f"({percent(len(rows) / len(material))}), and {number_shown(nearest)} in the next nearest.",
        f"A {number} that stands apart from all other values often means that nothing was measured.",
        f"If {number} means missing, empty those cells; else a model takes it for a measured value.",
        material.named(rows),
    )
