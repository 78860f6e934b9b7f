"""Families that hold more than half of what is dealt together: of a label, or of all numbers."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.classes import Plain, classes_of, others
from understudy.modalities.nouns import noun_of

BULK: Final = 10
"""A family of fewer is told of only where nothing of its label is sealed."""
_ONE_SIDE: Final = "A family stays on one side of the sealed border, so "


@dataclass(frozen=True)
class Bulk:
    """A family that holds most of what is dealt together.

    Attributes:
        label: By which it is dealt; empty where all are dealt together.
        count: How many of the family bear it.
        total: How many bear it in all.
    """

    label: str
    count: int
    total: int


def bulks_in(seen: Sequence[Example | Arrival], groups: Collection[str], task: Task, plain: Plain) -> dict[str, Bulk]:
    """Which of some families hold more than half of a label of which something is sealed.

    Args:
        seen: All examples.
        groups: The families.
        task: What their labels are.
        plain: Rows besides, each a family of its own: how many bear a label on a side.
    """
    often_said = Counter((one.label, one.side) for one in seen if one.label and one.side is not Side.SET_ASIDE)
    totals: Counter[tuple[str, Side]] = Counter()
    for (said, side), often in [*plain.items(), *often_said.items()]:
        totals.update({(label, side): often for label in _dealt_as(said or "", task)})
    held: dict[str, Counter[str]] = {group: Counter() for group in groups}
    for one in seen:
        if one.group in held and one.label and one.side is not Side.SET_ASIDE:
            held[one.group].update(_dealt_as(one.label, task))
    found: dict[str, Bulk] = {}
    for group, labels in held.items():
        for label, count in labels.most_common(1):
            learned, sealed = totals[label, Side.TRAIN], totals[label, Side.SEALED]
            if count >= BULK and 2 * count > learned + sealed and (sealed or not label):
                found[group] = Bulk(label, count, learned + sealed)
    return found


def on_bulk(name: str, side: Side, bulk: Bulk, task: Task) -> Finding:
    """What is to be said of such a family.

    Args:
        name: Of an example in it.
        side: On which it lies.
        bulk: What it holds.
        task: What labels are.
    """
    noun, rest = noun_of(task.modality), bulk.total - bulk.count
    all_of_them = noun.counted(bulk.total) + (f" of “{bulk.label}”" if bulk.label else "")
    use = "learned from" if side is Side.SEALED else "sealed"
    left = f"only the other {rest:,} can be {use}" if rest else f"nothing is left to be {use}"
    return Finding(
        FindingKind.TWIN,
        Severity.MEDIUM,
        name,
        f"{bulk.count:,} of {all_of_them} are one family: alike, or said to belong together.",
        f"{_ONE_SIDE}{left}.",
        f"Add {noun.many} {others(task)}: what is much like these may join them.",
    )


def is_on_bulk(finding: Finding) -> bool:
    """Whether a finding is one of these."""
    return finding.kind is FindingKind.TWIN and finding.reason.startswith(_ONE_SIDE)


def _dealt_as(label: str, task: Task) -> tuple[str, ...]:
    """The labels among which an input is dealt; one for all where answers are no labels."""
    return classes_of(label, task) if task.answers in {AnswerKind.LABEL, AnswerKind.LABELS} else ("",)
