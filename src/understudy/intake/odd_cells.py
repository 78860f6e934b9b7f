"""Cells that say no number or date in a column where all others do."""

from collections.abc import Sequence

import numpy as np

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import number_shown
from understudy.modalities.nouns import noun_of
from understudy.stats.far_out import beyond

OddCell = tuple[int, str]
"""The row's number in its file, and what its cell says."""
NAMED = 4
LONGEST = 40
"""Letters of a cell that are shown."""


def odd_cells(
    name: str, column: str, cells: Sequence[OddCell], *, what: str = "number", answer: bool = False
) -> Finding:
    """One finding for all such cells of a column.

    Args:
        name: The table's name.
        column: The column's.
        cells: At least one.
        what: What its other cells are: "number" or "date".
        answer: It is the column that is predicted, so that a row without it has no label.
    """
    shown = ", ".join(f"row {number} (“{said[:LONGEST]}”)" for number, said in cells[:NAMED])
    more = f" and {len(cells) - NAMED:,} more" if len(cells) > NAMED else ""
    rows = noun_of("table").counted(len(cells))
    says = "says" if len(cells) == 1 else "say"
    outcome = f"{'this row counts' if len(cells) == 1 else 'these rows count'} as having no label"
    return Finding(
        FindingKind.BAD_ROW if answer else FindingKind.DIRTY_VALUES,
        Severity.MEDIUM if answer else Severity.LOW,
        f"{name}, row {cells[0][0]}",
        f"{rows} of “{name}” {says} no {what} that can be reckoned with in “{column}”: {shown}{more}.",
        f"Its other cells are {what}s, so {outcome if answer else 'there the value counts as not known'}.",
        "Correct the cells, then add the table again: what is known already is not added twice."
        if answer
        else "Nothing needs doing if that is meant; otherwise correct the cells and begin a project with the table.",
        tuple(f"row {number}" for number, _ in cells[:50]),
    )


def far_cells(name: str, column: str, rows: Sequence[int], numbers: Sequence[float]) -> Finding | None:
    """A finding for numbers to be predicted that lie absurdly far from all others, sealed ones among them.

    Args:
        name: The table's name.
        column: The column that is predicted.
        rows: Numbers of its rows that say a number.
        numbers: What they say.
    """
    told = np.asarray(numbers, dtype=np.float64)
    out = beyond(told)
    if not out.any():
        return None
    found = [(rows[place], number_shown(told[place])) for place in np.flatnonzero(out).tolist()]
    shown = ", ".join(f"row {number} (“{said}”)" for number, said in found[:NAMED])
    more = f" and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    counted, verb = noun_of("table").counted(len(found)), "lies" if len(found) == 1 else "lie"
    return Finding(
        FindingKind.FAR_OUT,
        Severity.MEDIUM,
        f"{name}, row {found[0][0]}",
        f"{counted} of “{name}” {verb} absurdly far out in “{column}”: {shown}{more}; all others are between "
        f"{number_shown(told[~out].min())} and {number_shown(told[~out].max())}.",
        "A slip of the hand or another unit looks like that; one such number decides how far off a model is.",
        "Correct the cells and begin a project with the table, unless they are meant.",
        tuple(f"row {number}" for number, _ in found[:50]),
    )
