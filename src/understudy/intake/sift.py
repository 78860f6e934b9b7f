"""From the inputs of a source to examples, each on its side of the sealed border, and findings about the rest."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.finding import Finding
from understudy.domain.task import AnswerKind, Task, denies_itself, labels_in
from understudy.intake import remarks
from understudy.intake.agreement import agreed_label, made_real, new_labels, said_anew, unsaid
from understudy.intake.comma_labels import on_commas
from understudy.intake.contradictions import beside_none
from understudy.intake.dealing import Dealing, Labels, together
from understudy.intake.families import Families, Newcomer, families_of
from understudy.intake.incoming import Source
from understudy.intake.reading import Record, read_all
from understudy.intake.roll import Examples, PlainRows, Roll
from understudy.intake.spellings import on_spellings
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import Modality
from understudy.modalities.registry import modality_named

THREADS: Final = 2


class NothingToTakeIn(UnderstudyError):
    """A source holds no input that can be read.

    Args:
        source: Its name.
        findings: What was found instead.
        modality: What was looked for.
    """

    def __init__(self, source: str, findings: Sequence[Finding], modality: Modality) -> None:
        noun = noun_of(modality.name)
        super().__init__(
            fact=f"“{source}” holds no {noun.one} that can be read.",
            reason=findings[0].fact if findings else f"There is no {'file' if modality.suffixes else 'row'} in it.",
            remedy=_remedy(modality),
        )
        self.findings = tuple(findings)


def _remedy(modality: Modality) -> str:
    noun = noun_of(modality.name)
    if not modality.suffixes:
        return f"Add a table with {noun.many} in it: a first line that names the columns, then a line each."
    if modality.name == "photo":
        return f"Add {modality.formats} {noun.many}, a folder a class."
    return f"Add {noun.many} ({modality.formats}), a folder a class."


@dataclass(frozen=True)
class Sifted:
    """What came of a source.

    Attributes:
        examples: New ones, in the order of digests.
        labels: Labels, as (digest, label), for examples that were known without one.
        findings: In the order of the source; those about several files last.
        known: How many of the source's inputs were known already.
        ignored: Files that an operating system left behind.
        names: Names of rows that are no examples of their own, with the digest of the one that each is.
        again: By digest of an input that was known already, how often it came.
        in_vain: How many of the labels are for what is set aside, and stays so.
        groups: Groups that came into a family of another key, as (group, key); see `families.Families.named`.
        owners: Whose examples are whose family bears another name; see `families.Families.owners`.
        relabelled: Labels, as (digest, label), that count from now on for examples that were known with one.
        claimed: Those of known examples that were made up and came with a label, as (digest, name): they are real.
    """

    examples: Sequence[Example]
    labels: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    known: int
    ignored: int
    names: tuple[tuple[str, str], ...] = ()
    again: Mapping[str, int] = field(default_factory=dict)
    in_vain: int = 0
    groups: Sequence[tuple[str, str]] = ()
    owners: Sequence[tuple[str, str]] = ()
    relabelled: tuple[tuple[str, str], ...] = ()
    claimed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Taken:
    """What came, beside what was there.

    Attributes:
        source: Where it came from.
        before: What was known, with the labels that count from now on.
        inputs: What came with something to say of it, by digest.
        fresh: Those of them that are new.
        plain: Rows that came and say no more than their label.
        plain_sides: On which side each of these falls.
        families: Families of the new ones.
        told: The new ones as examples.
    """

    source: Source
    before: Mapping[str, Arrival]
    inputs: Mapping[str, Sequence[Record]]
    fresh: Mapping[str, Sequence[Record]]
    plain: PlainRows
    plain_sides: bytes
    families: Families
    told: Sequence[Example]

    @cached_property
    def aside(self) -> set[str]:
        """Digests of what is set aside."""
        sided: Iterable[Example | Arrival] = chain(self.told, self.before.values())
        return {one.digest for one in sided if one.side is Side.SET_ASIDE}

    def findings(self, sealed_share: float, *, made_up: bool) -> Iterator[Finding]:
        """What there is to be said of it."""
        source, task, there = self.source, self.source.task, list(self.before.values())
        tell = remarks.Remarks(task, rows=source.rows, answered=source.answered, unsaid=source.unsaid)
        yield from tell.on_labels(self.inputs, self.before, self.aside, self.plain)
        yield from tell.on_oddities(self.fresh)
        yield from tell.on_twins(self.fresh, self.families, self.before)
        yield from tell.on_families(self.fresh, self.families)
        if sealed_share > 0 and not made_up:
            yield from tell.beside_made_up(self.fresh, self.families, self.before)
        counted = self.plain.counted(self.plain_sides)
        if 0 < sealed_share < 1 and not made_up:
            yield from tell.on_bulk(self.told, there, counted)
        yield from tell.on_classes(self.told, there, sealed_share, counted, synthetic=made_up)
        arriving = Counter(_said(chain((each.label for each in self.told), self.plain.labels()), task))
        held = Counter(_said((each.label for each in there), task))
        yield from on_spellings(arriving, held, task)
        yield from on_commas(arriving, held, task)


def sift(  # noqa: PLR0913 - what is known, where to keep, and how; each is said by name
    source: Source,
    known: Iterable[Arrival],
    keep: Callable[[bytes], str],
    *,
    sealed_share: float,
    groups: Iterable[tuple[str, str]] = (),
    provenance: Provenance = Provenance.UPLOAD,
    doubted: Container[str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    threads: int = THREADS,
) -> Sifted:
    """Takes a source in: reads, measures and keeps its inputs one by one, then finds families and their sides.

    - The same bytes make one example, whatever their names; bytes that are known add nothing.
    - Near-identical inputs and those of one group form a family, and a family falls on one side, by a hash of its key,
      so that about the share of each label is sealed; see `dealing.deal`.
      A newcomer joins the side of its known relatives; where these lie on both sides it is set aside.
    - Inputs without a label, those with contradicting ones, and synthetic ones are never sealed: where their family is,
      they are set aside. What synthetic ones bear says nothing of inputs that are known; one that comes with a label
      from elsewhere is real from then on, with that label and on its side.

    The order in which the files come decides nothing but the order of the findings.

    Args:
        source: What to take in.
        known: What the project has already.
        keep: Stores the bytes of an input and returns their SHA-256 in hex; called from several threads.
        sealed_share: Share of the families that is sealed, 0..1.
        groups: Groups that came into a family of another key before, as (group, key).
        provenance: Where the inputs came from.
        doubted: What the source says counts for known inputs too, in place of their labels; of those that are the same
            it is said again where a finding waits for it, of these digests. None: what was said before stands.
        progress: Told how many inputs of how many are done.
        threads: Files read at a time.

    Raises:
        NothingToTakeIn: Nothing in the source can be read as an input of its kind.
    """
    task, modality = source.task, modality_named(source.task.modality)
    before = {arrival.digest: arrival for arrival in known}
    read = read_all(source, modality, before.keys(), keep, progress, threads)
    inputs, plain, findings = _parted(_undenied(read, task), before.values(), modality)
    if provenance is Provenance.SYNTHETIC:
        inputs = {digest: unsaid(records) if digest in before else records for digest, records in inputs.items()}
    claimed = () if provenance is Provenance.SYNTHETIC else made_real(inputs, before, task)
    before |= {digest: replace(before[digest], label=None, made_up=False) for digest, _ in claimed}
    if not inputs and not plain:
        raise NothingToTakeIn(source.name, findings, modality)
    relabelled = () if doubted is None else said_anew(inputs, before, task, doubted)
    before |= {digest: replace(before[digest], label=label) for digest, label in relabelled}
    fresh = {digest: records for digest, records in inputs.items() if digest not in before}
    families = families_of(
        [_newcomer(digest, records) for digest, records in fresh.items()],
        list(before.values()),
        modality,
        groups=groups,
        again={digest: named for digest in inputs if digest in before and (named := _groups_of(inputs[digest]))},
    )
    sides, plain_sides = _sides(fresh, families, before, plain, sealed_share, provenance, task)
    told = [
        _example(records, families.group[digest], sides[digest], provenance, task) for digest, records in fresh.items()
    ]
    labels = new_labels(inputs, before, task)
    taken = _Taken(source, before, inputs, fresh, plain, plain_sides, families, told)
    findings += taken.findings(sealed_share, made_up=provenance is Provenance.SYNTHETIC)
    aside = taken.aside
    again = {digest: len(records) for digest, records in inputs.items() if digest in before}
    examples = Examples(told, plain, plain_sides, provenance) if plain else tuple(told)
    names = _other_names(inputs, before, task) if source.rows else ()
    return Sifted(
        examples=examples,
        labels=labels,
        findings=tuple(findings),
        known=sum(again.values()),
        ignored=source.ignored,
        names=names,
        again=again,
        in_vain=sum(digest in aside for digest, _ in labels),
        groups=families.named,
        owners=families.owners,
        relabelled=relabelled,
        claimed=claimed,
    )


def _undenied(items: Iterable[Record | Finding], task: Task) -> Iterator[Record | Finding]:
    """What was read; labels that deny each other are left out, and told of together behind all else."""
    denied: list[Record] = []
    for item in items:
        label = item.label if isinstance(item, Record) else None
        if isinstance(item, Record) and label and task.answers is AnswerKind.LABELS and denies_itself(label):
            denied.append(item)
            yield replace(item, label=None)
        else:
            yield item
    if denied:
        yield beside_none(denied, noun_of(task.modality))


def _parted(
    items: Iterable[Record | Finding], before: Iterable[Arrival], modality: Modality
) -> tuple[dict[str, list[Record]], PlainRows, list[Finding]]:
    """What was read: records by digest, in order; inputs that nothing sets apart; and findings."""
    by_digest: dict[str, list[Record]] = {}
    roll, findings = Roll(), list[Finding]()
    for item in items:
        if isinstance(item, Finding):
            findings.append(item)
        elif roll.takes(item):
            roll.add(item)
        else:
            by_digest.setdefault(item.digest, []).append(item)
    others = {digest: _fingerprint_of(records[0]) for digest, records in by_digest.items()}
    plain, shared = roll.sorted_out(others, [old.fingerprint for old in before if len(roll)], modality)
    for record in shared:
        by_digest.setdefault(record.digest, []).append(record)
    for records in by_digest.values():
        records.sort(key=_order)
    return dict(sorted(by_digest.items())), plain, findings


def _said(labels: Iterable[str | None], task: Task) -> Iterator[str]:
    """The labels of examples, each as often as it is said; none of numbers and items."""
    if task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
        return
    for label in labels:
        if label is not None:
            yield from labels_in(label) if task.answers is AnswerKind.LABELS else (label,)


def _order(record: Record) -> tuple[str, str]:
    return record.name, record.label or ""


def _newcomer(digest: str, records: Sequence[Record]) -> Newcomer:
    return Newcomer(digest, _fingerprint_of(records[0]), _groups_of(records))


def _groups_of(records: Sequence[Record]) -> frozenset[str]:
    return frozenset(record.group for record in records if record.group)


def _fingerprint_of(record: Record) -> str:
    return record.measured.fingerprint if record.measured else ""


def _sides(
    fresh: Mapping[str, Sequence[Record]],
    families: Families,
    before: Mapping[str, Arrival],
    plain: PlainRows,
    sealed_share: float,
    provenance: Provenance,
    task: Task,
) -> tuple[dict[str, Side], bytes]:
    """The side of each new input's family, and of each plain row. What has nothing to seal is learned from."""
    known = {side: Counter[str]() for side in Side}
    for old in before.values():
        for label in _dealt_as(old.label, task):
            known[old.side][label] += 1
    sealable: dict[str, Labels] = {}
    joined: dict[str, Side] = {}
    for digest, records in fresh.items():
        labels, taken = _dealt_as(agreed_label(records, task), task), families.sides[digest]
        if taken:
            joined[digest] = Side.SET_ASIDE if len(taken) > 1 else next(iter(taken))
            known[joined[digest]].update(labels)
        elif labels and provenance is not Provenance.SYNTHETIC:
            group = families.group[digest]
            sealable[group] = together(sealable.get(group, ()), _once(labels))
    dealing = Dealing(known, sealed_share)
    for key, held in sealable.items():
        dealing.put(key, held)
    for digest, said in plain.labelled() if provenance is not Provenance.SYNTHETIC else ():
        if labels := _dealt_as(said, task):
            dealing.put(digest, _once(labels))
    dealt = dealing.dealt()

    def side_of(key: str, label: str | None) -> Side:
        labels = () if provenance is Provenance.SYNTHETIC else _dealt_as(label, task)
        return dealt.side(key, _once(labels)) if labels else Side.TRAIN

    of_families = {key: dealt.side(key, held) for key, held in sealable.items()}
    sides = {digest: joined.get(digest) or of_families.get(families.group[digest], Side.TRAIN) for digest in fresh}
    return sides, plain.sides(side_of)


def _once(labels: tuple[str, ...]) -> Labels:
    """What one input holds."""
    return tuple((label, 1) for label in labels)


def _dealt_as(label: str | None, task: Task) -> tuple[str, ...]:
    """The labels among which an input is dealt: its own, or one for all where answers are no labels."""
    if not label:
        return ()
    if task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
        return ("",)
    return (labels_in(label) or (label,)) if task.answers is AnswerKind.LABELS else (label,)


def _example(records: Sequence[Record], group: str, side: Side, provenance: Provenance, task: Task) -> Example:
    """Builds the example of one new input from the files that hold it and the side of its family."""
    first, label = records[0], agreed_label(records, task)
    measured = first.measured
    if measured is None:
        raise ValueError("a new input has been inspected")
    unsealable = label is None or provenance is Provenance.SYNTHETIC
    if side is Side.SEALED and unsealable:
        side = Side.SET_ASIDE
    return Example(
        first.digest, first.name, provenance, group, side, label, measured.width, measured.height, measured.fingerprint
    )


def _other_names(
    inputs: Mapping[str, Sequence[Record]], before: Mapping[str, Arrival], task: Task
) -> tuple[tuple[str, str], ...]:
    """Names that findings tell of beside those of examples: of repetitions, and of known rows that say otherwise."""
    found: list[tuple[str, str]] = []
    for digest, records in inputs.items():
        if digest not in before:
            found += ((record.name, digest) for record in records[1:])
        elif agreed_label(records, task) not in {None, before[digest].label}:
            found += ((record.name, digest) for record in records)
    return tuple(found)
