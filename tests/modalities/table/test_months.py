"""Digits beside a month are a year where the whole column says so, and may be a day otherwise."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.table.cells import EPOCH, moment_of, way_of
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.months import SHORT_YEARS, says_years
from understudy.modalities.table.schema import Kind, SchemaError
from understudy.modalities.table.timing import timed

WAYS = st.sampled_from(SHORT_YEARS)


def months(first: int, count: int) -> list[date]:
    """Months one after the other; the first is counted from January 1970."""
    return [date(1970 + month // 12, month % 12 + 1, 1) for month in range(first, first + count)]


@given(st.integers(0, 12 * 60), st.integers(13, 12 * 20), st.floats(0.0, 0.15), WAYS, st.randoms(use_true_random=False))
def test_months_that_follow_each_other_are_read(first: int, count: int, gaps: float, way: str, chance: object) -> None:
    """Over more than a year and whatever the century, a few that are missing included, each is its first day."""
    every = months(first, count)
    kept = sorted(chance.sample(every, len(every) - int(gaps * len(every))))  # type: ignore[attr-defined]
    cells = [f"{each:{way}}" for each in kept]
    found = way_of(cells)
    assert found is not None
    assert [moment_of(cell, found) for cell in cells] == [(each - EPOCH.date()).days for each in kept]


@given(st.sampled_from([2023, 2024]), st.integers(0, 364), st.integers(1, 31), st.integers(1, 366), WAYS)
def test_days_of_a_year_are_no_months(year: int, start: int, step: int, count: int, way: str) -> None:
    """However they follow each other, every day, week or month, what may be days is left as it is written."""
    first = date(year, 1, 1)
    days = [day for place in range(count) if (day := first + timedelta(start + step * place)).year == year]
    assert not says_years(Counter(f"{day:{way.replace('%y', '%d')}}" for day in days), way)


@pytest.mark.parametrize("cells", [["Jan-98", "May-99", "Jul-97"], ["31-Apr", "30-Feb"], ["Mar 00", "Jun 00"]])
def test_digits_that_are_no_day_are_a_year(cells: list[str]) -> None:
    """There is no 98th of January, and no 31st of April."""
    assert way_of(cells) in SHORT_YEARS


@pytest.mark.parametrize(
    "cells",
    [
        [f"{each:%b}-20" for each in months(0, 12)],
        [f"{each:%b}-{day}" for each in months(0, 12) for day in (15, 30)],
        ["Jan-55", "Feb-55", "Jan-90"],
        ["Jan-23"],
    ],
)
def test_what_nothing_tells_stays_as_it_is(cells: list[str]) -> None:
    """One number in all months, paydays, and years that may be of two centuries; and who says when is told so."""
    rows = [{"when": cell, "x": place * 7 % 11} for place, cell in enumerate(2 * cells)]
    schema = infer_schema(rows)
    assert schema["when"].kind is not Kind.DATE
    with pytest.raises(SchemaError, match="cannot be read as dates in one way"):
        timed(schema, "when", 2 * cells)
