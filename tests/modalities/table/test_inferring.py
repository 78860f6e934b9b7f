"""What columns are is inferred anew from more rows, as far as no person said it."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.table.cells import Cell
from understudy.modalities.table.inferring import infer_anew, infer_schema, kind_of
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import AS_WRITTEN, CORRECTED, Kind, Role, TableSchema

CELLS = st.one_of(st.sampled_from(["", "yes", "no", "red", "A7", "1,5", "2024-05-01"]), st.integers(0, 30).map(str))
TABLES = st.lists(st.fixed_dictionaries({"a": CELLS, "b": CELLS}), min_size=1, max_size=30)


def kinds(schema: TableSchema) -> dict[str, tuple[Kind, Role]]:
    return {column.name: (column.kind, column.role) for column in schema.columns}


@given(TABLES, st.integers(1, 30))
def test_it_does_not_matter_with_how_few_rows_a_table_began(rows: list[dict[str, Cell]], first: int) -> None:
    """Inferred from a beginning and then anew from all rows, columns are what all rows say at once."""
    assert kinds(infer_anew(infer_schema(rows[:first]), rows, more=True)) == kinds(infer_schema(rows))


@given(TABLES, TABLES)
def test_the_same_row_stays_the_same(first: list[dict[str, Cell]], rows: list[dict[str, Cell]]) -> None:
    """Whatever columns are taken for later, and whatever a person says, the bytes of a row are those that they were."""
    before = infer_schema(first)
    after = infer_anew(before, [*first, *rows], more=False)
    said = after.corrected("a", kind="number").corrected("b", kind="category")
    for row in rows:
        assert row_bytes(row, before.columns) == row_bytes(row, after.columns) == row_bytes(row, said.columns)


@pytest.mark.parametrize("correction", [{"kind": "category"}, {"role": "held-out"}, {"monotone": 1}])
def test_what_a_person_said_stays(correction: dict[str, object]) -> None:
    """Kind, role and direction of a corrected column are not looked at again."""
    said = infer_schema([{"a": str(n)} for n in range(9)]).corrected("a", **correction)  # type: ignore[arg-type]
    assert infer_anew(said, [{"a": word} for word in ("x", "y", "z")], more=True) == said


def test_a_constant_that_a_person_lets_count_is_still_told_by_its_cells() -> None:
    """Who makes a feature of a column with one value has not said what the others will be; who says constant has."""
    rows: list[dict[str, Cell]] = [{"a": "5"}, {"a": "5"}]
    more: list[dict[str, Cell]] = [*rows, *({"a": str(n)} for n in range(20))]
    counted = infer_anew(infer_schema(rows).corrected("a", role="feature"), more, more=True)["a"]
    assert (counted.kind, counted.role, counted.why) == (Kind.NUMBER, Role.FEATURE, CORRECTED)
    constant = infer_schema(more).corrected("a", kind="constant")
    assert constant["a"].role is Role.HELD_OUT
    assert infer_anew(constant, more, more=True) == constant


def test_what_was_held_out_for_another_reason_stays_so() -> None:
    """A leak is no feature again because its cells look like one, and time and group keep their parts."""
    rows: list[dict[str, Cell]] = [{"leak": str(n % 4), "day": str(n), "house": str(n)} for n in range(12)]
    few = infer_schema(rows)
    parts = {"leak": Role.HELD_OUT, "day": Role.TIME, "house": Role.GROUP}
    schema = replace(few, columns=tuple(replace(each, role=parts[each.name], why="said") for each in few.columns))
    anew = infer_anew(schema, [{name: f"w{cell}" for name, cell in row.items()} for row in rows], more=True)
    assert {each.name: (each.role, each.why) for each in anew.columns} == {n: (r, "said") for n, r in parts.items()}
    assert (anew["house"].kind, anew["day"].kind) == (Kind.CATEGORY, Kind.NUMBER)


def test_an_id_stays_one_while_its_cells_differ() -> None:
    """Numbers in a row are an id by their order, which drawn rows have lost; numbers that come again are none."""
    rows: list[dict[str, Cell]] = [{"n": number} for number in range(60)]
    schema = infer_schema(rows)
    assert schema["n"].kind is Kind.ID
    assert infer_anew(schema, rows * 2, more=True)["n"].kind is Kind.NUMBER
    assert infer_anew(schema, sorted(rows, key=lambda row: int(str(row["n"])) * 37 % 60), more=True) == schema


def test_how_fractions_are_written_is_not_forgotten() -> None:
    """Cells that are kept as numbers no longer tell; a point groups thousands where a comma stood before fractions."""
    schema = infer_schema([{"price": cell} for cell in ("1,25", "3,5", "1.200,75")])
    anew = infer_anew(schema, [{"price": cell} for cell in (1.25, 3.5, 1200.75, "1.300")], more=True)
    assert (anew["price"].kind, anew["price"].decimal, anew["price"].keeping) == (Kind.NUMBER, ",", ",")


COLUMNS = {
    "days first": [f"{n // 30 % 31 + 1:02d}/{n // 930 + 1:02d}/2024" for n in range(1200)],
    "days first, with what is none": [
        f"{n // 30 % 28 + 1}.{n // 840 + 1}.2024" if n % 40 else "?!" for n in range(1200)
    ],
    "several ways": [f"2024-05-{n // 60 + 1:02d}" if n < 600 else f"{n // 60:02d}.05.2024" for n in range(1200)],
    "thousands before fractions": [f"1,{n:03d}" if n < 1100 else f"1,{n % 100:02d}" for n in range(1200)],
    "a rank": [str(n * 7 % 1200) for n in range(1200)],
    "words before codes": ["none" if n < 20 else f"{n % 90:05d}" for n in range(1200)],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    """However the rows of a table are sorted, its columns mean the same, unless they count its rows."""
    rows: list[dict[str, Cell]] = [{"a": cell} for cell in COLUMNS[name]]
    before = infer_schema(rows)
    Random(3).shuffle(rows)
    assert infer_schema(rows) == before


@given(TABLES, st.randoms(use_true_random=False))
def test_small_tables_mean_the_same_in_any_order(rows: list[dict[str, Cell]], chance: Random) -> None:
    """Whatever stands in a table, no order of its rows says more than another."""
    before = {column.name: column for column in infer_schema(rows).columns}
    chance.shuffle(rows)
    assert {column.name: column for column in infer_schema(rows).columns} == before


@pytest.mark.parametrize("step", [1, -1])
@given(chance=st.randoms(use_true_random=False), first=st.integers(0, 9), count=st.integers(60, 90))
def test_an_id_counts_the_rows_as_they_stand(step: int, chance: Random, first: int, count: int) -> None:
    """The same numbers in another order may be ranks; a name that says so makes them ids in every order."""
    numbers = [first + n for n in range(count)][::step]
    rows: list[dict[str, Cell]] = [{"number": str(n), "row id": n} for n in numbers]
    assert kinds(infer_schema(rows)) == dict.fromkeys(["number", "row id"], (Kind.ID, Role.HELD_OUT))
    chance.shuffle(rows)
    stands = [row["row id"] for row in rows] in (numbers, numbers[::-1])
    counted = (Kind.ID, Role.HELD_OUT) if stands else (Kind.NUMBER, Role.FEATURE)
    assert kinds(infer_schema(rows)) == {"number": counted, "row id": (Kind.ID, Role.HELD_OUT)}


def test_dates_are_written_as_most_of_them_are() -> None:
    """Sorted dates with the day first look like dates with the month first for long, and are not."""
    rows: list[dict[str, Cell]] = [{"a": cell} for cell in COLUMNS["days first"]]
    assert (infer_schema(rows)["a"].kind, infer_schema(rows)["a"].way) == (Kind.DATE, "%d/%m/%Y")


def test_dates_in_one_way_are_not_said_to_be_in_several() -> None:
    """Where too many cells are none, the column holds words, and that is all that is said."""
    rows: list[dict[str, Cell]] = [{"a": "soon" if n % 25 == 0 else f"{n % 28 + 1:02d}.05.2024"} for n in range(100)]
    assert (infer_schema(rows)["a"].kind, infer_schema(rows)["a"].why) == (Kind.CATEGORY, "29 different values")


def test_columns_that_come_later_are_taken_up_where_they_may() -> None:
    """They are features like others, and kept as their kind says."""
    schema = infer_schema([{"a": "x"}, {"a": "y"}])
    rows: list[dict[str, Cell]] = [{"a": "x", "b": 3}, {"a": "y", "b": 4}]
    anew = infer_anew(schema, rows, more=True)
    assert (anew["b"].kind, anew["b"].role, anew["a"].keeping) == (Kind.NUMBER, Role.FEATURE, AS_WRITTEN)
    assert infer_anew(schema, rows, more=False) == schema


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("Where is my parcel now?", Kind.TEXT), ("lost", Kind.CATEGORY), ("12 €", Kind.NUMBER), (3, Kind.NUMBER),
     (True, Kind.FLAG), ("2024-05-01", Kind.DATE), ("", Kind.CONSTANT), (None, Kind.CONSTANT)],
)  # fmt: skip
def test_one_cell_says_what_a_column_seems_to_hold(cell: Cell, kind: Kind) -> None:
    """Several words are a text, one is a category; numbers and dates are known as they are written."""
    assert kind_of(cell) is kind
