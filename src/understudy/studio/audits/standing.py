"""What stands of an audit: what it saw and nobody took responsibility for."""

from collections.abc import Sequence
from typing import Protocol

from understudy.domain.finding import Acceptance, DataAudit, Finding, Severity


class FindingsKept(Protocol):
    """What is read of the ledger. Blocks."""

    def latest_data_audit(self, project: str) -> DataAudit | None:
        """What the latest audit of the data saw, or None."""
        ...

    def acceptances(self, project: str) -> Sequence[Acceptance]:
        """Every finding that a person took responsibility for."""
        ...


def grave_ones(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those of high severity."""
    return tuple(each for each in findings if each.severity is Severity.HIGH)


def standing(ledger: FindingsKept, project: str) -> tuple[Finding, ...]:
    """What the latest audit saw and nobody took responsibility for; nothing where there was no audit."""
    latest = ledger.latest_data_audit(project)
    accepted = {each.identity for each in ledger.acceptances(project)}
    return () if latest is None else tuple(each for each in latest.findings if each.identity not in accepted)
