"""Classes too small to learn from or to judge: how many bear each label on which side, and what to say of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.modalities.nouns import noun_of

Plain = Mapping[tuple[str, Side], int]
"""How many rows that nothing sets apart bear a label on a side; each is a family of its own."""


@dataclass(frozen=True)
class Held:
    """What a project holds.

    Attributes:
        counts: How many examples bear a label on a side.
        families: Of how many families the examples of a label are.
    """

    counts: Mapping[tuple[str, Side], int]
    families: Mapping[str, int]


def held_of(examples: Iterable[Example | Arrival], task: Task, plain: Plain | None = None) -> Held:
    """Counts examples by label and side.

    Args:
        examples: All that are there.
        task: What their labels are.
        plain: Rows besides.
    """
    counts, families = Counter[tuple[str, Side]](), Counter[str]()
    for (said, side), often in (plain or {}).items():
        for label in classes_of(said, task):
            counts[label, side] += often
            families[label] += often
    groups: dict[str, set[str]] = {}
    for one in examples:
        for label in classes_of(one.label, task):
            counts[label, one.side] += 1
            groups.setdefault(label, set()).add(one.group)
    families.update({label: len(each) for label, each in groups.items()})
    return Held(counts, families)


def classes_of(label: str | None, task: Task) -> tuple[str, ...]:
    """The labels that are counted one by one of what is said of an example."""
    if label is None:
        return ()
    return labels_in(label) if task.answers is AnswerKind.LABELS else (label,)


def small_class(label: str, held: Held, task: Task, *, sealed_share: float, synthetic: bool = False) -> Finding | None:
    """What is to be said of a class that has one example, none to learn from, or none that is sealed.

    Args:
        label: Of the class.
        held: What is there.
        task: What the labels are.
        sealed_share: Share that is sealed, 0..1.
        synthetic: What came last is made up, so that none of it may be sealed.
    """
    noun = noun_of(task.modality)
    learned, sealed = held.counts.get((label, Side.TRAIN), 0), held.counts.get((label, Side.SEALED), 0)
    if learned + sealed == 1:
        why = "Nothing can be learned from one and shown on another."
        return _small(label, Severity.HIGH, f"has one {noun.one}", why, task)
    if learned == 0 and sealed:
        why = "All that bears it is sealed, so no training sees it, or belongs with what is sealed."
        return _small(label, Severity.HIGH, f"has no {noun.one} to learn from", why, task)
    if sealed == 0 and learned and sealed_share > 0:
        why = f"Synthetic {noun.many} are never sealed, and no other one of this label is."
        why = why if synthetic else _why_none_sealed(learned, held.families.get(label, 0), noun.many)
        return _small(label, Severity.MEDIUM, f"has {noun.counted(learned)}, none of them sealed", why, task)
    return None


def others(task: Task) -> str:
    """Where more examples may come from that are not like those there are."""
    return _OTHERS.get(task.modality, "from other people or days")


def _why_none_sealed(learned: int, families: int, many: str) -> str:
    if 2 * families <= learned:
        groups = "1 group" if families == 1 else f"{families} groups"
        return (
            f"They are {groups}: alike but for little, such as a number, or said to belong together, and a group "
            "stays on one side."
        )
    return f"Of so few {many} of a label, chance may seal none."


def _small(label: str, severity: Severity, what: str, reason: str, task: Task) -> Finding:
    many = noun_of(task.modality).many
    remedy = f"Add more {many} of “{label}”, {others(task)}, so that they are groups of their own."
    return Finding(FindingKind.SMALL_CLASS, severity, label, f"The class “{label}” {what}.", reason, remedy)


_OTHERS: Final = {"photo": "of other things or days than these", "text": "in other words than these"}
