"""How a row that is asked about fits the columns that are known."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.table.fit import MOST_NAMED, fitted
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
