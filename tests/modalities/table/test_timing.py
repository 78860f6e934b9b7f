"""A column that says when rows came about is read as moments or numbers, or refused."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.table.cells import Cell
from understudy.modalities.table.inferring import infer_anew, infer_schema
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import Kind, Role, SchemaError
from understudy.modalities.table.timing import timed
from understudy.search.tables.lesson import Lesson, read_lesson

MONTHS = [date(2018 + n // 12, n % 12 + 1, 1) for n in range(60)]
WRITTEN: dict[str, list[Cell]] = {
    "year and month": [f"{each:%Y-%m}" for each in MONTHS],
    "month and year": [f"{each:%m/%Y}" for each in MONTHS],
    "month and year with a point": [f"{each:%m.%Y}" for each in MONTHS],
    "month and year with a point and no zeros": [f"{each.month}.{each.year}" for each in MONTHS],
    "late months with a point": [f"{month}.{year}" for year in range(2018, 2024) for month in (10, 11, 12)],
    "names of months": [f"{each:%b %Y}" for each in MONTHS],
    "names of months and a slash": [f"{each:%b/%Y}" for each in MONTHS],
    "names of months behind the year": [f"{each:%Y-%b}" for each in MONTHS],
    "names of months and the end of the year": [f"{each:%b-%y}" for each in MONTHS],
    "quarters": [f"{each.year}Q{(each.month + 2) // 3}" for each in MONTHS],
    "quarters first": [f"Q{(each.month + 2) // 3} {each.year}" for each in MONTHS],
    "weeks": [f"{year}-W{week:02d}" for year, week, _ in (each.isocalendar() for each in MONTHS)],
    "days": [f"{each:%d/%m/%Y}" for each in MONTHS],
    "a running number": list(range(1, 61)),
    "a running number as text": [str(n) for n in range(1, 61)],
    "numbers of months with zeros": [f"{n % 12 + 1:02d}" for n in range(12)] * 5,
    "two months": ["2024-01"] * 30 + ["2024-02"] * 30,
    "one month": ["2024-01"] * 60,
}


def lesson_of(cells: list[Cell]) -> Lesson:
    """Rows with such cells in the column that says when, as intake reads them."""
    rows: list[dict[str, Cell]] = [{"when": cell, "x": place * 7 % 11} for place, cell in enumerate(cells)]
    schema = timed(infer_schema(rows), "when", cells)
    kept = [
        (f"{place:064d}", row_bytes(row, schema.columns), "ab"[place % 2], str(place)) for place, row in enumerate(rows)
    ]
    return read_lesson(kept, schema)


@pytest.mark.parametrize("way", WRITTEN)
def test_what_follows_one_another_is_ordered(way: str) -> None:
    """However months, quarters, days and running numbers are written, each row has its moment, in their order."""
    cells = WRITTEN[way]
    times = lesson_of(cells).times
    assert times is not None
    assert np.all(np.isfinite(times))
    if "zeros" not in way:
        assert np.all(np.diff(times) >= 0)
        assert len(np.unique(times)) == len(set(cells))


@given(st.lists(st.integers(0, 599), min_size=60, max_size=120, unique=True))
def test_running_numbers_in_any_order_are_moments(numbers: list[int]) -> None:
    """They look like ids, which no model sees, and are moments where a person says so."""
    times = lesson_of([*numbers]).times
    assert times is not None
    assert times.tolist() == numbers


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["early", "late", "later"] * 20, "60 of 60 values cannot be read as dates in one way or as numbers"),
        (["2024-01-31", "31/01/2024", "Jan 31, 2024"] * 20, "20 of 60 values"),
        ([True, False] * 30, "such as “true”"),
        ([None, ""] * 30, "empty in all rows"),
        ([round(n % 12 + 1 + (2018 + n // 12) / 1e4, 4) for n in range(60)], "60 of 60 values look like months"),
        ([*(f"2024-{n % 12 + 1:02d}" for n in range(50)), *["unknown"] * 10], "10 of 60 values"),
    ],
)
def test_what_has_no_order_is_refused(cells: list[Cell], reason: str) -> None:
    """Words, dates in several ways, flags and nothing at all say not which row came first; the error says why."""
    rows: list[dict[str, Cell]] = [{"when": cell, "x": place} for place, cell in enumerate(cells)]
    with pytest.raises(SchemaError, match=r"“when” cannot say when a row came about\.") as refused:
        timed(infer_schema(rows), "when", cells)
    assert reason in str(refused.value)


def test_a_column_without_an_order_never_says_when() -> None:
    """No schema has it, whether its kind or its role is said last."""
    rows: list[dict[str, Cell]] = [{"when": f"2024-{n % 12 + 1:02d}", "who": "abc"[n % 3]} for n in range(60)]
    schema = infer_schema(rows)
    with pytest.raises(SchemaError, match=r"“who” cannot say when.*taken for a category"):
        schema.corrected("who", role="time")
    with pytest.raises(SchemaError, match=r"“when” cannot say when.*taken for a category"):
        timed(schema, "when", [row["when"] for row in rows]).corrected("when", kind="category")


def test_what_says_when_still_does_with_more_rows() -> None:
    """Rows that come later make no id and no words of it."""
    cells: list[Cell] = list(range(1, 61))
    rows: list[dict[str, Cell]] = [{"when": cell, "x": "ab"[place % 2]} for place, cell in enumerate(cells)]
    schema = timed(infer_schema(rows), "when", cells)
    for said in (schema, schema.corrected("when", kind="date")):
        for more in (rows, [{"when": "soon"}, {"when": "late"}, {"when": "never"}]):
            anew = infer_anew(said, more, more=False)
            assert (anew["when"].kind, anew["when"].role) == (said["when"].kind, Role.TIME)


def test_months_stay_months_with_more_rows() -> None:
    """What a table writes like 3.2024 is kept as it is written, and is no number once more such rows came."""
    cells: list[Cell] = [f"{each.month}.{each.year}" for each in MONTHS]
    rows: list[dict[str, Cell]] = [{"when": cell, "x": "ab"[place % 2]} for place, cell in enumerate(cells)]
    schema = infer_schema(rows)
    assert schema["when"].kind is Kind.NUMBER
    said = timed(schema, "when", cells)
    named = replace(said, columns=tuple(replace(column, why="says when") for column in said.columns))
    assert row_bytes({"when": "1.2020", "x": "a"}, named.columns) == b'{"when":"1.2020","x":"a"}'
    assert infer_anew(named, rows, more=False)["when"] == named["when"]


@given(st.lists(st.floats(0, 13), min_size=60, max_size=60, unique=True))
def test_numbers_that_are_no_months_say_when(numbers: list[float]) -> None:
    """Only where nearly all look like months are they refused."""
    assert timed(infer_schema([{"when": each} for each in numbers]), "when", numbers)["when"].kind is Kind.NUMBER


def test_months_and_quarters_are_dates_to_a_model() -> None:
    """Nobody has to say so; parts, seasons and places that look like them are none."""
    day = date(2020, 1, 1)
    rows: list[dict[str, Cell]] = [
        {
            "month": f"{day + timedelta(31 * n):%Y-%m}",
            "quarter": f"{2020 + n // 4}-Q{n % 4 + 1}",
            "part": f"{4700 + n % 9}-{n % 12 + 1}",
            "season": f"{2000 + n % 20}-{1 + n % 20:02d}",
            "version": f"{n % 12 + 1}.{n % 7}",
        }
        for n in range(60)
    ]
    found = {column.name: column.kind for column in infer_schema(rows).columns}
    assert found == {
        "month": Kind.DATE, "quarter": Kind.DATE, "part": Kind.CATEGORY, "season": Kind.CATEGORY, "version": Kind.NUMBER
    }  # fmt: skip
