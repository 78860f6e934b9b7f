"""Findings about inputs that came with different answers."""

import shlex
from collections.abc import Iterable, Sequence

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun
from understudy.domain.task import NONE_OF_THESE
from understudy.intake.naming import MOST_EVIDENCE, cut, listed
from understudy.intake.reading import Record


def is_torn(records: Iterable[Record]) -> bool:
    """Whether what is said of one input differs."""
    return len({record.label for record in records} - {None}) > 1


def many_differ(differing: Sequence[tuple[str, set[str], str]], noun: InputNoun, what: str) -> Finding:
    """Rows that were known with another answer, which stands: name, what is said here, and what was said before."""
    said = [f"“{name}” says {listed(sorted(here))}, before it was “{old}”" for name, here, old in differing]
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        differing[0][0],
        f"{noun.counted(len(differing))} came before with another {what}, which stands: {cut(said)}.",
        f"The same {noun.one} came earlier with another {what}, and at most one is right.",
        f"If a new {what} is right, say so: understudy label PROJECT {shlex.quote(differing[0][0])} {what.upper()}. If "
        "many are, begin a project with this table alone.",
        tuple(name for name, _, _ in differing[:MOST_EVIDENCE]),
    )


def many_torn(torn: Sequence[Sequence[Record]], noun: InputNoun, *, settled: bool) -> Finding:
    """Rows that came with several labels."""
    said = [" but ".join(f"“{one.name}” says “{one.label}”" for one in one_per_label(each)[:2]) for each in torn]
    outcome = "the commonest label of each counts, and where none is, it was set aside" if settled else "all set aside"
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.MEDIUM if settled else Severity.HIGH,
        torn[0][0].name,
        f"{_several_times(torn, noun)} with different labels, {outcome}: {cut(said)}.",
        f"What was measured does not tell these {noun.many} apart, or a label is wrong."
        if settled
        else f"The {noun.many} are the same to the letter, and at most one label is right.",
        "Add a column that tells them apart, or correct the labels."
        if settled
        else "Decide which label is right; until then nothing learns from them, and they judge nothing.",
        tuple(each[0].name for each in torn[:MOST_EVIDENCE]),
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
    )


def contradiction(records: Sequence[Record], noun: InputNoun, *, set_aside: bool) -> Finding:
    """One file that came with two labels."""
    said = [f"“{record.name}” says “{record.label}”" for record in records if record.label]
    outcome = "it was set aside" if set_aside else "it stays without a label"
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        records[0].name,
        f"One {noun.one} has two labels, so {outcome}: {cut(said)}.",
        "The files hold the same bytes, and at most one label is right.",
        "Decide which label is right; until then nothing learns from it, and it judges nothing.",
    )


def differs_from_known(name: str, said: set[str], old: str, noun: InputNoun) -> Finding:
    """One file that was known with another label, which stands."""
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        name,
        f"“{name}” is labelled {listed(sorted(said))} here and was labelled “{old}” before; “{old}” stands.",
        f"The same {noun.one} came earlier with another label, and at most one is right.",
        f"If the new label is right, say so: understudy label PROJECT {noun.one.upper()} LABEL.",
    )


def beside_none(said: Sequence[tuple[str, str]], noun: InputNoun) -> Finding:
    """Inputs of which it is said that no label applies, and that some do: name, and what is said."""
    one = len(said) == 1
    shown = cut([f"“{name}” says “{label}”" for name, label in said])
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.MEDIUM,
        said[0][0],
        f"{noun.counted(len(said))} came with “{NONE_OF_THESE}” beside other labels, so {'it' if one else 'they'} "
        f"{'stays' if one else 'stay'} without a label: {shown}.",
        f"“{NONE_OF_THESE}” says that no label applies, so both cannot be right.",
        "Correct what is said, then add it again; until then nothing learns from it, and it judges nothing.",
        tuple(name for name, _ in said[:MOST_EVIDENCE]),
    )


def one_per_label(records: Sequence[Record]) -> list[Record]:
    """The first record of each label, by label."""
    first = {record.label: record for record in reversed(records) if record.label}
    return [first[label] for label in sorted(first)]
