"""Facts of many examples, as rows and as columns."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.fact_rows import FactRows

FACTS = st.one_of(st.none(), st.text(max_size=3), st.floats(allow_nan=False), st.integers(-3, 3))
ROWS = st.lists(st.dictionaries(st.sampled_from("abcd"), FACTS, max_size=4), max_size=12)


@given(ROWS)
def test_rows_come_back_as_they_were(rows: list[dict[str, str | float | None]]) -> None:
    """Each row has the facts that it came with, written as they were, and nothing in the columns that it lacks."""
    facts = FactRows.of(rows)
    names = sorted({name for row in rows for name in row})
    assert facts.names == tuple(names)
    assert len(facts) == len(rows)
    wanted = [{name: row.get(name) for name in names} for row in rows]
    assert list(facts) == wanted
    assert [[type(fact) for fact in row.values()] for row in facts] == [
        [type(f) for f in row.values()] for row in wanted
    ]
    assert [list(facts.column(name)) for name in names] == [[row[name] for row in wanted] for name in names]


@given(ROWS, st.data())
def test_some_rows_are_those_rows(rows: list[dict[str, str | float | None]], data: st.DataObject) -> None:
    """Rows by their places, by a slice and one by one are the same."""
    facts = FactRows.of(rows)
    places = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=5)) if rows else []
    assert list(facts.some(places)) == [facts[place] for place in places]
    assert list(facts[1:5:2]) == list(facts)[1:5:2]


def test_columns_can_be_added_and_left_out() -> None:
    """A column is replaced by another of its name, and one that is not there can be left out."""
    facts = FactRows.of([{"a": 1.0}, {"a": 2.0}]).beside("b", ["x", "y"])
    assert list(facts.beside("a", [None, 3.0])) == [{"a": None, "b": "x"}, {"a": 3.0, "b": "y"}]
    assert facts.without(["a", "nobody"]) == FactRows({"b": ["x", "y"]}, 2)
    assert facts.column("nobody") == [None, None]


def test_what_is_no_number_stays_so() -> None:
    """Not a number is kept as it came."""
    assert math.isnan(float(str(FactRows.of([{"a": math.nan}])[0]["a"])))


def test_columns_of_different_length_are_refused() -> None:
    """A column that says nothing of some examples would be put beside the wrong ones."""
    with pytest.raises(ValueError, match="length"):
        FactRows({"a": [1.0]}, 2)
