"""What an audit looks at: examples with all that is known of them, and what others would answer."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from sys import intern

import numpy as np

from understudy.audit.material import Material, Target
from understudy.domain.example import Example, Side
from understudy.domain.fact_rows import FactRows
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.families import Union
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import Modality, Unreadable
from understudy.modalities.registry import modality_named
from understudy.modalities.table.cells import moment_of
from understudy.studio.examples.facts import facts_for, table_schema, unseen_columns
from understudy.studio.workspace import Workspace

Told = Callable[[str, int, int], None]
"""Told what is done now, steps done and steps in all."""


def material_of(
    workspace: Workspace,
    project: str,
    examples: Sequence[Example],
    progress: Told,
    failed: Callable[[str, Unreadable], None],
) -> Material:
    """Measures examples and puts together all that an audit goes by.

    Args:
        workspace: Where the project is.
        project: Its name.
        examples: Those that take part.
        progress: Told what is done now, steps done and steps in all.
        failed: Told the digests of inputs that cannot be measured, and why.

    Raises:
        BlobMissing, BlobCorrupt: An input is no longer there as it came.
        InputFailed: An input that was readable on arrival no longer is, or its module fails on it.
    """
    task = workspace.ledger.project(project).task
    modality, noun = modality_named(task.modality), noun_of(task.modality)
    digests = [example.digest for example in examples]
    facts = facts_for(
        workspace,
        project,
        digests,
        progress=lambda *told: progress(f"Measuring {noun.many}", *told),
        failed=failed,
    )
    opinions, first = _said(workspace, project, examples)
    folder, provenance = (_free(name, facts) for name in ("folder", "provenance"))
    # Imported here: it brings the search along, as the checks bring text models; commands that only read need neither.
    second_opinion = import_module("understudy.studio.audits.second_opinion").second_opinion
    return Material(
        names=[example.name for example in examples],
        facts=facts.beside(folder, _folders(examples)).beside(provenance, [each.provenance.value for each in examples]),
        labels=[_target(example, task) for example in examples],
        groups=[example.group for example in examples],
        several=task.answers is AnswerKind.LABELS,
        ranked=task.answers is AnswerKind.RANKING,
        grouped=any(re.fullmatch(r"[0-9a-f]{64}", example.group) is None for example in examples),
        sides=[example.side for example in examples],
        digests=digests,
        families=_families(examples, modality),
        arrived=_times(workspace, project, facts) or _arrived(first, facts, modality),
        opinions=opinions,
        agree=task.right,
        out_of_fold=second_opinion(
            workspace,
            project,
            examples,
            progress=lambda *told: progress(f"Looking at {noun.many}", *told),
        ),
        origin=modality.origin_facts | {folder, provenance},
        taken_in=frozenset({provenance}),
        looks=modality.look_facts,
        held_out=unseen_columns(workspace, project),
        noun=(noun.one, noun.many),
    )


def _target(example: Example, task: Task) -> Target:
    """What an audit takes for the label: nothing of sealed examples, and nothing where each answer is another item."""
    if example.side is not Side.TRAIN or example.label is None or task.answers is AnswerKind.RANKING:
        return None
    return number_in(example.label) if task.answers is AnswerKind.NUMBER else example.label


def _times(workspace: Workspace, project: str, facts: FactRows) -> list[float] | None:
    """When each row came about, by the column that says so; None where none does."""
    schema = table_schema(workspace, project)
    if schema is None or schema.time is None:
        return None
    name, way = schema.time.name, schema.time.way or "iso"
    cells = facts.column(name)
    return [moment_of(cell, way) if isinstance(cell, str) else np.nan if cell is None else cell for cell in cells]


def _free(name: str, facts: FactRows) -> str:
    """A name for what is known here of examples, unless a column of theirs has it, whose facts are not to be lost."""
    while name in facts.names:
        name = f"{name} of the example"
    return name


def _folders(examples: Sequence[Example]) -> list[str | None]:
    """The folder of each example; one that is the label says nothing."""
    return [
        intern("/".join(part for part in each.name.split("/")[:-1] if part != each.label)) or None for each in examples
    ]


def _said(
    workspace: Workspace, project: str, examples: Sequence[Example]
) -> tuple[list[list[tuple[str, str]]], dict[int, datetime]]:
    """What people said of each example, and when it was first spoken about, by row."""
    place = {example.digest: row for row, example in enumerate(examples)}
    said: list[list[tuple[str, str]]] = [[] for _ in examples]
    first: dict[int, datetime] = {}
    for label in workspace.ledger.opinions(project):
        row = place.get(label.digest)
        if row is not None:
            said[row].append((label.by, label.value))
            first.setdefault(row, label.at)
    return said, first


def _arrived(first: dict[int, datetime], facts: FactRows, modality: Modality) -> list[float]:
    """When each example came: by its first label; if all came together, by the moment that its file tells, if any."""
    if len(set(first.values())) > 1:
        return [first[row].timestamp() if row in first else np.nan for row in range(len(facts))]
    days = facts.column("taken") if "taken" in modality.origin_facts else [None] * len(facts)
    return [86_400 * moment_of(day) if isinstance(day, str) else np.nan for day in days]


def _families(examples: Sequence[Example], modality: Modality) -> list[str]:
    """A name for each set of examples that look the same through any chain."""
    seen = [row for row, example in enumerate(examples) if example.fingerprint]
    union = Union()
    for pair in modality.pairs([examples[row].fingerprint for row in seen], newcomers=len(seen)):
        union.join(examples[seen[pair.first]].digest, examples[seen[pair.second]].digest)
    return [union.find(example.digest) for example in examples]
