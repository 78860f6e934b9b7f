"""Columns of a project's table: what they are taken for, what is held out and why, and how a person corrects it."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.task import AnswerKind
from understudy.modalities.nouns import noun_of
from understudy.modalities.table.cells import ISO, Cell, present, style_of, text_of, way_of
from understudy.modalities.table.fit import misfits, short
from understudy.modalities.table.schema import MEASURED, Column, Kind, Role, TableSchema
from understudy.modalities.table.timing import timed
from understudy.studio.examples.understanding import TABLE, rows_to_look_at
from understudy.studio.words.phrases import name as shown
from understudy.studio.workspace import Workspace

SAID: Final = (Role.FEATURE.value, Role.TIME.value, Role.HELD_OUT.value)
"""Roles that a person may give to a column of rows that are there."""
SIGNS: Final = {"rising": 1, "falling": -1, "either": 0}


class NoTable(UnderstudyError):
    """The project has no table with columns."""


class BadCorrection(UnderstudyError):
    """A correction of a column cannot be understood."""


def schema_of(workspace: Workspace, project: str) -> TableSchema:
    """The schema that stands.

    Raises:
        UnknownProject: No such project.
        NoTable: It holds no rows of a table.
    """
    task = workspace.ledger.project(project).task
    kept = workspace.ledger.schema(project)
    # A project that holds nothing and was not said to be of anything becomes what comes first.
    told = task.modality != PHOTO_LABELS.modality or workspace.ledger.counts(project).total
    if task.modality != TABLE and told:
        raise NoTable(
            fact=f"“{project}” has no columns to show.",
            reason=f"It decides about {noun_of(task.modality).many}, and only rows of a table have columns.",
            remedy=f"See what it holds: understudy status {project}.",
        )
    if kept is None:
        raise NoTable(
            fact=f"“{project}” has no columns to show.",
            reason="No table was added yet, and people have answered about no row.",
            remedy=f"Add a table (understudy add {project} table.csv --target COLUMN), or answer what was asked about "
            f"rows: understudy answer {project}.",
        )
    return TableSchema.from_json(kept)


def correct(workspace: Workspace, project: str, corrections: Sequence[str], *, by: str) -> TableSchema:
    """Corrects what columns are taken for; the schema before stays on record.

    Args:
        workspace: Where the project is.
        project: Its name.
        corrections: Each "name=kind", "name=role", or "name=rising", "falling" or "either" for a number with which the
            answer may only rise, only fall, or do either.
        by: Who says so.

    Returns:
        The schema that stands now.

    Raises:
        NoTable: The project has none.
        BadCorrection: One of them cannot be understood, would change what is predicted, says what belongs together
            when rows were sealed without, gives a direction to what has none, or takes a column for what none of its
            values is.
        SchemaError: There is no such column, or it shall say when rows came about and its cells have no order.
    """
    schema = before = schema_of(workspace, project)
    rows = list(rows_to_look_at(workspace, project)) if corrections else []
    for said in corrections:
        schema = _corrected(schema, said, rows)
    for column in [each for each in schema.columns if each.kind is not before[each.name].kind]:
        schema = _written(schema, column, [row.get(column.name) for row in rows])
    directed = [each for each in schema.columns if each.monotone and each != before[each.name]]
    for column in directed:
        _check_direction(workspace, project, column)
    workspace.ledger.record_schema(project, schema.to_json(), by=by, at=workspace.now())
    return schema


def unread(workspace: Workspace, project: str, schema: TableSchema) -> Iterator[str]:
    """Says of columns that a person corrected how many of their values cannot be read as that, in sentences."""
    rows = list(rows_to_look_at(workspace, project))
    for column in schema.seen:
        cells = [row.get(column.name) for row in rows]
        odd = [cell for cell in cells if misfits(cell, column)] if column.by_person else []
        if odd:
            given = sum(map(present, cells))
            yield (
                f"“{shown(column.name)}” says no {column.kind.value} in {len(odd):,} of {given:,} rows, such as "
                f"{short(text_of(odd[0]))}; these count as not known."
            )


def _written(schema: TableSchema, column: Column, cells: Sequence[Cell]) -> TableSchema:
    """The schema with a column read in the way in which its cells are written.

    Raises:
        BadCorrection: None of its cells is what it is taken for.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and present(cell)]
    if column.kind is Kind.NUMBER:
        column = replace(column, decimal=style_of(texts, column.decimal).decimal)
    elif column.kind is Kind.DATE:
        column = replace(column, way=way_of(texts) or ISO if texts else "")
    given = [cell for cell in cells if present(cell)]
    if given and all(misfits(cell, column) for cell in given):
        raise BadCorrection(
            fact=f"“{column.name}” cannot be taken for a {column.kind.value}.",
            reason=f"None of {len(given):,} values can be read as one; the first is {short(text_of(given[0]))}.",
            remedy="Leave it as it is, or correct the cells in the table and begin another project with it.",
        )
    return replace(schema, columns=tuple(column if each.name == column.name else each for each in schema.columns))


def column_words(schema: TableSchema, rising: str | None) -> Iterator[tuple[str, str, str, str]]:
    """Name, kind, role and why of each column, for people.

    Args:
        schema: The columns.
        rising: What `rising_label` says.
    """
    for column in schema.columns:
        yield column.name, column.kind.value, column.role.value, column.why + _slope(column.monotone, rising)


def rising_label(workspace: Workspace, project: str) -> str | None:
    """Of two labels the one that a rising column makes likelier, which is the second by name.

    Empty for numbers, which rise themselves; None for all else, where no direction counts.
    """
    answers = workspace.ledger.project(project).task.answers
    if answers is AnswerKind.NUMBER:
        return ""
    labels = sorted(workspace.ledger.counts(project).train)
    return labels[1] if answers is AnswerKind.LABEL and len(labels) == 2 else None


def _slope(direction: int, rising: str | None) -> str:
    if not direction:
        return ""
    if rising is None:
        word = "rising" if direction > 0 else "falling"
        return f", “{word}” counts for nothing, as the answer is neither a number nor one of two labels"
    if rising:
        return f", “{shown(rising)}” may only become {'likelier' if direction > 0 else 'less likely'} as it rises"
    return f", the answer may only {'rise' if direction > 0 else 'fall'} with it"


def _check_direction(workspace: Workspace, project: str, column: Column) -> None:
    """Refuses a direction that means nothing.

    Raises:
        BadCorrection: The column has no order, or the answer is one of several labels.
    """
    if column.kind not in MEASURED:
        raise BadCorrection(
            fact=f"“{column.name}” cannot be rising or falling.",
            reason=f"It is taken for a {column.kind.value}, which has no order that an answer could follow.",
            remedy="Give a direction to a number or a date, or say first that the column is a number.",
        )
    if rising_label(workspace, project) is None:
        raise BadCorrection(
            fact=f"“{column.name}” cannot be rising or falling here.",
            reason="The answer is neither a number nor one of two labels, so it is not clear what would rise.",
            remedy="Leave the direction out.",
        )


def _corrected(schema: TableSchema, said: str, rows: Sequence[Mapping[str, Cell]]) -> TableSchema:
    name, sign, value = (part.strip() for part in said.rpartition("="))
    kinds, roles = [each.value for each in Kind], [each.value for each in Role]
    if not sign or not name or value not in {*kinds, *roles, *SIGNS}:
        raise BadCorrection(
            fact=f"“{said}” is no correction of a column.",
            reason=f"A column is a {', '.join(kinds)}; its role is {', '.join(SAID)}; or it is {', '.join(SIGNS)}.",
            remedy="Write the column's name, “=” and one of these, for example “age=number”.",
        )
    if Role.TARGET in {schema[name].role, value}:
        other = repr(name) if value == Role.TARGET.value else "COLUMN"
        raise BadCorrection(
            fact=f"“{said}” would change what is predicted.",
            reason="Answers that are on record would mean something else from then on.",
            remedy=f"Begin another project: understudy train table.csv --project NAME --target {other}.",
        )
    if value == Role.GROUP.value and schema[name].role is not Role.GROUP:
        raise _too_late_to_group(schema, name)
    if value in SIGNS:
        return schema.corrected(name, monotone=SIGNS[value])
    if value == Role.TIME.value:
        return timed(schema, name, [row.get(name) for row in rows])
    return schema.corrected(name, role=value) if value in roles else schema.corrected(name, kind=value)


def _too_late_to_group(schema: TableSchema, name: str) -> BadCorrection:
    target = "COLUMN" if schema.target is None else shlex.quote(schema.target.name)
    return BadCorrection(
        fact=f"“{name}” cannot say what belongs together any more.",
        reason="Which rows are sealed was drawn when they came: some of the same value may be learned from and others "
        "judged by, and the verdict would be too good.",
        remedy=f"Begin another project: understudy train table.csv --project NAME --target {target} "
        f"--group {shlex.quote(f'column:{name}')}.",
    )
