"""Tables are read as people make them, row by row, and what cannot be used is said."""

import csv
import gzip
import io
import json
import math
import sqlite3
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.finding import FindingKind
from understudy.modalities.table.cells import moment_of
from understudy.modalities.table.frame import Frame, is_table, read_frame
from understudy.modalities.table.sql import query_frame
from understudy.modalities.table.unreadable import TableUnreadable


def read(data: bytes, name: str = "claims.csv") -> tuple[Frame, list[dict[str, object]]]:
    frame = read_frame(name, data)
    return frame, list(frame.rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_any_delimiter_is_found(delimiter: str) -> None:
    """The delimiter that splits the lines evenly is used, though cells hold other ones."""
    lines = [["name", "price", "note"], ["bolt", "1.5", "M4 x 10"], ["nut", "2", "a / b"], ["key", "3", "none"]]
    _, rows = read("\n".join(delimiter.join(line) for line in lines).encode())
    assert rows[0] == {"name": "bolt", "price": "1.5", "note": "M4 x 10"}
    assert len(rows) == 3


def test_decimal_commas_do_not_split_cells() -> None:
    """Semicolons split where commas stand in numbers."""
    _, rows = read(b"a;b\n1,5;2,25\n3,75;4,125\n")
    assert rows == [{"a": "1,5", "b": "2,25"}, {"a": "3,75", "b": "4,125"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_any_encoding_is_read(encoding: str) -> None:
    """Names with accents come out right, with or without a mark in front."""
    _, rows = read("name,ort\nJürgen,Köln\nZoë,Genève\n".encode(encoding))
    assert [row["name"] for row in rows] == ["Jürgen", "Zoë"]


def test_mixed_encodings_are_read_line_by_line_and_said() -> None:
    """Lines of two encodings are both right, and a person is told."""
    frame, rows = read("name,n\nJürgen,1\n".encode() + "Zoë,2\n".encode("cp1252"))
    assert [row["name"] for row in rows] == ["Jürgen", "Zoë"]
    assert any("mixes encodings" in finding.fact for finding in frame.findings)


def test_quotes_hold_delimiters_and_lines() -> None:
    """A quoted cell may hold delimiters, quotes and line ends."""
    _, rows = read(b'a,b\n"x, ""y""\nz",2\n')
    assert rows == [{"a": 'x, "y"\nz', "b": "2"}]


def test_columns_of_the_same_name_are_told_apart() -> None:
    """A repeated name gets a number, an empty one its place, and both are said."""
    frame, rows = read(b"a,a,,a (2)\n1,2,3,4\n")
    assert frame.columns == ("a", "a (3)", "column 3", "a (2)")
    assert rows == [{"a": "1", "a (3)": "2", "column 3": "3", "a (2)": "4"}]
    assert len(frame.findings) == 2


@pytest.mark.parametrize(
    ("header", "fact"),
    [
        ("a,,b", "1 column of “t.csv” has no name, so it got its place as name."),
        ("a,,", "2 columns of “t.csv” have no name, so they got their place as name."),
    ],
)
def test_columns_without_a_name_are_counted(header: str, fact: str) -> None:
    """They go by their place, and how many there are is said in words that fit."""
    (remark,) = read_frame("t.csv", f"{header}\n1,2,3\n4,5,6\n".encode()).findings
    assert remark.fact == fact


def test_rows_of_another_width_are_left_out_and_named() -> None:
    """A row with too few or too many cells is a finding; empty cells at its end do not count."""
    frame, rows = read(b"a,b\n1,2\n3\n4,5,6\n7,8,,\n")
    assert rows == [{"a": "1", "b": "2"}, {"a": "7", "b": "8"}]
    assert [(f.kind, f.subject) for f in frame.findings] == [
        (FindingKind.BAD_ROW, "claims.csv, line 3"),
        (FindingKind.BAD_ROW, "claims.csv, line 4"),
    ]


def test_lines_with_the_same_fault_are_told_once() -> None:
    """Lines that do not fit the columns in the same way make one finding, with how many and the first of them."""
    frame, _ = read(b"a,b\n" + b"1,2\n" * 20 + b"1,2,3\n" + b"3\n" * 6)
    long, short = [one.fact for one in frame.findings]
    assert long == "Line 22 of “claims.csv” has 3 cells where the first line has 2, so it was left out."
    assert short.startswith(
        "6 lines of “claims.csv” were left out, each of which has 1 cell where the first line has 2"
    )
    assert short.endswith(": 23, 24, 25, 26 and 2 more.")


def test_many_bad_rows_are_counted() -> None:
    """However many rows are bad, only the first are kept, and the number is told."""
    frame, rows = read(b"a,b\n" + b"1,2\n" * 600 + b"3\n" * 300)
    assert len(rows) == 600
    alike, rest = frame.findings
    assert "the first 50 are named" in rest.fact
    assert len(alike.evidence) == 50
    assert "300 rows" in frame.findings[-1].fact


def test_titles_above_the_header_are_passed_over() -> None:
    """Lines above the table, as exports have them, are no rows, and that is said."""
    frame, rows = read(b"Report of March\n\nname,n,m\nx,1,2\ny,3,4\n")
    assert rows == [{"name": "x", "n": "1", "m": "2"}, {"name": "y", "n": "3", "m": "4"}]
    assert any("passed over" in finding.fact for finding in frame.findings)


def test_a_table_without_header_gets_names() -> None:
    """Where the first line is nothing but numbers, it is a row."""
    frame, rows = read(b"1,2.5,7\n2,3.5,8\n")
    assert len(rows) == 2
    assert frame.columns == ("column 1", "column 2", "column 3")
    assert any("names its columns" in finding.fact for finding in frame.findings)


def test_row_names_as_r_writes_them() -> None:
    """One cell more in every row than in the header is a row's name."""
    frame, rows = read(b"a,b\nr1,1,2\nr2,3,4\n")
    assert frame.columns == ("row", "a", "b")
    assert rows[1] == {"row": "r2", "a": "3", "b": "4"}


def test_packed_tables_and_tables_on_disk(tmp_path: Path) -> None:
    """A table compressed by gzip is read from where it lies."""
    path = tmp_path / "claims.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert list(read_frame(path.name, path).rows()) == [{"a": "1", "b": "2"}]
    assert is_table(path.name)
    assert not is_table("photo.jpg")


def test_json_lines_keep_kinds_and_order() -> None:
    """Numbers and flags stay what they are; a missing key is a missing value; what is no object is said."""
    frame, rows = read(b'{"a": 1, "b": true}\nnonsense\n{"b": null, "c": {"d": [1]}}\n', "x.jsonl")
    assert frame.columns == ("a", "b", "c")
    assert rows == [{"a": 1, "b": True, "c": None}, {"a": None, "b": None, "c": '{"d": [1]}'}]
    assert [f.subject for f in frame.findings] == ["x.jsonl, line 2"]


def test_half_a_sign_in_json_is_a_question_mark() -> None:
    """What a program cut within an emoji is kept in UTF-8 like all else, names of columns too."""
    for data in (rb'{"a": "x\ud83d", "\ud83d": 1}', rb'[{"a": "x\ud83d", "\ud83d": 1}]'):
        assert read(data, "x.json")[1] == [{"a": "x?", "?": 1}]


def test_a_list_of_objects_is_a_table() -> None:
    """A JSON file that is one list is read like lines of it."""
    assert read(b'[{"a": 1}, {"a": 2}]', "x.json")[1] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("beside", [{}, {"count": 2, "columns": ["a", "b"], "empty": [], "about": {"by": "us"}}])
def test_the_only_list_of_objects_in_an_object_is_the_table(indent: int | None, beside: dict[str, object]) -> None:
    """However the file is laid out, the list's objects are the rows, and a finding names the list."""
    rows = [{"a": 1, "b": "x"}, {"a": 2, "c": [1]}]
    frame, found = read(json.dumps({**beside, "rows": rows}, indent=indent).encode(), "x.json")
    assert found == [{"a": 1, "b": "x", "c": None}, {"a": 2, "b": None, "c": "[1]"}]
    (remark,) = frame.remarks
    assert "whose list “rows” was read" in remark.fact


def test_an_object_with_several_lists_of_objects_is_refused() -> None:
    """Which one holds the rows is for a person to say."""
    with pytest.raises(TableUnreadable, match="several lists of rows: “people”, “orders”"):
        read(b'{"people": [{"a": 1}], "orders": [{"b": 2}]}', "x.json")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.json", '{"a": 1, "rows": [{"b": 2}]}\n{"a": 2, "rows": []}\n'),
        ("x.jsonl", '{"a": 1, "rows": [{"b": 2}]}\n'),
        ("x.json", '{"a": 1, "tags": ["b"]}'),
        ("x.json", '{\n"a": 1\n}'),
    ],
)
def test_objects_that_are_rows_themselves_stay_rows(name: str, text: str) -> None:
    """Lines of objects are rows whatever they hold, and so is one object without a list of others."""
    assert [row["a"] for row in read(text.encode(), name)[1]][:1] == [1]


COLUMNAR = {
    "columns, as pandas writes by itself": {"age": {"0": 1, "1": 2}, "kind": {"0": "x", "1": "y"}},
    "rows by their index": {"0": {"age": 1, "kind": "x"}, "1": {"age": 2, "kind": "y"}},
    "lists": {"age": [1, 2, 3], "kind": ["x", "y", "x"]},
    "names and rows": {"columns": ["age", "kind"], "index": [0, 1, 2], "data": [[1, "x"], [2, "y"], [3, "x"]]},
    "rows too deep": {"result": {"rows": [{"age": 1}, {"age": 2}]}},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("way", COLUMNAR)
def test_a_table_that_is_written_column_by_column_is_refused(way: str, indent: int | None) -> None:
    """It is no single row, on however many lines it stands, and what to save instead is told."""
    with pytest.raises(TableUnreadable, match=r'nothing but lists or objects.*orient="records"'):
        read(json.dumps(COLUMNAR[way], indent=indent).encode(), "x.json")


def test_parquet_is_read_in_batches() -> None:
    """Numbers, texts, dates and nulls come as cells."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    table = {"n": [1.5, None] * 3000, "t": ["x", None] * 3000, "d": [date(2024, 1, 2), None] * 3000}
    parquet.write_table(arrow.table(table), out)
    _, rows = read(out.getvalue(), "x.parquet")
    assert rows[:2] == [{"n": 1.5, "t": "x", "d": "2024-01-02"}, {"n": None, "t": None, "d": None}]
    assert len(rows) == 6000


NESTED = st.recursive(
    st.text("aé\"'", max_size=3) | st.integers(-9, 9),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.fixed_dictionaries({"x": inner}),
    max_leaves=4,
)


@given(value=NESTED)
def test_what_has_parts_is_the_same_cell_in_parquet_and_in_json_lines(value: object) -> None:
    """Lists and objects become JSON, which whoever reads labels or a page can read."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    try:
        table = arrow.Table.from_pylist([{"a": value}])
    except (arrow.ArrowInvalid, arrow.ArrowTypeError):
        return  # a list of several types, which Parquet has not
    out = io.BytesIO()
    parquet.write_table(table, out)
    assert read(out.getvalue(), "x.parquet")[1] == read(json.dumps({"a": value}).encode(), "x.jsonl")[1]


def test_types_that_only_parquet_has_become_plain_cells() -> None:
    """Maps, categories, decimals, moments with a zone, and these within lists."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    columns = {
        "map": (arrow.array([[("k", 1)]], arrow.map_(arrow.string(), arrow.int64())), '[["k", 1]]'),
        "category": (arrow.array(["u"]).dictionary_encode(), "u"),
        "decimal": (arrow.array([Decimal("1.50")]), 1.5),
        "moment": (arrow.array([moment], arrow.timestamp("us", "+02:00")), "2026-01-01 02:00:00+02:00"),
        "decimals": (arrow.array([[Decimal("1.50")]]), "[1.5]"),
        "days": (arrow.array([[date(2026, 1, 1)]]), '["2026-01-01"]'),
        "bytes": (arrow.array([[b"abc"]]), '["abc"]'),
    }
    out = io.BytesIO()
    parquet.write_table(arrow.table({name: array for name, (array, _) in columns.items()}), out)
    _, rows = read(out.getvalue(), "x.parquet")
    assert rows == [{name: cell for name, (_, cell) in columns.items()}]


def test_moments_of_parquet_beyond_the_calendar_are_texts() -> None:
    """A year of five digits, or the last evening of all in a zone where it is the next year, stops no table."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    last = 253_402_300_799_000_000
    table = {
        "far": arrow.array([10**7, None, 19_724, -(10**7)], arrow.date32()),
        "east": arrow.array([last, 0, None, last], arrow.timestamp("us", tz="+14:00")),
    }
    parquet.write_table(arrow.table(table), out)
    _, rows = read(out.getvalue(), "x.parquet")
    assert [row["far"] for row in rows] == ["29349-01-26", None, "2024-01-02", "-25410-12-06"]
    east = [row["east"] for row in rows]
    assert east[1:3] == ["1970-01-01 14:00:00+14:00", None]
    assert all(isinstance(cell, str) and math.isnan(moment_of(cell)) for cell in (east[0], east[3]))


def test_a_query_is_a_table_and_changes_nothing(tmp_path: Path) -> None:
    """What a query finds is read as rows; a statement that does not read is refused, and the password is not told."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as base:
        base.execute("create table orders (n integer, t text)")
        base.executemany("insert into orders values (?, ?)", [(1, "x"), (2, None)])
    base.close()
    url = f"sqlite:///{path}"
    assert list(query_frame(url, "select n, t from orders").rows()) == [{"n": 1, "t": "x"}, {"n": 2, "t": None}]
    with pytest.raises(TableUnreadable, match="begin with SELECT"):
        query_frame(url, "delete from orders")
    with pytest.raises(TableUnreadable, match="no such table"):
        query_frame(url, "select * from missing_one")
    with pytest.raises(TableUnreadable) as refused:
        query_frame("nonsense://me:secret@host/x", "select 1")
    assert "secret" not in str(refused.value)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A mistyped name is refused, and no empty file is left under it; nor can a query write to one that is there."""
    path = tmp_path / "it is 100% no pe.db"
    with pytest.raises(TableUnreadable, match="There is no file"):
        query_frame(f"sqlite:///{path}", "select 1")
    assert not path.exists()
    with sqlite3.connect(path) as base:
        base.execute("create table there (n integer)")
    base.close()
    assert list(query_frame(f"sqlite:///{path}", "select 1 as one").rows()) == [{"one": 1}]
    with pytest.raises(TableUnreadable, match="readonly"):
        query_frame(f"sqlite:///{path}", "with n as (select 1) insert into there values (1)")


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.jsonl", "x.json", "x.xlsx", "x.parquet", "x.csv.gz", "x.ods"])
@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\x00\x01\x02\x03\xff" * 40, b"PK\x03\x04 broken", b"\x1f\x8bxx", b"PAR1"]
)
def test_what_is_no_table_is_refused_in_words(name: str, data: bytes) -> None:
    """Whatever the bytes: rows, or one error with its remedy, never a traceback."""
    refused: TableUnreadable | None = None
    try:
        frame = read_frame(name, data)
        rows = list(frame.rows())
    except TableUnreadable as error:
        refused = error
    if refused is None:
        assert all(set(row) == set(frame.columns) for row in rows)
    else:
        assert refused.remedy
        assert name in refused.fact


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), min_size=2, max_size=8))
def test_what_csv_writes_is_read(lines: list[list[str]]) -> None:
    """Rows that Python writes as CSV come back with as many cells as columns, or are named."""
    out = io.StringIO()
    csv.writer(out).writerows([["first", "second", "third"], *lines])
    frame = read_frame("x.csv", out.getvalue().encode("utf-8", "surrogatepass"))
    for row in frame.rows():
        assert tuple(row) == frame.columns
    json.dumps([finding.fact for finding in frame.findings])


def sheets(**tables: list[list[str]]) -> bytes:
    """An Excel file with a sheet for each table."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(tables, 1))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(tables) + 1)
    )
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package.replace("relationships", "content-types")}"/>')
        root = f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{package}">{root}</Relationships>')
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{office}"><sheets>{names}</sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{links}</Relationships>')
        for n, rows in enumerate(tables.values(), 1):
            cells = [
                "".join(cell.format("AB"[at], down, each) for at, each in enumerate(row))
                for down, row in enumerate(rows, 1)
            ]
            lines = "".join(f'<row r="{down}">{row}</row>' for down, row in enumerate(cells, 1))
            archive.writestr(f"xl/worksheets/s{n}.xml", f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>")
    return out.getvalue()


def test_of_several_sheets_the_one_with_the_named_columns_is_read() -> None:
    """Else it is the first that holds a table; which one it was is said, and where a column is, if in none."""
    book = sheets(Notes=[["this", "that"], ["a", "b"]], Data=[["size", "price"], ["1", "2"], ["3", "4"]])
    first, named = read_frame("two.xlsx", book), read_frame("two.xlsx", book, ("price",))
    assert (first.columns, named.columns) == (("this", "that"), ("size", "price"))
    (told,) = named.remarks
    assert told.fact == "Of the 2 sheets of “two.xlsx”, “Data” was read; “Notes” was not."
    assert told.reason == "It is the one that has “price”."
    with pytest.raises(TableUnreadable) as refused:
        read_frame("two.xlsx", book, ("prize",))
    assert "None of its 2 sheets has a column “prize”: “Notes” has “this”, “that”; “Data” has" in refused.value.reason
    assert refused.value.remedy == "Perhaps “price” is meant."


def test_a_title_above_a_sheet_is_passed_over() -> None:
    """As above delimited text: the columns have the names below it, and a finding says what was passed over."""
    frame = read_frame("x.xlsx", sheets(data=[["Sales of May"], [], ["a", "b"], ["1", "2"], ["3", "4"]]))
    assert list(frame.numbered()) == [(4, {"a": "1", "b": "2"}), (5, {"a": "3", "b": "4"})]
    assert frame.findings[0].fact == "The first row of “x.xlsx” was passed over."
    assert read_frame("x.xlsx", sheets(data=[["only"], ["1", "2"], ["3", "4"]])).columns == ("only", "column 2")


def test_a_row_of_a_sheet_has_the_number_that_it_has_there() -> None:
    """Rows that are empty count, above the names of columns and between."""
    frame = read_frame("x.xlsx", sheets(data=[[], ["a", "b"], ["1", "2"], [], ["3", "4"]]))
    assert [number for number, _ in frame.numbered()] == [3, 5]


def test_a_cell_may_be_as_long_as_a_text() -> None:
    """A cell of a million letters is read; a longer one leaves its line out, for a reason of its own."""
    long = "x" * 1_000_000
    frame = read_frame("x.csv", f"a,b\n1,{long}\n2,{long}x\n3,y\n".encode())
    assert [len(str(row["b"])) for row in frame.rows()] == [1_000_000, 1]
    (bad,) = frame.findings
    assert "has a cell of more than 1,000,000 letters" in bad.fact
    assert "No text may be longer" in bad.reason
