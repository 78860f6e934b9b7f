"""Findings about inputs that came with different answers."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun
from understudy.domain.task import NONE_OF_THESE
from understudy.intake.naming import MOST_EVIDENCE, cut, listed
from understudy.intake.reading import Record

NOTHING_CHANGES: Final = "Nothing needs doing: a label does not change that."

RELABEL: Final = "If all that one source says is right, add it again: understudy add PROJECT SOURCE --relabel."


def is_torn(records: Iterable[Record]) -> bool:
    """Whether what is said of one input differs."""
    return len({record.label for record in records} - {None}) > 1


@dataclass(frozen=True)
class Differing:
    """What was known with another answer, which stands.

    Attributes:
        digest: SHA-256 of its bytes, in hex.
        name: As it came.
        said: What is said of it here.
        old: What was said before.
    """

    digest: str
    name: str
    said: set[str]
    old: str


def many_differ(differing: Sequence[Differing], noun: InputNoun, what: str) -> Finding:
    """Rows that were known with another answer, which stands."""
    said = [f"“{one.name}” says {listed(sorted(one.said))}, before it was “{one.old}”" for one in differing]
    first = differing[0].name
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        first,
        f"{noun.counted(len(differing))} came before with another {what}, which stands: {cut(said)}.",
        f"The same {noun.one} came earlier with another {what}, and at most one is right.",
        f"If a new {what} is right, say so: understudy label PROJECT {shlex.quote(first)} {what.upper()}. {RELABEL}",
        tuple(one.name for one in differing[:MOST_EVIDENCE]),
        tuple(one.digest for one in differing),
    )


def many_torn(torn: Sequence[Sequence[Record]], noun: InputNoun, *, settled: bool) -> Finding:
    """Rows that came with several labels.

    Args:
        torn: The records of each.
        noun: What they are called.
        settled: The commonest label of each counts.
    """
    said = [" but ".join(f"“{one.name}” says “{one.label}”" for one in one_per_label(each)[:2]) for each in torn]
    outcome = (
        "the commonest label of each counts, and where none is, it stays without one"
        if settled
        else f"so {'it stays' if len(torn) == 1 else 'all stay'} without one"
    )
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.MEDIUM if settled else Severity.HIGH,
        torn[0][0].name,
        f"{_several_times(torn, noun)} with different labels, {outcome}: {cut(said)}.",
        f"What was measured does not tell these {noun.many} apart, or a label is wrong."
        if settled
        else f"The {noun.many} are the same to the letter, and at most one label is right.",
        "Add a column that tells them apart, or correct the labels." if settled else _decide(torn[0][0].name),
        tuple(each[0].name for each in torn[:MOST_EVIDENCE]),
        tuple(each[0].digest for each in torn),
    )


def torn_beside_sealed(torn: Sequence[Sequence[Record]], noun: InputNoun) -> Finding:
    """Inputs that came with several labels and belong with sealed ones, so that no decision makes them teach."""
    said = [" but ".join(f"“{one.name}” says “{one.label}”" for one in one_per_label(each)[:2]) for each in torn]
    it = "it was" if len(torn) == 1 else "they were"
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.MEDIUM,
        torn[0][0].name,
        f"{noun.counted(len(torn))} came with different labels, so {it} set aside: {cut(said)}.",
        f"What belongs with {'it' if len(torn) == 1 else 'them'} is sealed, and a label that comes later never judges.",
        NOTHING_CHANGES,
        tuple(each[0].name for each in torn[:MOST_EVIDENCE]),
        tuple(each[0].digest for each in torn),
    )


def _decide(name: str) -> str:
    """What is to be done about inputs of which two things are said; the first is named."""
    return (
        f"Decide which label is right (understudy label PROJECT {shlex.quote(name)} LABEL): then it teaches, though it "
        "never judges; until then nothing learns from it."
    )


def many_numbers(torn: Sequence[Sequence[Record]], noun: InputNoun) -> Finding:
    """Rows that came with several numbers."""
    said = [" but ".join(f"“{one.name}” says “{one.label}”" for one in one_per_label(each)[:2]) for each in torn]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.LOW,
        torn[0][0].name,
        f"{_several_times(torn, noun)} with different numbers, and the middle one of each counts: {cut(said)}.",
        f"What was measured does not tell these {noun.many} apart, or a number is wrong.",
        "Add a column that tells them apart, or correct the numbers.",
        tuple(each[0].name for each in torn[:MOST_EVIDENCE]),
        tuple(each[0].digest for each in torn),
    )


def _several_times(torn: Sequence[Sequence[Record]], noun: InputNoun) -> str:
    """How many came several times, and how often all together."""
    return f"{noun.counted(len(torn))} came several times, {sum(map(len, torn)):,} times together,"


def two_numbers(records: Sequence[Record], noun: InputNoun) -> Finding:
    """One file that came with several numbers."""
    said = [f"“{record.name}” says “{record.label}”" for record in records if record.label]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.LOW,
        records[0].name,
        f"One {noun.one} has several numbers, and the middle one counts: {cut(said)}.",
        "The files hold the same bytes.",
        "Correct the number that is wrong, if one is.",
        awaits=(records[0].digest,),
    )


def contradiction(records: Sequence[Record], noun: InputNoun) -> Finding:
    """One file that came with two labels."""
    said = [f"“{record.name}” says “{record.label}”" for record in records if record.label]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        records[0].name,
        f"One {noun.one} came with two labels, so it stays without one: {cut(said)}.",
        "The files hold the same bytes, and at most one label is right.",
        _decide(records[0].name),
        awaits=(records[0].digest,),
    )


def differs_from_known(one: Differing, noun: InputNoun) -> Finding:
    """One file that was known with another label, which stands."""
    said, old = listed(sorted(one.said)), one.old
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        one.name,
        f"“{one.name}” is labelled {said} here and was labelled “{old}” before; “{old}” stands.",
        f"The same {noun.one} came earlier with another label, and at most one is right.",
        f"If the new label is right, say so: understudy label PROJECT {noun.one.upper()} LABEL. {RELABEL}",
        awaits=(one.digest,),
    )


def beside_none(denied: Sequence[Record], noun: InputNoun) -> Finding:
    """Inputs of which it is said that no label applies, and that some do."""
    one = len(denied) == 1
    shown = cut([f"“{record.name}” says “{record.label}”" for record in denied])
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.MEDIUM,
        denied[0].name,
        f"{noun.counted(len(denied))} came with “{NONE_OF_THESE}” beside other labels, so {'it' if one else 'they'} "
        f"{'stays' if one else 'stay'} without a label: {shown}.",
        f"“{NONE_OF_THESE}” says that no label applies, so both cannot be right.",
        "Correct what is said, then add it again; until then nothing learns from it, and it judges nothing.",
        tuple(record.name for record in denied[:MOST_EVIDENCE]),
        tuple(record.digest for record in denied),
    )


def one_per_label(records: Sequence[Record]) -> list[Record]:
    """The first record of each label, by label."""
    first = {record.label: record for record in reversed(records) if record.label}
    return [first[label] for label in sorted(first)]
