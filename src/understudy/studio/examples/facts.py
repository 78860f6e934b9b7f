"""Facts of a project's examples, measured once and kept, and the one-line rule that stands beside a model."""

import math
import threading
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Final

from understudy.audit.task_rules import rule_of
from understudy.domain.example import Side
from understudy.domain.fact_rows import FactRows
from understudy.domain.rule import Fact, Rule
from understudy.domain.task import AnswerKind
from understudy.engine.inference import batched, cores
from understudy.modalities.measuring import facts_of
from understudy.modalities.protocol import Unreadable
from understudy.modalities.registry import modality_named
from understudy.modalities.table.cells import number_of, style_with
from understudy.modalities.table.fit import under_known_names
from understudy.modalities.table.schema import SEEN, Kind, TableSchema
from understudy.studio.examples.popularity import popular_rule_of
from understudy.studio.examples.real_examples import labelled_examples
from understudy.studio.workspace import Workspace

CHUNK = 256
"""Inputs that are measured before what was measured is written down."""
TOGETHER = 32
"""Inputs that a thread measures in one go."""
BY_ONE = ("text",)
"""Modalities whose facts one thread measures sooner than two, which would wait for each other: 10,000 texts in 1.6 s
instead of 3.4."""
MEANWHILE: Final = "understudy-facts"
"""Name of the thread that measures beside other work."""
SEED = 0
MOST_RULED: Final = 100_000
"""Examples that a rule is fitted on: the first of more by digest, which nobody chose."""
LOOKED_AT: Final = 32
"""Examples that tell whether a fact is known of a project's examples, the first by digest, which nobody chose."""
READ_ANEW = ("table", "interactions")
"""Modalities whose facts stand in their inputs as they are."""


def _silent(_done: int, _total: int) -> None:
    """Reports to nobody."""


def _passed_over(_digest: str, _error: Unreadable) -> None:
    """Tells nobody."""


def facts_for(
    workspace: Workspace,
    project: str,
    digests: Sequence[str],
    *,
    progress: Callable[[int, int], None] = _silent,
    failed: Callable[[str, Unreadable], None] = _passed_over,
) -> FactRows:
    """What is known of examples without a model, in their order.

    What was measured before is read from the ledger; the rest is measured now and kept, so a call that is broken off
    has lost nothing but its last few. What a row of a table says is read from the row each time, which costs less.
    Of an input that cannot be measured, as its module fails on it, nothing is known; it is tried anew each time.

    Args:
        workspace: Where the project is.
        project: Its name.
        digests: Examples of the project, of any side.
        progress: Told inputs measured and inputs to be measured.
        failed: Told the digests of inputs that cannot be measured, and why.

    Raises:
        UnknownProject: No such project.
        BlobMissing, BlobCorrupt: An input is no longer there as it came.
        MeasureUnfit: The modality measures what cannot be kept.
    """
    ledger = workspace.ledger
    modality = modality_named(ledger.project(project).task.modality)
    kind = modality.facts_kind
    if modality.name in READ_ANEW:
        read = (modality.facts(workspace.blobs.get(digest)) for digest in digests)
        table = table_schema(workspace, project)
        return FactRows.of(read if table is None else (as_understood(row, table) for row in read))
    known = ledger.facts(kind, digests)
    missing = sorted(set(digests) - set(known))

    amiss: dict[str, Unreadable] = {}

    def measure(some: Sequence[str]) -> dict[str, dict[str, Fact]]:
        measured = {}
        for digest in some:
            data = workspace.blobs.get(digest)
            try:
                measured[digest] = facts_of(modality, data)
            except Unreadable as error:
                amiss[digest] = error
        return measured

    with ThreadPoolExecutor(1 if modality.name in BY_ONE else cores()) as pool:
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            measured = dict(ChainMap(*pool.map(measure, batched(chunk, TOGETHER))))
            ledger.record_facts(project, kind, measured)
            known |= measured
            progress(start + len(chunk), len(missing))
    for digest in sorted(amiss):
        failed(digest, amiss[digest])
    return FactRows.of(known.get(digest, {}) for digest in digests)


def try_measuring(workspace: Workspace, project: str) -> None:
    """Measures one example of a project, so that a module that measures amiss is told before work that takes long.

    Raises:
        UnknownProject: No such project.
        BlobMissing, BlobCorrupt, MeasureUnfit: See `facts_for`.
    """
    facts_for(workspace, project, [each.digest for each in islice(workspace.ledger.examples(project), 1)])


@contextmanager
def measured_meanwhile(workspace: Workspace, project: str) -> Iterator[None]:
    """Measures what a rule and a review will ask for while it is open, where that takes one thread.

    What other work leaves of the processor is used so; where measuring takes all cores it would only be in the way.
    What is not measured by the end, or cannot be, is left to whoever asks for it next.

    Raises:
        UnknownProject: No such project.
    """
    if workspace.ledger.project(project).task.modality not in BY_ONE:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_measure_until, args=(workspace, project, over), name=MEANWHILE, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _Over(Exception):
    """There is no time left to measure."""


def _measure_until(workspace: Workspace, project: str, over: threading.Event) -> None:
    def told(_done: int, _total: int) -> None:
        if over.is_set():
            raise _Over

    ledger = workspace.ledger
    with suppress(Exception):  # it is over; or something is amiss, and whoever asks for the facts next meets it
        for some in (labelled_examples(ledger, project), ledger.examples(project, side=Side.SEALED)):
            facts_for(workspace, project, [each.digest for each in islice(some, MOST_RULED)], progress=told)


def as_understood(row: Mapping[str, Fact], table: TableSchema) -> dict[str, Fact]:
    """A row's facts by column, with numbers where cells of a column that holds numbers are kept as they were written.

    A request may have written a column's name in other capitals.
    """
    read = under_known_names(dict(row), table)
    for column in table.columns:
        cell = read.get(column.name)
        if column.kind is Kind.NUMBER and isinstance(cell, str):
            number = number_of(cell, style_with(column.decimal))
            read[column.name] = cell if math.isnan(number) else number
    return read


def unsaid_facts(workspace: Workspace, project: str, names: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many examples were looked at, `LOOKED_AT` at most, and which of some facts none of them says.

    Raises:
        UnknownProject: No such project.
        BlobMissing, BlobCorrupt: See `facts_for`.
    """
    looked_at = list(islice(workspace.ledger.examples(project), LOOKED_AT)) if names else []
    facts = facts_for(workspace, project, [each.digest for each in looked_at]) if looked_at else FactRows.of(())
    unsaid = (name for name in names if all(value is None for value in facts.column(name)))
    return len(looked_at), tuple(unsaid) if looked_at else ()


def one_line_rule(workspace: Workspace, project: str, model_version: str) -> Rule:
    """The best one-line rule of the real training examples, fitted once beside each model and kept in the ledger.

    Of many examples it is fitted on `MOST_RULED`.

    Args:
        workspace: Where the project is.
        project: Its name.
        model_version: SHA-256 of the model's file, in hex.

    Raises:
        UnknownProject: No such project.
        ValueError: No training example has a label.
    """
    ledger = workspace.ledger
    kept = ledger.rule_beside(project, model=model_version)
    if kept is not None:
        return kept
    rule = _fitted(workspace, project)
    ledger.record_rule(project, rule, model=model_version, at=workspace.now())
    return rule


def _fitted(workspace: Workspace, project: str) -> Rule:
    task = workspace.ledger.project(project).task
    if task.answers is AnswerKind.RANKING:
        return popular_rule_of(workspace, project)
    examples = list(islice(labelled_examples(workspace.ledger, project), MOST_RULED))
    facts = facts_for(workspace, project, [each.digest for each in examples])
    facts = facts.without(unseen_columns(workspace, project))
    labels = [str(example.label) for example in examples]
    groups = [example.group for example in examples]
    return rule_of(task, labels, facts, groups, seed=SEED)


def table_schema(workspace: Workspace, project: str) -> TableSchema | None:
    """The schema of a project's table; None where it decides about something else, or no table came yet.

    Raises:
        UnknownProject: No such project.
    """
    kept = workspace.ledger.schema(project)
    if kept is None or workspace.ledger.project(project).task.modality != "table":
        return None
    return TableSchema.from_json(kept)


def unseen_columns(workspace: Workspace, project: str) -> frozenset[str]:
    """Columns of a project's table that no model sees: no rule may look at them either.

    Raises:
        UnknownProject: No such project.
    """
    schema = table_schema(workspace, project)
    return frozenset() if schema is None else frozenset(each.name for each in schema.columns if each.role not in SEEN)
