"""From the files of a source to examples, each on its side of the sealed border, and findings about the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.finding import Finding
from understudy.intake import remarks
from understudy.intake.families import Families, Newcomer, families_of, side_of
from understudy.intake.incoming import Source
from understudy.intake.reading import Record, read_all

THREADS: Final = 2


class NothingToTakeIn(UnderstudyError):
    """A source holds no photo that can be read.

    Args:
        source: Its name.
        findings: What was found instead.
    """

    def __init__(self, source: str, findings: Sequence[Finding]) -> None:
        super().__init__(
            fact=f"“{source}” holds no photo that can be read.",
            reason=findings[0].fact if findings else "There is no file in it.",
            remedy="Add JPEG, PNG, WebP, GIF, TIFF, BMP or HEIC photos, a folder a class.",
        )
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Sifted:
    """What came of a source.

    Attributes:
        examples: New ones, in the order of names.
        labels: Labels, as (digest, label), for examples that were known without one.
        findings: In the order of the source; those about several files last.
        known: How many of the source's photos were known already.
        ignored: Files that an operating system left behind.
    """

    examples: tuple[Example, ...]
    labels: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    known: int
    ignored: int


def sift(
    source: Source,
    known: Iterable[Arrival],
    keep: Callable[[bytes], str],
    *,
    sealed_share: float,
    provenance: Provenance = Provenance.UPLOAD,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    threads: int = THREADS,
) -> Sifted:
    """Takes a source in: reads, measures and keeps its photos one by one, then finds families and their sides.

    - The same bytes make one example, whatever their names; bytes that are known add nothing.
    - Near-identical photos and those of one group form a family, and a family falls on one side, by a hash of its key.
      A newcomer joins the side of its known relatives; where these lie on both sides it is set aside.
    - Photos with contradicting labels are set aside. Photos without a label, and synthetic ones, are never sealed:
      where their family is, they are set aside.

    The order in which the files come decides nothing but the order of the findings.

    Args:
        source: What to take in.
        known: What the project has already.
        keep: Stores the bytes of a photo and returns their SHA-256 in hex; called from several threads.
        sealed_share: Share of the families that is sealed, 0..1.
        provenance: Where the photos came from.
        progress: Told how many files of how many are done.
        threads: Files read at a time.

    Raises:
        NothingToTakeIn: No file of the source is a photo that can be read.
    """
    before = {arrival.digest: arrival for arrival in known}
    by_digest: dict[str, list[Record]] = {}
    findings: list[Finding] = []
    for item in read_all(source.items, before.keys(), keep, progress, threads):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            by_digest.setdefault(item.digest, []).append(item)
    if not by_digest:
        raise NothingToTakeIn(source.name, findings)
    photos = {digest: sorted(records, key=_order) for digest, records in sorted(by_digest.items())}
    fresh = {digest: records for digest, records in photos.items() if digest not in before}
    families = families_of([_newcomer(digest, records) for digest, records in fresh.items()], list(before.values()))
    sides = _family_sides(fresh, families, sealed_share, provenance)
    examples = [
        _example(records, families.group[digest], sides[digest], provenance) for digest, records in fresh.items()
    ]
    examples.sort(key=lambda example: (example.name, example.digest))
    labels = _new_labels(photos, before)
    findings += remarks.on_labels(photos, before)
    findings += remarks.on_twins(fresh, families, before)
    findings += remarks.on_families(fresh, families)
    findings += remarks.on_classes(examples, list(before.values()), sealed_share)
    seen = sum(len(records) for digest, records in photos.items() if digest in before)
    return Sifted(tuple(examples), labels, tuple(findings), seen, source.ignored)


def _order(record: Record) -> tuple[str, str]:
    return record.name, record.label or ""


def _newcomer(digest: str, records: Sequence[Record]) -> Newcomer:
    facts = records[0].facts
    fingerprint = facts.fingerprint if facts else ""
    return Newcomer(digest, fingerprint, frozenset(record.group for record in records if record.group))


def _agreed(records: Sequence[Record]) -> str | None:
    """The label of a photo, if all that say one say the same."""
    labels = {record.label for record in records if record.label}
    return labels.pop() if len(labels) == 1 else None


def _contradicted(records: Sequence[Record]) -> bool:
    return len({record.label for record in records if record.label}) > 1


def _family_sides(
    fresh: Mapping[str, Sequence[Record]], families: Families, sealed_share: float, provenance: Provenance
) -> dict[str, Side]:
    """The side of each new photo's family. One that has nothing to seal stays on the side of training."""
    sealable: set[str] = set()
    if provenance is not Provenance.SYNTHETIC:
        sealable = {families.group[digest] for digest, records in fresh.items() if _agreed(records)}
    sides = {}
    for digest in fresh:
        group, taken = families.group[digest], families.sides[digest]
        if taken:
            sides[digest] = Side.SET_ASIDE if len(taken) > 1 else next(iter(taken))
        else:
            sides[digest] = side_of(group, sealed_share) if group in sealable else Side.TRAIN
    return sides


def _example(records: Sequence[Record], group: str, side: Side, provenance: Provenance) -> Example:
    """Builds the example of one new photo from the files that hold it and the side of its family."""
    first, label = records[0], _agreed(records)
    facts = first.facts
    if facts is None:
        raise ValueError("a new photo has been inspected")
    unsealable = label is None or provenance is Provenance.SYNTHETIC
    if _contradicted(records) or (side is Side.SEALED and unsealable):
        side = Side.SET_ASIDE
    return Example(
        first.digest, first.name, provenance, group, side, label, facts.width, facts.height, facts.fingerprint
    )


def _new_labels(photos: Mapping[str, Sequence[Record]], before: Mapping[str, Arrival]) -> tuple[tuple[str, str], ...]:
    """Labels for what was known without one, where the source does not contradict itself."""
    found = []
    for digest, records in photos.items():
        label = _agreed(records)
        if label and digest in before and before[digest].label is None:
            found.append((digest, label))
    return tuple(found)
