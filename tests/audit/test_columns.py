"""What a column holds, told by its values."""

import numpy as np
import pytest

from understudy.audit.columns import ColumnKind, columns_of, named_like_id, words_in
from understudy.domain.rule import Fact


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("width", [float(place % 7) for place in range(40)], ColumnKind.NUMBER),
        ("price", [str(place * 1.5) for place in range(39)] + ["?"], ColumnKind.NUMBER),
        ("bytes", [float(place * 977 % 90001) for place in range(40)], ColumnKind.NUMBER),
        ("instant", [float(place) for place in range(40)], ColumnKind.ID),
        ("customerID", [f"75{place}-VHVEG" for place in range(40)], ColumnKind.ID),
        ("aisle", ["1_000", "1_001", "2_000"] * 20, ColumnKind.CATEGORY),
        ("colour", ["red", "white"] * 20, ColumnKind.CATEGORY),
        ("job", [f"Clerk {place % 20}" for place in range(40)], ColumnKind.CATEGORY),
        ("text", [f"where is my order number {place}" for place in range(40)], ColumnKind.TEXT),
        ("day", [f"2024-05-{place % 28 + 1:02}" for place in range(40)], ColumnKind.TIME),
        ("hired", [f"{place % 12 + 1:02}/22/1986" for place in range(40)], ColumnKind.TIME),
        ("nothing", [None, "?"] * 20, ColumnKind.EMPTY),
    ],
)
def test_kinds(name: str, values: list[Fact], kind: ColumnKind) -> None:
    """Numbers, categories, texts, times and ids are told apart."""
    (column,) = columns_of([{name: value} for value in values])
    assert column.kind is kind


def test_missing_is_missing_however_it_is_written() -> None:
    """Empty, “?” and “NA” are missing, and each is counted; “none” and 0 are values."""
    (column,) = columns_of([{"x": value} for value in ["", " ", "?", "NA", None, "none", 0.0, "nan"]])
    assert column.missing == 6
    assert column.markers == {"": 3, "?": 1, "NA": 1, "nan": 1}
    assert column.values[5:7] == ["none", "0"]


def test_a_row_may_lack_a_fact() -> None:
    """Columns are as long as the table, whichever facts a row has."""
    one, other = columns_of([{"a": 1.0}, {"b": "x"}])
    assert (one.name, one.missing, other.name, other.missing) == ("a", 1, "b", 1)
    assert np.isnan(one.numbers[1])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("customerID", ["customer", "id"]),
        ("AgeOfPolicyHolder", ["age", "of", "policy", "holder"]),
        ("a_b-c", list("abc")),
    ],
)
def test_words_of_names(name: str, words: list[str]) -> None:
    """Names in any spelling are cut into words."""
    assert words_in(name) == words


def test_names_of_ids() -> None:
    """Ids are known by name in several languages."""
    assert all(named_like_id(name) for name in ("user_id", "Kunden-Nummer", "número", "PolicyNumber"))
    assert not any(named_like_id(name) for name in ("width", "ideal", "keyboard"))
