"""Findings about several files: contradicting labels, twins, families across the border, classes too small."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.intake.families import LOOSE_FAMILY, Families
from understudy.intake.reading import Record

NAMED: Final = 4
"""Names in a sentence; the rest are counted."""

Photos = Mapping[str, Sequence[Record]]


def on_labels(photos: Photos, before: Mapping[str, Arrival]) -> Iterator[Finding]:
    """Photos that bear two labels, here or against what was known, and photos that bear none."""
    unlabelled = []
    for digest, records in photos.items():
        here = {record.label for record in records if record.label}
        old = before[digest].label if digest in before else None
        if old is not None and here - {old}:
            yield _differs_from_known(records[0].name, here - {old}, old)
        elif len(here) > 1:
            known = before.get(digest)
            yield _contradiction(records, set_aside=known is None or known.side is Side.SET_ASIDE)
        elif not here and digest not in before:
            unlabelled.append(records[0].name)
    if unlabelled:
        yield Finding(
            FindingKind.UNLABELLED,
            Severity.LOW,
            unlabelled[0],
            f"{_photos(len(unlabelled))} came without a label: {_listed(unlabelled)}.",
            "They lie in no class's folder, or the table says nothing about them.",
            "Label them, and they teach the model too; they are never part of the sealed set.",
        )


def on_twins(fresh: Photos, families: Families, before: Mapping[str, Arrival]) -> Iterator[Finding]:
    """Each family of photos that show the same, once."""
    told: set[str] = set()
    for digest in fresh:
        alike = families.twins[digest]
        if alike[0] in told:
            continue
        told.add(alike[0])
        records = sorted((record for one in alike for record in fresh.get(one, ())), key=lambda record: record.name)
        earlier = [before[one] for one in alike if one in before]
        copies = len(alike) == 1
        if len(records) + len(earlier) > 1 and not (copies and len({record.label for record in records} - {None}) > 1):
            yield _twins(records, earlier)
    if families.refused:
        one, other = families.refused[0]
        names = [fresh[digest][0].name for digest in (one, other) if digest in fresh]
        yield Finding(
            FindingKind.TWIN,
            Severity.MEDIUM,
            names[0],
            f"{len(families.refused)} pairs of photos look much alike and were not counted as twins: {_listed(names)}.",
            f"More than {LOOSE_FAMILY} photos would be one family by likeness alone, each only resembling the next.",
            "If they show one thing (frames of one film, one wall), say so by a group rule.",
        )


def on_families(fresh: Photos, families: Families) -> Iterator[Finding]:
    """Families whose known members lie on both sides of the border."""
    torn: dict[str, list[str]] = {}
    for digest, records in fresh.items():
        if len(families.sides[digest]) > 1:
            torn.setdefault(families.group[digest], []).append(records[0].name)
    for names in torn.values():
        yield Finding(
            FindingKind.TWINS_ACROSS_BORDER,
            Severity.MEDIUM,
            names[0],
            f"{_photos(len(names))} set aside, as what belongs with them is partly sealed already: {_listed(names)}.",
            "Their relatives came earlier and fell on both sides before anything connected them.",
            "Nothing needs doing; say what belongs together when you first add photos, and it stays together.",
        )


def on_classes(examples: Sequence[Example], before: Sequence[Arrival], sealed_share: float) -> Iterator[Finding]:
    """Classes among the new photos that have one photo, none to learn from, or none that is sealed."""
    counts = Counter((new.label, new.side) for new in examples) + Counter((old.label, old.side) for old in before)
    for label in sorted({one.label for one in examples if one.label is not None}):
        learned, sealed = counts[label, Side.TRAIN], counts[label, Side.SEALED]
        if learned + sealed == 1:
            yield _small(label, Severity.HIGH, "has one photo", "Nothing can be learned from one and shown on another.")
        elif learned == 0 and sealed:
            yield _small(
                label,
                Severity.HIGH,
                "has no photo to learn from",
                "All that belongs to it fell to the sealed set, which no training sees; chance decides that by group.",
            )
        elif sealed == 0 and learned and sealed_share > 0:
            yield _small(
                label,
                Severity.MEDIUM,
                f"has {_photos(learned)}, none of them sealed",
                "A hash of its group puts each photo on its side, and a small class can come away with none.",
            )


def _small(label: str, severity: Severity, what: str, reason: str) -> Finding:
    remedy = f"Add more photos of “{label}”, of other things or days than these, so that they are groups of their own."
    return Finding(FindingKind.SMALL_CLASS, severity, label, f"The class “{label}” {what}.", reason, remedy)


def _contradiction(records: Sequence[Record], *, set_aside: bool) -> Finding:
    said = [f"“{record.name}” says “{record.label}”" for record in records if record.label]
    outcome = "it was set aside" if set_aside else "it stays without a label"
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        records[0].name,
        f"One photo has two labels, so {outcome}: {_cut(said)}.",
        "The files hold the same bytes, and at most one label is right.",
        "Decide which label is right; until then nothing learns from it, and it judges nothing.",
    )


def _differs_from_known(name: str, said: set[str], old: str) -> Finding:
    return Finding(
        FindingKind.CONTRADICTORY_LABELS,
        Severity.HIGH,
        name,
        f"“{name}” is labelled {_listed(sorted(said))} here and was labelled “{old}” before; “{old}” stands.",
        "The same photo came earlier with another label, and at most one is right.",
        "If the new label is right, say so: understudy label PROJECT PHOTO LABEL.",
    )


def _twins(records: Sequence[Record], earlier: Sequence[Arrival]) -> Finding:
    """One family of photos that show the same; of medium weight when they are labelled differently."""
    identical = len({record.digest for record in records}) + len(earlier) == 1
    names = [record.name for record in records]
    count = f"{len(names)} files" if len(names) > 1 else f"“{names[0]}”"
    others = f" and {_photos(len(earlier))} added earlier" if earlier else ""
    listed = f": {_listed(names)}" if len(names) > 1 else ""
    labels = {record.label for record in records if record.label} | {one.label for one in earlier if one.label}
    if len(labels) > 1 and not identical:
        said = [f"“{record.name}” says “{record.label}”" for record in _one_per_label(records)]
        said += [
            f"a photo added earlier says “{label}”" for label in sorted({one.label for one in earlier if one.label})
        ]
        return Finding(
            FindingKind.TWIN,
            Severity.MEDIUM,
            names[0],
            f"Photos that look the same are labelled differently: {_cut(said)}.",
            "Either one label is wrong, or what tells them apart is small in the picture.",
            "Look at them side by side and correct the label that is wrong, if one is.",
        )
    fact = f"{count}{others} hold the same photo{listed}." if identical else f"{count}{others} look the same{listed}."
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


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"


def _listed(names: Sequence[str]) -> str:
    return _cut([f"“{name}”" for name in names])


def _cut(parts: Sequence[str]) -> str:
    rest = len(parts) - NAMED
    return ", ".join(parts[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
