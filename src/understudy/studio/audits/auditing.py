"""The data audit as a use case: from a project's examples to findings on record, and people who answer for them."""

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from sys import intern
from typing import Final

import numpy as np

from understudy.audit.material import Material, Target
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Side
from understudy.domain.fact_rows import FactRows
from understudy.domain.finding import Acceptance, DataAudit, Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.families import Union
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import Modality, Unreadable
from understudy.modalities.registry import modality_named
from understudy.modalities.table.cells import moment_of
from understudy.modalities.table.schema import Role
from understudy.studio.audits.standing import grave_ones, standing
from understudy.studio.examples.facts import facts_for, one_line_rule, table_schema, unseen_columns
from understudy.studio.examples.real_examples import is_made_up, real_ones_suffice
from understudy.studio.words.phrases import name as shown
from understudy.studio.workspace import Workspace

__all__ = [
    "AuditMissing",
    "FindingAmbiguous",
    "FindingUnknown",
    "NoReason",
    "NothingToAudit",
    "accept",
    "audit_project",
    "audited",
    "facts_for",
    "one_line_rule",
    "standing_findings",
]

SHORTEST: Final = 4
"""Signs of an identity that name a finding."""
MOST_AUDITED: Final = 200_000
"""Examples that an audit looks at: the first of more by digest, which nobody chose."""
NAMED: Final = 3
"""Examples that a sentence names."""
MOST_NAMED: Final = 50
"""Examples that a finding rests on by name."""

Told = Callable[[str, int, int], None]


class AuditMissing(UnderstudyError):
    """The project's data were never audited."""


class NothingToAudit(UnderstudyError):
    """The project holds no example that takes part in an audit."""


class FindingUnknown(UnderstudyError):
    """The latest audit holds no finding of this identity."""


class FindingAmbiguous(UnderstudyError):
    """Several findings begin with this identity."""


class NoReason(UnderstudyError):
    """Nobody answers for a finding without saying why."""


def to_nobody(_stage: str, _done: int, _total: int) -> None:
    """Reports to nobody."""


def audit_project(workspace: Workspace, project: str, *, progress: Told = to_nobody) -> DataAudit:
    """Audits a project's data and records what was seen. No sealed label is read, and no look is spent.

    Training examples take part with their labels, sealed ones without; what was set aside takes no part, nor what was
    made up, unless made-up examples stand in for real ones. Of very many `MOST_AUDITED` take part. Findings say so.
    What was found grave as examples came in, and still holds, comes first and counts like what the audit found.

    Args:
        workspace: Where the project is.
        project: Its name.
        progress: Told what is done now, steps done and steps in all.

    Raises:
        UnknownProject: No such project.
        NothingToAudit: It holds no examples that take part.
        BlobMissing, BlobCorrupt: An input is no longer there as it came.
        InputFailed: An input that was readable on arrival no longer is, or its module fails on it.
    """
    ledger = workspace.ledger
    part = _taking_part(workspace, project, most=MOST_AUDITED)
    if not part.examples:
        raise _nothing(project)
    audit = import_module("understudy.audit.audit").audit  # see `_material`
    unmeasured: dict[str, Unreadable] = {}
    material: Material = _material(workspace, project, part.examples, progress, unmeasured.__setitem__)
    found: tuple[Finding, ...] = (*grave_ones(ledger.findings(project)), *audit(material, progress=progress))
    if unmeasured:
        found = (*found, _without_facts(unmeasured, part, project, material))
    if part.count > len(part.examples):
        found = (*found, _not_all(part, material))
    if part.made:
        found = (*found, _without_made(part, material))
    dated = _may_say_when(workspace, project)
    if dated is not None:
        found = (*found, _out_of_order(dated, project, material))
    made = DataAudit(part.version, found, workspace.now())
    ledger.record_data_audit(project, found, data_version=made.data_version, at=made.at)
    return made


def audited(workspace: Workspace, project: str, *, progress: Told = to_nobody) -> DataAudit:
    """The latest audit if it saw data, columns, task and opinions as they are now, else a new one.

    See `audit_project`.
    """
    latest = workspace.ledger.latest_data_audit(project)
    if latest is not None and latest.data_version == _taking_part(workspace, project, most=0).version:
        return latest
    return audit_project(workspace, project, progress=progress)


def standing_findings(workspace: Workspace, project: str) -> tuple[Finding, ...]:
    """What the latest audit saw and nobody took responsibility for; nothing where there was no audit.

    Raises:
        UnknownProject: No such project.
    """
    return standing(workspace.ledger, project)


def accept(workspace: Workspace, project: str, identity_prefix: str, *, by: str, reason: str) -> Finding:
    """Records that a person takes responsibility for a finding of the latest audit; it no longer stands.

    Args:
        workspace: Where the project is.
        project: Its name.
        identity_prefix: The first signs of the finding's identity, at least four.
        by: Who.
        reason: Why, in that person's words; shown for ever.

    Raises:
        UnknownProject: No such project.
        AuditMissing: There was no audit yet.
        FindingUnknown, FindingAmbiguous: The prefix names none, or several.
        NoReason: The reason says nothing.
    """
    latest = workspace.ledger.latest_data_audit(project)
    if latest is None:
        raise AuditMissing(
            fact=f"The data of “{project}” were not audited yet.",
            reason="A finding can be accepted once an audit has seen it.",
            remedy=f"Audit them first: understudy audit {project}.",
        )
    finding = _named(latest.findings, identity_prefix.strip().lower())
    if not reason.strip():
        raise NoReason(
            fact="The finding still stands.",
            reason="Whoever takes responsibility says why, for those who ask in a year.",
            remedy="Give a reason, in your own words.",
        )
    workspace.ledger.accept_finding(project, Acceptance(finding.identity, by, reason.strip(), workspace.now()))
    return finding


def _named(findings: Sequence[Finding], prefix: str) -> Finding:
    matching = {each.identity: each for each in findings if each.identity.startswith(prefix)}
    if len(prefix) < SHORTEST or not matching:
        raise FindingUnknown(
            fact=f"The latest audit has no finding “{prefix[:64]}”.",
            reason=f"A finding is named by the first {SHORTEST} or more signs that stand before it.",
            remedy="Audit again and copy them; findings change as the data do.",
        )
    if len(matching) > 1:
        raise FindingAmbiguous(
            fact=f"“{prefix}” begins {len(matching)} findings.",
            reason="Each finding is answered for by itself.",
            remedy="Give more of its signs.",
        )
    return next(iter(matching.values()))


@dataclass(frozen=True)
class _Part:
    """The examples that take part in an audit.

    Attributes:
        examples: Those that are looked at.
        count: How many might be.
        made: How many were left out because they were made up.
        version: Digest of all of these, their sides, groups and training labels, of what each person said of those, of
            the task and the columns, and of what was found grave as they came in: the same of all, the same version.
    """

    examples: Sequence[Example]
    count: int
    made: int
    version: str


def _taking_part(workspace: Workspace, project: str, *, most: int) -> _Part:
    """All examples but those that were set aside or made up; only the first of many are kept."""
    digest, count, made, kept = hashlib.sha256(), 0, 0, []
    real_alone = real_ones_suffice(workspace.ledger, project)
    for each in workspace.ledger.examples(project):
        if each.side is Side.SET_ASIDE:
            continue
        told = [each.digest, each.side.value, each.group, each.label]
        digest.update(json.dumps(told).encode() + b"\n")
        if real_alone and is_made_up(each):
            made += 1
            continue
        if count < most:
            kept.append(each)
        count += 1
    for line in _besides(workspace, project):
        digest.update(line.encode() + b"\n")
    return _Part(kept, count, made, digest.hexdigest())


def _besides(workspace: Workspace, project: str) -> Iterator[str]:
    """What an audit goes by besides the examples, a line each."""
    ledger = workspace.ledger
    yield json.dumps([ledger.project(project).task.to_json(), ledger.schema(project)], sort_keys=True)
    for label in ledger.opinions(project):
        yield json.dumps([label.digest, label.by, label.value, label.at.isoformat()])
    for finding in grave_ones(ledger.findings(project)):
        yield finding.identity


def _nothing(project: str) -> NothingToAudit:
    return NothingToAudit(
        fact=f"There is nothing to audit in “{project}” yet.",
        reason="It holds no examples that could teach or judge.",
        remedy=f"Add some (understudy add {project} SOURCE), or answer what was asked (understudy answer {project}), "
        f"and audit again: understudy audit {project}.",
    )


def _without_made(part: _Part, material: Material) -> Finding:
    return Finding(
        FindingKind.NOT_TESTABLE,
        Severity.LOW,
        "made up",
        f"{material.counted(part.made)} that {'was' if part.made == 1 else 'were'} made up took no part in this audit.",
        "What is wrong with real data does not show in made-up ones, and those would hide it.",
        f"Nothing needs doing; look at some of the made-up {material.noun[1]} yourself before you train on them.",
    )


def _without_facts(unmeasured: Mapping[str, Unreadable], part: _Part, project: str, material: Material) -> Finding:
    failing = [example for example in part.examples if example.digest in unmeasured]
    first = unmeasured[failing[0].digest]
    return Finding(
        FindingKind.CORRUPT,
        Severity.MEDIUM,
        "facts",
        f"Nothing could be measured of {material.counted(len(failing))}: {_listed(failing)}.",
        f"The first {first.what}. {first.reason}",
        "Let what reads them be mended, and audit again; or forget them: "
        f"understudy forget {project} --digest {failing[0].digest}.",
        tuple(example.name for example in failing[:MOST_NAMED]),
    )


def _listed(examples: Sequence[Example]) -> str:
    """Names of a few, and how many more there are."""
    more = len(examples) - NAMED
    return ", ".join(f"“{shown(each.name)}”" for each in examples[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _not_all(part: _Part, material: Material) -> Finding:
    return Finding(
        FindingKind.NOT_TESTABLE,
        Severity.LOW,
        "part",
        f"This audit looked at {material.counted(len(part.examples))} of {part.count:,}, drawn by chance.",
        "What is wrong with many shows in a part of them, and every check takes more time and memory with each.",
        "Nothing needs doing; a single wrong label among the others is not found this way.",
    )


def _may_say_when(workspace: Workspace, project: str) -> str | None:
    """The column of dates of which nobody says whether it tells when a row came about; see `TableSchema`."""
    schema = table_schema(workspace, project)
    dated = None if schema is None else schema.may_say_when
    return None if dated is None else dated.name


def _out_of_order(column: str, project: str, material: Material) -> Finding:
    said = shlex.quote(f"{column}={Role.TIME.value}")
    return Finding(
        FindingKind.NOT_TESTABLE,
        Severity.LOW,
        column,
        f"“{shown(column)}” holds dates, and nobody says whether they tell when {material.noun[1]} came about.",
        "If they do, a model is held to what came later than all it learned from, and here neither training nor this "
        "audit looks at what changed in time.",
        f"If they do, say so, then train and audit again: understudy columns {project} --set {said}; if not, nothing "
        "needs doing.",
    )


def _material(
    workspace: Workspace,
    project: str,
    examples: Sequence[Example],
    progress: Told,
    failed: Callable[[str, Unreadable], None],
) -> Material:
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
