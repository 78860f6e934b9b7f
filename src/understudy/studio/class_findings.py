"""Findings about classes that are too small, said anew when examples or labels came that change their counts."""

from understudy.domain.finding import FindingKind
from understudy.intake.classes import held_of, small_class
from understudy.studio.workspace import Workspace


def renew_class_findings(workspace: Workspace, project: str) -> None:
    """Takes back what was seen of classes and is so no longer, and says in its place what is so now.

    Only where something was seen: a class that labels made small one by one is told of with the next source.

    Args:
        workspace: Where the project is.
        project: Its name.
    """
    ledger = workspace.ledger
    seen = [each for each in ledger.findings(project) if each.kind is FindingKind.SMALL_CLASS]
    if not seen:
        return
    known = ledger.project(project)
    held = held_of(ledger.arrivals(project), known.task)
    for finding in seen:
        now = small_class(finding.subject, held, known.task, sealed_share=known.sealed_share)
        if now is None or now.fact != finding.fact:
            ledger.withdraw_finding(project, finding)
            ledger.record_findings(project, [] if now is None else [now], at=workspace.now())
