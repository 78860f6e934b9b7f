"""Tables whose rows are inputs: what they are taken for, and what becomes of each row."""

import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.domain.arrival import Arrival
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Provenance, Side
from understudy.domain.finding import FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.groups import BadGroupRule, parse_group_rule
from understudy.intake.incoming import Incoming, SourceUnreadable, Understood
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.sift import Sifted, sift
from understudy.intake.table import Columns
from understudy.modalities.interactions.question import Event
from understudy.modalities.interactions.taken import Before
from understudy.modalities.table.schema import Kind, Role, TableSchema

Write = Callable[[str, str], Path]
WORDS = "my card did not come please send another parcel where is it now".split()  # noqa: SIM905


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and returns where it is."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def sentence(seed: int) -> str:
    drawn = random.Random(seed)
    return " ".join(drawn.choices(WORDS, k=8)) + f" {seed}"


def said(
    path: Path | str, *, group: str | None = None, meant: Meant | None = None, **columns: str | None
) -> tuple[object, ...]:
    """Task, inputs as (bytes, label, group), and what was understood."""
    rule = parse_group_rule(group) if group else None
    with open_source(path, group=rule, columns=Columns(**columns), meant=meant) as source:
        inputs = [(one.read(), one.label, one.group) for one in source.items if isinstance(one, Incoming)]
        return source.task, inputs, source.about


def taken(path: Path, known: Sifted | None = None, *, meant: Meant | None = None, **options: object) -> Sifted:
    arrivals = [
        Arrival(one.digest, one.group, one.side, one.fingerprint, one.label)
        for one in (known.examples if known else ())
    ]
    columns = Columns(label=str(options.pop("target"))) if "target" in options else None
    with open_source(path, columns=columns, meant=meant) as source:
        return sift(source, arrivals, lambda data: hashlib.sha256(data).hexdigest(), sealed_share=0.3, **options)


def texts(count: int, header: str = "text,intent") -> str:
    return header + "\n" + "".join(f'"{sentence(n)}",{("card", "parcel")[n % 2]}\n' for n in range(count))


def houses(count: int) -> str:
    drawn = random.Random(3)
    rows = [
        f"{n + 1000},{drawn.choice('abc')},{drawn.randint(20, 200)},{drawn.uniform(9e4, 9e5):.2f}" for n in range(count)
    ]
    return "id,area,size,price\n" + "\n".join(rows) + "\n"


def test_a_column_of_texts_and_a_label_are_texts(write: Write) -> None:
    """Each row's text is an input as UTF-8, its label the label; what else there is, is told."""
    task, inputs, about = said(write("mails.csv", texts(30)))
    assert task == Task("text")
    assert inputs[1] == (sentence(1).encode(), "parcel", None)
    assert isinstance(about, Understood)
    assert about.schema is None
    assert "“text”" in about.says[0]


@pytest.mark.parametrize("header", ["when,a,label", "text,a,label"])
@pytest.mark.parametrize("odd", ["Jan {day:02} 2020", "{day}.1.2020", "4{day:04}", "some day of week {day}"])
def test_dates_make_no_table_into_texts(write: Write, header: str, odd: str) -> None:
    """A column whose cells are mostly dates is no column of texts, however each of them is written."""
    rows = [
        (odd if n % 3 == 0 else "2020-02-{day:02}").format(day=n % 28 + 1) + f" {n % 24}:{n // 24:02}"
        for n in range(90)
    ]
    task, inputs, _ = said(
        write("days.csv", "\n".join([header, *(f"{row},{n},{'ab'[n % 2]}" for n, row in enumerate(rows))]))
    )
    assert task == Task("table")
    assert len(inputs) == 90


@pytest.mark.parametrize("ending", ["jsonl", "json"])
def test_texts_come_as_json_too(write: Write, ending: str) -> None:
    """JSON lines, or one list of objects."""
    rows = [{"text": f"{sentence(n)} ü", "label": "ab"[n % 2]} for n in range(20)]
    text = json.dumps(rows) if ending == "json" else "\n".join(map(json.dumps, rows))
    task, inputs, _ = said(write(f"mails.{ending}", text))
    assert task == Task("text")
    assert inputs[0] == (f"{sentence(0)} ü".encode(), "a", None)


def test_an_export_of_label_studio_is_read(write: Write) -> None:
    """A task is an input, a choice its label, several choices several labels; what was cancelled says nothing."""

    def task(number: int, *choices: str, cancelled: bool = False) -> dict[str, object]:
        result = [{"type": "choices", "value": {"choices": list(choices)}}]
        return {
            "id": number,
            "data": {"text": sentence(number)},
            "annotations": [{"result": result, "was_cancelled": cancelled}],
        }

    tasks = [task(n, "card") if n % 3 else task(n, "card", "parcel") for n in range(12)] + [
        task(99, "x", cancelled=True)
    ]
    kind, inputs, _ = said(write("export.json", json.dumps(tasks)))
    assert kind == Task("text", AnswerKind.LABELS)
    assert [label for _, label, _ in inputs[:2]] == ["card; parcel", "card"]
    assert inputs[-1][1] is None


@pytest.mark.parametrize("cell", ["card;parcel", "card|parcel", '[""card"", ""parcel""]'])
def test_several_labels_in_a_cell(write: Write, cell: str) -> None:
    """However they are set apart, they are kept as one text, the same for the same set."""
    one = '[""card""]' if cell.startswith("[") else "card"
    rows = "".join(f'"{sentence(n)}","{cell if n % 2 else one}"\n' for n in range(20))
    task, inputs, _ = said(write("mails.csv", f"text,labels\n{rows}"))
    assert task == Task("text", AnswerKind.LABELS)
    assert [label for _, label, _ in inputs[:2]] == ["card", "card; parcel"]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_lists_of_labels_are_several_labels_whatever_the_file(tmp_path: Path, ending: str) -> None:
    """A list is one where it is written as JSON and where a column holds it; an empty one is none of them."""
    several = [["b", "a"], ["a"], []]
    rows = [{"text": sentence(n), "labels": several[n % 3]} for n in range(30)]
    path = tmp_path / f"mails.{ending}"
    if ending == "parquet":
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.Table.from_pylist(rows), path)
    else:
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    task, inputs, _ = said(path)
    assert task == Task("text", AnswerKind.LABELS)
    assert [label for _, label, _ in inputs[:3]] == ["a; b", "a", "none of these"]


def test_one_column_is_not_the_text_and_the_answer(write: Write) -> None:
    """A column that is named for both is refused, and is not said to be missing."""
    path = write("mails.csv", texts(30, "text,label"))
    with pytest.raises(SourceUnreadable, match=r"“label” of “mails[.]csv” is named for the texts and for"):
        said(path, text="label", label="label")


def test_rows_of_data_keep_all_cells_but_the_answer(write: Write) -> None:
    """A row's bytes are JSON in the order of columns, numbers as numbers; the same row gives the same bytes."""
    task, inputs, about = said(write("houses.csv", houses(200)), label="area")
    assert task == Task("table")
    data = json.loads(inputs[0][0])
    assert list(data) == ["id", "size", "price"]
    assert isinstance(data["size"], int)
    assert isinstance(about, Understood)
    assert about.schema is not None
    roles = {column["name"]: column["role"] for column in about.schema["columns"]}
    assert roles == {"id": "held-out", "area": "target", "size": "feature", "price": "feature"}


def test_a_target_of_many_numbers_is_a_number(write: Write) -> None:
    """It gets a tolerance of a tenth of what the middle half spans, in plain words; a person's own goes before."""
    path = write("houses.csv", houses(200))
    task, inputs, about = said(path, label="price")
    assert isinstance(task, Task)
    assert task.answers is AnswerKind.NUMBER
    assert 2e4 < task.tolerance < 6e4
    assert float(str(inputs[0][1])) > 0
    assert isinstance(about, Understood)
    assert any("--tolerance" in line for line in about.says)
    given, _, _ = said(path, label="price", meant=Meant(tolerance=500.0, unit="€"))
    assert given == Task("table", AnswerKind.NUMBER, 500.0, "€")
    kinds, _, _ = said(path, label="size", meant=Meant(answers=AnswerKind.LABEL))
    assert kinds == Task("table", AnswerKind.LABEL)


def test_marks_are_labels(write: Write) -> None:
    """Few different whole numbers are kinds, not amounts."""
    rows = "".join(f"{n},{n * 7 % 50},{n % 7 + 3}\n" for n in range(100))
    task, _, _ = said(write("wine.csv", f"id,acid,quality\n{rows}"), label="quality")
    assert task == Task("table")


def test_who_took_what_is_interactions(write: Write) -> None:
    """Columns that say who, what and when make each person's history an input; what came next is its label."""
    rows = "".join(f"u{n % 12},film {n * 5 % 17},{1_600_000_000 + n}\n" for n in range(200))
    task, inputs, about = said(write("views.csv", f"user_id,item_id,timestamp\n{rows}"))
    assert task == Task("interactions", AnswerKind.RANKING)
    assert len(inputs) == 12
    history = json.loads(inputs[0][0])
    assert history["who"] == inputs[0][2]
    assert inputs[0][1] not in {event[0] for event in history["history"]}
    assert isinstance(about, Understood)
    assert about.schema is not None
    assert about.schema["columns"]["who"] == "user_id"


@pytest.mark.parametrize(
    ("before", "header", "told"),
    [
        (None, "visited", "“visited” says when, so what came last"),
        (None, "", "No column says when, so one item of each person"),
        (None, "visited?", "What “visited?” says of times is not used, so one item of each person"),
        (True, "", "No column says when, as one did before, so what this table tells counts as the latest."),
        (False, "visited", "“visited” is not used, for this project's people came without times, so one item of each"),
        (False, "", "No column says when, so one item of each person"),
    ],
)
def test_what_a_table_says_of_times_is_told(write: Write, before: bool | None, header: str, told: str) -> None:
    """Whether it has a column for them or not, and whether the tables before it had one."""
    day = "soon" if header.endswith("?") else "2026-01"
    rows = [f"u{n % 12},film {n * 5 % 17}" + (f",{day}-{n % 28 + 1:02}" if header else "") for n in range(200)]
    table = write("views.csv", "\n".join([f"user_id,item_id{',' if header else ''}{header}", *rows]))
    meant = Meant() if before is None else Meant(before=Before(timed=before, repeats=True))
    _, _, about = said(table, time=header or None, meant=meant)
    assert isinstance(about, Understood)
    (line,) = [line for line in about.says if line.startswith(told)]
    # Times that come later are of no use to people who came without: only another project can be judged by them.
    again = f"understudy train views.csv --project NAME --who user_id --what item_id --time {header or 'COLUMN'}."
    assert line.endswith(again) is (told.startswith("“visited” is not") or (not header and before is not True))


def test_a_table_that_comes_again_tells_nothing_new(write: Write) -> None:
    """Who liked nothing makes no example and is remembered by nobody, and does not count as new each time."""
    rows = [f"u{n % 12},film {n * 5 % 17},{0 if n % 12 == 7 else n % 3}" for n in range(120)]
    table = write("views.csv", "\n".join(["user_id,item_id,rating", *rows]))
    _, inputs, first = said(table)
    assert isinstance(first, Understood)
    assert "interactions of 12 people" in first.says[0]
    taken_by = {who: json.loads(data)["history"] + [[label, 2]] for data, label, who in inputs}
    events = {who: [Event(*each) for each in history] for who, history in taken_by.items()}
    known = Before(of=lambda who: events.get(who, ()), people=set(events), timed=False, repeats=False, liked_from=2.0)
    _, _, again = said(table, meant=Meant(before=known))
    assert isinstance(again, Understood)
    assert again.says[0].endswith(" what: no interaction that is new. To correct: --who, --what.")
    assert len(inputs) < 12
    assert any(line.startswith(f"{len(inputs)} of these people are known already") for line in again.says)


def test_items_can_be_described(write: Write) -> None:
    """A table about items travels with the schema."""
    rows = "".join(f"u{n % 12},{n * 5 % 17}\n" for n in range(200))
    items = write("items.csv", "item_id,title\n" + "".join(f"{n},Film {n}\n" for n in range(17)))
    _, _, about = said(write("views.csv", f"user_id,item_id\n{rows}"), meant=Meant(items=(items,)))
    assert isinstance(about, Understood)
    assert b"Film 3" in about.files["content"]


def test_a_query_is_a_table(tmp_path: Path) -> None:
    """The address of a database with a query, in it or beside it, is read like any table."""
    base = sqlite3.connect(tmp_path / "shop.db")
    base.execute("create table orders (size real, paid text)")
    base.executemany("insert into orders values (?, ?)", [(n * 1.5, "yes" if n % 3 else "no") for n in range(40)])
    base.commit()
    base.close()
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    task, inputs, _ = said(f"{url}?query=select+size,+paid+from+orders", label="paid")
    assert task == Task("table")
    assert inputs[1] == (b'{"size":1.5}', "yes", None)
    assert said(url, label="paid", meant=Meant(query="select * from orders"))[1] == inputs
    with pytest.raises(SourceUnreadable, match="what to ask"):
        said(url, label="paid")


def schema_in(about: object) -> TableSchema:
    assert isinstance(about, Understood)
    assert about.schema is not None
    return TableSchema.from_json(about.schema)


@pytest.mark.parametrize(
    ("moments", "kind"),
    [
        ([f"2024-{n % 9 + 1:02d}" for n in range(90)], Kind.DATE),
        ([f"{2000 + n // 4}Q{n % 4 + 1}" for n in range(90)], Kind.DATE),
        ([str(n + 1) for n in range(90)], Kind.NUMBER),
    ],
)
def test_months_quarters_and_running_numbers_say_when(write: Write, moments: list[str], kind: Kind) -> None:
    """A column that is named with --time is a date or a number to the model, and never an id or words."""
    rows = "".join(f"{moment},{n * 7 % 11},{'ab'[n % 2]}\n" for n, moment in enumerate(moments))
    _, _, about = said(write("sales.csv", f"when,x,label\n{rows}"), label="label", time="when")
    column = schema_in(about).time
    assert column is not None
    assert (column.name, column.kind, column.why) == ("when", kind, "says when")


@pytest.mark.parametrize(
    ("column", "error"), [("x", "“x” cannot say when a row came about"), ("label", "“label” cannot both be predicted")]
)
def test_a_time_without_an_order_is_refused(write: Write, column: str, error: str) -> None:
    """Words say not what came first, and the answer is not known before; nothing is taken in."""
    rows = "".join(f"{n},{'pqr'[n % 3]},{'ab'[n % 2]}\n" for n in range(90))
    with pytest.raises(UnderstudyError, match=error):
        said(write("sales.csv", f"n,x,label\n{rows}"), label="label", time=column)


SORTED = {
    "empty at first": ("" if n < 11_000 else f"{n * 7 % 500}" for n in range(12_500)),
    "numbers then words": ("1" if n < 11_000 else f"word {n % 30}" for n in range(12_500)),
    "words at first": ("none" if n < 330 else f"{n * 7 % 500}" for n in range(12_500)),
    "days first": (f"{5 if n < 11_000 else 13 + n % 15:02d}/{n % 12 + 1:02d}/2024" for n in range(12_500)),
    "a running number": (f"{n + 1}" for n in range(12_500)),
    "ids in pairs": (f"C{n // 2:06d}" for n in range(12_500)),
}


def test_a_sorted_table_is_understood_by_rows_from_all_over_it(write: Write) -> None:
    """What stands in the first ten thousand alone decides nothing; what counts up or comes twice is seen as before."""
    columns = {name: list(cells) for name, cells in SORTED.items()}
    rows = "\n".join(",".join((*cells, "ab"[n % 2])) for n, cells in enumerate(zip(*columns.values(), strict=True)))
    path = write("sorted.csv", f"{','.join(columns)},label\n{rows}")
    schema = schema_in(said(path, label="label")[2])
    assert {column.name: column.kind for column in schema.columns if column.role is not Role.TARGET} == {
        "empty at first": Kind.NUMBER, "numbers then words": Kind.CATEGORY, "words at first": Kind.NUMBER,
        "days first": Kind.DATE, "a running number": Kind.ID, "ids in pairs": Kind.CATEGORY,
    }  # fmt: skip
    assert schema["days first"].way == "%d/%m/%Y"
    assert schema_in(said(path, label="label")[2]) == schema


def test_a_later_table_does_not_say_when(write: Write) -> None:
    """What says when is known with the first table; another column is refused, and the same one is not."""
    path = write(
        "sales.csv", "day,x,label\n" + "".join(f"{n * 7 % 50},{n * 3 % 40},{'ab'[n % 2]}\n" for n in range(90))
    )
    for first in ({}, {"time": "day"}):
        task, _, about = said(path, label="label", **first)
        assert isinstance(task, Task)
        meant = Meant(task=task, schema=schema_in(about).to_json())
        assert schema_in(said(path, meant=meant, **first)[2]).time == schema_in(about).time
        with pytest.raises(
            SourceUnreadable, match=r"“x” does not say when rows of this project came about.*--set x=time"
        ):
            said(path, meant=meant, time="x")


def test_groups_come_from_a_column(write: Write) -> None:
    """A rule names a column; another kind of rule, or a wrong name, is an error that lists the columns."""
    path = write("houses.csv", houses(60))
    _, inputs, about = said(path, group="column:area", label="price")
    assert {group for _, _, group in inputs} == {"a", "b", "c"}
    assert isinstance(about, Understood)
    assert about.schema is not None
    assert {column["role"] for column in about.schema["columns"] if column["name"] == "area"} == {"group"}
    for rule in ("folder", "column:street"):
        with pytest.raises(BadGroupRule):
            said(path, group=rule, label="price")


@pytest.mark.parametrize(
    ("text", "target", "fact"),
    [
        ("a,b\n1,2\n3,4\n", None, "which column is to be predicted"),
        ("a,b\n1,2\n3,4\n", "c", "no column “c”"),
        ("a,b\n1,\n3,\n", "b", "empty in every row"),
        ("a,b\n1,x\n3,x\n", "b", "“x” in every row"),
        ("a,b\n1,2.5\n3,2.5\n", "b", "“2.5” in every row"),
        ("a,b\n" + "".join(f"{n % 3},v{n}x\n" for n in range(40)), "b", "something else in each"),
    ],
)
def test_a_target_that_cannot_be_learned_is_a_clear_error(
    write: Write, text: str, target: str | None, fact: str
) -> None:
    """Missing, empty, constant or all different: the error names the column and what to do."""
    with pytest.raises(UnderstudyError) as caught:
        said(write("rows.csv", text), **({"label": target} if target else {}))
    assert fact in caught.value.fact
    assert any(way in caught.value.remedy for way in ("--target", "Name one of these", "is meant"))


def test_odd_tables_are_findings(write: Write) -> None:
    """Duplicate names, cells that are no number and short rows are told, and the rest goes on."""
    rows = "".join(f"{n},{n % 5},{n * 3.5}\n" for n in range(60))
    found = taken(write("rows.csv", f"a,a,price\n{rows}1,2,soon\n1,2\n"), target="price")
    kinds = [one.kind for one in found.findings]
    assert len(found.examples) == 61
    assert FindingKind.DIRTY_VALUES in kinds
    assert kinds.count(FindingKind.BAD_ROW) == 2
    (odd,) = [one for one in found.findings if "no number" in one.fact]
    assert odd.fact == "1 row of “rows.csv” says no number that can be reckoned with in “price”: row 62 (“soon”)."


def test_rows_with_the_same_fault_are_told_once(write: Write) -> None:
    """Rows of which no text can be made for one reason make one finding, with how many and the first of them."""
    rows = "".join(f'"\1{n}",a\n' for n in range(60)) + "".join(f'"{sentence(n)}",b\n' for n in range(20))
    found = taken(write("mails.csv", f"text,intent\n{rows}"))
    (odd,) = [one for one in found.findings if one.kind is FindingKind.WRONG_KIND]
    assert odd.fact.startswith(
        "60 texts were left out, and the first holds 1 control character among 2: “mails.csv, row 2”"
    )
    assert odd.fact.endswith(" and 56 more.")
    assert len(odd.evidence) == 50


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_row_is_called_by_its_line(write: Write, ending: str) -> None:
    """Whatever was left out above it, and whatever is empty, a row has the number that an editor shows."""
    if ending == "csv":
        lines = ["text,label", *(f"{sentence(n)},{'ab'[n % 2]}" for n in range(40))]
        lines[3], lines[5], lines[8], lines[20] = "a,b,c,d", "e,f,g,h", "", '"  ",a'
    else:
        lines = [json.dumps({"text": sentence(n), "label": "ab"[n % 2]}) for n in range(41)]
        lines[3], lines[5], lines[8], lines[20] = "[]", "no", "", json.dumps({"text": " ", "label": "a"})
    found = taken(write(f"shift.{ending}", "\n".join(lines) + "\n"))
    assert {each.subject for each in found.findings} == {f"shift.{ending}, line 4", f"shift.{ending}, row 21"}
    for example in found.examples:
        line = lines[int(example.name.removeprefix(f"shift.{ending}, row ")) - 1]
        text = line.split(",")[0] if ending == "csv" else json.loads(line)["text"]
        assert example.digest == hashlib.sha256(text.encode()).hexdigest()


def test_nuls_are_left_out_of_cells(write: Write) -> None:
    """NULs beside the digits of numbers make no texts of them; it is said once that they were left out."""
    path = write("nul.csv", "a,b,label\n" + "".join(f"{n * 3},\0{n * 7 + 100},{'ab'[n % 2]}\n" for n in range(80)))
    task, inputs, _ = said(path)
    assert task == Task("table")
    assert json.loads(inputs[1][0]) == {"a": 3, "b": 107}  # type: ignore[index]
    (told,) = taken(path).findings
    assert told.fact == "“nul.csv” holds NUL characters, which were left out of its cells."
    assert "in 80 of its lines" in told.reason


def test_what_is_put_right_far_down_a_table_is_told_too(write: Write) -> None:
    """NULs and another encoding beyond the lines that a table is recognised by are not dropped without a word."""
    path = write("far.csv", "")
    rows = [f"{n},{n * 7 % 50},{'ab'[n % 2]}\n".encode() for n in range(900)]
    rows += ["950,7,Zoë\n".encode(), "951,8,Jörg\n".encode("cp1252"), b"952,\0009,a\n"]
    path.write_bytes(b"a,b,label\n" + b"".join(rows))
    facts = [found.fact for found in taken(path).findings]
    assert "“far.csv” holds NUL characters, which were left out of its cells." in facts
    assert "“far.csv” mixes encodings; each of its lines was read in its own." in facts


def test_cells_beyond_all_numbers_are_told(write: Write) -> None:
    """A cell that is no number, or one beyond any, is named with what it says where all others are numbers."""
    rows = "".join(f"{n * 1.5},{'yes' if n % 2 else 'no'}\n" for n in range(80))
    found = taken(write("huge.csv", f"a,label\n{rows}1e400,no\nsoon,yes\n"))
    (odd,) = [one for one in found.findings if one.kind is FindingKind.DIRTY_VALUES]
    assert "2 rows of “huge.csv” say no number that can be reckoned with in “a”: row 82 (“1e400”), row 83" in odd.fact
    assert "counts as not known" in odd.reason


def test_an_absurd_number_to_be_predicted_is_told_sealed_or_not(write: Write) -> None:
    """A price of 450,000 among prices up to 5 is named by its row when it arrives; without it nothing is."""
    rows = "".join(f"{n},{0.69 + n % 40 / 10}\n" for n in range(80))
    found = taken(write("prices.csv", f"a,price\n{rows}81,450000\n"), target="price")
    (far,) = [one for one in found.findings if one.kind is FindingKind.FAR_OUT]
    assert "1 row of “prices.csv” lies absurdly far out in “price”: row 82 (“450000”); all others are" in far.fact
    assert "between 0.69 and 4.59." in far.fact
    fine = taken(write("fine.csv", f"a,price\n{rows}"), target="price")
    assert not [one for one in fine.findings if one.kind is FindingKind.FAR_OUT]


def test_copies_and_contradictions_are_told_once(write: Write) -> None:
    """Of many copies and contradicting rows one finding each is made; the commonest answer of equal rows counts."""
    rows = "1,a\n1,a\n1,b\n" + "2,a\n2,b\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(3, 60)) * 2
    found = taken(write("rows.csv", f"size,label\n{rows}"), target="label")
    kinds = [one.kind for one in found.findings]
    assert kinds.count(FindingKind.TWIN) == 1
    assert kinds.count(FindingKind.CONTRADICTORY_LABELS) == 1
    by_size = {one.name: one for one in found.examples}
    assert by_size["rows.csv, row 2"].label == "a"
    assert (by_size["rows.csv, row 5"].side, by_size["rows.csv, row 5"].label) == (Side.TRAIN, None)


def test_of_equal_rows_with_different_numbers_the_middle_counts(write: Write) -> None:
    """What was measured does not tell them apart, which is no mistake of anybody; a finding says how many there are."""
    rows = "1,10\n1,30\n1,20\n" + "".join(f"{n},{n * 11}\n" for n in range(2, 60))
    found = taken(write("rows.csv", f"size,price\n{rows}"), target="price")
    assert {one.name: one.label for one in found.examples}["rows.csv, row 2"] == "20"
    (told,) = [one for one in found.findings if one.kind is FindingKind.CONTRADICTORY_LABELS]
    assert told.severity is Severity.LOW
    assert told.fact.startswith("1 row came several times, 3 times together, with different numbers")
    assert told.awaits == tuple(one.digest for one in found.examples if one.name == "rows.csv, row 2")


def test_contradicting_texts_have_no_label(write: Write) -> None:
    """A text is the same to the letter, so at most one of its labels is right, and the finding waits for it."""
    path = write("mails.csv", f'{texts(30)}"{sentence(0)}",parcel\n')
    found = taken(path)
    torn = next(one for one in found.examples if one.name == "mails.csv, row 2")
    assert (torn.side, torn.label) == (Side.TRAIN, None)
    (finding,) = [one for one in found.findings if one.kind is FindingKind.CONTRADICTORY_LABELS]
    assert finding.fact.startswith("1 text came several times, 2 times together, with different labels, so it stays")
    assert "label PROJECT 'mails.csv, row 2' LABEL" in finding.remedy
    assert finding.awaits == (torn.digest,)


@pytest.mark.parametrize("header", ["text,intent", "file_name,intent"])
def test_none_of_these_beside_a_label_is_told_and_teaches_nothing(tmp_path: Path, write: Write, header: str) -> None:
    """No answer says both, so such an input has no label, is never sealed, and is named; corrected, it gets one."""
    named = header.startswith("file")
    lines = [f"{n}.txt" if named else f'"{sentence(n)}"' for n in range(40)]
    for n, line in enumerate(lines if named else ()):
        (tmp_path / line).write_text(sentence(n))
    cells = [("card", "none of these;card", "card;parcel", "none of these")[n % 4] for n in range(40)]
    path = write("mails.csv", "\n".join([header, *(f"{a},{b}" for a, b in zip(lines, cells, strict=True))]))
    first = taken(path, meant=Meant("text", AnswerKind.LABELS))
    (finding,) = [one for one in first.findings if one.kind is FindingKind.CONTRADICTORY_LABELS]
    assert "10 texts came with “none of these” beside other labels, so they stay without a label" in finding.fact
    assert {one.label for one in first.examples} == {"card", "card; parcel", "none of these", None}
    assert {one.side for one in first.examples if one.label is None} == {Side.TRAIN}
    told = Meant(task=Task("text", AnswerKind.LABELS))
    again = taken(path, first, meant=told)
    assert (again.examples, again.labels) == ((), ())
    path.write_text(path.read_text().replace("none of these;card", "card"))
    assert len(taken(path, first, meant=told).labels) == 10


def test_rows_without_a_label_are_never_sealed(write: Write) -> None:
    """They can be labelled later; a table adds nothing the second time."""
    rows = "".join(f"{n},{('a', 'b', '')[n % 3]}\n" for n in range(90))
    path = write("rows.csv", f"size,label\n{rows}")
    first = taken(path, target="label")
    assert {one.side for one in first.examples if one.label is None} == {Side.TRAIN}
    assert {one.side for one in first.examples if one.label} == {Side.TRAIN, Side.SEALED}
    again = taken(path, first, target="label")
    assert (again.examples, again.known) == ((), 90)


@pytest.mark.parametrize("kind", ["text", "table"])
def test_made_up_inputs_are_never_sealed(write: Write, kind: str) -> None:
    """Whatever they are, nothing is proven by what somebody made up."""
    path = write("made.csv", texts(60) if kind == "text" else houses(60))
    options = {} if kind == "text" else {"target": "area"}
    found = taken(path, provenance=Provenance.SYNTHETIC, **options)
    assert {one.side for one in found.examples} == {Side.TRAIN}
    assert {one.provenance for one in found.examples} == {Provenance.SYNTHETIC}


def test_a_synthetic_class_is_not_said_to_be_unsealed_by_chance(write: Write) -> None:
    """Where none of a label is sealed since all of it is made up, the finding says so."""
    found = taken(write("mails.csv", texts(30)), provenance=Provenance.SYNTHETIC)
    reasons = {one.reason for one in found.findings if one.kind is FindingKind.SMALL_CLASS}
    assert reasons == {"Synthetic texts are never sealed, and no other one of this label is."}


@pytest.mark.parametrize(
    ("header", "reason"), [("text", "No column of the table says"), ("text,label", "Their cell for it is empty.")]
)
def test_texts_without_a_label_are_told_why(write: Write, header: str, reason: str) -> None:
    """A table without a column for the answer has no empty cells in it."""
    rows = "".join(f"{sentence(n)}{' now' * (n % 4)}{',' if 'label' in header else ''}\n" for n in range(30))
    (found,) = taken(write("mails.csv", f"{header}\n{rows}")).findings
    assert found.kind is FindingKind.UNLABELLED
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["N/A", "N/A", "null"], "Their cell for it says “N/A” (10) or “null” (5), which is taken for no answer."),
        (["NaN", "", "NaN"], "Their cell for it is empty, or says “NaN” (10), which is taken for no answer."),
    ],
)
def test_cells_that_are_taken_for_no_answer_are_told(write: Write, cells: list[str], reason: str) -> None:
    """They are not said to be empty, and whoever means one as an answer learns what to do; “None” is one as it is."""
    labels = ["card", "None", "card", *cells] * 5
    rows = "".join(f"{sentence(n)},{label}\n" for n, label in enumerate(labels))
    found = taken(write("mails.csv", f"text,label\n{rows}"))
    (told,) = [one for one in found.findings if one.kind is FindingKind.UNLABELLED]
    assert told.reason == reason
    assert f"Where “{cells[0]}” is an answer, write it otherwise in the table" in told.remedy
    assert {one.label for one in found.examples} == {"card", "None", None}


def test_a_column_that_never_says_the_answer_is_not_said_to_be_empty(write: Write) -> None:
    """Its cells say something, and it is told what."""
    rows = "".join(f"{n},{n % 7},n/a\n" for n in range(30))
    with pytest.raises(SourceUnreadable, match=r"“c” says “n/a” \(30\), which is taken for no answer in every row"):
        said(write("rows.csv", f"a,b,c\n{rows}"), label="c")


def test_a_corrected_label_is_told_how_to_be_said(write: Write) -> None:
    """A row that comes again with another label names the command that gives it."""
    path = write("mails.csv", texts(30))
    first = taken(path)
    again = taken(write("mails.csv", texts(30).replace(",card", ",parcel", 1)), first)
    (found,) = [one for one in again.findings if one.kind is FindingKind.CONTRADICTORY_LABELS]
    assert "say so: understudy label PROJECT 'mails.csv, row 2' LABEL." in found.remedy


def test_a_folder_of_texts_is_texts(tmp_path: Path) -> None:
    """A folder a class, as with photos; each file is a text."""
    for number in range(12):
        place = tmp_path / "mails" / ("card", "parcel")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.txt").write_text(sentence(number), encoding="utf-8")
    (tmp_path / "mails" / "card" / "broken.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    found = taken(tmp_path / "mails")
    assert len(found.examples) == 12
    assert [one.subject for one in found.findings if one.kind is not FindingKind.SMALL_CLASS] == ["card/broken.txt"]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_texts_in_other_encodings_are_kept_as_utf8(tmp_path: Path, encoding: str) -> None:
    """A folder of files is read as a table in the same encoding is, and a text has one digest in all of them."""
    said = [f"Grüße aus Köln, {sentence(n)}" for n in range(10)]
    for n, text in enumerate(said):
        place = tmp_path / "letters" / "ab"[n % 2] / f"{n}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode(encoding))
    found = taken(tmp_path / "letters")
    assert {one.digest for one in found.examples} == {hashlib.sha256(text.encode()).hexdigest() for text in said}


def test_a_folder_with_one_table_is_that_table(write: Write, tmp_path: Path) -> None:
    """Notes beside it do no harm; several tables have to be named."""
    write("SOURCE.md", "where it came from")
    write("mails.csv", texts(20))
    assert said(tmp_path)[0] == Task("text")
    write("more.csv", texts(20))
    with pytest.raises(SourceUnreadable, match="2 tables"):
        said(tmp_path)


def test_what_a_project_decides_about_is_not_guessed_again(write: Write) -> None:
    """New rows are read by the schema and the kind of answer that stand, even if all of them say the same."""
    first = write("rows.csv", "".join(["size,label\n", *(f"{n},{'ab'[n % 2]}\n" for n in range(40))]))
    task, _, about = said(first, label="label")
    assert isinstance(task, Task)
    assert isinstance(about, Understood)
    meant = Meant(task=task, schema=about.schema)
    later, inputs, _ = said(write("later.csv", "label,size\na,101\na,102\n"), meant=meant)
    assert later == task
    assert inputs == [(b'{"size":101}', "a", None), (b'{"size":102}', "a", None)]
    unlabelled, inputs, _ = said(write("open.csv", "size\n103\n"), meant=meant)
    assert unlabelled == task
    assert inputs == [(b'{"size":103}', None, None)]
    with pytest.raises(SourceUnreadable, match="none of the columns"):
        said(write("other.csv", "colour,label\nred,a\n"), meant=meant)


def test_a_table_without_a_row_is_an_error(write: Write) -> None:
    """There is nothing to take in, in the words of what was looked for."""
    with pytest.raises(UnderstudyError) as caught:
        taken(write("rows.csv", "text,label\n"), meant=Meant("text"))
    assert isinstance(caught.value, SourceUnreadable)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("text,label\nhello,greeting", None),
        ("msg,label\nWhere is my parcel now?,order", None),
        ("m,label\nhi,a", "text"),
    ],
)
def test_one_row_of_texts_is_a_table_of_texts(tmp_path: Path, lines: str, kind: str | None) -> None:
    """A single row says what it holds by its cells and the columns' names, or by what a person says."""
    path = tmp_path / "one.csv"
    path.write_text(lines)
    with open_source(path, meant=Meant(kind)) as source:
        assert source.task == Task("text")
        (item,) = source.items
        assert isinstance(item, Incoming)
        assert (item.read().decode(), item.label) == tuple(lines.splitlines()[1].split(","))


def test_one_row_of_data_is_a_table_of_data(tmp_path: Path) -> None:
    """Numbers and single words in a row are no texts."""
    path = tmp_path / "one.csv"
    path.write_text("age,job,since,label\n31,teacher,2024-05-01,yes")
    with open_source(path) as source:
        assert source.task.modality == "table"


def test_a_missing_answer_is_told_with_all_columns(write: Write) -> None:
    """The one that holds the texts stands in the list, too, or the table would seem to lack it."""
    table = write("mails.csv", "message,topic\n" + "".join(f"mail {at} came,{'ab'[at % 2]}\n" for at in range(20)))
    with pytest.raises(SourceUnreadable) as refused:
        said(table, text="message", label="theme")
    assert refused.value.fact == "“mails.csv” has no column “theme”."
    assert refused.value.reason == "Its columns are “message”, “topic”."
