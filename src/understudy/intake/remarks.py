"""Findings about several inputs: contradicting labels, twins, families across the border, classes too small."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.answers import said_instead
from understudy.intake.bulk import bulks_in, on_bulk
from understudy.intake.classes import Plain, classes_of, held_of, small_class
from understudy.intake.contradictions import (
    NOTHING_CHANGES,
    Differing,
    contradiction,
    differs_from_known,
    is_torn,
    many_differ,
    many_numbers,
    many_torn,
    torn_beside_sealed,
    two_numbers,
)
from understudy.intake.families import LOOSE_FAMILY, Families, Link
from understudy.intake.incoming import readable_words
from understudy.intake.naming import NAMED, listed
from understudy.intake.reading import Record
from understudy.intake.roll import PlainRows
from understudy.intake.twins import Alike, twins, twins_together
from understudy.modalities.nouns import noun_of

Inputs = Mapping[str, Sequence[Record]]

MOST_FAMILIES: Final = 5
"""Families of files that show the same, which are told of one by one."""
MOST_AWAITED: Final = 10_000
"""Inputs without a label of which a finding knows when all have one; of more it stays."""


class Remarks:
    """What is said about the inputs of one source.

    Files are told of one by one, unless many show the same as others. Of rows, of which thousands may be alike, each
    thing is said once, with how many.

    Args:
        task: What comes in, and what kind of answer its labels are.
        rows: The source is a table of inputs.
        answered: It has a column that says the answer.
        unsaid: What its cells say that are taken for no answer, and how often.
    """

    def __init__(
        self, task: Task, *, rows: bool = False, answered: bool = True, unsaid: Mapping[str, int] | None = None
    ) -> None:
        self._task = task
        self._answered, self._unsaid = answered, unsaid or {}
        self._rows = rows
        self._numbers = task.answers is AnswerKind.NUMBER
        self._noun = noun_of(task.modality)

    def on_labels(
        self, inputs: Inputs, before: Mapping[str, Arrival], aside: Container[str], plain: PlainRows
    ) -> Iterator[Finding]:
        """Inputs that bear two labels, here or against what was known, and inputs that bear none.

        Args:
            inputs: By digest.
            before: What was known.
            aside: Digests of those that are set aside, known or not.
            plain: Rows that nothing sets apart.
        """
        unlabelled, differing, torn = [], [], []
        for digest, records in inputs.items():
            here = {record.label for record in records if record.label}
            old = before[digest].label if digest in before else None
            if old is not None and here - {old} and not (self._numbers and old in here):
                differing.append(Differing(digest, records[0].name, here - {old}, old))
            elif len(here) > 1 and old is None:
                torn.append(records)
            elif not here and digest not in before:
                unlabelled.append((records[0].name, digest))
        yield from self._contradictions(differing, torn, aside)
        never = [one for one in unlabelled if one[1] in aside]
        if never:
            yield self._unlabelled_aside(never)
        yield from self._unlabelled(chain((one for one in unlabelled if one[1] not in aside), plain.unlabelled()))

    def _contradictions(
        self, differing: Sequence[Differing], torn: Sequence[Sequence[Record]], aside: Container[str]
    ) -> Iterator[Finding]:
        never = [] if self._numbers else [records for records in torn if records[0].digest in aside]
        left = [records for records in torn if self._numbers or records[0].digest not in aside]
        if self._rows:
            if differing:
                yield many_differ(differing, self._noun, self._what)
            if left and self._numbers:
                yield many_numbers(left, self._noun)
            elif left:
                yield many_torn(left, self._noun, settled=self._task.modality == "table")
        else:
            yield from (differs_from_known(one, self._noun) for one in differing)
            told = two_numbers if self._numbers else contradiction
            yield from (told(records, self._noun) for records in left)
        if never:
            yield torn_beside_sealed(never, self._noun)

    @property
    def _what(self) -> str:
        """What is said of each input."""
        return "number" if self._numbers else "label"

    def _unlabelled(self, bare: Iterable[tuple[str, str]]) -> Iterator[Finding]:
        """What may be labelled later, as name and digest; there may be millions, so few are kept."""
        names, digests, count = list[str](), list[str](), 0
        for name, digest in bare:
            count += 1
            if len(names) < NAMED or name < names[-1]:
                names = sorted([*names, name])[:NAMED]
            if count <= MOST_AWAITED:
                digests.append(digest)
        if count:
            yield self._to_label(names, count, sorted(digests) if count <= MOST_AWAITED else [])

    def _to_label(self, names: Sequence[str], count: int, digests: Sequence[str]) -> Finding:
        odd = {AnswerKind.NUMBER: ", or says no number", AnswerKind.LABELS: ", or contradicts itself"}
        said = f"{said_instead(self._unsaid)}{odd.get(self._task.answers, '')}"
        reason = f"Their cell for it {said}." if self._rows else _NO_LABEL
        words = next(filter(None, self._unsaid), None)
        meant = f" Where “{words}” is an answer, write it otherwise in the table, and add that again." if words else ""
        if not self._answered:
            reason = "No column of the table says what the answer is."
        return Finding(
            FindingKind.UNLABELLED,
            Severity.LOW,
            names[0],
            f"{self._noun.counted(count)} came without a label: {listed(names, count)}.",
            reason,
            f"Label them, and they teach the model too; they are never part of the sealed set.{meant}",
            awaits=tuple(digests),
        )

    def _unlabelled_aside(self, bare: Sequence[tuple[str, str]]) -> Finding:
        """What has no label and belongs with sealed inputs."""
        names, one = sorted(name for name, _ in bare), len(bare) == 1
        return Finding(
            FindingKind.UNLABELLED,
            Severity.LOW,
            names[0],
            f"{self._noun.counted(len(bare))} came without a label and {'was' if one else 'were'} set aside: "
            f"{listed(names)}.",
            f"What belongs with {'it' if one else 'them'} is sealed, so {'it' if one else 'they'} may not teach, and "
            "what came without a label never judges.",
            NOTHING_CHANGES,
            awaits=tuple(digest for _, digest in bare),
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
                    f"“{records[0].name}” was taken in, and {readable_words(measured.remark)}.",
                    "A model learns from it as from any other, whatever its label says.",
                    "Look at it, and leave it out where it does not show what it is to be an example of.",
                )

    def on_twins(self, fresh: Inputs, families: Families, before: Mapping[str, Arrival]) -> Iterator[Finding]:
        """Each family of inputs that show the same, once; of rows, and of many families, all together."""
        told: set[str] = set()
        links = _links_by_family(families)
        alike_here: list[Alike] = []
        for digest in fresh:
            alike = families.twins[digest]
            if alike[0] in told:
                continue
            told.add(alike[0])
            records = sorted((record for one in alike for record in fresh.get(one, ())), key=lambda record: record.name)
            earlier = [before[one] for one in alike if one in before]
            copies = len(alike) == 1
            if len(records) + len(earlier) > 1 and (self._rows or not (copies and is_torn(records))):
                alike_here.append(Alike(records, earlier, links.get(alike[0], ())))
        if self._rows:
            yield from twins_together(alike_here, self._noun, numbers=self._numbers)
        else:
            yield from self._each_family(alike_here)
        if families.refused:
            yield self._refused(fresh, families)

    def beside_made_up(self, fresh: Inputs, families: Families, before: Mapping[str, Arrival]) -> Iterator[Finding]:
        """What bears a label and cannot be sealed, for nothing but made-up inputs are like it."""
        names = []
        for digest, records in fresh.items():
            known = [before[one] for one in families.twins[digest] if one in before]
            if known and all(each.made_up for each in known) and any(record.label for record in records):
                names.append(records[0].name)
        if names:
            look = "looks" if len(names) == 1 else "look"
            yield Finding(
                FindingKind.TWIN,
                Severity.MEDIUM,
                min(names),
                f"{self._noun.counted(len(names))} {look} much like what was made up before, and cannot be sealed for "
                f"that: {listed(sorted(names))}.",
                f"A model may have learned from it already, so it would be judged by {self._noun.many} of other kinds "
                "alone.",
                f"Begin another project with the real {self._noun.many}, and make others up once these are in it.",
            )

    def _each_family(self, alike: Sequence[Alike]) -> Iterator[Finding]:
        """A finding each; one for all that agree where there are many, as of copies that somebody made by program."""
        differ = [family.differ(self._task) for family in alike]
        agreeing = [family for family, each in zip(alike, differ, strict=True) if not each]
        together = len(agreeing) > MOST_FAMILIES
        for family, each in zip(alike, differ, strict=True):
            if each or not together:
                yield twins(family, self._noun, self._task)
        if together:
            yield from twins_together(agreeing, self._noun, numbers=True)

    def _refused(self, fresh: Inputs, families: Families) -> Finding:
        one, other = families.refused[0]
        names = [fresh[digest][0].name for digest in (one, other) if digest in fresh]
        count, many = len(families.refused), self._noun.many
        example = "frames of one film, one wall" if self._task.modality == "photo" else "one person, one conversation"
        return Finding(
            FindingKind.TWIN,
            Severity.MEDIUM,
            names[0],
            f"{count} pairs of {many} look much alike and were not counted as twins: {listed(names)}.",
            f"More than {LOOSE_FAMILY} {many} would be one family by likeness alone, each only resembling the next.",
            f"If they show one thing ({example}), say so by a group rule.",
        )

    def on_bulk(self, examples: Sequence[Example], before: Sequence[Arrival], plain: Plain) -> Iterator[Finding]:
        """Families that hold more than half of what is dealt together: of a label, or of all numbers.

        Where nothing of a label is sealed, `on_classes` says why.

        Args:
            examples: What is new.
            before: What was known.
            plain: New rows besides, each a family of its own: how many bear a label on a side.
        """
        found = bulks_in([*examples, *before], {one.group for one in examples}, self._task, plain)
        for one in examples:
            if (bulk := found.pop(one.group, None)) is not None:
                yield on_bulk(one.name, one.side, bulk, self._task)

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
                f"{listed(names)}.",
                "Their relatives came earlier and fell on both sides before anything connected them.",
                f"Nothing needs doing; say what belongs together when you first add {self._noun.many}, and it stays "
                "together.",
            )

    def on_classes(
        self,
        examples: Sequence[Example],
        before: Sequence[Arrival],
        sealed_share: float,
        plain: Plain,
        *,
        synthetic: bool = False,
    ) -> Iterator[Finding]:
        """Classes among what is new that have one example, none to learn from, or none that is sealed.

        Args:
            examples: What is new.
            before: What was known.
            sealed_share: Share that is sealed, 0..1.
            plain: New rows besides.
            synthetic: What is new is made up, so that none of it may be sealed.
        """
        if self._task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
            return
        held = held_of(chain[Example | Arrival](examples, before), self._task, plain)
        said = chain((one.label for one in examples), (label for label, _ in plain))
        for label in sorted({label for each in said for label in classes_of(each, self._task)}):
            found = small_class(label, held, self._task, sealed_share=sealed_share, synthetic=synthetic)
            if found is not None:
                yield found


def _links_by_family(families: Families) -> Mapping[str, Sequence[Link]]:
    """The links of each family of twins, by the first of its digests."""
    found: dict[str, list[Link]] = {}
    for link in families.links:
        twins_of = families.twins.get(link.one) or families.twins[link.other]
        found.setdefault(twins_of[0], []).append(link)
    return found


_NO_LABEL: Final = "They lie in no class's folder, or the table says nothing about them."
