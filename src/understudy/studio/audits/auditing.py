"""The data audit as a use case: from a project's examples to findings on record, and people who answer for them."""

import hashlib
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from understudy.audit.material import Material
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Side
from understudy.domain.finding import Acceptance, DataAudit, Finding, FindingKind, Severity
from understudy.modalities.protocol import Unreadable
from understudy.modalities.table.schema import Role
from understudy.studio.audits.examined import Told, material_of
from understudy.studio.audits.standing import grave_ones, standing
from understudy.studio.examples.facts import table_schema
from understudy.studio.examples.real_examples import is_made_up, real_ones_suffice
from understudy.studio.words.phrases import name as shown
from understudy.studio.workspace import Workspace

SHORTEST: Final = 4
"""Signs of an identity that name a finding."""
MOST_AUDITED: Final = 200_000
"""Examples that an audit looks at: the first of more by digest, which nobody chose."""
NAMED: Final = 3
"""Examples that a sentence names."""
MOST_NAMED: Final = 50
"""Examples that a finding rests on by name."""


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
    audit = import_module("understudy.audit.audit").audit  # see `material_of`
    unmeasured: dict[str, Unreadable] = {}
    material: Material = material_of(workspace, project, part.examples, progress, unmeasured.__setitem__)
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
