"""Remarks on inputs: each is said once, with every input that it holds of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from understudy.cli.source import Asked

MOST_NAMED: Final = 3
"""Inputs, or stretches of rows, that are named one by one."""


@dataclass
class Remarks:
    """What was remarked on, in the order in which it was first.

    Attributes:
        rows: Of each table that was asked about: how many of its rows were.
    """

    rows: dict[str, int] = field(default_factory=dict)
    _of: dict[str, list[Asked]] = field(default_factory=dict)

    def note(self, asked: Asked, remarks: Sequence[str]) -> None:
        """Takes down what is to be said of an input; empty remarks are none."""
        if asked.table:
            self.rows[asked.table] = self.rows.get(asked.table, 0) + 1
        for remark in dict.fromkeys(remarks):
            if remark:
                self._of.setdefault(remark, []).append(asked)

    def lines(self) -> Iterator[str]:
        """A line each, with what it holds of before it ("later.csv, rows 1 to 5: …")."""
        for remark, several in self._of.items():
            yield f"{'; '.join(self._places(several))}: {remark}"

    def _places(self, several: Sequence[Asked]) -> Iterator[str]:
        alone = [each.named for each in several if not each.table]
        if alone:
            yield _counted(alone, len(alone))
        for table in dict.fromkeys(each.table for each in several if each.table):
            rows = sorted({each.row for each in several if each.table == table})
            yield f"{table}, {_rows(rows, self.rows[table])}"


def _rows(rows: Sequence[int], count: int) -> str:
    """Which rows of so many."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    if len(rows) == count:
        return f"in all {count:,} rows"
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])]
    told = [f"{run[0]:,} to {run[-1]:,}" if len(run) > 2 else " and ".join(f"{row:,}" for row in run) for run in runs]
    shown = sum(len(run) for run in runs[:MOST_NAMED])
    return f"rows {_counted(told, len(told) if shown == len(rows) else len(rows) - shown + MOST_NAMED)}"


def _counted(names: Sequence[str], count: int) -> str:
    """The first names, and how many more there are."""
    shown = names[:MOST_NAMED]
    if count > len(shown):
        return f"{', '.join(shown)} and {count - len(shown):,} more"
    return ", ".join(shown)
