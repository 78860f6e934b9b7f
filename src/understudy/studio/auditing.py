"""The data audit as a use case: from a project's examples to findings on record, and people who answer for them."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Final

import numpy as np

from understudy.audit.material import Material, Target
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Side
from understudy.domain.finding import Acceptance, DataAudit, Finding
from understudy.domain.noun import noun_of
from understudy.domain.rule import Fact
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.families import Union
from understudy.modalities.protocol import Modality
from understudy.modalities.registry import modality_named
from understudy.modalities.table.cells import moment_of
from understudy.studio.changes import standing
from understudy.studio.facts import facts_for, rule_for, table_schema, unseen_columns
from understudy.studio.workspace import Workspace

__all__ = [
    "AuditMissing",
    "FindingAmbiguous",
    "FindingUnknown",
    "NoReason",
    "accept",
    "audit_project",
    "audited",
    "facts_for",
    "rule_for",
    "standing_findings",
]

SHORTEST: Final = 4
"""Signs of an identity that name a finding."""

Told = Callable[[str, int, int], None]


class AuditMissing(UnderstudyError):
    """The project's data were never audited."""


class FindingUnknown(UnderstudyError):
    """The latest audit holds no finding of this identity."""


class FindingAmbiguous(UnderstudyError):
    """Several findings begin with this identity."""


class NoReason(UnderstudyError):
    """Nobody answers for a finding without saying why."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Reports to nobody."""


def audit_project(workspace: Workspace, project: str, *, progress: Told = _silent) -> DataAudit:
    """Audits a project's data and records what was seen. No sealed label is read, and no look is spent.

    Training examples take part with their labels, sealed ones without; what was set aside takes no part.

    Args:
        workspace: Where the project is.
        project: Its name.
        progress: Told what is done now, steps done and steps in all.

    Raises:
        UnknownProject: No such project.
        BlobMissing, BlobCorrupt: An input is no longer there as it came.
        Unreadable: An input that was readable on arrival no longer is.
    """
    ledger = workspace.ledger
    examples = _taking_part(workspace, project)
    audit = import_module("understudy.audit.audit").audit  # see `_material`
    found: tuple[Finding, ...] = audit(_material(workspace, project, examples, progress), progress=progress)
    made = DataAudit(_data_version(examples), found, workspace.now())
    ledger.record_data_audit(project, found, data_version=made.data_version, at=made.at)
    return made


def audited(workspace: Workspace, project: str, *, progress: Told = _silent) -> DataAudit:
    """The latest audit if it saw the data as they are now, else a new one; see `audit_project`."""
    latest = workspace.ledger.latest_data_audit(project)
    if latest is not None and latest.data_version == _data_version(_taking_part(workspace, project)):
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


def _taking_part(workspace: Workspace, project: str) -> list[Example]:
    """All examples but those that were set aside."""
    return [each for each in workspace.ledger.examples(project) if each.side is not Side.SET_ASIDE]


def _material(workspace: Workspace, project: str, examples: Sequence[Example], progress: Told) -> Material:
    task = workspace.ledger.project(project).task
    modality, noun = modality_named(task.modality), noun_of(task.modality)
    facts = facts_for(workspace, project, examples, progress=lambda *told: progress(f"Measuring {noun.many}", *told))
    opinions, first = _said(workspace, project, examples)
    # Imported here: it brings the search along, as the checks bring text models; commands that only read need neither.
    second_opinion = import_module("understudy.studio.second_opinion").second_opinion
    return Material(
        names=[example.name for example in examples],
        facts=[_with_origin(example, measured) for example, measured in zip(examples, facts, strict=True)],
        labels=[_target(example, task) for example in examples],
        groups=[example.group for example in examples],
        several=task.answers is AnswerKind.LABELS,
        ranked=task.answers is AnswerKind.RANKING,
        grouped=any(re.fullmatch(r"[0-9a-f]{64}", example.group) is None for example in examples),
        sides=[example.side for example in examples],
        digests=[example.digest for example in examples],
        families=_families(examples, modality),
        arrived=_times(workspace, project, facts) or _arrived(first, facts),
        opinions=opinions,
        out_of_fold=second_opinion(
            workspace,
            project,
            examples,
            progress=lambda *told: progress(f"Looking at {noun.many}", *told),
        ),
        origin=modality.origin_facts | {"folder", "provenance"},
        looks=modality.look_facts,
        held_out=unseen_columns(workspace, project),
        noun=(noun.one, noun.many),
    )


def _target(example: Example, task: Task) -> Target:
    """What an audit takes for the label: nothing of sealed examples, and nothing where each answer is another item."""
    if example.side is not Side.TRAIN or example.label is None or task.answers is AnswerKind.RANKING:
        return None
    return number_in(example.label) if task.answers is AnswerKind.NUMBER else example.label


def _times(workspace: Workspace, project: str, facts: Sequence[dict[str, Fact]]) -> list[float] | None:
    """When each row came about, by the column that says so; None where none does."""
    schema = table_schema(workspace, project)
    if schema is None or schema.time is None:
        return None
    name, way = schema.time.name, schema.time.way or "iso"
    cells = [measured.get(name) for measured in facts]
    return [moment_of(cell, way) if isinstance(cell, str) else np.nan if cell is None else cell for cell in cells]


def _with_origin(example: Example, measured: dict[str, Fact]) -> dict[str, Fact]:
    """Facts with where the example came from; the folder that is its label says nothing."""
    folders = [part for part in example.name.split("/")[:-1] if part != example.label]
    return {**measured, "folder": "/".join(folders) or None, "provenance": example.provenance.value}


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


def _arrived(first: dict[int, datetime], facts: Sequence[dict[str, Fact]]) -> list[float]:
    """When each example came: by its first label; if all came together, by the day that the camera wrote down."""
    if len(set(first.values())) > 1:
        return [first[row].timestamp() if row in first else np.nan for row in range(len(facts))]
    days = [measured.get("taken") for measured in facts]
    return [datetime.fromisoformat(day).timestamp() if isinstance(day, str) else np.nan for day in days]


def _families(examples: Sequence[Example], modality: Modality) -> list[str]:
    """A name for each set of examples that look the same through any chain."""
    seen = [row for row, example in enumerate(examples) if example.fingerprint]
    union = Union()
    for pair in modality.pairs([examples[row].fingerprint for row in seen], newcomers=len(seen)):
        union.join(examples[seen[pair.first]].digest, examples[seen[pair.second]].digest)
    return [union.find(example.digest) for example in examples]


def _data_version(examples: Sequence[Example]) -> str:
    """Digest of examples, sides, groups and training labels: the same data, the same version."""
    digest = hashlib.sha256()
    for example in examples:
        told = [example.digest, example.side.value, example.group, example.label]
        digest.update(json.dumps(told).encode() + b"\n")
    return digest.hexdigest()
