"""A group has one name, however a cell is written that says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.intake.groups import group_in
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.row import cells_in, row_bytes


@given(st.lists(st.integers(-999, 999), min_size=3, unique=True), st.sampled_from(["{}", "{}.0", " {}", "{} "]))
def test_numbers_name_the_same_group_in_every_way_of_writing(numbers: list[int], way: str) -> None:
    """As a table writes them, as a request gives them, and as they are kept in the row itself."""
    schema = infer_schema([{"farm": way.format(number)} for number in numbers])
    for number in numbers:
        kept = cells_in(row_bytes({"farm": way.format(number)}, schema.columns))["farm"]
        said: list[Cell] = [way.format(number), kept, number, float(number), str(number)]
        assert {group_in(cell, schema["farm"]) for cell in said} == {str(number)}


@pytest.mark.parametrize("cell", [None, "", " ", "n/a", "?", float("nan")])
def test_a_cell_that_says_nothing_names_no_group(cell: Cell) -> None:
    """Rows of which it is not known where they belong do not belong together by that."""
    assert group_in(cell, infer_schema([{"farm": "a"}, {"farm": "b"}, {"farm": "c"}])["farm"]) is None
