"""Findings in the ledger: each kept once while it holds, in the order in which they were first seen."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.store.database import Database
from understudy.store.projects import hold, require
from understudy.store.schema import findings

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
