"""Numbers in three parts of about the same size."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats.thirds import thirds

NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(293.1, 293.9),
    st.integers(80_300, 80_360).map(float),
    st.integers(0, 3).map(float),
)


@given(st.lists(NUMBERS, max_size=60))
def test_parts_hold_every_number_once(values: list[float]) -> None:
    """They are disjoint, cover all that is known, have names that differ, and are one only where all are equal."""
    parts = thirds(values)
    known = np.isfinite(np.array(values, np.float64))
    together = np.sum([members for _, members in parts], axis=0) if parts else np.zeros(len(values))
    assert np.array_equal(together, known.astype(int))
    assert all(members.any() for _, members in parts)
    assert len({name for name, _ in parts}) == len(parts)
    assert (len(parts) == 1) == (len({value for value in values if math.isfinite(value)}) == 1)


@given(st.lists(NUMBERS.filter(math.isfinite), min_size=1, max_size=60))
def test_a_name_tells_who_is_in_it(values: list[float]) -> None:
    """Whoever reads the cuts in the names parts the same numbers."""
    numbers = np.array(values)
    for name, members in thirds(values):
        ends = [float(word.replace(",", "")) for word in name.split() if word not in {"under", "to", "from", "on"}]
        if name.startswith("under"):
            told = numbers < ends[0]
        else:
            told = (numbers >= ends[0]) & (numbers < ends[1] if len(ends) > 1 else True)
        assert np.array_equal(told, members)


@given(st.lists(st.floats(-1e6, 1e6), min_size=9, max_size=90, unique=True))
def test_numbers_that_differ_are_cut_in_equal_parts(values: list[float]) -> None:
    """Each part has a third of them, one more or less."""
    parts = thirds(values)
    assert len(parts) == 3
    assert all(abs(int(members.sum()) - len(values) / 3) <= 1 for _, members in parts)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (np.arange(300.0), ["under 99.7", "99.7 to 199.3", "from 199.3 on"]),
        (np.arange(80_300.0, 80_360.0), ["under 80,320", "80,320 to 80,340", "from 80,340 on"]),
        (np.r_[np.zeros(25), np.arange(1.0, 6.0)], ["under 1", "from 1 on"]),
        (np.zeros(5), ["from 0 on"]),
    ],
)
def test_names_have_few_digits(values: np.ndarray, names: list[str]) -> None:
    """Three, and more only where three would part the numbers elsewhere; many equal ones leave two parts."""
    assert [name for name, _ in thirds(values)] == names
