"""Columns of a project's table: what they are taken for, what is held out and why, and how a person corrects it."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import islice
from typing import Any, Final

from understudy.audit.material import Material
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.endings import endings_of
from understudy.modalities.interactions.content import Content
from understudy.modalities.registry import modality_names
from understudy.modalities.table.cells import text_of
from understudy.modalities.table.inferring import MIXED_DATES
from understudy.modalities.table.row import cells_in
from understudy.modalities.table.schema import Column, Kind, Role, TableSchema
from understudy.studio.phrases import name as shown
from understudy.studio.workspace import Workspace

MOST_CHECKED: Final = 5_000
"""Training rows in which leaks are looked for when a table arrives: the audit looks at all of them."""
SHOWN: Final = 30
"""Columns of one kind that are told by name."""
_KINDS: Final = {
    Kind.NUMBER: InputNoun("number", "numbers"),
    Kind.CATEGORY: InputNoun("category", "categories"),
    Kind.DATE: InputNoun("date", "dates"),
    Kind.TEXT: InputNoun("text", "texts"),
    Kind.ID: InputNoun("id", "ids"),
    Kind.CONSTANT: InputNoun("constant", "constants"),
    Kind.FLAG: InputNoun("column of two values", "columns of two values"),
}
CONTENT: Final = "content"
"""What is known of items, among what belongs to a schema."""
SIGNS: Final = {"rising": 1, "falling": -1, "either": 0}


class NoTable(UnderstudyError):
    """The project has no table with columns."""


class BadCorrection(UnderstudyError):
    """A correction of a column cannot be understood."""


def understood(
    workspace: Workspace,
    project: str,
    task: Task,
    schema: Mapping[str, Any],
    examples: Iterable[Example],
    *,
    by: str,
    files: Mapping[str, bytes] | None = None,
) -> tuple[str, ...]:
    """Records what was understood of a table's columns, and holds out those that give the answer away.

    Only the first table of a project is looked at for leaks; what stands on record then is a person's to correct,
    unless none of its rows ever came in.
    No sealed label is read.

    Args:
        workspace: Where the project is.
        project: Its name.
        task: What it decides about.
        schema: As intake understood it, ready for JSON.
        examples: What arrived.
        by: Who added it.
        files: What belongs to the schema and is too large for it, by name; kept as blobs.

    Returns:
        What was understood, and what was held out and why, in sentences.
    """
    ledger = workspace.ledger
    kept = {**schema, **{name: workspace.blobs.put(data) for name, data in (files or {}).items()}}
    if task.modality != "table":
        kept |= _content(workspace, project, (files or {}).get(CONTENT))
        ledger.record_schema(project, kept, by=by, at=workspace.now())
        return ()
    if ledger.schema(project) is not None and ledger.counts(project).total:
        return ()
    table = TableSchema.from_json(kept)
    doubts = []
    for finding in _leaks(workspace, task, examples):
        for name in _columns_of(finding, table):
            if finding.severity is Severity.HIGH:
                table = _held_out(table, name, "gives the answer away")
            else:
                said = shlex.quote(f"{name}=held-out")
                doubts.append(f"“{name}” may give the answer away; if it does, write {said} in the next line.")
    ledger.record_schema(project, table.to_json(), by=by, at=workspace.now())
    *told, correction = describe(table, project)
    return (*told, *doubts, correction)


def _content(workspace: Workspace, project: str, data: bytes | None) -> dict[str, str]:
    """What is known of items, earlier tables included: later ones need not describe all of them again."""
    digest = (workspace.ledger.schema(project) or {}).get(CONTENT)
    if digest is None or data is None:
        return {} if digest is None else {CONTENT: digest}
    before, now = Content.from_bytes(workspace.blobs.get(digest)), Content.from_bytes(data)
    return {CONTENT: workspace.blobs.put(before.joined(now).to_bytes())}


def _held_out(table: TableSchema, name: str, why: str) -> TableSchema:
    columns = (replace(each, role=Role.HELD_OUT, why=why) if each.name == name else each for each in table.columns)
    return replace(table, columns=tuple(columns))


def describe(schema: TableSchema, project: str) -> list[str]:
    """What a schema says and, in the last line, how to correct it; for people."""
    return [*_described(schema), f"To correct a column: understudy columns {project} --set {_example(schema)}"]


def _example(schema: TableSchema) -> str:
    held = [column.name for column in schema.columns if column.role is Role.HELD_OUT]
    return shlex.quote(f"{held[0]}=feature" if held else f"{schema.columns[0].name}=held-out")


def _described(schema: TableSchema) -> Iterator[str]:
    by_kind: dict[Kind, list[str]] = {}
    for column in schema.seen:
        by_kind.setdefault(column.kind, []).append(column.name)
    for kind, names in by_kind.items():
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        listed = ", ".join(f"“{shown(each)}”" for each in names[:SHOWN])
        yield f"The model sees {_KINDS[kind].counted(len(names))}: {listed}{more}."
    for column in schema.seen:
        if column.why == MIXED_DATES:
            yield (
                f"“{shown(column.name)}” holds {MIXED_DATES}, so each counts as a word of its own. Write all like "
                "2026-03-31 and begin a project with that table, and the model sees how they follow each other."
            )
    for column in schema.columns:
        if column.role is Role.HELD_OUT:
            yield f"Held out: “{column.name}”, {column.why}."
        elif column.role is Role.GROUP:
            yield f"“{column.name}” says what belongs together; the model does not see it."
        elif column.role is Role.TIME:
            yield f"“{column.name}” says when a row came about, so validation looks ahead in time."


def schema_of(workspace: Workspace, project: str) -> TableSchema:
    """The schema that stands.

    Raises:
        UnknownProject: No such project.
        NoTable: It holds no rows of a table.
    """
    task = workspace.ledger.project(project).task
    kept = workspace.ledger.schema(project)
    if task.modality != "table" or kept is None:
        raise NoTable(
            fact=f"“{project}” has no columns to show.",
            reason=f"It decides about a {task.modality}." if task.modality != "table" else "No table was added yet.",
            remedy=f"Add a table first: understudy add {project} table.csv --target COLUMN.",
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
        BadCorrection: One of them cannot be understood, would change what is predicted, or gives a direction to what
            has none.
        SchemaError: There is no such column.
    """
    schema = before = schema_of(workspace, project)
    for said in corrections:
        schema = _corrected(schema, said)
    directed = [each for each in schema.columns if each.monotone and each != before[each.name]]
    for column in directed:
        _check_direction(workspace, project, column)
    workspace.ledger.record_schema(project, schema.to_json(), by=by, at=workspace.now())
    return schema


def column_words(schema: TableSchema, rising: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Name, kind, role and why of each column, for people.

    Args:
        schema: The columns.
        rising: The label that becomes likelier as a column with the direction “rising” rises; empty for numbers.
    """
    for column in schema.columns:
        yield column.name, column.kind.value, column.role.value, column.why + _slope(column.monotone, rising)


def rising_label(workspace: Workspace, project: str) -> str:
    """Of two labels the one that a rising column makes likelier, which is the second by name; empty for all else."""
    labels = sorted(workspace.ledger.counts(project).train)
    two = workspace.ledger.project(project).task.answers is AnswerKind.LABEL and len(labels) == 2
    return labels[1] if two else ""


def _slope(direction: int, rising: str) -> str:
    if not direction:
        return ""
    if rising:
        return f", “{shown(rising)}” may only become {'likelier' if direction > 0 else 'less likely'} as it rises"
    return f", the answer may only {'rise' if direction > 0 else 'fall'} with it"


def _check_direction(workspace: Workspace, project: str, column: Column) -> None:
    """Refuses a direction that means nothing.

    Raises:
        BadCorrection: The column has no order, or the answer is one of several labels.
    """
    if column.kind not in {Kind.NUMBER, Kind.DATE}:
        raise BadCorrection(
            fact=f"“{column.name}” cannot be rising or falling.",
            reason=f"It is taken for a {column.kind.value}, which has no order that an answer could follow.",
            remedy="Give a direction to a number or a date, or say first that the column is a number.",
        )
    answers = workspace.ledger.project(project).task.answers
    if answers is not AnswerKind.NUMBER and not rising_label(workspace, project):
        raise BadCorrection(
            fact=f"“{column.name}” cannot be rising or falling here.",
            reason="The answer is neither a number nor one of two labels, so it is not clear what would rise.",
            remedy="Leave the direction out.",
        )


def _corrected(schema: TableSchema, said: str) -> TableSchema:
    name, sign, value = (part.strip() for part in said.rpartition("="))
    kinds, roles = [each.value for each in Kind], [each.value for each in Role]
    if not sign or not name or value not in {*kinds, *roles, *SIGNS}:
        raise BadCorrection(
            fact=f"“{said}” is no correction of a column.",
            reason=f"A column is a {', '.join(kinds)}; its role is {', '.join(roles)}; or it is {', '.join(SIGNS)}.",
            remedy="Write the column's name, “=” and one of these, for example “age=number”.",
        )
    if Role.TARGET in {schema[name].role, value}:
        other = repr(name) if value == Role.TARGET.value else "COLUMN"
        raise BadCorrection(
            fact=f"“{said}” would change what is predicted.",
            reason="Answers that are on record would mean something else from then on.",
            remedy=f"Begin another project: understudy add NAME table.csv --target {other}.",
        )
    if value in SIGNS:
        return schema.corrected(name, monotone=SIGNS[value])
    return schema.corrected(name, role=value) if value in roles else schema.corrected(name, kind=value)


def _leaks(workspace: Workspace, task: Task, examples: Iterable[Example]) -> list[Finding]:
    """What the audit's search for leaks finds among training rows."""
    learned = (each for each in examples if each.side is Side.TRAIN and each.label is not None)
    taught = list(islice(learned, MOST_CHECKED))
    if not taught:
        return []
    numeric = task.answers is AnswerKind.NUMBER
    material = Material(
        names=[each.name for each in taught],
        facts=[_facts(workspace.blobs.get(each.digest)) for each in taught],
        labels=[number_in(str(each.label)) if numeric else each.label for each in taught],
        groups=[each.group for each in taught],
        several=task.answers is AnswerKind.LABELS,
    )
    leaks = import_module("understudy.audit.leaks").leaks  # brings text models along, which few commands need
    return [finding for finding in leaks(material) if finding.kind is FindingKind.LEAK]


def _facts(data: bytes) -> dict[str, str | float | None]:
    return {name: text_of(cell) if isinstance(cell, bool) else cell for name, cell in cells_in(data).items()}


def _columns_of(finding: Finding, schema: TableSchema) -> Iterator[str]:
    """The columns that a finding is about: one, or the two of a sum or difference."""
    seen = {column.name for column in schema.seen}
    if finding.subject in seen:
        yield finding.subject
        return
    for sign in (" + ", " - "):
        one, _, other = finding.subject.partition(sign)
        if one in seen and other in seen:
            yield from (one, other)
            return


__all__ = [
    "column_words",
    "correct",
    "describe",
    "endings_of",
    "modality_names",
    "rising_label",
    "schema_of",
    "understood",
]
