"""A further table of a project that knows its columns: what it may say of them, and what is refused."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from understudy.domain.task import AnswerKind
from understudy.intake.groups import GroupBy, GroupRule
from understudy.intake.incoming import SourceUnreadable
from understudy.intake.marks import BETWEEN
from understudy.intake.meant import Meant
from understudy.intake.recognise import Looked, may_answer
from understudy.intake.table import Columns, listed
from understudy.modalities.table.fit import folded_name, meant_by, meant_words
from understudy.modalities.table.frame import Frame
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.modalities.table.unreadable import remark


def under_known_names(
    frame: Frame, wanted: Columns, rule: GroupRule | None, meant: Meant
) -> tuple[Frame, Columns, GroupRule | None]:
    """A table under the names that the project knows, as rows of requests are read; a remark tells what was meant.

    Args:
        frame: The table, whose first line may write names in other capitals or with other blanks.
        wanted: Which columns to read, under the table's names or the known ones.
        rule: What belongs together, likewise.
        meant: What the project says of it.

    Returns:
        All three under the known names, the columns with those of the project's latest table for what nobody names; as
        they came where the project knows no columns.
    """
    frame, wanted, rule = _renamed(frame, wanted, rule, *_known(rule, meant))
    return frame, wanted.or_as_before(meant.columns, frame.columns), rule


def _known(rule: GroupRule | None, meant: Meant) -> tuple[Sequence[str], Collection[str]]:
    """The names of columns that the project knows, and which of them have a part of their own beside the others."""
    if meant.kind == "text" and meant.columns:
        said = set().union(*map(_said, meant.columns.values()), () if rule is None else {rule.detail})
        return sorted(said), said
    if meant.kind != "table" or meant.schema is None:
        return (), ()
    schema = TableSchema.from_json(meant.schema)
    said = {column.name for column in schema.group} | (set() if schema.target is None else _said(schema.target.name))
    return [*(column.name for column in (*schema.seen, *schema.columns)), *sorted(said)], said


def _renamed(
    frame: Frame, wanted: Columns, rule: GroupRule | None, names: Sequence[str], said: Collection[str]
) -> tuple[Frame, Columns, GroupRule | None]:
    others = [name for name in frame.columns if name not in names]
    renamed = meant_by(others, [name for name in names if name not in frame.columns])
    # What is named for the answer or the group and is neither will be refused, with words about the table as it is.
    refused = {wanted.label, None if rule is None else rule.detail}
    renamed = {name: known for name, known in renamed.items() if known in said or name not in refused}
    if not renamed:
        return frame, wanted, rule
    told = remark(
        frame.name,
        f"In “{frame.name}”, {' '.join(meant_words(renamed))}",
        "These names differ in capitals or blanks alone.",
        "Nothing, if the same is meant; otherwise give these columns other names in the table, and add it again.",
    )
    columns = tuple(renamed.get(name, name) for name in frame.columns)
    label, text, time = (_under(name, renamed) for name in (wanted.label, wanted.text, wanted.time))
    if rule is not None and rule.by is GroupBy.COLUMN:
        rule = replace(rule, detail=renamed.get(rule.detail, rule.detail))
    known = replace(frame, columns=columns, remarks=[*frame.remarks, told])
    return known, replace(wanted, label=label, text=text, time=time), rule


def _under(name: str | None, renamed: Mapping[str, str]) -> str | None:
    """A column that somebody named, or several, under the known names."""
    if name is None or name in renamed:
        return None if name is None else renamed[name]
    return BETWEEN.join(renamed.get(part.strip(), part) for part in name.split(BETWEEN))


def same_answer(frame: Frame, schema: TableSchema, named: str | None) -> str | None:
    """The column that says the answer in a table for a project that knows its columns.

    Args:
        frame: The table.
        schema: What the project knows.
        named: The column that is meant, or None where nobody names one.

    Raises:
        SourceUnreadable: It is another than that of the project's first table, or one that the project learns from.
    """
    target = None if schema.target is None else schema.target.name
    known = set(map(folded_name, schema.names))
    if named is None or (target is None and folded_name(named) not in known):
        return named or target
    if target is not None and _parts(named) == _parts(target):
        return named
    answer = "what people answer about its rows" if target is None else f"“{target}”"
    rename = (
        f" If “{named}” says the same as “{target}”, name it so in the table."
        if folded_name(named) not in known
        else ""
    )
    raise SourceUnreadable(
        fact=f"“{named}” is not what the project predicts.",
        reason=f"It predicts {answer}, and other answers among those on record would mean something else.",
        remedy=f"Leave --target out.{rename} Or begin another project: "
        f"understudy train {shlex.quote(frame.name)} --project NAME --target {shlex.quote(named)}.",
    )


def check_same_texts(frame: Frame, wanted: Columns, meant: Meant) -> None:
    """Refuses to guess where texts stand in a further table that has them in another column than the one before.

    Raises:
        SourceUnreadable: It has no column of that name, and nobody names another.
    """
    known = meant.columns.get("text")
    if wanted.text is not None or known is None or known in frame.columns:
        return
    raise SourceUnreadable(
        fact=f"“{frame.name}” has no column “{known}”.",
        reason=f"It held the texts of the table before, and the columns of this one are {listed(frame.columns)}.",
        remedy="Name the column that holds the texts with --text, and the one that says the answer with --target.",
    )


def lacks_answer(look: Looked, wanted: Columns, meant: Meant, *, beside: str) -> bool:
    """Whether nothing in a further table of texts says the answer: neither the column of the one before nor another.

    Args:
        look: At the table.
        wanted: Which columns to read.
        meant: What the project says of it.
        beside: The column of texts.

    Raises:
        SourceUnreadable: It lacks the column, and another may say the answer or something else.
    """
    known = meant.columns.get("label")
    if wanted.label is not None or known is None or known in look.columns:
        return False
    numbers = meant.task is not None and meant.task.answers is AnswerKind.NUMBER
    others = may_answer(look, [each for each in look.columns if each != beside], numbers=numbers)
    if not others:
        return True
    raise SourceUnreadable(
        fact=f"“{look.name}” has no column “{known}”.",
        reason=f"It said the answer in the table before, and here {listed(others)} may say that or something else.",
        remedy=f"Name the column that says the answer, for example --target {shlex.quote(others[0])}; if none does, "
        f"leave {'it' if len(others) == 1 else 'them'} out of the table.",
    )


def _said(name: str) -> set[str]:
    """A name, and the columns that it may stand for."""
    return {name, *_parts(name)}


def _parts(name: str) -> set[str]:
    """The columns of a name that may stand for several."""
    return {part.strip() for part in name.split(BETWEEN)}


def check_same_time(schema: TableSchema, named: str | None) -> None:
    """Refuses to hear with a later table when rows came about, for those that are there were understood without.

    Raises:
        SourceUnreadable: Another column is named than says it in the project.
    """
    known = None if schema.time is None else schema.time.name
    if named is None or named == known:
        return
    correction = shlex.quote(f"{named}={Role.TIME.value}")
    raise SourceUnreadable(
        fact=f"“{named}” does not say when rows of this project came about.",
        reason=f"What its columns are is known, and {'none of them' if known is None else f'“{known}”'} says when.",
        remedy=f"Leave --time out and say it of all rows: understudy columns PROJECT --set {correction}.",
    )


def same_group(frame: Frame, schema: TableSchema, named: str | None, *, synthetic: bool = False) -> str | None:
    """The column that says what belongs together in a table for a project that knows its columns.

    Args:
        frame: The table.
        schema: What the project knows.
        named: The column that is meant, or None where nobody names one: then it is that of the first table.
        synthetic: The rows were made up, so they are never sealed, and need not say what they belong with.

    Raises:
        SourceUnreadable: Another column is named than says it in the project: rows that are there were sealed without.
            Or the table lacks that column.
    """
    known = next((column.name for column in schema.group), None)
    if named is None or named == known:
        if known is None or known in frame.columns:
            return known
        if synthetic:
            return None
        raise SourceUnreadable(
            fact=f"“{frame.name}” has no column “{known}”.",
            reason=f"Rows of this project were sealed by “{known}”, so these may belong with some on the other side, "
            "and the verdict would be too good.",
            remedy=f"Give the table a column “{known}”; what belongs with nothing else gets a value of its own.",
        )
    if schema.target is not None and named == schema.target.name:
        return named
    raise _sealed_without(frame, named, by=known, target=schema.target)


def _sealed_without(frame: Frame, named: str, *, by: str | None, target: Column | None) -> SourceUnreadable:
    answer = "COLUMN" if target is None else shlex.quote(target.name)
    return SourceUnreadable(
        fact=f"“{named}” does not say what belongs together in this project.",
        reason=f"Rows were sealed by {'themselves' if by is None else f'“{by}”'} when they came, so those of one "
        f"“{named}” may lie on both sides, and the verdict would be too good.",
        remedy=f"Leave --group out, or begin another project with all rows: understudy train {shlex.quote(frame.name)} "
        f"--project NAME --target {answer} --group {shlex.quote(f'column:{named}')}.",
    )


def joined(frame: Frame, known: TableSchema | None, found: TableSchema) -> TableSchema:
    """The columns of a project's first table, of which people's answers may have told some.

    Raises:
        SourceUnreadable: What the table says belongs together is a column of rows that were sealed without.
    """
    if known is None:
        return found
    answered = set(map(folded_name, known.names))
    for column in found.group:
        if folded_name(column.name) in answered:
            raise _sealed_without(frame, column.name, by=None, target=found.target)
    told = {column.name for column in found.columns if column.role in {Role.GROUP, Role.TIME}}
    said = {column.name: column for column in known.columns if column.by_person and column.name not in told}
    names = {column.name for column in found.columns}
    columns = (said.get(column.name, column) for column in found.columns)
    return replace(found, columns=(*columns, *(each for each in known.columns if each.name not in names)))


def with_ids(known: TableSchema, found: TableSchema) -> TableSchema:
    """A schema in which a column is an id where a table says so, whose rows stand in order, and no person otherwise."""
    ids = {column.name: column for column in found.columns if column.kind is Kind.ID}
    columns = (
        replace(ids[each.name], kept=each.keeping)
        if each.name in ids and each.role in {Role.FEATURE, Role.HELD_OUT} and not each.by_person
        else each
        for each in known.columns
    )
    return replace(known, columns=tuple(columns))
