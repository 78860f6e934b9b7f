"""Files that the rows of a table name: what kind of answer their labels are, and each file as an input."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from understudy.domain.task import AnswerKind, Task
from understudy.intake.answers import TargetUnusable, answers_of, counted
from understudy.intake.badfile import bad_row
from understudy.intake.groups import BadGroupRule, GroupBy, GroupRule
from understudy.intake.incoming import Incoming, Item, Items, Source, Understood, readable_name
from understudy.intake.meant import Meant
from understudy.intake.table import Row, Table, left_out
from understudy.intake.tree import Tree
from understudy.modalities.protocol import Modality


@dataclass(frozen=True)
class Answered:
    """A table of files with its labels as they are kept.

    Attributes:
        table: The table.
        task: What kind of answer its labels are.
        says: What was understood, for people.
        separator: What stands between several labels in a cell, or None.
    """

    table: Table
    task: Task
    says: tuple[str, ...] = ()
    separator: str | None = None


def source_of(name: str, items: Items, ignored: int, read: Answered, rule: GroupRule | None) -> Source:
    """The files that a table names, what was understood of it, and which of its columns nobody looks at."""
    table, group = read.table, rule.detail if rule and rule.by is GroupBy.COLUMN else None
    left = left_out(each for each in table.columns if each not in {table.path_column, table.label_column, group})
    about = Understood(says=(*read.says, *left))
    return Source(name, items, ignored, read.task, about, columns=table.said, separator=read.separator)


def only_other(table: Table, rule: GroupRule | None) -> str | None:
    """The only column that names neither files nor what belongs together; None where there are others."""
    taken = {table.path_column, rule.detail if rule and rule.by is GroupBy.COLUMN else table.path_column}
    others = [column for column in table.columns if column not in taken]
    return others[0] if len(others) == 1 else None


def with_answers(table: Table, modality: Modality, meant: Meant, *, guess: str | None = None) -> Answered:
    """What kind of answer the labels of named files are.

    Args:
        table: The table.
        modality: What the files are.
        meant: What a person said.
        guess: The column to take for labels where none is named like them; left alone where nothing can be learned.
    """
    column = table.label_column or guess
    said = counted(column, (row.cells.get(column) for row in table.rows)) if column else None
    if column is None or said is None or not said.often or (meant.task is None and len(said.often) == 1):
        return Answered(table, meant.task or Task(modality.name))
    try:
        answers = answers_of(said, modality.name, meant)
    except TargetUnusable:
        if table.label_column is not None:
            raise
        return Answered(table, meant.task or Task(modality.name))
    if answers.task.answers is AnswerKind.LABEL:
        told = () if table.label_column else answers.says
        return Answered(replace(table, label_column=column), answers.task, told)
    rows = tuple(
        Row(row.number, {**row.cells, column: answers.read(row.cells.get(column)) or ""}) for row in table.rows
    )
    return Answered(replace(table, label_column=column, rows=rows), answers.task, answers.says, answers.separator)


def named_files(
    table: Table, tree: Tree, rule: GroupRule | None, labels: Mapping[str, str | None], meant: Meant, most: int
) -> Iterator[Item]:
    """What the rows of a table name, of at most so many bytes; where it has no labels, the folders give them.

    Raises:
        BadGroupRule: It names a column that the table has not.
    """
    if rule and rule.by is GroupBy.COLUMN and rule.detail not in table.columns and not meant.synthetic:
        raise BadGroupRule(
            fact=f"“{table.name}” has no column “{rule.detail}”.",
            reason=f"Its columns are {', '.join(table.columns)}.",
            remedy="Name one of these in the group rule.",
        )
    yield from table.findings
    for row in sorted(table.rows, key=lambda row: (row.cells.get(table.path_column, ""), row.number)):
        yield _named_by(row, table, tree, rule, labels, most)


def _named_by(
    row: Row, table: Table, tree: Tree, rule: GroupRule | None, labels: Mapping[str, str | None], most: int
) -> Item:
    path = row.cells.get(table.path_column, "").strip()
    if not path:
        return bad_row(table.name, row.number, "names no file")
    problem = tree.problem(path)
    if problem and "\\" in path and not tree.problem(path.replace("\\", "/")):
        path, problem = path.replace("\\", "/"), None
    if problem:
        return problem
    path = str(PurePosixPath(path))
    label = row.cells.get(table.label_column, "").strip() if table.label_column else labels.get(path)
    pure = PurePosixPath(path)
    folder = "" if str(pure.parent) == "." else str(pure.parent)
    return incoming(tree, path, label or None, rule.group(folder, pure.name, row.cells) if rule else None, most)


def incoming(tree: Tree, path: str, label: str | None, group: str | None, most: int) -> Incoming:
    """A file of a tree, of at most so many bytes, as an input with what is said of it."""
    return Incoming(
        readable_name(path),
        readable_name(label) if label else None,
        readable_name(group) if group else None,
        partial(tree.read, path, most),
    )
