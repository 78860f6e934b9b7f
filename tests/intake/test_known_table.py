"""A further table of a project is read under the names that the project knows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.domain.finding import Finding, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.groups import parse_group_rule
from understudy.intake.incoming import Incoming, Source, SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.table import Columns
from understudy.modalities.table.schema import TableSchema

ROWS = "".join(f"{n},{n * 7 % 90},{'pqr'[n % 3]},h{n % 20},{'ab'[n % 2]}\n" for n in range(60))
HEADER = "day,age,kind,house,answer"
Inputs = list[tuple[bytes, str | None, str | None]]
Read = Callable[..., tuple[Inputs, list[Finding], Source]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a table under a header: its inputs, what was found and the source."""

    def taken(text: str, *, group: str | None = None, meant: Meant | None = None, **columns: str) -> object:
        path = tmp_path / "rows.csv"
        path.write_text(text, encoding="utf-8")
        rule = parse_group_rule(f"column:{group}") if group else None
        with open_source(path, group=rule, columns=Columns(**columns), meant=meant) as source:
            items = list(source.items)
            inputs = [(one.read(), one.label, one.group) for one in items if isinstance(one, Incoming)]
            return inputs, [one for one in items if isinstance(one, Finding)], source

    return taken  # type: ignore[return-value]


def known_by(source: Source) -> Meant:
    assert isinstance(source.task, Task)
    assert source.about is not None
    return Meant(task=source.task, schema=source.about.schema)


@pytest.mark.parametrize("header", ["Day,AGE,Kind,House,Answer", "day, age ,kind,HOUSE,answer", HEADER])
@pytest.mark.parametrize("named", [{}, {"label": 4, "time": 0, "group": 3}])
def test_other_capitals_mean_the_known_columns(read: Read, header: str, named: dict[str, int]) -> None:
    """Cells, labels and groups are those of the same table under the known names, however columns are named besides."""
    first, _, source = read(f"{HEADER}\n{ROWS}", label="answer", time="day", group="house")
    names = [name.strip() for name in header.split(",")]
    options = {option: names[place] for option, place in named.items()}
    inputs, found, again = read(f"{header}\n{ROWS}", meant=known_by(source), **options)
    assert inputs == first
    assert again.answered
    assert again.about is not None
    assert source.about is not None
    assert again.about.schema == source.about.schema
    told = [one for one in found if "is taken for" in one.fact]
    assert [one.severity for one in told] == [Severity.LOW] * (names != HEADER.split(","))
    assert all("“HOUSE” is taken for “house”" in one.fact or "“AGE” is taken for “age”" in one.fact for one in told)


def test_known_names_may_be_named_though_the_table_writes_others(read: Read) -> None:
    """Who names the answer and what belongs together as the project does is understood."""
    first, _, source = read(f"{HEADER}\n{ROWS}", label="answer", group="house")
    inputs, _, _ = read(f"{HEADER.upper()}\n{ROWS}", meant=known_by(source), label="answer", group="house")
    assert inputs == first


def test_a_name_that_is_known_as_it_is_stays(read: Read) -> None:
    """Of “Age” and “age” in one table the known one counts, and the other is passed over as any that is not known."""
    first, _, source = read(f"{HEADER}\n{ROWS}", label="answer")
    doubled = "".join(f"x,{line}\n" for line in ROWS.splitlines())
    inputs, found, _ = read(f"Age,{HEADER}\n{doubled}", meant=known_by(source))
    assert inputs == first
    assert not [one for one in found if "is taken for" in one.fact]


@pytest.mark.parametrize("label", [None, "Red,Green", "red,green"])
def test_several_answers_are_known_in_other_capitals_too(read: Read, label: str | None) -> None:
    """Columns of marks, one for each label, are those that the project predicts."""
    rows = "".join(f"{n},{n % 2},{n // 2 % 2}\n" for n in range(60))
    first, _, source = read(f"age,red,green\n{rows}", label="red,green")
    options = {} if label is None else {"label": label}
    inputs, _, _ = read(f"Age,Red,Green\n{rows}", meant=known_by(source), **options)
    assert isinstance(source.task, Task)
    assert source.task.answers is AnswerKind.LABELS
    assert [(data, said is None) for data, said, _ in inputs] == [(data, said is None) for data, said, _ in first]


def test_columns_that_answered_rows_brought_are_not_brought_twice(read: Read) -> None:
    """The first table of a project that began with requests has their columns, in whatever capitals."""
    _, _, source = read(f"{HEADER}\n{ROWS}", label="answer")
    assert source.about is not None
    assert source.about.schema is not None
    schema = TableSchema.from_json(source.about.schema)
    asked = TableSchema(tuple(column for column in schema.columns if column.name in {"age", "kind"}))
    meant = Meant(task=Task("table"), schema=asked.to_json())
    _, _, joined = read(f"day,Age,KIND,house,answer\n{ROWS}", meant=meant, label="answer")
    assert joined.about is not None
    assert joined.about.schema is not None
    assert TableSchema.from_json(joined.about.schema).names == set(HEADER.split(","))
    with pytest.raises(SourceUnreadable, match=r"“KIND” is not what the project predicts.*--target KIND"):
        read(f"day,Age,KIND,house,answer\n{ROWS}", meant=meant, label="KIND")
