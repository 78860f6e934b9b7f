"""The log: what everybody took, as arrays that candidates learn from and are asked with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.modalities.interactions.question import Event, Question

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Sparse = scipy.sparse.csr_array

LATEST: Final = 500
"""Events of one person that are learned from and looked at, the latest, so that no heavy user fills the memory."""


@dataclass(frozen=True)
class Catalogue:
    """All items that can be named, in order.

    Attributes:
        items: Their names, sorted.
        places: Place of each.
    """

    items: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, items: Iterable[str]) -> "Catalogue":
        """The catalogue of these items, whatever their order."""
        ordered = tuple(sorted(set(items)))
        return cls(ordered, {item: place for place, item in enumerate(ordered)})

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class People:
    """Whose events a log holds.

    Attributes:
        made: Somebody made them up: they are learned from and never asked, (n,).
        whose: The same number for what a person did and what was made up of that person, (n,).
    """

    made: npt.NDArray[np.bool_]
    whose: Indices

    @classmethod
    def of(cls, named: Sequence[tuple[str, bool]]) -> "People":
        """From names and whether they were made up."""
        numbers = {name: place for place, name in enumerate(dict.fromkeys(name for name, _ in named))}
        whose = [numbers[name] for name, _ in named]
        return cls(np.array([made for _, made in named], bool), np.array(whose, np.int64))

    @classmethod
    def real(cls, count: int) -> "People":
        """So many, none of them made up."""
        return cls(np.zeros(count, bool), np.arange(count))

    @property
    def asked(self) -> Indices:
        """Places of those who may be asked."""
        return np.flatnonzero(~self.made)

    def others(self, some: Indices) -> npt.NDArray[np.bool_]:
        """Who is none of these, nor made up of one, (n,)."""
        return ~np.isin(self.whose, self.whose[some])


@dataclass(frozen=True)
class Log:
    """Events of several people, one after another, each person's oldest first.

    Attributes:
        starts: Where each person's events begin, and where the last one's end, (n + 1,).
        item: Place of each event's item in the catalogue, (e,).
        liked: Whether the event counts as liked, (e,).
        when: Seconds since the epoch, (e,); not a number where unknown.
        width: Items in the catalogue.
    """

    starts: Indices
    item: Indices
    liked: npt.NDArray[np.bool_]
    when: Numbers
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def person(self) -> Indices:
        """Whose each event is, (e,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    @property
    def from_end(self) -> Indices:
        """How many events of the same person follow each, (e,)."""
        ends = np.repeat(self.starts[1:], np.diff(self.starts))
        return ends - 1 - np.arange(len(self.item))

    def chosen(self, events: npt.NDArray[np.bool_]) -> "Log":
        """The log with these events alone; people who lose all of theirs stay, with none."""
        counts = np.zeros(len(self), np.int64)
        np.add.at(counts, self.person[events], 1)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return replace(self, starts=starts, item=self.item[events], liked=self.liked[events], when=self.when[events])

    def latest(self) -> "Log":
        """The log with each person's latest events alone, as many as a ranker looks at."""
        near = self.from_end < LATEST
        return self if near.all() else self.chosen(near)

    def people(self, places: Indices) -> "Log":
        """The log of these people, in this order."""
        sizes = self.starts[places + 1] - self.starts[places]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        events = np.repeat(self.starts[places] - starts[:-1], sizes) + np.arange(starts[-1])
        return replace(self, starts=starts, item=self.item[events], liked=self.liked[events], when=self.when[events])

    def matrix(self, *, disliked: float = 1.0, half_life: float | None = None) -> Sparse:
        """People by items.

        Args:
            disliked: Weight of an event that is not liked; a liked one weighs 1.
            half_life: Events after which an earlier one weighs half, or None where all weigh the same.

        Returns:
            (n, width), float32, in canonical form; an item taken c times weighs 1 + ln c as much.
        """
        weight = np.where(self.liked, 1.0, disliked)
        if half_life is not None:
            weight = weight * 0.5 ** (self.from_end / half_life)
        shape = (len(self), self.width)
        total = scipy.sparse.csr_array((weight, (self.person, self.item)), shape=shape)
        times = scipy.sparse.csr_array((np.ones(len(self.item)), (self.person, self.item)), shape=shape)
        total.sort_indices()
        times.sort_indices()
        total.data *= (1 + np.log(times.data)) / times.data
        total.eliminate_zeros()
        return total.astype(np.float32)

    def taken(self) -> Sparse:
        """Which items each person took at all, (n, width)."""
        return self.matrix()


def log_of(histories: Sequence[Sequence[Event]], catalogue: Catalogue, *, liked_from: float | None) -> Log:
    """Puts histories into arrays; events with items of no catalogue are passed over.

    Args:
        histories: Oldest first.
        catalogue: What can be named.
        liked_from: The rating from which an event counts as liked; None where all do. Without a rating it does, too.
    """
    starts, item, liked, when = [0], [], [], []
    for history in histories:
        known = [event for event in history if event.item in catalogue.places]
        item += [catalogue.places[event.item] for event in known]
        liked += [liked_from is None or event.value is None or event.value >= liked_from for event in known]
        when += [np.nan if event.when is None else event.when for event in known]
        starts.append(len(item))
    return Log(
        np.array(starts, np.int64),
        np.array(item, np.int64),
        np.array(liked, bool),
        np.array(when, np.float64),
        len(catalogue),
    )


def in_order(question: Question) -> tuple[Event, ...]:
    """A history's events, oldest first where every time is known, else as they were told."""
    if any(event.when is None for event in question.history):
        return question.history
    return tuple(sorted(question.history, key=lambda event: event.when or 0.0))
