"""Tables whose rows are inputs: texts, rows of data, interactions. Rows are read as they are asked for."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.domain.finding import Finding, FindingKind
from understudy.domain.noun import InputNoun
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.answers import Answers, answers_of, counted, said_instead
from understudy.intake.drawn import Drawn
from understudy.intake.groups import BadGroupRule, GroupBy, GroupRule, group_in
from understudy.intake.incoming import Incoming, Item, Source, SourceUnreadable, Understood, readable_name
from understudy.intake.known_table import (
    check_same_texts,
    check_same_time,
    joined,
    lacks_answer,
    same_answer,
    same_group,
    with_ids,
)
from understudy.intake.meant import Meant
from understudy.intake.odd_cells import OddCell, far_cells, odd_cells
from understudy.intake.recognise import SAMPLE, Looked, Row, answer_column, no_answer, only_column, text_column
from understudy.intake.table import Columns, column_of, left_out, listed
from understudy.modalities.interactions.columns import Columns as WhoWhat
from understudy.modalities.interactions.reading import Interactions, read_interactions
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.interactions.taken import Before, another_project
from understudy.modalities.table.cells import text_of
from understudy.modalities.table.fit import misfits
from understudy.modalities.table.frame import Frame
from understudy.modalities.table.inferring import ENOUGH, ID_ROWS, infer_schema
from understudy.modalities.table.row import row_bytes
from understudy.modalities.table.schema import MEASURED, Column, Kind, Role, TableSchema
from understudy.modalities.table.timing import timed

Data = Callable[[Row], bytes]
ODD_COLUMNS = 10
"""Columns of which it is told that a cell is no number or date where the others are."""


@dataclass(frozen=True)
class Reading:
    """How the rows of a table become inputs.

    Attributes:
        frame: The table.
        rows: How many there are.
        data: From a row to an input's bytes.
        target: The column of labels, or None.
        answers: How its cells are read, or None.
        group: The column of groups, or None.
        seen: Columns of which a cell may be no number or date where one belongs.
    """

    frame: Frame
    rows: int
    data: Data
    target: str | None
    answers: Answers | None
    group: Column | None
    seen: Sequence[Column] = ()

    def __len__(self) -> int:
        return self.rows + len(self.frame.remarks)

    def __iter__(self) -> Iterator[Item]:
        yield from self.frame.remarks
        misread: list[OddCell] = []
        odd: dict[str, list[OddCell]] = {}
        rows, numbers = array("q"), array("d")
        for number, row in self.frame.numbered():
            label = self._label(row, number, misread)
            if label is not None and self._predicts_numbers:
                rows.append(number)
                numbers.append(number_in(label))
            group = group_in(row.get(self.group.name), self.group) if self.group else None
            name = f"{self.frame.name}, row {number}"
            # The bytes are made at once: a row that is kept for later would hold all of its cells.
            yield Incoming(name, label, group, partial(_given, self.data(row)))
            for column in self.seen:
                if misfits(row.get(column.name), column):
                    odd.setdefault(column.name, []).append((number, text_of(row.get(column.name))))
        yield from self.frame.findings[len(self.frame.remarks) :]
        if misread:
            yield odd_cells(self.frame.name, self.target or "", misread, answer=True)
        far = far_cells(self.frame.name, self.target or "", rows, numbers)
        if far is not None:
            yield far
        for column in [each for each in self.seen if each.name in odd][:ODD_COLUMNS]:
            yield odd_cells(self.frame.name, column.name, odd[column.name], what=column.kind.value)

    @property
    def _predicts_numbers(self) -> bool:
        return self.answers is not None and self.answers.task.answers is AnswerKind.NUMBER

    def _label(self, row: Row, number: int, misread: list[OddCell]) -> str | None:
        if self.target is None or self.answers is None:
            return None
        cell = row.get(self.target)
        label = self.answers.read(cell)
        if label is None and self.answers.task.answers is AnswerKind.NUMBER and text_of(cell):
            misread.append((number, text_of(cell)))
        return readable_name(label) if label else None


@dataclass(frozen=True)
class Histories:
    """How people's histories become inputs: each is written when it is asked for.

    Attributes:
        findings: What was seen on the way.
        found: Who took what.
    """

    findings: Sequence[Finding]
    found: Interactions

    def __len__(self) -> int:
        return len(self.findings) + self.found.count

    def __iter__(self) -> Iterator[Item]:
        yield from self.findings
        for each in self.found.examples():
            yield Incoming(each.name, each.label, each.group, partial(_given, each.data))


def _given(data: bytes) -> bytes:
    return data


def look_at(frame: Frame) -> Looked:
    """Reads the first rows of a table to see what it holds.

    Raises:
        SourceUnreadable: It has no row.
    """
    rows = list(islice(frame.rows(), SAMPLE))
    if not rows:
        bad = frame.findings[len(frame.remarks) :]
        raise SourceUnreadable(
            fact=f"“{frame.name}” has no row that can be read.",
            reason=bad[0].fact if bad else f"There is nothing below its columns {listed(frame.columns)}.",
            remedy="Give a table with a first line that names the columns and a line for each example.",
        )
    return Looked.at(frame.name, frame.columns, rows)


def texts(frame: Frame, look: Looked, rule: GroupRule | None, wanted: Columns, meant: Meant) -> Source:
    """A table of texts as a source: each row's text is an input.

    Raises:
        SourceUnreadable: No column holds texts, or it is unclear which one says the answer; or columns of the project's
            latest table are not there, and nobody names others.
        BadGroupRule: The rule names no column.
    """
    check_same_texts(frame, wanted, meant)
    column = text_column(look, wanted) or only_column(look, wanted)
    if column is None:
        raise SourceUnreadable(
            fact=f"“{frame.name}” has no column of texts.",
            reason=f"Its columns are {listed(frame.columns)}.",
            remedy="Name the one that holds the texts with --text.",
        )
    target = None if lacks_answer(look, wanted, meant, beside=column) else answer_column(look, wanted, beside=column)
    answers, count = _answers(frame.rows(), target, "text", meant)
    group = _group(frame, rule, meant)

    def data(row: Row) -> bytes:
        cell = row.get(column)
        return (cell if isinstance(cell, str) else text_of(cell)).encode("utf-8", "replace")

    says = [f"The texts stand in the column “{column}”. Another one: --text COLUMN."]
    says += answers.says if answers else ("No column says the answer, so the texts have no label yet.",)
    says += left_out(each for each in frame.columns if each not in {column, target, group})
    task = answers.task if answers else meant.task or Task("text")
    grouped = None if group is None else Column(group, Kind.CATEGORY)
    reading = Reading(frame, count, data, target, answers, grouped)
    told = {"text": column} if target is None else {"text": column, "label": target}
    source = Source(frame.name, reading, 0, task, Understood(None, tuple(says)), rows=True, columns=told)
    return _answered(source, target, answers)


def data_rows(frame: Frame, look: Looked, rule: GroupRule | None, wanted: Columns, meant: Meant) -> Source:
    """A table of data as a source: each row without its answer is an input.

    Raises:
        SourceUnreadable: No column says the answer, or it is always the same, or never.
        BadGroupRule: The rule names no column.
    """
    schema = TableSchema.from_json(meant.schema) if meant.schema is not None else None
    target = answer_column(look, wanted)
    if schema is not None:
        target = same_answer(frame, schema, target if wanted.label or schema.target is None else None)
    if target is None:
        raise no_answer(look)
    there = target in frame.columns
    drawn = Drawn(ENOUGH)
    answers, count = _answers(drawn.among(frame.rows()), target if there else None, "table", meant)
    group = _group(frame, rule, meant)
    if schema is None or schema.target is None:
        schema = joined(frame, schema, _schema(frame, look, drawn, target, group, wanted.time))
    elif not {column.name for column in schema.columns} & set(frame.columns) - {target}:
        raise SourceUnreadable(
            fact=f"“{frame.name}” has none of the columns that the project knows.",
            reason=f"Its columns are {listed(frame.columns)}; known are "
            f"{listed(tuple(column.name for column in schema.columns))}.",
            remedy="Give a table with these columns, or begin another project.",
        )
    else:
        check_same_time(schema, wanted.time)
        group = same_group(frame, schema, group, synthetic=meant.synthetic)
        if len(look.rows) >= ID_ROWS:
            schema = with_ids(schema, infer_schema(drawn.rows, run=_run(look, drawn)))
    # Held-out columns are kept in the bytes: a person may correct what they are, and the audit looks at them too.
    kept = [column for column in schema.columns if column.role is not Role.TARGET]
    task = answers.task if answers else meant.task or Task("table")
    named = target if there else None
    numbers = [column for column in schema.seen if column.kind in MEASURED]
    grouped = None if group is None else schema[group]
    reading = Reading(frame, count, lambda row: row_bytes(row, kept), named, answers, grouped, numbers)
    about = Understood(schema.to_json(), answers.says if answers else ())
    return _answered(Source(frame.name, reading, 0, task, about, rows=True), named, answers)


def _answered(source: Source, target: str | None, answers: Answers | None) -> Source:
    """A source with what its column of labels tells besides them."""
    if answers is None:
        return replace(source, answered=target is not None)
    return replace(source, answered=target is not None, unsaid=answers.unsaid, separator=answers.separator)


def interactions(name: str, frame: Frame, wanted: Columns, meant: Meant) -> Source:
    """A table of who took what as a source: each person's history is an input, and what came next its label.

    Raises:
        UnderstudyError: It does not show who took what, or nobody took anything.
    """
    named = WhoWhat(wanted.who, wanted.what, wanted.time, wanted.rating)
    found = read_interactions(name, Sheet.of(frame), named, content=_content(meant.items), before=meant.before)
    columns = {each: value for each, value in vars(found.columns).items() if value}
    schema = {**found.about(), "columns": columns}
    task = Task("interactions", AnswerKind.RANKING)
    files = {"content": found.content.to_bytes()} if meant.items else {}
    items = Histories((*frame.remarks, *found.findings), found)
    about = Understood(schema, tuple(_says(name, found, meant.before)), files)
    said = {"time" if part == "when" else part: column for part, column in columns.items()}
    return Source(name, items, 0, task, about, rows=True, columns=said)


def _content(paths: Sequence[Path]) -> dict[str, bytes]:
    """Tables about items, by name."""
    try:
        return {path.name: path.read_bytes() for path in paths}
    except OSError as error:
        raise SourceUnreadable(
            fact=f"“{error.filename}” cannot be opened.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name a table that describes the items.",
        ) from error


def _says(name: str, found: Interactions, before: Before | None) -> Iterator[str]:
    columns, taken = found.columns, found.taken
    new, known = ~taken.earlier, _different(taken.who[taken.earlier])
    if known:  # who likes nothing makes no example, so nothing is remembered of them and they would be new each time
        new &= np.isin(taken.who, taken.who[taken.liked])
    some = InputNoun("interaction", "interactions").counted(int(new.sum()))
    who = InputNoun("person", "people").counted(_different(taken.who[new]))
    what = InputNoun("item", "items").counted(_different(taken.what[new]))
    told = f"{some} of {who} with {what}" if new.any() else "no interaction that is new"
    yield f"“{columns.who}” says who and “{columns.what}” what: {told}. To correct: --who, --what."
    yield from (each.fact for each in found.findings if each.kind is FindingKind.TWIN)
    if known:
        are, their = ("is", "that history") if known == 1 else ("are", "their histories")
        yield f"{known:,} of these people {are} known already; what is new joins {their}."
    yield _when(name, columns, timed=taken.timed, known=before is not None and before.timed is not None)
    if taken.liked_from is not None:
        yield f"“{columns.rating}” is a rating; {taken.liked_from:g} and more counts as liked. To correct: --rating."


def _when(name: str, columns: WhoWhat, *, timed: bool, known: bool) -> str:
    """What a table says of times, and what is held out, which may be as earlier tables had it."""
    column, drawn = columns.when, "one item of each person, drawn at random, is held out."
    if timed and column:
        return f"“{column}” says when, so what came last is held out for each person. To correct: --time."
    if timed:
        return "No column says when, as one did before, so what this table tells counts as the latest."
    if column and not known:
        return f"What “{column}” says of times is not used, so {drawn}"
    again = f"To judge ahead in time, begin another project with all rows: {another_project(name, columns)}."
    if column:
        return f"“{column}” is not used, for this project's people came without times, so {drawn} {again}"
    return f"No column says when, so {drawn} {again}"


def _different(places: npt.NDArray[np.int64]) -> int:
    return len(np.unique(places))


def _answers(rows: Iterable[Row], target: str | None, modality: str, meant: Meant) -> tuple[Answers | None, int]:
    """How the labels are read, and how many rows there are."""
    if target is None:
        return None, sum(1 for _ in rows)
    said = counted(target, (row.get(target) for row in rows))
    if not said.often and meant.task is None and modality == "table":
        raise SourceUnreadable(
            fact=f"The column “{target}” {said_instead(said.unsaid)} in every row.",
            reason="Where nothing is known of the answer, there is nothing to be learned.",
            remedy="Name the column that is to be predicted with --target, or fill this one.",
        )
    return answers_of(said, modality, meant), said.rows


def _group(frame: Frame, rule: GroupRule | None, meant: Meant) -> str | None:
    if rule is None or (meant.synthetic and rule.detail not in frame.columns):
        return None
    if rule.by is not GroupBy.COLUMN:
        raise BadGroupRule(
            fact=f"The group rule “{rule}” does not fit “{frame.name}”.",
            reason="What belongs together is said by a column where rows are the inputs.",
            remedy="Write “column:NAME”, with a column of the table.",
        )
    if rule.detail not in frame.columns:
        raise BadGroupRule(
            fact=f"“{frame.name}” has no column “{rule.detail}”.",
            reason=f"Its columns are {', '.join(frame.columns)}.",
            remedy="Name one of these in the group rule.",
        )
    return rule.detail


def _run(look: Looked, drawn: Drawn) -> Sequence[Row] | None:
    """Rows that stand one after the other, where those that were drawn do not."""
    return None if drawn.whole else look.rows


def _schema(frame: Frame, look: Looked, drawn: Drawn, target: str, group: str | None, time: str | None) -> TableSchema:
    rows = drawn.rows
    schema = infer_schema(rows, target=target, run=_run(look, drawn))
    if time is not None:
        _check_time(frame, target, time)
        schema = timed(schema, time, [row.get(time) for row in rows])
    if group is not None and group != target:
        schema = schema.corrected(group, role=Role.GROUP.value)
    said = {target: "what is to be predicted", group: "says what belongs together", time: "says when"}
    columns = tuple(replace(each, why=said.get(each.name) or each.why) for each in schema.columns)
    return replace(schema, columns=columns)


def _check_time(frame: Frame, target: str, time: str) -> None:
    """Refuses a column that cannot say when rows came about, whatever stands in it.

    Raises:
        SourceUnreadable: There is none of that name, or it is the answer.
    """
    if column_of(frame.name, frame.columns, time, ()) == target:
        raise SourceUnreadable(
            fact=f"“{target}” cannot both be predicted and say when.",
            reason="When a row came about is known when it is asked about, and the answer is not.",
            remedy="Name another column with --time, or leave it out.",
        )


__all__ = ["Reading", "data_rows", "interactions", "look_at", "texts"]
