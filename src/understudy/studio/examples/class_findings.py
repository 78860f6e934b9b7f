"""Findings about classes, how they are written and who holds most of one, said anew when that is so no longer."""

from collections import Counter
from collections.abc import Iterable, Sequence

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example
from understudy.domain.finding import Finding, FindingKind
from understudy.domain.task import Task
from understudy.intake.bulk import bulks_in, is_on_bulk, on_bulk
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
    seen = [each for each in ledger.findings(project) if _is_renewed(each)]
    if not seen:
        return
    known, there = ledger.project(project), list(ledger.arrivals(project, there=True))
    held = held_of(there, known.task)
    spelt = _spelt(held, known.task)
    bulks = _bulks(workspace, project, there, [each for each in seen if is_on_bulk(each)])
    for finding in seen:
        if is_on_bulk(finding):
            now = bulks.get(finding.identity)
        elif finding.reason == REASON:
            now = spelt.get(bare(finding.subject))
        else:
            now = small_class(finding.subject, held, known.task, sealed_share=known.sealed_share)
        if now is None or now.identity != finding.identity:
            ledger.withdraw_finding(project, finding)
            ledger.record_findings(project, [] if now is None else [now], at=workspace.now())


def _is_renewed(finding: Finding) -> bool:
    return finding.kind is FindingKind.SMALL_CLASS or finding.reason == REASON or is_on_bulk(finding)


def _bulks(workspace: Workspace, project: str, there: Sequence[Arrival], seen: Iterable[Finding]) -> dict[str, Finding]:
    """What is to be said in place of findings about large families, by their identity; of each family once."""
    task = workspace.ledger.project(project).task
    named = {finding: _named(workspace, project, finding.subject) for finding in seen}
    held = bulks_in(there, {each.group for each in named.values() if each is not None}, task, {})
    found = {}
    for finding, example in named.items():
        if example is not None and (bulk := held.pop(example.group, None)) is not None:
            found[finding.identity] = on_bulk(example.name, example.side, bulk, task)
    return found


def _named(workspace: Workspace, project: str, name: str) -> Example | None:
    """An example of that name, if there is one still."""
    called = workspace.ledger.examples(project, called=name)
    return next((each for each in called if each.name == name), None)


def _spelt(held: Held, task: Task) -> dict[str, Finding]:
    """What is to be said of labels in several spellings, by what these have in common."""
    often = Counter[str]()
    for (label, _), count in held.counts.items():
        often[label] += count
    return {bare(each.subject): each for each in on_spellings(often, Counter(), task)}
