"""Findings about several inputs: contradicting labels, twins, families across the border, classes too small."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import chain
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun, noun_of
from understudy.domain.task import AnswerKind, Task, labels_in, number_in
from understudy.intake.families import LOOSE_FAMILY, Families
from understudy.intake.reading import Record

MOST_EVIDENCE: Final = 50
"""Names that a finding keeps as evidence."""
NAMED: Final = 4
"""Names in a sentence; the rest are counted."""

Inputs = Mapping[str, Sequence[Record]]


class Remarks:
    """What is said about the inputs of one source.

    Files are told of one by one. Of rows, of which thousands may be alike, each thing is said once, with how many.

    Args:
        task: What comes in, and what kind of answer its labels are.
        rows: The source is a table of inputs.
    """

    def __init__(self, task: Task, *, rows: bool = False) -> None:
        self._task = task
        self._rows = rows
        self._numbers = task.answers is AnswerKind.NUMBER
        self._noun = noun_of(task.modality)

    def on_labels(
        self, inputs: Inputs, before: Mapping[str, Arrival], plain: tuple[int, Iterable[str]]
    ) -> Iterator[Finding]:
        """Inputs that bear two labels, here or against what was known, and inputs that bear none.

        Args:
            inputs: By digest.
            before: What was known.
            plain: How many plain rows have no label, and the names of these.
        """
        unlabelled, differing, torn = [], [], []
        for digest, records in inputs.items():
            here = {record.label for record in records if record.label}
            old = before[digest].label if digest in before else None
            if old is not None and here - {old} and not (self._numbers and old in here):
                differing.append((records[0].name, here - {old}, old))
            elif len(here) > 1 and old is None:
                torn.append((records, digest not in before or before[digest].side is Side.SET_ASIDE))
            elif not here and digest not in before:
                unlabelled.append(records[0].name)
        yield from self._contradictions(differing, torn)
        count, names = plain
        if unlabelled or count:
            yield self._unlabelled(nsmallest(NAMED, chain(unlabelled, names)), len(unlabelled) + count)

    def _contradictions(
        self, differing: Sequence[tuple[str, set[str], str]], torn: Sequence[tuple[Sequence[Record], bool]]
    ) -> Iterator[Finding]:
        if self._rows:
            if differing:
                yield _many_differ(differing, self._noun, self._what)
            if torn and self._numbers:
                yield _many_numbers([records for records, _ in torn], self._noun)
            elif torn:
                yield _many_torn([records for records, _ in torn], self._noun, settled=self._task.modality == "table")
            return
        for name, said, old in differing:
            yield _differs_from_known(name, said, old, self._noun)
        for records, set_aside in torn:
            if self._numbers:
                yield _two_numbers(records, self._noun)
            else:
                yield _contradiction(records, self._noun, set_aside=set_aside)

    @property
    def _what(self) -> str:
        """What is said of each input."""
        return "number" if self._numbers else "label"

    def _unlabelled(self, names: Sequence[str], count: int) -> Finding:
        odd = ", or says no number" if self._task.answers is AnswerKind.NUMBER else ""
        reason = f"Their cell for it is empty{odd}." if self._rows else _NO_LABEL
        return Finding(
            FindingKind.UNLABELLED,
            Severity.LOW,
            names[0],
            f"{self._noun.counted(count)} came without a label: {_listed(names, count)}.",
            reason,
            "Label them, and they teach the model too; they are never part of the sealed set.",
        )

    def on_oddities(self, fresh: Inputs) -> Iterator[Finding]:
        """Inputs that can be read and in which something is amiss all the same: silence, a picture that never moves."""
        for _, records in sorted(fresh.items(), key=lambda one: one[1][0].name):
            measured = records[0].measured
            if measured is not None and measured.remark:
                yield Finding(
                    FindingKind.UNUSUAL,
                    Severity.LOW,
                    records[0].name,
                    f"“{records[0].name}” was taken in, and {measured.remark}.",
                    "A model learns from it as from any other, whatever its label says.",
                    "Look at it, and leave it out where it does not show what it is to be an example of.",
                )

    def on_twins(self, fresh: Inputs, families: Families, before: Mapping[str, Arrival]) -> Iterator[Finding]:
        """Each family of inputs that show the same, once; of rows, all families together."""
        told: set[str] = set()
        alike_here: list[tuple[list[Record], list[Arrival]]] = []
        for digest in fresh:
            alike = families.twins[digest]
            if alike[0] in told:
                continue
            told.add(alike[0])
            records = sorted((record for one in alike for record in fresh.get(one, ())), key=lambda record: record.name)
            earlier = [before[one] for one in alike if one in before]
            copies = len(alike) == 1
            if len(records) + len(earlier) > 1 and (self._rows or not (copies and _torn(records))):
                alike_here.append((records, earlier))
        if self._rows:
            yield from _twin_rows(alike_here, self._noun, numbers=self._numbers)
        else:
            for records, earlier in alike_here:
                yield _twins(records, earlier, self._noun, differ=self._differ(records, earlier))
        if families.refused:
            yield self._refused(fresh, families)

    def _differ(self, records: Sequence[Record], earlier: Sequence[Arrival]) -> bool:
        """Whether what is said of inputs that look the same cannot all be right."""
        said = {record.label for record in records if record.label} | {one.label for one in earlier if one.label}
        if self._task.answers is AnswerKind.NUMBER:
            numbers = [number_in(text) for text in said]
            return bool(numbers) and max(numbers) - min(numbers) > 2 * self._task.tolerance
        return len(said) > 1

    def _refused(self, fresh: Inputs, families: Families) -> Finding:
        one, other = families.refused[0]
        names = [fresh[digest][0].name for digest in (one, other) if digest in fresh]
        count, many = len(families.refused), self._noun.many
        example = "frames of one film, one wall" if self._task.modality == "photo" else "one person, one conversation"
        return Finding(
            FindingKind.TWIN,
            Severity.MEDIUM,
            names[0],
            f"{count} pairs of {many} look much alike and were not counted as twins: {_listed(names)}.",
            f"More than {LOOSE_FAMILY} {many} would be one family by likeness alone, each only resembling the next.",
            f"If they show one thing ({example}), say so by a group rule.",
        )

    def on_families(self, fresh: Inputs, families: Families) -> Iterator[Finding]:
        """Families whose known members lie on both sides of the border."""
        torn: dict[str, list[str]] = {}
        for digest, records in fresh.items():
            if len(families.sides[digest]) > 1:
                torn.setdefault(families.group[digest], []).append(records[0].name)
        for names in [[name for one in torn.values() for name in one]] if self._rows and torn else torn.values():
            yield Finding(
                FindingKind.TWINS_ACROSS_BORDER,
                Severity.MEDIUM,
                names[0],
                f"{self._noun.counted(len(names))} set aside, as what belongs with them is partly sealed already: "
                f"{_listed(names)}.",
                "Their relatives came earlier and fell on both sides before anything connected them.",
                f"Nothing needs doing; say what belongs together when you first add {self._noun.many}, and it stays "
                "together.",
            )

    def on_classes(
        self,
        examples: Sequence[Example],
        before: Sequence[Arrival],
        sealed_share: float,
        plain: Mapping[tuple[str, Side], int],
    ) -> Iterator[Finding]:
        """Classes among what is new that have one example, none to learn from, or none that is sealed.

        Args:
            examples: What is new.
            before: What was known.
            sealed_share: Share that is sealed, 0..1.
            plain: New rows besides, each a family of its own: how many bear a label on a side.
        """
        if self._task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
            return
        counts: Counter[tuple[str, Side]] = Counter()
        alone: Counter[str] = Counter()
        for (said, side), often in plain.items():
            for label in self._classes(said):
                counts[label, side] += often
                alone[label] += often
        families: dict[str, set[str]] = {}
        seen: list[Example | Arrival] = [*examples, *before]
        for one in seen:
            for label in self._classes(one.label):
                counts[label, one.side] += 1
                families.setdefault(label, set()).add(one.group)
        for label in sorted({label for one in examples for label in self._classes(one.label)} | alone.keys()):
            learned, sealed = counts[label, Side.TRAIN], counts[label, Side.SEALED]
            if learned + sealed == 1:
                why = "Nothing can be learned from one and shown on another."
                yield self._small(label, Severity.HIGH, f"has one {self._noun.one}", why)
            elif learned == 0 and sealed:
                yield self._small(
                    label,
                    Severity.HIGH,
                    f"has no {self._noun.one} to learn from",
                    "All that bears it is sealed, so no training sees it, or belongs with what is sealed.",
                )
            elif sealed == 0 and learned and sealed_share > 0:
                yield self._small(
                    label,
                    Severity.MEDIUM,
                    f"has {self._noun.counted(learned)}, none of them sealed",
                    self._why_none_sealed(learned, alone[label] + len(families.get(label, ()))),
                )

    def _why_none_sealed(self, learned: int, families: int) -> str:
        if 2 * families <= learned:
            groups = "1 group" if families == 1 else f"{families} groups"
            return (
                f"They are {groups}: alike but for little, such as a number, or said to belong together, and a group "
                "stays on one side."
            )
        return f"Of so few {self._noun.many} of a label, chance may seal none."

    def _classes(self, label: str | None) -> tuple[str, ...]:
        if label is None:
            return ()
        return labels_in(label) if self._task.answers is AnswerKind.LABELS else (label,)

    def _small(self, label: str, severity: Severity, what: str, reason: str) -> Finding:
        kind = self._noun.many
        others = _OTHERS.get(self._task.modality, "from other people or days")
        remedy = f"Add more {kind} of “{label}”, {others}, so that they are groups of their own."
        return Finding(FindingKind.SMALL_CLASS, severity, label, f"The class “{label}” {what}.", reason, remedy)


_OTHERS: Final = {"photo": "of other things or days than these", "text": "in other words than these"}
_NO_LABEL: Final = "They lie in no class's folder, or the table says nothing about them."


def _torn(records: Iterable[Record]) -> bool:
    """Whether what is said of one input differs."""
    return len({record.label for record in records} - {None}) > 1


def _many_differ(differing: Sequence[tuple[str, set[str], str]], noun: InputNoun, what: str) -> Finding:
    said = [f"“{name}” says {_listed(sorted(here))}, before it was “{old}”" for name, here, old in differing]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        differing[0][0],
        f"{noun.counted(len(differing))} came before with another {what}, which stands: {_cut(said)}.",
        f"The same {noun.one} came earlier with another {what}, and at most one is right.",
        f"If the new {what}s are right, begin a project with this table alone.",
        tuple(name for name, _, _ in differing[:MOST_EVIDENCE]),
    )


def _many_torn(torn: Sequence[Sequence[Record]], noun: InputNoun, *, settled: bool) -> Finding:
    said = [" but ".join(f"“{one.name}” says “{one.label}”" for one in _one_per_label(each)[:2]) for each in torn]
    outcome = "the commonest label of each counts, and where none is, it was set aside" if settled else "all set aside"
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.MEDIUM if settled else Severity.HIGH,
        torn[0][0].name,
        f"{_several_times(torn, noun)} with different labels, {outcome}: {_cut(said)}.",
        f"What was measured does not tell these {noun.many} apart, or a label is wrong."
        if settled
        else f"The {noun.many} are the same to the letter, and at most one label is right.",
        "Add a column that tells them apart, or correct the labels."
        if settled
        else "Decide which label is right; until then nothing learns from them, and they judge nothing.",
        tuple(each[0].name for each in torn[:MOST_EVIDENCE]),
    )


def _many_numbers(torn: Sequence[Sequence[Record]], noun: InputNoun) -> Finding:
    said = [" but ".join(f"“{one.name}” says “{one.label}”" for one in _one_per_label(each)[:2]) for each in torn]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.LOW,
        torn[0][0].name,
        f"{_several_times(torn, noun)} with different numbers, and the middle one of each counts: {_cut(said)}.",
        f"What was measured does not tell these {noun.many} apart, or a number is wrong.",
        "Add a column that tells them apart, or correct the numbers.",
        tuple(each[0].name for each in torn[:MOST_EVIDENCE]),
    )


def _several_times(torn: Sequence[Sequence[Record]], noun: InputNoun) -> str:
    """How many came several times, and how often all together."""
    return f"{noun.counted(len(torn))} came several times, {sum(map(len, torn)):,} times together,"


def _two_numbers(records: Sequence[Record], noun: InputNoun) -> Finding:
    said = [f"“{record.name}” says “{record.label}”" for record in records if record.label]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.LOW,
        records[0].name,
        f"One {noun.one} has several numbers, and the middle one counts: {_cut(said)}.",
        "The files hold the same bytes.",
        "Correct the number that is wrong, if one is.",
    )


def _twin_rows(
    alike: Sequence[tuple[list[Record], list[Arrival]]], noun: InputNoun, *, numbers: bool
) -> Iterator[Finding]:
    """Copies in one finding, what is nearly the same in another, and what is so with different labels in a third."""
    copies, near, differing = list[list[Record]](), list[list[Record]](), list[list[Record]]()
    for records, earlier in alike:
        each = _by_digest(records)
        copies += [same for same in each if len(same) > 1 and not _torn(same)]
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
        yield _rows_alike(near, what, "Nothing needs doing: they stay on one side of the border.", Severity.LOW)
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
    fact = f"{what}: {_listed(names)}."
    return Finding(FindingKind.TWIN, severity, names[0], fact, reason, remedy, tuple(names[:MOST_EVIDENCE]))


def _contradiction(records: Sequence[Record], noun: InputNoun, *, set_aside: bool) -> Finding:
    said = [f"“{record.name}” says “{record.label}”" for record in records if record.label]
    outcome = "it was set aside" if set_aside else "it stays without a label"
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        records[0].name,
        f"One {noun.one} has two labels, so {outcome}: {_cut(said)}.",
        "The files hold the same bytes, and at most one label is right.",
        "Decide which label is right; until then nothing learns from it, and it judges nothing.",
    )


def _differs_from_known(name: str, said: set[str], old: str, noun: InputNoun) -> Finding:
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        name,
        f"“{name}” is labelled {_listed(sorted(said))} here and was labelled “{old}” before; “{old}” stands.",
        f"The same {noun.one} came earlier with another label, and at most one is right.",
        f"If the new label is right, say so: understudy label PROJECT {noun.one.upper()} LABEL.",
    )


def _twins(records: Sequence[Record], earlier: Sequence[Arrival], noun: InputNoun, *, differ: bool) -> Finding:
    """One family of inputs that show the same; of medium weight when they are labelled differently."""
    identical = len({record.digest for record in records}) + len(earlier) == 1
    names = [record.name for record in records]
    count = f"{len(names)} files" if len(names) > 1 else f"“{names[0]}”"
    others = f" and {noun.counted(len(earlier))} added earlier" if earlier else ""
    listed = f": {_listed(names)}" if len(names) > 1 else ""
    if differ and not identical:
        said = [f"“{record.name}” says “{record.label}”" for record in _one_per_label(records)]
        said += [
            f"a {noun.one} added earlier says “{label}”"
            for label in sorted({one.label for one in earlier if one.label})
        ]
        return Finding(
            FindingKind.TWIN,
            Severity.MEDIUM,
            names[0],
            f"{noun.many.capitalize()} that look the same are labelled differently: {_cut(said)}.",
            "Either one label is wrong, or what tells them apart is small in the picture."
            if noun.one == "photo"
            else "Either one label is wrong, or what tells them apart is small.",
            "Look at them side by side and correct the label that is wrong, if one is.",
        )
    fact = (
        f"{count}{others} hold the same {noun.one}{listed}." if identical else f"{count}{others} look the same{listed}."
    )
    return Finding(
        FindingKind.TWIN,
        Severity.LOW,
        names[0],
        fact,
        "Copies in training and in the sealed set would make the model look better than it is.",
        "Nothing needs doing: the copy counts once."
        if identical
        else "Nothing needs doing: they stay on one side of the border.",
    )


def _one_per_label(records: Sequence[Record]) -> list[Record]:
    first = {record.label: record for record in reversed(records) if record.label}
    return [first[label] for label in sorted(first)]


def _listed(names: Sequence[str], count: int | None = None) -> str:
    return _cut([f"“{name}”" for name in names[:NAMED]], len(names) if count is None else count)


def _cut(parts: Sequence[str], count: int | None = None) -> str:
    rest = (len(parts) if count is None else count) - NAMED
    return ", ".join(parts[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
