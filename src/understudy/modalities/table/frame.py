"""A table of data, read row by row in bounded memory, whatever file it came in."""

import importlib
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from understudy.domain.finding import Finding
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.unreadable import TableUnreadable, bad_rows, needs_package, no_table, remark

Row = dict[str, Cell]
Numbered = tuple[int, Sequence[Cell]]
"""A row's number in its file, and its cells."""

SHOWN: Final = 50
"""Rows that are named one by one when they cannot be read; of more, the number is told."""
MOST_COLUMNS: Final = 20_000
EXCEL: Final = "understudy.modalities.table.excel:open_table"
READERS: Final = {
    ".jsonl": "understudy.modalities.table.lines:open_table",
    ".ndjson": "understudy.modalities.table.lines:open_table",
    ".json": "understudy.modalities.table.lines:open_table",
    ".parquet": "understudy.modalities.table.parquet:open_table",
    ".xlsx": EXCEL,
    ".xlsm": EXCEL,
    ".xlsb": EXCEL,
    ".xls": EXCEL,
    ".ods": EXCEL,
}
"""By a file's ending, where its reader is: "module:function". All else is delimited text."""
EXTRAS: Final = {".parquet": ("Parquet files", "parquet")}
"""What needs a package that does not come by itself: what it is, and the extra that brings it."""
SUFFIXES: Final = frozenset({*READERS, ".csv", ".tsv", ".tab", ".psv"})
"""Endings of files that hold a table, with the dot, in small letters."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used.

    Attributes:
        number: Its number in the file, as `Frame.read` counts.
        what: What is the matter with it.
        reason: Why that leaves it out, or empty where cells do not fit the columns.
        lines: How many lines of the file it takes with it.
    """

    number: int
    what: str
    reason: str = ""
    lines: int = 1


@dataclass
class Frame:
    """A table that was opened.

    Attributes:
        name: For people.
        columns: Names of its columns, each once.
        read: Begins to read from the start: a row's number and its cells in the order of columns, or what is wrong
            with a row. The number is that of the row's line in the file or sheet, which the line that names the columns
            counts in; where there are no lines, the row's own, from 1 on.
        remarks: What was put right on opening it.
        noticed: What was put right in its lines, as the last reading saw them.
        bad: The first rows that could not be used, as the last reading saw them.
        bad_count: How many there were.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[], Iterator[Numbered | BadRow]]
    remarks: list[Finding] = field(default_factory=list)
    noticed: Callable[[], Iterable[Finding]] = tuple
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0

    def rows(self) -> Iterator[Row]:
        """The rows that can be used, from the first on. Afterwards `findings` tells of the others.

        Raises:
            TableUnreadable: The file turns out to be damaged.
        """
        return (row for _, row in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """The same, each with its number in the file, whatever was left out before it."""
        return ((number, dict(zip(self.columns, cells, strict=True))) for number, cells in self.cells())

    def cells(self) -> Iterator[Numbered]:
        """The same as bare cells, in the order of columns."""
        self.bad, self.bad_count = [], 0
        for each in self.read():
            if isinstance(each, BadRow):
                self.bad_count += 1
                if len(self.bad) < SHOWN:
                    self.bad.append(each)
            else:
                yield each

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was put right, and the rows that were left out as far as the table was read."""
        alike: dict[tuple[str, str, int], list[int]] = {}
        for each in self.bad:
            alike.setdefault((each.what, each.reason, each.lines), []).append(each.number)
        findings = [
            *self.remarks,
            *(bad_rows(self.name, at, what, reason, lines=lines) for (what, reason, lines), at in alike.items()),
        ]
        if self.bad_count > len(self.bad):
            findings.append(
                remark(
                    self.name,
                    f"{self.bad_count:,} rows of “{self.name}” could not be used; the first {len(self.bad)} are named.",
                    "Their cells cannot be told to belong to the columns.",
                    "See whether the table was exported with another delimiter or without quotes.",
                )
            )
        return (*findings, *self.noticed())


def read_frame(name: str, data: bytes | Path, holding: Sequence[str] = ()) -> Frame:
    """Opens a table.

    Args:
        name: For people; its ending says what it is (CSV in any delimiter and encoding, TSV, JSON lines, Parquet,
            Excel or OpenDocument sheets), before `.gz` where it is compressed.
        data: The file's bytes, or where it lies.
        holding: Columns that somebody named: of several sheets the one that has them is read.

    Returns:
        The table; its rows are read when asked for, as often as asked for.

    Raises:
        TableUnreadable: It is empty, damaged, or of no kind that is known.
    """
    ending = Path(re.sub(r"\.gz$", "", name.lower())).suffix
    where = READERS.get(ending, "understudy.modalities.table.delimited:open_table")
    module, function = where.split(":")
    try:
        opened: Callable[..., Frame] = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        if ending not in EXTRAS:
            raise
        raise needs_package(name, *EXTRAS[ending]) from error
    try:
        return opened(name, data, holding) if where == EXCEL else opened(name, data)
    except (OSError, EOFError, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise no_table(name, f"It cannot be opened: {said}.", "Name a whole file that you may read.") from error


def is_table(name: str) -> bool:
    """Whether a file's name ends like a table's."""
    return Path(re.sub(r"\.gz$", "", name.lower())).suffix in SUFFIXES


def named(table: str, given: Sequence[str]) -> tuple[tuple[str, ...], list[Finding]]:
    """Makes names of columns that are each there once.

    Args:
        table: The table's name.
        given: As written; empty ones get a number, repeated ones too.

    Raises:
        TableUnreadable: There are more columns than a table has.
    """
    if len(given) > MOST_COLUMNS:
        raise no_table(
            table,
            f"Its first line has {len(given):,} cells, and a table may have {MOST_COLUMNS:,} columns.",
            "See whether it is laid on its side; a row must be one example.",
        )
    stripped = [" ".join(name.split()) for name in given]
    whole = [name or f"column {place}" for place, name in enumerate(stripped, start=1)]
    taken: Counter[str] = Counter(whole)
    names: list[str] = []
    seen: set[str] = set()
    for name in whole:
        number, unique = 1, name
        while unique in seen or (number > 1 and unique in taken):
            number += 1
            unique = f"{name} ({number})"
        seen.add(unique)
        names.append(unique)
    return tuple(names), list(_remarks(table, whole, stripped))


def _remarks(table: str, whole: Sequence[str], stripped: Sequence[str]) -> Iterator[Finding]:
    for name, count in Counter(whole).items():
        if count > 1:
            yield remark(
                table,
                f"“{table}” has {count} columns named “{name}”, so all but the first got a number.",
                "A column is known by its name, so each name may stand once.",
                "Rename the columns in the table if they mean different things, or delete those that repeat.",
            )
    if nameless := stripped.count(""):
        one = nameless == 1
        yield remark(
            table,
            f"{'1 column' if one else f'{nameless} columns'} of “{table}” {'has' if one else 'have'} no name, so "
            f"{'it' if one else 'they'} got {'its' if one else 'their'} place as name.",
            f"The line that names the columns has {'an empty cell' if one else 'empty cells'}.",
            f"Name {'this column' if one else 'these columns'} in the table.",
        )


__all__ = ["SUFFIXES", "BadRow", "Frame", "Numbered", "Row", "TableUnreadable", "is_table", "named", "read_frame"]
