"""Findings about classes and how they are written, said anew when what came since changes their counts."""

from collections import Counter

from understudy.domain.finding import Finding, FindingKind
from understudy.domain.task import Task
from understudy.intake.classes import Held, held_of, small_class
from understudy.intake.spellings import REASON, bare, on_spellings
from understudy.studio.workspace import Workspace


def renew_class_findings(workspace: Workspace, project: str) -> None:
    """Takes back what was seen of classes and is so no longer, and says in its place what is so now.

    Only where something was seen: a class that labels made small one by one is told of with the next source.

    Args:
        workspace: Where the project is.
        project: Its name.
    """
    ledger = workspace.ledger
    seen = [each for each in ledger.findings(project) if each.kind is FindingKind.SMALL_CLASS or each.reason == REASON]
    if not seen:
        return
    known = ledger.project(project)
    held = held_of(ledger.arrivals(project), known.task)
    spelt = _spelt(held, known.task)
    for finding in seen:
        if finding.reason == REASON:
            now = spelt.get(bare(finding.subject))
        else:
            now = small_class(finding.subject, held, known.task, sealed_share=known.sealed_share)
        if now is None or now.identity != finding.identity:
            ledger.withdraw_finding(project, finding)
            ledger.record_findings(project, [] if now is None else [now], at=workspace.now())


def _spelt(held: Held, task: Task) -> dict[str, Finding]:
    """What is to be said of labels in several spellings, by what these have in common."""
    often = Counter[str]()
    for (label, _), count in held.counts.items():
        often[label] += count
    return {bare(each.subject): each for each in on_spellings(often, Counter(), task)}
