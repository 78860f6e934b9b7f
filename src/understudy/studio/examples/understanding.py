"""What is understood of a table's columns: on arrival, again when more rows came, and what gives the answer away."""

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import islice
from typing import Any, Final

from understudy.audit.material import Material
from understudy.domain.example import Example, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.modalities.interactions.content import Content
from understudy.modalities.table.cells import Cell
from understudy.modalities.table.fit import known_cells
from understudy.modalities.table.inferring import MIXED_DATES, infer_anew, infer_schema
from understudy.modalities.table.modality import MODALITY
from understudy.modalities.table.schema import SEEN, Column, Kind, Role, TableSchema
from understudy.studio.examples.facts import as_understood
from understudy.studio.examples.real_examples import is_made_up, labelled_examples, real_ones_suffice
from understudy.studio.words.phrases import name as shown
from understudy.studio.workspace import Workspace

MOST_CHECKED: Final = 5_000
"""Training rows that are looked at, the first by digest, which nobody chose: the audit looks at all of them."""
SHOWN: Final = 30
"""Columns of one kind that are told by name."""
TABLE: Final = "table"
CONTENT: Final = "content"
"""What is known of items, among what belongs to a schema."""
_LEAK: Final = "gives the answer away"
_KINDS: Final = {
    Kind.NUMBER: InputNoun("number", "numbers"),
    Kind.CATEGORY: InputNoun("category", "categories"),
    Kind.DATE: InputNoun("date", "dates"),
    Kind.TEXT: InputNoun("text", "texts"),
    Kind.ID: InputNoun("id", "ids"),
    Kind.CONSTANT: InputNoun("constant", "constants"),
    Kind.FLAG: InputNoun("column of two values", "columns of two values"),
}


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
    """Records what was understood of a source, before its inputs are recorded, which nobody could read without.

    Columns of a project's first table that give the answer away are held out; what a further table says of columns is
    looked at with its rows, see `look_anew`. No sealed label is read.

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
    if task.modality != TABLE:
        kept |= _content(workspace, project, (files or {}).get(CONTENT))
        ledger.record_schema(project, kept, by=by, at=workspace.now())
        return ()
    if ledger.schema(project) is not None and ledger.counts(project).total:
        return ()
    table, doubts = _without_leaks(workspace, task, TableSchema.from_json(kept), examples)
    ledger.record_schema(project, table.to_json(), by=by, at=workspace.now())
    return _told(table, project, doubts)


def _content(workspace: Workspace, project: str, data: bytes | None) -> dict[str, str]:
    """What is known of items, earlier tables included: later ones need not describe all of them again."""
    digest = (workspace.ledger.schema(project) or {}).get(CONTENT)
    if digest is None or data is None:
        return {} if digest is None else {CONTENT: digest}
    before, now = Content.from_bytes(workspace.blobs.get(digest)), Content.from_bytes(data)
    return {CONTENT: workspace.blobs.put(before.joined(now).to_bytes())}


def look_anew(
    workspace: Workspace, project: str, *, by: str, read_as: Mapping[str, Any] | None = None, made_up: bool = False
) -> tuple[str, ...]:
    """Says anew what the columns of a project's rows are, by the rows it holds now, as far as no person said it.

    A project that began with people's answers has the columns that rows of requests bring, also those that come later;
    one that began with a table has those of the table. No sealed row is looked at, and none that somebody made up where
    real ones suffice: what a generator writes says nothing of what real columns are.

    Args:
        workspace: Where the project is.
        project: Its name.
        by: Who brought the rows.
        read_as: The columns as a table says them that was just added, ready for JSON; None for rows of requests.
        made_up: Somebody made the rows of that table up.

    Returns:
        What changed, in sentences; nothing where nothing did, or where it decides about no rows.
    """
    ledger = workspace.ledger
    task, kept = ledger.project(project).task, ledger.schema(project)
    rows = list(rows_to_look_at(workspace, project)) if task.modality == TABLE else []
    if not rows:
        return ()
    before = None if kept is None else TableSchema.from_json(kept)
    known = before is not None and before.target is not None and real_ones_suffice(ledger, project)
    told = before if read_as is None or (made_up and known) else TableSchema.from_json(read_as)
    table = infer_schema(rows) if told is None else infer_anew(told, rows, more=told.target is None)
    table, doubts = _without_leaks(workspace, task, table, labelled_examples(ledger, project))
    if table == before:
        return ()
    ledger.record_schema(project, table.to_json(), by=by, at=workspace.now())
    return _told(table, project, doubts) if before is None else tuple(_changes(before, table, project))


def rows_to_look_at(workspace: Workspace, project: str) -> Iterator[dict[str, Cell]]:
    """The cells of the rows that say what columns are: `MOST_CHECKED` training rows, which nobody chose.

    None of them was made up where real ones suffice.
    """
    ledger = workspace.ledger
    kept, real_alone = ledger.schema(project), real_ones_suffice(ledger, project)
    known = TableSchema(()) if kept is None else TableSchema.from_json(kept)
    every = ledger.examples(project, side=Side.TRAIN)
    for example in islice((each for each in every if not (real_alone and is_made_up(each))), MOST_CHECKED):
        yield known_cells(workspace.blobs.get(example.digest), known)


def _without_leaks(
    workspace: Workspace, task: Task, table: TableSchema, examples: Iterable[Example]
) -> tuple[TableSchema, list[str]]:
    """The columns without those that give the answer away, and what is said of those that may."""
    doubts = []
    for finding in _leaks(workspace, task, table, examples):
        for name in _columns_of(finding, table):
            if finding.severity is Severity.HIGH:
                table = _held_out(table, name, _LEAK)
            else:
                said = shlex.quote(f"{name}=held-out")
                doubts.append(f"“{name}” may give the answer away; if it does, write {said} in the next line.")
    return table, doubts


def _told(table: TableSchema, project: str, doubts: Sequence[str]) -> tuple[str, ...]:
    *told, correction = describe(table, project)
    return (*told, *doubts, *_may_say_when(table), correction)


def _may_say_when(table: TableSchema) -> Iterator[str]:
    """A hint where dates stand in a table of which nobody says when its rows came about."""
    dated = table.may_say_when
    if dated is not None:
        said = shlex.quote(f"{dated.name}={Role.TIME.value}")
        yield (
            f"“{shown(dated.name)}” holds dates; if it says when a row came about, write {said} in the next line, and "
            "validation looks ahead in time."
        )


def _changes(before: TableSchema, after: TableSchema, project: str) -> Iterator[str]:
    """What columns are taken for now and were not before; for people."""
    were = {column.name: column for column in before.columns}
    moved: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    held: list[str] = []
    for column in after.columns:
        was = were.get(column.name)
        if column.role not in SEEN and (was is None or was.role in SEEN):
            held.append(f"Held out now: “{shown(column.name)}”, {column.why}.")
        elif column.role in SEEN and (was is None or was.role not in SEEN or was.kind is not column.kind):
            moved[column.kind, _before(was)].append(column.name)
    for (kind, earlier), names in moved.items():
        yield f"By all rows so far, {_KINDS[kind].counted(len(names))} ({earlier}): {_listed(names)}."
    yield from held
    if moved or held:
        yield _correction(after, project)


def _before(was: Column | None) -> str:
    if was is None:
        return "new"
    return f"before: {was.why if was.role is Role.HELD_OUT else was.kind.value}"


def _held_out(table: TableSchema, name: str, why: str) -> TableSchema:
    columns = (replace(each, role=Role.HELD_OUT, why=why) if each.name == name else each for each in table.columns)
    return replace(table, columns=tuple(columns))


def describe(schema: TableSchema, project: str) -> list[str]:
    """What a schema says and, in the last line, how to correct it; for people."""
    return [*_described(schema), _correction(schema, project)]


def _correction(schema: TableSchema, project: str) -> str:
    return f"To correct a column: understudy columns {project} --set {_example(schema)}"


def _example(schema: TableSchema) -> str:
    held = [column.name for column in schema.columns if column.role is Role.HELD_OUT]
    return shlex.quote(f"{held[0]}=feature" if held else f"{schema.columns[0].name}=held-out")


def _described(schema: TableSchema) -> Iterator[str]:
    by_kind: dict[Kind, list[str]] = {}
    for column in schema.seen:
        by_kind.setdefault(column.kind, []).append(column.name)
    for kind, names in by_kind.items():
        yield f"The model sees {_KINDS[kind].counted(len(names))}: {_listed(names)}."
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
            yield (
                f"“{column.name}” says when a row came about, so validation looks ahead in time, unless nearly all "
                "rows are of one moment."
            )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"“{shown(each)}”" for each in names[:SHOWN]) + more


def _leaks(workspace: Workspace, task: Task, table: TableSchema, examples: Iterable[Example]) -> list[Finding]:
    """What the audit's search for leaks finds among training rows."""
    learned = (each for each in examples if each.side is Side.TRAIN and each.label is not None)
    taught = list(islice(learned, MOST_CHECKED))
    if not taught:
        return []
    numeric = task.answers is AnswerKind.NUMBER
    material = Material(
        names=[each.name for each in taught],
        facts=[as_understood(MODALITY.facts(workspace.blobs.get(each.digest)), table) for each in taught],
        labels=[number_in(str(each.label)) if numeric else each.label for each in taught],
        groups=[each.group for each in taught],
        several=task.answers is AnswerKind.LABELS,
    )
    leaks = import_module("understudy.audit.leaks").leaks  # brings text models along, which few commands need
    return [finding for finding in leaks(material) if finding.kind is FindingKind.LEAK]


def _columns_of(finding: Finding, schema: TableSchema) -> Iterator[str]:
    """The columns that a finding is about and nobody corrected: one, or the two of a sum or difference."""
    seen = {column.name for column in schema.seen if not column.by_person}
    if finding.subject in seen:
        yield finding.subject
        return
    for sign in (" + ", " - "):
        one, _, other = finding.subject.partition(sign)
        if one in seen and other in seen:
            yield from (one, other)
            return
