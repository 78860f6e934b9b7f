"""Dealing: which of the families that arrive together are sealed, by the hash of each one's key and nothing else.

Within each label the families with the least hashes are sealed, about as many as the share asks for. Where one more or
one fewer would be as near, the hash alone decides, as it does for a family that comes by itself. So the order of the
inputs decides nothing, nobody chooses, and what was dealt stays where it is.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.example import Side
from understudy.intake.families import falls_on, hashed

ROUNDING: Final = 1e-9
NONE: Final = -1
"""Below every hash."""

Labels = tuple[tuple[str, int], ...]
"""How many inputs bear each label, as pairs in the order of labels: the same for families that hold the same."""
Counts = Mapping[str, int]
Hashes = npt.NDArray[np.uint64]
Sizes = npt.NDArray[np.int64]


class Dealing:
    """Families that arrive together and have no known relative.

    Of each only its hash is kept, beside those of families that hold the same: eight bytes, for there may be millions.

    Args:
        known: The labels of what is there already, on each side, and of newcomers that join it.
        share: Of what is sealed, 0..1; at its ends nothing or everything is.
    """

    def __init__(self, known: Mapping[Side, Counts], share: float) -> None:
        self._known, self._share = known, share
        self._held: dict[Labels, array[int]] = {}

    def put(self, key: str, labels: Labels) -> None:
        """Puts a family to the others.

        Args:
            key: Its key.
            labels: Of its inputs that may be sealed; one and the same for all where there are none to tell apart, as
                with numbers.
        """
        hashes = self._held.get(labels)
        if hashes is None:
            hashes = self._held[labels] = array("Q")
        hashes.append(hashed(key))

    def dealt(self) -> "Dealt":
        """Which of them are sealed.

        A family that holds more than half of a label is learned from, and so is one family of each label at least:
        nothing can be learned of a label that is sealed whole.
        """
        share = self._share
        if not 0 < share < 1:
            return Dealt(share, {}, {}, frozenset())
        held = {labels: np.frombuffer(hashes, np.uint64) for labels, hashes in self._held.items()}
        totals = Counter(self._known[Side.TRAIN]) + Counter(self._known[Side.SEALED])
        for labels, hashes in held.items():
            totals += _times(labels, len(hashes))
        places = _places(held, totals)
        by_place: dict[str | None, list[Labels]] = {}
        for labels, place in places.items():
            by_place.setdefault(place, []).append(labels)
        by_place.pop(None, None)
        last = {place: _last(*_of_place(str(place), alike, held), share) for place, alike in by_place.items()}
        dealt = Dealt(share, places, last, frozenset())
        return replace(dealt, kept=frozenset(self._kept(held, totals, dealt)))

    def _kept(self, held: Mapping[Labels, Hashes], totals: Counts, dealt: "Dealt") -> set[int]:
        """The hashes of families that are learned from all the same, as a label would be sealed whole without them."""
        sealed = {labels: _up_to(hashes, dealt.until(labels)) for labels, hashes in held.items()}
        learned = Counter(self._known[Side.TRAIN])
        for labels, hashes in held.items():
            learned += _times(labels, len(hashes) - len(sealed[labels]))
        kept: set[int] = set()
        for label in sorted(totals.keys() - learned.keys()):
            holding = [(int(sealed[each].max()), each) for each in sealed if label in dict(each) and len(sealed[each])]
            if holding and label not in learned:
                greatest, labels = max(holding)
                kept.add(greatest)
                learned += Counter(dict(labels))
        return kept


@dataclass(frozen=True)
class Dealt:
    """What came of a dealing.

    Attributes:
        share: Of what is sealed, 0..1.
        places: By what a family holds, the rarest of its labels, among the families of which it was dealt; None for
            those that hold more than half of a label.
        last: By that label, the greatest hash that is sealed; `NONE` where none is.
        kept: Hashes of families that are learned from all the same.
    """

    share: float
    places: Mapping[Labels, str | None]
    last: Mapping[str | None, int]
    kept: frozenset[int]

    def until(self, labels: Labels) -> int:
        """The greatest hash with which a family that holds this is sealed; `NONE` where none is."""
        return self.last.get(self.places[labels], NONE)

    def side(self, key: str, labels: Labels) -> Side:
        """The side of a family that was put to the others."""
        number = hashed(key)
        if not 0 < self.share < 1:
            return falls_on(number, self.share)
        return Side.SEALED if number <= self.until(labels) and number not in self.kept else Side.TRAIN


def together(one: Labels, other: Labels) -> Labels:
    """What two parts of a family hold, as one."""
    return tuple(sorted((Counter(dict(one)) + Counter(dict(other))).items()))


def _times(labels: Labels, often: int) -> Counter[str]:
    """How many inputs of each label so many families hold that hold the same."""
    return Counter({label: count * often for label, count in labels if often})


def _places(held: Mapping[Labels, Hashes], totals: Counts) -> dict[Labels, str | None]:
    """The rarest label of what families hold; None where they hold more than half of one."""
    found: dict[Labels, str | None] = {}
    for labels in held:
        bulk = any(2 * count > totals[label] for label, count in labels)
        found[labels] = None if bulk else min(labels, key=lambda pair: (totals[pair[0]], pair[0]))[0]
    return found


def _up_to(hashes: Hashes, last: int) -> Hashes:
    return hashes[:0] if last == NONE else hashes[hashes <= np.uint64(last)]


def _of_place(place: str, alike: Sequence[Labels], held: Mapping[Labels, Hashes]) -> tuple[Hashes, Sizes]:
    """The hashes of the families that are dealt by a label, and how many of the inputs of each bear it."""
    sizes = [np.full(len(held[labels]), dict(labels)[place], np.int64) for labels in alike]
    return np.concatenate([held[labels] for labels in alike]), np.concatenate(sizes)


def _last(hashes: Hashes, sizes: Sizes, share: float) -> int:
    """The greatest of the least hashes of those that together are nearest to the share of all; `NONE` of none.

    Args:
        hashes: Of each family.
        sizes: Of each family.
        share: Of the sizes together, 0..1.
    """
    order = np.lexsort((sizes, hashes))
    taken = np.cumsum(sizes[order])
    wanted = share * int(sizes.sum())
    whole = int(np.searchsorted(taken, wanted + ROUNDING, side="right"))
    reached = int(taken[whole - 1]) if whole else 0
    if whole < len(order) and reached < wanted - ROUNDING:
        whole += falls_on(int(hashes[order[whole]]), share) is Side.SEALED
    return int(hashes[order[whole - 1]]) if whole else NONE
