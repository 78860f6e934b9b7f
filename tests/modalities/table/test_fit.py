"""How a row that is asked about fits the columns that are known."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.table.fit import MOST_NAMED, fitted, known_cells
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.modalities.table.unreadable import RowUnreadable

SCHEMA = TableSchema(
    (
        Column("age", Kind.NUMBER),
        Column("since", Kind.DATE, way="iso"),
        Column("job", Kind.CATEGORY),
        Column("id", Kind.ID, Role.HELD_OUT),
        Column("churn", Kind.FLAG, Role.TARGET),
    )
)
TAKEN = "“Age” is taken for “age”, “since” is taken for “since”, “JOB” is taken for “job”."
WHOLE = {"age": 39, "since": "2024-05-01", "job": "baker"}


@pytest.mark.parametrize(
    ("row", "remarks"),
    [
        (WHOLE, []),
        ({**WHOLE, "id": "A7", "churn": "yes"}, []),
        ({**WHOLE, "age": " 39 ", "job": None}, []),
        ({"age": 39, "job": "baker"}, ["It lacks “since”, which counts as not known."]),
        ({**WHOLE, "colour": "red"}, ["“colour” is no column that is known, so it is passed over."]),
        (
            {"agee": 39, "since": "2024-05-01", "job": "baker"},
            [
                "It lacks “age”, which counts as not known.",
                "“agee” is no column that is known; perhaps “age” is meant.",
            ],
        ),
        ({**WHOLE, "age": "old"}, ["“age” holds “old”, which is no number and counts as not known."]),
        ({**WHOLE, "since": "long ago"}, ["“since” holds “long ago”, which is no date and counts as not known."]),
        (
            {**WHOLE, "age": float("nan")},
            ["“age” holds no number, or one too large to reckon with, which counts as not known."],
        ),
        (
            {**WHOLE, "age": 10**400},
            ["“age” holds no number, or one too large to reckon with, which counts as not known."],
        ),
        ({**WHOLE, "since": "9999-12-31T23:59:59-05:00"}, []),
        (
            {**WHOLE, "age": float("inf")},
            ["“age” holds no number, or one too large to reckon with, which counts as not known."],
        ),
    ],
)
def test_what_does_not_fit_is_remarked(row: dict[str, object], remarks: list[str]) -> None:
    """What is missing, unknown, misspelt or of another kind is said, and what a model may not see is passed over."""
    cells, told = fitted(json.dumps(row).encode(), SCHEMA)
    assert list(told) == remarks
    assert set(cells) == set(row)


@pytest.mark.parametrize(
    ("row", "remarks", "age"),
    [
        (
            {"Age": 39, " since": "2024-05-01", "JOB": "baker"},
            ["“Age” is taken for “age”, “since” is taken for “since”, “JOB” is taken for “job”."],
            39,
        ),
        (
            {"AGE": 39, "Age": 40, "since": "2024-05-01", "job": "baker"},
            ["“AGE” is taken for “age”.", "“Age” is no column that is known, so it is passed over."],
            39,
        ),
        ({**WHOLE, "AGE": 40}, ["“AGE” is no column that is known, so it is passed over."], 39),
        ({**WHOLE, "ID": "A7"}, ["“ID” is taken for “id”."], 39),
        (
            {"since": "2024-05-01", "job": "baker", "Age": 10**400},
            [
                "“Age” is taken for “age”.",
                "“age” holds no number, or one too large to reckon with, which counts as not known.",
            ],
            None,
        ),
    ],
)
def test_a_name_in_other_capitals_is_taken_as_meant(row: dict[str, object], remarks: list[str], age: object) -> None:
    """One name for each known column, the first; where the known name is there itself, it counts."""
    cells, told = fitted(json.dumps(row).encode(), SCHEMA)
    assert list(told) == remarks
    assert cells["age"] == age


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        (b'{"age": true, "since": "2024-05-01", "job": "baker"}', "“age” holds true, which counts as 1."),
        (b'{"age": false, "since": "2024-05-01", "job": "baker"}', "“age” holds false, which counts as 0."),
        (
            b'{"age": 1, "job": "cook", "since": "2024-05-01", "job": "baker"}',
            "“job” stands in it more than once; the last one counts.",
        ),
        (b'{"age": 1, "since": "2024-05-01 10:30:00", "job": "b: c"}', None),
    ],
)
def test_what_counts_for_something_else_is_remarked(row: bytes, remark: str | None) -> None:
    """A flag where a number belongs, and a name that JSON holds twice."""
    assert fitted(row, SCHEMA)[1] == (() if remark is None else (remark,))


@given(row=st.fixed_dictionaries({name: st.none() | st.text("aé1", max_size=3) for name in WHOLE}), data=st.data())
def test_capitals_and_blanks_in_names_change_nothing_but_a_remark(row: dict[str, object], data: st.DataObject) -> None:
    """Whatever a program calls a known column, but for capitals and blanks, it is read as that column."""
    otherwise = {data.draw(st.sampled_from([name, name.upper(), f" {name.title()} "])): row[name] for name in row}
    cells, remarks = fitted(json.dumps(row).encode(), SCHEMA)
    again, told = fitted(json.dumps(otherwise).encode(), SCHEMA)
    assert again == cells == known_cells(json.dumps(otherwise).encode(), SCHEMA)
    assert [each for each in told if "is taken for" not in each] == list(remarks)


def test_what_no_model_sees_has_one_name_too() -> None:
    """A held-out column and the answer in other capitals are those columns; one that a model sees comes before them."""
    schema = TableSchema((Column("Job", Kind.CATEGORY, Role.HELD_OUT), *SCHEMA.columns))
    assert known_cells(b'{"JOB": "cook", "Id": "A7", "CHURN": "no"}', schema) == {
        "job": "cook", "id": "A7", "churn": "no",
    }  # fmt: skip


@pytest.mark.parametrize("row", [{}, {"colour": "red"}, {"id": "A7"}])
def test_a_row_of_which_nothing_is_known_is_refused(row: dict[str, object]) -> None:
    """Where no column is one that a model sees, there is nothing to answer about."""
    with pytest.raises(RowUnreadable) as refused:
        fitted(json.dumps(row).encode(), SCHEMA)
    assert "“age”, “since”, “job”" in refused.value.reason


@given(st.dictionaries(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=60), st.floats()), max_size=40))
def test_remarks_stay_short(row: dict[str, object]) -> None:
    """However many columns do not fit, there are few remarks, each one line."""
    _, told = fitted(json.dumps({**row, "age": 1}).encode(), SCHEMA)
    assert len(told) <= 4 * MOST_NAMED
    assert all(len(remark) < 200 and "\n" not in remark for remark in told)
