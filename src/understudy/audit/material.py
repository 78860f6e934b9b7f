"""The material of an audit: what is known of every example, whatever kind of input it is."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import Column, columns_of
from understudy.audit.marks import Marks
from understudy.domain.example import Side
from understudy.domain.rule import Fact
from understudy.domain.task import labels_text

Indices = npt.NDArray[np.int64]
Target = str | float | None

LIKELY: Final = 0.5
"""Probability from which a label that may stand beside others is said."""


@dataclass(frozen=True)
class OutOfFold:
    """What a model said of examples that it had not learned from.

    Attributes:
        labels: What it can answer.
        probabilities: Of each example, (n, k), of each label by itself where several may stand at once; a row of NaN
            where it was never asked.
    """

    labels: tuple[str, ...]
    probabilities: npt.NDArray[np.float64]

    @property
    def asked(self) -> npt.NDArray[np.bool_]:
        """Whether it was asked, of each example, (n,)."""
        asked: npt.NDArray[np.bool_] = np.isfinite(self.probabilities.sum(axis=1))
        return asked

    def answer(self, row: int, *, several: bool) -> str:
        """What it says of an example it was asked about: the likeliest label, or all that are likelier than not."""
        if several:
            likely = np.flatnonzero(self.probabilities[row] >= LIKELY)
            return labels_text(tuple(self.labels[int(place)] for place in likely))
        return self.labels[int(self.probabilities[row].argmax())]


@dataclass(frozen=True)
class Material:
    """What is known of every example; all sequences are in one order.

    Attributes:
        names: By which people know them.
        facts: A row of facts each.
        labels: What stands: a word, several as `labels_text` writes them, or a number where a number is to be
            predicted; None for sealed and unlabelled ones.
        groups: What belongs together.
        several: Labels are sets of them.
        ranked: Each answer is a list of items of its own, so nothing stands as a label and nothing is lacking.
        grouped: Somebody said what belongs together; otherwise groups hold at most twins.
        sides: On which side of the sealed border, or None where no border was drawn yet.
        digests: Of the inputs' content, or None where copies are not looked for.
        families: Which examples look alike, by a name of each family, or None where likeness is not known.
        arrived: When each arrived, on any scale that rises with time, NaN where that is not known; or None.
        opinions: What people said of each, as (who, what), or None.
        agree: Whether two of them, who said this and that, are of one mind.
        out_of_fold: What a model said of them, or None.
        origin: Facts that say how an input came about rather than what it shows (its size, its camera).
        taken_in: Those of `origin` that say how it was taken in: that few came by another way makes them no oddity.
        looks: Facts that were measured of what it shows (its brightness); all others were given by people.
        held_out: Facts that no model sees: people may be judged by them, and nothing can leak through them.
        noun: What an example and several are called.
    """

    names: Sequence[str]
    facts: Sequence[Mapping[str, Fact]]
    labels: Sequence[Target]
    groups: Sequence[str]
    several: bool = False
    ranked: bool = False
    grouped: bool = False
    sides: Sequence[Side] | None = None
    digests: Sequence[str] | None = None
    families: Sequence[str] | None = None
    arrived: Sequence[float] | None = None
    opinions: Sequence[Sequence[tuple[str, str]]] | None = None
    agree: Callable[[str, str], bool] = operator.eq
    out_of_fold: OutOfFold | None = None
    origin: frozenset[str] = frozenset()
    taken_in: frozenset[str] = frozenset()
    looks: frozenset[str] = frozenset()
    held_out: frozenset[str] = frozenset()
    noun: tuple[str, str] = ("example", "examples")

    def __post_init__(self) -> None:
        given = (self.facts, self.labels, self.groups, self.sides, self.digests, self.families, self.arrived)
        sizes = {len(each) for each in (*given, self.opinions) if each is not None}
        if sizes - {len(self.names)}:
            raise ValueError("all that is known of examples is known of all of them")

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The facts by column, in the order of names."""
        return columns_of(self.facts)

    @property
    def given(self) -> tuple[Column, ...]:
        """Columns that people gave and that a model may see."""
        return tuple(column for column in self.told if column.name not in self.held_out)

    @property
    def told(self) -> tuple[Column, ...]:
        """Columns that people gave, those that no model sees among them."""
        return tuple(column for column in self.columns if column.name not in self.origin | self.looks)

    @cached_property
    def numeric(self) -> bool:
        """Whether numbers are to be predicted."""
        return any(isinstance(label, float | int) for label in self.labels)

    @cached_property
    def labelled(self) -> Indices:
        """Rows with a label."""
        return np.flatnonzero([label is not None for label in self.labels])

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The labels there are, in order, a set counting as one; none where numbers are to be predicted."""
        return () if self.numeric else tuple(sorted({str(label) for label in self.labels if label is not None}))

    @cached_property
    def truth(self) -> Indices:
        """The place in `classes` of each labelled row's label, in the order of `labelled`."""
        place = {label: index for index, label in enumerate(self.classes)}
        return np.array([place[str(self.labels[row])] for row in self.labelled], np.int64)

    @cached_property
    def marks(self) -> Marks:
        """The single labels of the labelled rows, in the order of `labelled`; only where labels are to be predicted."""
        if self.several:
            return Marks.of_sets([str(self.labels[row]) for row in self.labelled])
        return Marks(self.classes, np.arange(len(self.labelled)), self.truth, len(self.labelled))

    @cached_property
    def target(self) -> npt.NDArray[np.float64]:
        """The number of each labelled row, in the order of `labelled`; only where numbers are to be predicted."""
        return np.array([float(self.labels[row] or 0.0) for row in self.labelled])

    @cached_property
    def group(self) -> Indices:
        """Group of each row as a number, (n,)."""
        place: dict[str, int] = {}
        return np.array([place.setdefault(group, len(place)) for group in self.groups], np.int64)

    def counted(self, count: int) -> str:
        """So many examples, by their noun."""
        return f"{count:,} {self.noun[0] if count == 1 else self.noun[1]}"

    def named(self, rows: Sequence[int] | Indices) -> tuple[str, ...]:
        """The names of rows, at most fifty."""
        return tuple(self.names[int(row)] for row in rows[:50])
