"""A quote that is opened and never closed spoils its own line alone, and what is in quotes stays what it is."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.finding import Severity
from understudy.modalities.table.frame import BadRow, Frame, read_frame
from understudy.modalities.table.quoting import LONGEST_CELL, Rows

WIDTH = 3
ANYTHING = st.lists(st.text('ab",;\r\n é', max_size=9), min_size=WIDTH, max_size=WIDTH)
LINES = st.lists(ANYTHING, max_size=9)
BEGUN = st.lists(st.text('ab",\n', max_size=6).map(lambda text: f"k{text}"), min_size=WIDTH, max_size=WIDTH)
"""No cell that begins with a delimiter or the end of a line: behind a stray quote it would close a cell."""
PLAIN = st.lists(st.text("ab ", max_size=6).map(lambda text: f"k{text}"), min_size=WIDTH, max_size=WIDTH)


def written(lines: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()


def split(text: str, width: int = WIDTH) -> list[list[str] | BadRow]:
    return [cells for _, cells in Rows(io.StringIO(text, newline=""), width, ",", skipinitialspace=False)]


def opened(lines: Sequence[str], name: str = "churn.csv") -> tuple[Frame, list[dict[str, object]]]:
    frame = read_frame(name, ("\n".join(lines) + "\n").encode())
    return frame, list(frame.rows())


def churn(rows: int) -> list[str]:
    header = ",".join(f"c{place}" for place in range(21))
    return [header, *(",".join(str(row * 21 + place) for place in range(21)) for row in range(rows))]


@given(LINES)
def test_whatever_csv_writes_is_read_as_it_was(lines: list[list[str]]) -> None:
    """Cells with quotes, delimiters and line ends come back to the letter."""
    assert split(written(lines)) == lines


@given(st.lists(BEGUN, max_size=6), PLAIN, st.lists(BEGUN, max_size=6), st.integers(0, WIDTH - 1))
def test_a_stray_quote_spoils_no_other_row(
    before: list[list[str]], spoilt: list[str], after: list[list[str]], place: int
) -> None:
    """Wherever a quote is opened that nothing closes, every row is what it was, its own but for the quote."""
    cells = [f'"{cell}' if at == place else cell for at, cell in enumerate(spoilt)]
    text = written(before) + ",".join(cells) + "\r\n" + written(after)
    assert split(text) == [*before, cells, *after]


@pytest.mark.parametrize("line", [2, 101, 600, 601])
@pytest.mark.parametrize("place", [0, 7, 20])
def test_a_stray_quote_is_named(line: int, place: int) -> None:
    """No row of a table is lost to it, wherever it stands, and the finding says where."""
    lines = churn(600)
    cells = lines[line - 1].split(",")
    lines[line - 1] = ",".join([*cells[:place], f'"{cells[place]}', *cells[place + 1 :]])
    frame, rows = opened(lines)
    assert len(rows) == 600
    assert rows[line - 2][f"c{place}"] == f'"{cells[place]}'
    (found,) = frame.findings
    assert found.severity is Severity.LOW
    assert found.fact == (
        f"A quote opened in line {line} of “churn.csv” is never closed, so it was read as an ordinary character."
    )


def test_several_stray_quotes_are_told_once() -> None:
    """Each is an ordinary character, and one finding names their lines."""
    lines = ["label,text", *(f'ham,"message {row}' for row in range(9)), 'spam,"one\ntwo"']
    frame, rows = opened(lines, "sms.csv")
    assert [row["text"] for row in rows] == [*(f'"message {row}' for row in range(9)), "one\ntwo"]
    (found,) = frame.findings
    assert found.fact.startswith("Quotes opened in 9 lines of “sms.csv” are never closed")
    assert found.fact.endswith("2, 3, 4, 5 and 5 more.")


def test_rows_between_two_stray_quotes_are_rows() -> None:
    """A quote that only another stray one closes, far below, does not make one cell of the rows between."""
    lines = ["label,text", *(f"ham,message {row}" for row in range(40))]
    lines[5], lines[30] = 'ham,"Hi there', 'ham,a screen of 5"'
    frame, rows = opened(lines)
    assert len(rows) == 40
    (found,) = frame.findings
    assert found.fact.startswith("A quote opened in line 6 of “churn.csv” is closed in line 31 only")


def test_a_long_cell_that_may_be_rows_is_told() -> None:
    """Where nearly all lines of a cell look like rows it stays one cell, and a person hears of it."""
    inside = "\n".join(f"so,{row}" for row in range(30))
    frame, rows = opened(["label,text", f'ham,"Dear, dear\n{inside}\nbye"', "spam,win"])
    assert len(rows) == 2
    (found,) = frame.findings
    assert found.severity is Severity.HIGH
    assert "is closed in line 33 only, and nearly all lines between look like rows" in found.fact


def test_a_cell_that_the_files_end_cuts_off_is_told() -> None:
    """What is left of it is kept."""
    frame, rows = opened(["label,text", "spam,win", 'ham,"Dear Ann', "the end is"])
    assert rows[-1] == {"label": "ham", "text": "Dear Ann\nthe end is"}
    (found,) = frame.findings
    assert found.fact == ("A quote opened in line 3 of “churn.csv” is never closed, so all up to line 4 is one cell.")


def test_lines_that_go_with_a_row_are_counted() -> None:
    """Where nothing can be made of a row over many lines, the finding says how many go with it, and weighs more."""
    lines = [*churn(20), '"1,2', *("neither here nor there" for _ in range(30))]
    frame, rows = opened(lines)
    assert len(rows) == 20
    (found,) = frame.findings
    assert found.severity is Severity.HIGH
    assert "has 1 cell where the first line has 21, and takes 31 lines with it, up to line 52, so it was left out" in (
        found.fact
    )


def test_a_cell_without_end_does_not_fill_the_memory() -> None:
    """A quote that is opened above more than a text may hold is found out at that length, and no line is lost."""
    lines = ["label,text", 'ham,"Hi there', *(f"ham,{'word ' * 20}{row}" for row in range(LONGEST_CELL // 50))]
    _, rows = opened(lines)
    assert len(rows) == len(lines) - 1
