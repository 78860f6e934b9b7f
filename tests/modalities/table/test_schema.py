"""A schema says what columns hold; it is inferred, told why, and open to correction."""

import csv
import math
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.table.cells import FIRST_DAY, NumberStyle, moment_of, number_of, present, way_of
from understudy.modalities.table.inferring import MIXED_DATES, infer_schema
from understudy.modalities.table.schema import Column, Kind, Role, SchemaError, TableSchema, nearest


def zone(minutes: int) -> timezone:
    """So far east of Greenwich."""
    return timezone(timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,200 €", 1200), ("$1,234.50", 1234.5), ("12%", 12), ("(300)", -300), ("−5", -5),
        ("1e3", 1000), ("1'000", 1000), (" 7 ", 7), ("CHF 12.50", 12.5), ("3.", 3), (".5", 0.5), (True, 1), (4, 4),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(written: object, number: float) -> None:
    """Currency, percent, thousands and accountants' brackets do not hide a number."""
    assert number_of(written) == number  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "number"), [("1.200,50", 1200.5), ("3,5", 3.5), ("1.200", 1200), ("0,25 €", 0.25)])
def test_decimal_commas_are_read_where_a_column_has_them(written: str, number: float) -> None:
    """In a column with decimal commas a point groups thousands."""
    assert number_of(written, NumberStyle(",")) == number


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=2))
def test_a_decimal_comma_says_what_a_point_does(number: Decimal) -> None:
    """A number is the same in a column with decimal commas as in one with points, with a sign beside it or not."""
    written = str(number)
    for sign in ("", " €"):
        assert (
            number_of(written.replace(".", ",") + sign, NumberStyle(",")) == number_of(written + sign) == float(number)
        )


@pytest.mark.parametrize(
    "written", ["", "abc", "12 abc", "1_000", "nan", "inf", "1e999", "9" * 200, None, math.inf, 10**400]
)
def test_what_is_no_number_is_none(written: object) -> None:
    """Words, numbers without end and hostile texts are no numbers."""
    assert math.isnan(number_of(written))  # type: ignore[arg-type]


def test_missing_markers_are_missing() -> None:
    """“?” and its like say nothing; “none” may be an answer."""
    assert not any(present(cell) for cell in ("?", "NA", " n/a ", "", None, math.nan, "-", 10**400, -(10**400)))
    assert all(present(cell) for cell in ("none", "unknown", 0, False, "x"))


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024-01-02", "2024-02-03 10:00:00"], 19724), (["02.01.2024", "31.12.2024"], 19724),
        (["01/02/2024", "12/31/2024"], 19724), (["2 Jan 2024", "3 Feb 2024"], 19724),
        (["Jan 02 2024", "Feb 3 2024"], 19724), (["January 2 2024 10:00", "May 3 2024 11:00"], 19724 + 10 / 24),
    ],
)  # fmt: skip
def test_dates_are_read_in_the_way_their_column_writes_them(cells: list[str], first: float) -> None:
    """The way that fits all cells is found, and gives days since 1970."""
    way = way_of(cells)
    assert way is not None
    assert moment_of(cells[0], way) == first
    assert way_of(["7", "x"]) is None


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("9999-12-31T23:59:59-05:00", 2_932_896 + (86_399 + 5 * 3600) / 86_400),
        ("9999-12-31T23:59:59.999999-23:59", 2_932_897.999305555),
        ("2024-01-02T00:00:00+06:00", 19_723.75),
        ("1000-01-01", -354_285.0),
        ("1000-01-01T00:00:00+14:00", math.nan),
        ("0001-01-01T00:00:00+14:00", math.nan),
        ("0001-01-01T00:00:00-14:00", math.nan),
    ],
)
def test_moments_at_the_ends_of_the_calendar_are_as_near_as_others(written: str, days: float) -> None:
    """“Valid until the last second of 9999” is a date in every zone of time; in years of three digits none is."""
    assert moment_of(written) == pytest.approx(days, nan_ok=True, abs=1e-8)
    cells = [f"2024-03-{1 + place % 28:02d}T10:00:00+02:00" for place in range(79)]
    column = infer_schema([{"until": cell, "n": place} for place, cell in enumerate([*cells, written])])["until"]
    assert column.kind is Kind.DATE


@given(st.datetimes(timezones=st.sampled_from([None, *map(zone, (-1439, -300, 0, 840, 1439))])))
def test_every_moment_that_can_be_written_is_read(when: datetime) -> None:
    """It lies as far from 1970 as the calendar says, in whatever zone; before the year 1000 it is none."""
    days = moment_of(when.isoformat())
    since = when.timestamp() / 86_400 if when.tzinfo else (when - datetime(1970, 1, 1)) / timedelta(days=1)  # noqa: DTZ001
    assert math.isnan(days) if since < FIRST_DAY else days == pytest.approx(since)


@pytest.mark.parametrize(
    ("cells", "mixed"),
    [
        (["2024-03-01", "2.03.2024", "03/03/2024", "2024-03-04 10:00"], True),
        (["4 May 2024", "2024-05-04", "May 5, 2024", "6.5.2024"], True),
        (["2024-03-01", "45353", "Mar 03 2024", "4.3.2024"], True),
        (["45352", "45353", "45354", "x 4", "x 5", "4.3.2024"], False),
        (["room 1 2", "a-b-3", "1.2.3", "x/y/2024"], False),
    ],
)
def test_dates_written_in_several_ways_are_told(cells: list[str], mixed: bool) -> None:
    """Such a column stays one of categories, and its reason says why; versions and names are no dates."""
    column = infer_schema([{"when": cell, "n": place} for place, cell in enumerate(cells * 20)])["when"]
    assert (column.why == MIXED_DATES) is mixed
    assert column.kind is Kind.CATEGORY


def test_numbers_without_end_leave_a_column_one_of_numbers() -> None:
    """A column of numbers of which up to half have no end is one of numbers; one with few numbers is not."""
    cells = [str(place * 7 % 50) for place in range(60)] + ["inf", "-inf", "-Infinity", "1e400"] * 10
    assert infer_schema([{"age": cell} for cell in cells])["age"].kind is Kind.NUMBER
    assert infer_schema([{"age": cell} for cell in cells[30:]])["age"].kind is Kind.CATEGORY
    assert infer_schema([{"age": cell} for cell in [*cells, *"abcdef"]])["age"].kind is Kind.CATEGORY


def rows() -> list[dict[str, str | None]]:
    return [
        {
            "id": f"A-{place:05d}", "price": f"{place % 17},{place % 10}5 €", "zip": f"0{1000 + place % 40}",
            "when": f"2024-01-{1 + place % 28:02d}", "kind": ["red", "green", "blue"][place % 3], "same": "x",
            "note": f"the {place} lamp on the {place * 7 % 13} wall is out again", "empty": None,
            "flag": "yes" if place % 2 else "no", "cost": "?" if place % 5 == 0 else str(place / 2),
            "answer": str(place % 4),
        }
        for place in range(200)
    ]  # fmt: skip


def test_kinds_and_roles_are_inferred_with_their_reason() -> None:
    """Each column's kind is told by its cells; ids and constants are held out, and each says why."""
    schema = infer_schema(rows(), target="answer")
    kinds = {column.name: column.kind for column in schema.columns}
    assert kinds == {
        "id": Kind.ID, "price": Kind.NUMBER, "zip": Kind.CATEGORY, "when": Kind.DATE, "kind": Kind.CATEGORY,
        "same": Kind.CONSTANT, "note": Kind.TEXT, "empty": Kind.CONSTANT, "flag": Kind.FLAG, "cost": Kind.NUMBER,
        "answer": Kind.NUMBER,
    }  # fmt: skip
    assert [c.name for c in schema.columns if c.role is Role.HELD_OUT] == ["id", "same", "empty"]
    assert schema.target is not None
    assert schema.target.name == "answer"
    assert schema["price"].decimal == ","
    assert all(column.why for column in schema.columns)


def test_a_schema_survives_json_and_correction() -> None:
    """What is written is read; a correction changes one column, and a second target replaces the first."""
    schema = infer_schema(rows(), target="answer")
    assert TableSchema.from_json(schema.to_json()) == schema
    changed = schema.corrected("id", role="feature").corrected("price", monotone=1).corrected("zip", kind="number")
    assert changed["id"].role is Role.FEATURE
    assert changed["price"].monotone == 1
    assert changed["zip"].kind is Kind.NUMBER
    again = changed.corrected("kind", role="target")
    assert again["answer"].role is Role.FEATURE


def test_what_contradicts_itself_is_refused() -> None:
    """A name twice, two targets, an unknown column, kind, role or direction: each is said."""
    one = Column("a", Kind.NUMBER)
    with pytest.raises(SchemaError, match="twice"):
        TableSchema((one, one))
    schema = TableSchema((one,))
    for wrong in ({"kind": "colour"}, {"role": "boss"}, {"monotone": 2}):
        with pytest.raises(SchemaError):
            schema.corrected("a", **wrong)  # type: ignore[arg-type]
    with pytest.raises(SchemaError, match="no column"):
        infer_schema([{"a": 1}], target="b")


@pytest.mark.parametrize(
    ("name", "delimiter", "target", "held"),
    [
        ("telco_churn", ",", "Churn", {"customerID"}),
        ("insurance_fraud", ";", "FraudFound_P", {"PolicyNumber"}),
        ("bike_sharing", ",", "cnt", {"instant"}),
        ("adult_income", ",", "income", set()),
    ],
)
def test_ids_of_real_tables_are_held_out(
    name: str, delimiter: str, target: str, held: set[str], shared_data: Path
) -> None:
    """What only tells rows apart is not shown to a model, and nothing else of real tables is taken for it."""
    with (shared_data / name / "train.csv").open(encoding="utf-8") as file:
        some = list(csv.DictReader(file, delimiter=delimiter))
    schema = infer_schema(some, target=target)
    assert {column.name for column in schema.columns if column.role is Role.HELD_OUT} == held


def test_a_wide_schema_compares_few_names() -> None:
    """Making a schema and asking it for each column takes work in proportion to its columns, not to their square."""
    columns = tuple(Column(_Compared(f"c{place}"), Kind.NUMBER) for place in range(400))
    schema = TableSchema(columns)
    assert [schema[f"c{place}"] for place in range(400)] == list(columns)
    assert _Compared.compared <= 10 * len(columns)


class _Compared(str):
    """A name that counts how often names are compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        _Compared.compared += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def test_a_name_that_is_nearly_right_is_guessed() -> None:
    """Another capital letter or a slip of the finger leads to the column that is meant; else all are offered."""
    assert nearest("churn", ["customerID", "Churn"]) == "Perhaps “Churn” is meant."
    assert nearest("SeniorCitizn", ["SeniorCitizen", "Churn"]) == "Perhaps “SeniorCitizen” is meant."
    assert nearest("colour", ["customerID", "Churn"]) == "Name one of these."
