"""What any example said is familiar; a row that mostly says something else is a stranger."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.tables.rows import LABEL, Row, lesson_of, model_of, train

from understudy.domain.trial import Budget
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.search.tables.columns import cells_of
from understudy.search.tables.encoding import MOST_LEVELS, fit_encoding
from understudy.search.tables.familiar import Familiar, spans_of

COLUMNS = (*(Column(name, Kind.NUMBER) for name in "abc"), Column("w", Kind.CATEGORY))


def familiar(rows: list[dict[str, Cell]]) -> Familiar:
    cells = cells_of(rows, COLUMNS)
    return Familiar.of(fit_encoding(cells, COLUMNS, seed=0), spans_of(cells, COLUMNS))


def test_no_row_that_was_learned_from_is_a_stranger(tmp_path: Path) -> None:
    """However uneven the amounts and however many rows, the largest of them is as familiar as the others."""
    amounts = np.exp(np.random.default_rng(0).normal(0, 1.5, 1_200)).round(2)
    rows: list[Row] = [{"amount": float(each), "dear": "yes" if each > 1.2 else "no"} for each in amounts]
    schema = TableSchema((Column("amount", Kind.NUMBER), Column("dear", Kind.CATEGORY, Role.TARGET)))
    model = model_of(train(lesson_of(rows, "dear", schema), LABEL, tmp_path, budget=Budget(trials=1)))
    low, high = float(amounts.min()), float(amounts.max())
    assert not any(model.predict({"amount": float(each)}).stranger for each in [*amounts[:50], low, high])
    assert [model.predict({"amount": low + times * (high - low)}).stranger for times in (1.9, 2.1, -0.9, -1.1)] == [
        False, True, False, True,
    ]  # fmt: skip


@given(
    st.lists(
        st.fixed_dictionaries(
            {name: st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)) for name in "abc"}
            | {"w": st.one_of(st.none(), st.sampled_from("xyz"))}
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_example_is_familiar(rows: list[dict[str, Cell]]) -> None:
    """Whatever the numbers and words, no example that says anything is a stranger."""
    known = familiar(rows)
    assert [known.stranger(row) for row in rows] == [all(cell is None for cell in row.values()) for row in rows]


@pytest.mark.parametrize("odd", range(5))
@pytest.mark.parametrize("told", range(1, 5))
def test_a_row_is_a_stranger_where_more_than_half_of_it_is(told: int, odd: int) -> None:
    """Half of what a row says may be new; more of it may not, though the rest be familiar."""
    known = familiar([{"a": 1, "b": 1, "c": 1, "w": "x"}, {"a": 2, "b": 2, "c": 2, "w": "x"}])
    names = [column.name for column in COLUMNS][-told:]
    cells: dict[str, tuple[Cell, Cell]] = {"a": (1, 9), "b": (1, 9), "c": (1, 9), "w": ("x", "new")}
    row = {name: cells[name][place < odd] for place, name in enumerate(names)}
    assert known.stranger(row) == (2 * min(odd, told) > told)


def test_where_words_are_too_many_to_be_kept_new_ones_are_expected() -> None:
    """A column of more words than are told apart makes no row a stranger, as its own rows were strangers else."""
    columns = COLUMNS[3:]
    cells = cells_of(({"w": f"{place:x}"} for place in range(MOST_LEVELS + 1)), columns)
    known = Familiar.of(fit_encoding(cells, columns, seed=0), spans_of(cells, columns))
    assert not any(known.stranger({"w": f"{place:x}"}) for place in range(MOST_LEVELS + 1))


def test_numbers_far_beyond_all_examples_are_remarked_on() -> None:
    """Beyond by more than the examples span, and however few of a row's cells; what is no number is told elsewhere."""
    known = familiar([{"a": 0, "b": 1_500_000, "c": 3}, {"a": 1, "b": 2_500_000.5, "c": 3}])
    assert known.remarks({"a": 99, "b": 2_000_000, "c": 3}) == ("“a” holds “99”, far beyond all examples (0 to 1).",)
    assert known.remarks({"a": 2, "b": 3_600_000, "c": "old"}) == (
        "“b” holds “3600000”, far beyond all examples (1,500,000 to 2,500,000).",
    )
    assert known.remarks({"c": -4}) == ("“c” holds “-4”, far beyond all examples (3).",)
