"""Numbers that lie far from 0 are told apart as well as others."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.tables.rows import LABEL, Row, lesson_of, model_of, train

from understudy.domain.trial import Budget
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.search.tables.columns import Cells, cells_of
from understudy.search.tables.encoding import Encoding, fit_encoding

NUMBERS = (Column("x", Kind.NUMBER),)


def cells(values: list[float]) -> Cells:
    return Cells(len(values), {"x": np.array(values, np.float64)}, {})


@given(
    st.integers(-(2**52), 2**52),
    st.lists(st.integers(-(2**22), 2**22), min_size=5, max_size=40, unique=True),
    st.lists(st.sampled_from([0.0, np.nan]), max_size=60),
)
def test_whole_numbers_are_told_apart_wherever_they_lie(offset: int, steps: list[int], marks: list[float]) -> None:
    """Numbers in 32 bits rise as the whole ones do that they stand for, however many are missing or marked so by 0."""
    values = [float(offset + step) for step in sorted(steps)]
    encoding = fit_encoding(cells(values + marks), NUMBERS, seed=0)
    again = Encoding.of_json(NUMBERS, json.loads(json.dumps(encoding.to_json())), encoding.arrays())
    seen = again.encoded(cells(values)).numbers[:, 0]
    assert seen.dtype == np.float32
    assert (np.diff(seen) > 0).all()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=40))
def test_no_number_tells_less_by_its_centre(values: list[float]) -> None:
    """Whatever the numbers, as many of them are told apart as in 32 bits as they are, larger ones are never smaller."""
    seen = fit_encoding(cells(values), NUMBERS, seed=0).encoded(cells(values)).numbers[:, 0]
    known = np.isfinite(values)
    np.testing.assert_array_equal(np.isfinite(seen), known)
    plain = np.clip(np.array(values)[known], -1e30, 1e30)
    assert len(np.unique(seen[known])) >= len(np.unique(plain.astype(np.float32)))
    assert (np.diff(seen[known][np.argsort(plain, kind="stable")]) >= 0).all()


def test_numbers_that_32_bits_hold_are_seen_as_they_are() -> None:
    """Nothing is taken off what is told apart anyhow, though it were far from 0 or very uneven."""
    for values in ([1e6, 1e6 + 1, 1e6 + 2], [0.001, 0.002, 1e6, 3e6], [1e300, -1e300], [np.nan], []):
        assert not fit_encoding(cells(list(values)), NUMBERS, seed=0).centres


def test_moments_of_one_hour_are_told_apart() -> None:
    """Moments that are seconds apart differ, though days since 1970 in 32 bits are minutes apart."""
    columns = (Column("d", Kind.DATE, way="iso"),)
    read = cells_of(({"d": f"2024-05-06 07:{place // 60:02d}:{place % 60:02d}"} for place in range(3600)), columns)
    encoding = fit_encoding(read, columns, seed=0)
    at = [feature.name for feature in encoding.numbers].index("d: days")
    assert len(np.unique(encoding.encoded(read).numbers[:, at])) == 3600


@pytest.mark.parametrize("monotone", [0, 1])
def test_a_border_far_from_0_is_learned(tmp_path: Path, monotone: int) -> None:
    """What is learned of seconds within a minute is learned of the same seconds since 1970; the file says the same."""
    schema = TableSchema((Column("x", Kind.NUMBER, monotone=monotone), Column("y", Kind.CATEGORY, Role.TARGET)))
    chance, right = np.random.default_rng(0), []
    seconds = chance.integers(0, 60, 300)
    for offset in (0, 1_700_000_000):
        rows: list[Row] = [{"x": offset + int(each), "y": "late" if each >= 30 else "early"} for each in seconds]
        trained = train(lesson_of(rows, "y", schema), LABEL, tmp_path / str(offset), budget=Budget(trials=2))
        model = model_of(trained)
        said = [model.predict({"x": offset + each}).label for each in (5, 27, 32, 55)]
        assert said == ["early", "early", "late", "late"]
        assert model.explain(b'{"x": %d}' % (offset + 55))[0].push > 0
        right.append([trial.accuracy for trial in trained.trials])
    assert right[0] == right[1]
    assert min(right[1]) > 0.85
