"""A row is one JSON object: the same cells give the same bytes, and what is none is refused in words."""

import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.protocol import Modality, Unreadable
from understudy.modalities.table.cells import cell_of
from understudy.modalities.table.modality import MODALITY, NoEncoder
from understudy.modalities.table.row import cells_in, row_bytes
from understudy.modalities.table.schema import Column, Kind
from understudy.modalities.table.unreadable import RowUnreadable

COLUMNS = (Column("n", Kind.NUMBER, decimal=","), Column("t", Kind.CATEGORY), Column("f", Kind.FLAG))
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.integers(-(10**400), 10**400),
    st.floats(allow_nan=True),
    st.text(max_size=12),
)


@given(st.fixed_dictionaries({"n": CELLS, "t": CELLS, "f": CELLS}))
def test_canonical_bytes_are_stable(cells: dict[str, str | float | None]) -> None:
    """Bytes made of what bytes say are the same bytes, whatever the cells."""
    data = row_bytes(cells, COLUMNS)
    assert row_bytes(cells_in(data), COLUMNS) == data


def test_numbers_become_numbers_and_markers_null() -> None:
    """Written numbers are numbers in the row, codes stay text, and other columns are not there."""
    assert row_bytes({"n": "1.200,50 €", "t": " 007 ", "f": "?", "x": 1}, COLUMNS) == b'{"n":1200.5,"t":"007","f":null}'


def test_a_flag_stays_one_among_numbers() -> None:
    """True in a column of numbers is kept as it came: it is not the number 1."""
    assert row_bytes({"n": True, "t": False}, COLUMNS) == b'{"n":true,"t":false,"f":null}'


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", b"[1]", b"5", b'{"a": [1]}', b'{"a": {}}', b"\xff\xfe", b"[" * 5000]
)
def test_what_is_no_row_is_refused(data: bytes) -> None:
    """A list, a value, nested cells, damaged bytes: one error with fact, reason and remedy."""
    with pytest.raises(RowUnreadable) as refused:
        cells_in(data)
    assert refused.value.fact.startswith("The row")
    assert refused.value.remedy


def test_nan_and_infinity_are_missing() -> None:
    """JSON's extensions for numbers that are none count as missing values."""
    assert cells_in(b'{"a": NaN, "b": -Infinity, "c": 1e999}') == {"a": None, "b": None, "c": None}


@pytest.mark.parametrize("sign", [1, -1])
def test_whole_numbers_that_no_float_holds_are_missing(sign: int) -> None:
    """A whole number of 400 digits counts as missing, however it comes in; the largest that fits is kept."""
    least, most = sign * 10**400, sign * int(sys.float_info.max)
    assert cells_in(b'{"a": %d, "b": %d}' % (least, most)) == {"a": None, "b": most}
    assert row_bytes({"n": least, "t": least}, COLUMNS) == b'{"n":null,"t":null,"f":null}'
    assert (cell_of(least), cell_of(most)) == (None, most)


@given(st.dictionaries(st.text(max_size=3), CELLS, max_size=6))
def test_every_number_of_a_row_can_be_reckoned_with(cells: dict[str, str | float | None]) -> None:
    """Whatever JSON a row is, its numbers become finite floats."""
    read = cells_in(json.dumps(cells).encode())
    assert all(math.isfinite(float(cell)) for cell in read.values() if isinstance(cell, int | float))


def test_the_modality_keeps_its_protocol() -> None:
    """Rows are read, measured as facts and shown as JSON; they have no near twins and no encoder."""
    modality: Modality = MODALITY
    data = json.dumps({"a": 1.5, "b": True, "c": None, "d": "x"}).encode()
    assert modality.facts(data) == {"a": 1.5, "b": "true", "c": None, "d": "x"}
    assert modality.media_type(data) == "application/json"
    assert list(modality.pairs(["", ""], newcomers=2)) == []
    assert modality.inspect(data).remark == ""
    assert modality.inspect(b'{"a": null}').remark
    with pytest.raises(Unreadable):
        modality.inspect(b"nonsense")
    with pytest.raises(NoEncoder):
        modality.encoder("any")
    assert all(modality.inspect(row) for row in modality.golden())
