"""Why a table or a row cannot be read, in words that a person can act on."""

from collections.abc import Sequence
from typing import Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.protocol import Unreadable

NAMED: Final = 4
"""Lines that are named in a sentence; of more, how many there are."""
MANY: Final = 10
"""Lines lost with one row from which that weighs much."""


class TableUnreadable(Unreadable):
    """The bytes are no table, or one that is damaged or too large."""

    noun = "table"


class RowUnreadable(Unreadable):
    """The bytes are no row of a table, or one whose cells are of the wrong kind."""

    noun = "row"


def no_table(name: str, what: str, remedy: str) -> TableUnreadable:
    """There is nothing in it that can be read as rows under names.

    Args:
        name: The table's name.
        what: Why, one sentence.
        remedy: What to do, one sentence.
    """
    return TableUnreadable(FindingKind.CORRUPT, f"“{name}” cannot be read", reason=what, remedy=remedy)


def empty_table(name: str) -> TableUnreadable:
    """There are no rows in it."""
    return TableUnreadable(
        FindingKind.EMPTY_FILE,
        f"“{name}” is empty",
        reason="It holds no line that could name its columns.",
        remedy="Export it again; its first line must name the columns.",
    )


def needs_package(name: str, what: str, extra: str) -> TableUnreadable:
    """The package that reads such files is not installed."""
    return TableUnreadable(
        FindingKind.CORRUPT,
        f"“{name}” cannot be read here",
        reason=f"Reading {what} takes a package that is not installed.",
        remedy=f"Install it with “pip install 'understudy[{extra}]'”, or save the table as CSV.",
    )


def bad_rows(where: str, numbers: Sequence[int], what: str, reason: str = "", *, lines: int = 1) -> Finding:
    """Rows that say nothing that can be used, all for the same reason.

    Args:
        where: The table's name.
        numbers: The rows' lines in the file, at least one; the first of a file is 1.
        what: What is the matter with each.
        reason: Why that leaves it out, or empty where cells do not fit the columns.
        lines: How many lines of the file each takes with it.
    """
    named = ", ".join(str(number) for number in numbers[:NAMED])
    more = f" and {len(numbers) - NAMED:,} more" if len(numbers) > NAMED else ""
    fact = f"{len(numbers):,} lines of “{where}” were left out, each of which {what}: {named}{more}."
    if len(numbers) == 1:
        fact = f"Line {named} of “{where}” {what}, so it was left out."
    return Finding(
        FindingKind.BAD_ROW,
        Severity.HIGH if lines >= MANY else Severity.MEDIUM,
        f"{where}, line {numbers[0]}",
        fact,
        reason or f"{'Its' if len(numbers) == 1 else 'Their'} cells cannot be told to belong to the columns.",
        f"Correct the row{'' if len(numbers) == 1 else 's'}, then add the table again: what is known already is not "
        "added twice.",
        () if len(numbers) == 1 else tuple(f"line {number}" for number in numbers),
    )


def passed_over(where: str, count: int) -> Finding:
    """Rows above the one that names the columns."""
    one = count == 1
    return remark(
        where,
        f"The first {'row' if one else f'{count} rows'} of “{where}” {'was' if one else 'were'} passed over.",
        f"{'It has' if one else 'They have'} fewer cells than the table below, as titles have.",
        f"Nothing, if {'it is a title' if one else 'they are titles'}; the line that names the columns should be the "
        "first of the table.",
    )


def remark(where: str, fact: str, reason: str, remedy: str, *, evidence: tuple[str, ...] = ()) -> Finding:
    """Something about the table as a whole that was put right, and that a person should know of."""
    return Finding(FindingKind.DIRTY_VALUES, Severity.LOW, where, fact, reason, remedy, evidence)
