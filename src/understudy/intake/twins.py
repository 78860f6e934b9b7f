"""Findings about inputs that show the same, to the letter or nearly."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun
from understudy.domain.task import AnswerKind, Task, number_in
from understudy.intake.contradictions import is_torn, one_per_label
from understudy.intake.families import Link
from understudy.intake.naming import MOST_EVIDENCE, cut, listed
from understudy.intake.reading import Record

BORDER: Final = "Nothing needs doing: they stay on one side of the border."


@dataclass(frozen=True)
class Alike:
    """Inputs that resemble each other through a chain, or are the same bytes under several names.

    Attributes:
        records: The new ones, by name.
        earlier: Those that were known.
        links: By which they are connected, nearest first.
    """

    records: Sequence[Record]
    earlier: Sequence[Arrival]
    links: Sequence[Link]

    def apart(self, task: Task) -> tuple[Link, ...]:
        """Neighbours in the chain of which cannot both be right what is said of them."""
        said: dict[str, set[str]] = {}
        for digest, label in self._said():
            said.setdefault(digest, set()).add(label)
        pairs = [(link, said.get(link.one, set()), said.get(link.other, set())) for link in self.links]
        return tuple(link for link, one, other in pairs if one and other and _contradict(one | other, task))

    def differ(self, task: Task) -> bool:
        """Whether what is said of them cannot all be right. Numbers may change little by little along a chain."""
        if task.answers is AnswerKind.NUMBER:
            return bool(self.apart(task))
        return _contradict({label for _, label in self._said()}, task)

    def _said(self) -> Iterator[tuple[str, str]]:
        """What is said of each that something is said of."""
        yield from ((one.digest, one.label) for one in self.records if one.label)
        yield from ((one.digest, one.label) for one in self.earlier if one.label)


def _contradict(said: set[str], task: Task) -> bool:
    if task.answers is AnswerKind.NUMBER:
        numbers = [number_in(text) for text in said]
        return max(numbers) - min(numbers) > 2 * task.tolerance
    return len(said) > 1


def twins_together(alike: Sequence[Alike], noun: InputNoun, *, numbers: bool) -> Iterator[Finding]:
    """Copies in one finding, what is nearly the same in another, and what is so with different labels in a third."""
    copies, near, differing = list[list[Record]](), list[list[Record]](), list[list[Record]]()
    for family in alike:
        records, earlier = family.records, family.earlier
        each = _by_digest(records)
        copies += [same for same in each if len(same) > 1 and not is_torn(same)]
        if len(each) + len(earlier) == 1:
            continue
        labels = {one.label for one in records if one.label} | {one.label for one in earlier if one.label}
        (differing if len(labels) > 1 and not numbers else near).append([same[0] for same in each])
    if copies:
        count = sum(len(records) - 1 for records in copies)
        what = f"{noun.counted(count)} repeat{'s' if count == 1 else ''} another to the letter"
        yield _rows_alike([each[1:] for each in copies], what, "Nothing needs doing: each counts once.", Severity.LOW)
    if near:
        what = f"{noun.counted(sum(map(len, near)))} are nearly the same as another"
        yield _rows_alike(near, what, BORDER, Severity.LOW)
    if differing:
        what = f"{noun.counted(sum(map(len, differing)))} are nearly the same as another and labelled differently"
        yield _rows_alike(
            differing, what, "Look at them and correct the label that is wrong, if one is.", Severity.MEDIUM
        )


def _by_digest(records: Iterable[Record]) -> list[list[Record]]:
    """Those that are the same to the letter together."""
    same: dict[str, list[Record]] = {}
    for record in records:
        same.setdefault(record.digest, []).append(record)
    return list(same.values())


def _rows_alike(families: Sequence[Sequence[Record]], what: str, remedy: str, severity: Severity) -> Finding:
    """One finding about all families: it names as many rows as it counts, two of each family first."""
    first = [record.name for records in families for record in records[:2]]
    names = first + [record.name for records in families for record in records[2:]]
    reason = "Copies in training and in the sealed set would make the model look better than it is."
    fact = f"{what}: {listed(names)}."
    return Finding(FindingKind.TWIN, severity, names[0], fact, reason, remedy, tuple(names[:MOST_EVIDENCE]))


def twins(alike: Alike, noun: InputNoun, task: Task) -> Finding:
    """One family of inputs that show the same or nearly; of medium weight when they are labelled differently."""
    records, earlier = alike.records, alike.earlier
    identical = len({record.digest for record in records}) + len(earlier) == 1
    if not identical and alike.differ(task):
        return _labelled_differently(alike, noun, task)
    names = [record.name for record in records]
    count = f"{len(names)} files" if len(names) > 1 else f"“{names[0]}”"
    others = f" and {noun.counted(len(earlier))} added earlier" if earlier else ""
    which = f": {listed(names)}" if len(names) > 1 else ""
    look = f"hold the same {noun.one}" if identical else _look(alike.links)
    return Finding(
        FindingKind.TWIN,
        Severity.LOW,
        names[0],
        f"{count}{others} {look}{which}.",
        "Copies in training and in the sealed set would make the model look better than it is.",
        "Nothing needs doing: the copy counts once." if identical else BORDER,
    )


def _look(links: Iterable[Link]) -> str:
    return "look the same" if all(link.sure for link in links) else "look much alike"


def _labelled_differently(alike: Alike, noun: InputNoun, task: Task) -> Finding:
    """Of numbers it names neighbours that contradict each other, of labels one input each."""
    apart = alike.apart(task)
    numbers, named = task.answers is AnswerKind.NUMBER, {digest for link in apart for digest in (link.one, link.other)}
    records = [record for record in alike.records if not numbers or record.digest in named]
    earlier = [one for one in alike.earlier if not numbers or one.digest in named]
    said = [f"“{record.name}” says “{record.label}”" for record in one_per_label(records)]
    said += [
        f"a {noun.one} added earlier says “{label}”" for label in sorted({one.label for one in earlier if one.label})
    ]
    small = "small in the picture" if noun.one == "photo" else "small"
    same = [link for link in apart if link.sure]
    return Finding(
        FindingKind.TWIN,
        Severity.MEDIUM,
        records[0].name,
        f"{noun.many.capitalize()} that {_look(same or alike.links)} are labelled differently: {cut(said)}.",
        f"Either one label is wrong, or what tells them apart is {small}."
        if same
        else f"What tells them apart may be {small}; if it is not, one label is wrong.",
        "Look at them side by side and correct the label that is wrong, if one is.",
    )
