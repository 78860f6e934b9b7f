"""Findings about inputs that show the same, to the letter or nearly."""

from collections.abc import Iterable, Iterator, Sequence

from understudy.domain.arrival import Arrival
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.noun import InputNoun
from understudy.intake.contradictions import is_torn, one_per_label
from understudy.intake.naming import MOST_EVIDENCE, cut, listed
from understudy.intake.reading import Record


def twins_together(
    alike: Sequence[tuple[list[Record], list[Arrival]]], noun: InputNoun, *, numbers: bool
) -> Iterator[Finding]:
    """Copies in one finding, what is nearly the same in another, and what is so with different labels in a third."""
    copies, near, differing = list[list[Record]](), list[list[Record]](), list[list[Record]]()
    for records, earlier in alike:
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
    fact = f"{what}: {listed(names)}."
    return Finding(FindingKind.TWIN, severity, names[0], fact, reason, remedy, tuple(names[:MOST_EVIDENCE]))


def twins(records: Sequence[Record], earlier: Sequence[Arrival], noun: InputNoun, *, differ: bool) -> Finding:
    """One family of inputs that show the same; of medium weight when they are labelled differently."""
    identical = len({record.digest for record in records}) + len(earlier) == 1
    names = [record.name for record in records]
    count = f"{len(names)} files" if len(names) > 1 else f"“{names[0]}”"
    others = f" and {noun.counted(len(earlier))} added earlier" if earlier else ""
    which = f": {listed(names)}" if len(names) > 1 else ""
    if differ and not identical:
        said = [f"“{record.name}” says “{record.label}”" for record in one_per_label(records)]
        said += [
            f"a {noun.one} added earlier says “{label}”"
            for label in sorted({one.label for one in earlier if one.label})
        ]
        return Finding(
            FindingKind.TWIN,
            Severity.MEDIUM,
            names[0],
            f"{noun.many.capitalize()} that look the same are labelled differently: {cut(said)}.",
            "Either one label is wrong, or what tells them apart is small in the picture."
            if noun.one == "photo"
            else "Either one label is wrong, or what tells them apart is small.",
            "Look at them side by side and correct the label that is wrong, if one is.",
        )
    fact = (
        f"{count}{others} hold the same {noun.one}{which}." if identical else f"{count}{others} look the same{which}."
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
