"""Findings in the ledger: each kept once while it holds, in the order in which they were first seen.

One that waits for labels goes by itself, in the transaction that gives the last of them: no face can forget to.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.projects import hold, require
from understudy.store.schema import awaited, findings

CHUNK = 1000


def record(database: Database, project: str, seen: Sequence[Finding], *, at: datetime) -> None:
    """Records findings; see `Ledger.record_findings`."""
    with database.writing() as connection:
        hold(connection, project)
        for start in range(0, len(seen), CHUNK):
            _record_chunk(connection, project, seen[start : start + CHUNK], at=at)


def withdraw(database: Database, project: str, finding: Finding) -> None:
    """Takes a finding back; see `Ledger.withdraw_finding`."""
    with database.writing() as connection:
        hold(connection, project)
        recorded = (findings.c.project == project, findings.c.identity == finding.identity)
        connection.execute(delete(findings).where(*recorded))


def settle(connection: Connection, project: str, digests: Sequence[str]) -> None:
    """Takes back what waited for labels of these examples and for no others.

    Args:
        connection: A transaction that writes, of whoever gives the labels or forgets the inputs.
        project: Its name.
        digests: Examples that have been given a label, or are forgotten.
    """
    own = select(findings.c.id).where(findings.c.project == project)
    for chunk in in_chunks(digests):
        here = (awaited.c.digest.in_(chunk), awaited.c.finding.in_(own))
        touched = set(connection.execute(select(awaited.c.finding).where(*here)).scalars())
        if touched:
            connection.execute(delete(awaited).where(*here))
            waiting = select(awaited.c.finding).where(awaited.c.finding.in_(touched))
            over = touched - set(connection.execute(waiting).scalars())
            connection.execute(delete(findings).where(findings.c.id.in_(over)))


def waited_for(database: Database, project: str) -> frozenset[str]:
    """Examples whose labels findings wait for; see `Ledger.awaited`."""
    query = (
        select(awaited.c.digest)
        .join(findings, findings.c.id == awaited.c.finding)
        .where(findings.c.project == project)
        .distinct()
    )
    with database.reading() as connection:
        require(connection, project)
        return frozenset(connection.execute(query).scalars())


def of(database: Database, project: str) -> list[Finding]:
    """Every finding; see `Ledger.findings`."""
    columns = (findings.c.kind, findings.c.severity, findings.c.subject, findings.c.fact)
    query = (
        select(*columns, findings.c.reason, findings.c.remedy)
        .where(findings.c.project == project)
        .order_by(findings.c.id)
    )
    with database.reading() as connection:
        require(connection, project)
        return [
            Finding(FindingKind(kind), Severity(severity), *texts)
            for kind, severity, *texts in connection.execute(query)
        ]


def _record_chunk(connection: Connection, project: str, seen: Sequence[Finding], *, at: datetime) -> None:
    by_identity: dict[str, Finding] = {}
    for finding in seen:
        by_identity.setdefault(finding.identity, finding)
    recorded = select(findings.c.identity).where(
        findings.c.project == project, findings.c.identity.in_(list(by_identity))
    )
    for identity in connection.execute(recorded).scalars():
        by_identity.pop(identity, None)
    rows = [
        {
            "project": project,
            "identity": identity,
            "kind": finding.kind.value,
            "severity": finding.severity.value,
            "subject": finding.subject,
            "fact": finding.fact,
            "reason": finding.reason,
            "remedy": finding.remedy,
            "at": at,
        }
        for identity, finding in by_identity.items()
    ]
    if rows:
        connection.execute(insert(findings), rows)
        _await(connection, project, [finding for finding in by_identity.values() if finding.awaits])


def _await(connection: Connection, project: str, seen: Sequence[Finding]) -> None:
    """Keeps which examples findings wait for."""
    for finding in seen:
        recorded = (findings.c.project == project, findings.c.identity == finding.identity)
        number = connection.execute(select(findings.c.id).where(*recorded)).scalar_one()
        for chunk in in_chunks(list(dict.fromkeys(finding.awaits))):
            connection.execute(insert(awaited), [{"digest": digest, "finding": number} for digest in chunk])
