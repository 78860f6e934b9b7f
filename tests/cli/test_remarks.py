"""Remarks on inputs."""

from understudy.cli.remarks import Remarks
from understudy.cli.source import Asked


def row(number: int) -> Asked:
    return Asked(f"t.csv, row {number}", lambda: b"", table="t.csv", row=number)


def told(*remarked: int, of: int) -> str:
    remarks = Remarks()
    for number in range(1, of + 1):
        remarks.note(row(number), ["It lacks “age”."] if number in remarked else [])
    return next(remarks.lines()).removesuffix(": It lacks “age”.")


def test_a_remark_is_said_once_with_all_rows_that_it_holds_of() -> None:
    """One row, stretches of rows, or all rows are named, and of many stretches how many more rows there are."""
    assert told(3, of=8) == "t.csv, row 3"
    assert told(1, 2, 3, 5, of=8) == "t.csv, rows 1 to 3, 5"
    assert told(*range(1, 9), of=8) == "t.csv, in all 8 rows"
    assert told(1, 3, 5, 7, 8, of=8) == "t.csv, rows 1, 3, 5 and 2 more"


def test_inputs_of_no_table_go_by_their_names() -> None:
    """The first are named; of more, how many there are."""
    remarks = Remarks()
    for name in "abcde":
        remarks.note(Asked(name, lambda: b""), ["Odd.", ""])
    assert list(remarks.lines()) == ["a, b, c and 2 more: Odd."]
