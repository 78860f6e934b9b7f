"""Dealing: which of the families that arrive together are sealed, by the hash of each one's key and nothing else.

Within each label the families with the least hashes are sealed, about as many as the share asks for. Where one more or
one fewer would be as near, the hash alone decides, as it does for a family that comes by itself. So the order of the
inputs decides nothing, nobody chooses, and what was dealt stays where it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from understudy.domain.example import Side
from understudy.intake.families import hashed, side_of

ROUNDING: Final = 1e-9

Labels = tuple[tuple[str, int], ...]
"""How many inputs bear each label, as pairs in the order of labels: the same for families that hold the same."""
Counts = Mapping[str, int]


def deal(families: Mapping[str, Labels], known: Mapping[Side, Counts], share: float) -> dict[str, Side]:
    """The side of each family that has no known relative.

    A family that holds more than half of a label is learned from, and so is one family of each label at least: nothing
    can be learned of a label that is sealed whole.

    Args:
        families: By key, the labels of its inputs that may be sealed; one and the same for all where there are none to
            tell apart, as with numbers.
        known: The labels of what is there already, on each side, and of newcomers that join it.
        share: Of what is sealed, 0..1; at its ends nothing or everything is.
    """
    if not 0 < share < 1:
        return {key: side_of(key, share) for key in families}
    totals = Counter(known[Side.TRAIN]) + Counter(known[Side.SEALED]) + _counted(families.values())
    sealed: set[str] = set()
    for keys in _dealt_together(families, totals).values():
        sealed |= _least(keys, share)
    learned = Counter(known[Side.TRAIN]) + _counted(held for key, held in families.items() if key not in sealed)
    for label in sorted(totals.keys() - learned.keys()):
        holding = [key for key in sealed if label in dict(families[key])]
        if holding and label not in learned:
            kept = max(holding, key=lambda key: (hashed(key), key))
            sealed.discard(kept)
            learned += _counted([families[kept]])
    return {key: Side.SEALED if key in sealed else Side.TRAIN for key in families}


def together(one: Labels, other: Labels) -> Labels:
    """What two parts of a family hold, as one."""
    return tuple(sorted((Counter(dict(one)) + Counter(dict(other))).items()))


def _counted(held: Iterable[Labels]) -> Counter[str]:
    """How many inputs bear each label."""
    found: Counter[str] = Counter()
    for labels, often in Counter(held).items():  # most families hold the same as others
        for label, count in labels:
            found[label] += count * often
    return found


def _dealt_together(families: Mapping[str, Labels], totals: Counts) -> dict[str, list[tuple[int, str, int]]]:
    """By the rarest label of each, the hash and key of families and how many of its inputs bear that label.

    Families that hold more than half of one of their labels are left out.
    """
    found: dict[str, list[tuple[int, str, int]]] = {}
    places: dict[Labels, tuple[str, int] | None] = {}
    for labels in set(families.values()):
        bulk = any(2 * count > totals[label] for label, count in labels)
        places[labels] = None if bulk else min(labels, key=lambda pair: (totals[pair[0]], pair[0]))
    for key, labels in families.items():
        if place := places[labels]:
            found.setdefault(place[0], []).append((hashed(key), key, place[1]))
    return found


def _least(families: list[tuple[int, str, int]], share: float) -> set[str]:
    """The keys of those with the least hashes that together are nearest to the share of all.

    Args:
        families: Hash, key and size of each.
        share: Of the sizes together, 0..1.
    """
    wanted, taken = share * sum(size for _, _, size in families), 0
    found: set[str] = set()
    for _, key, size in sorted(families):
        fits = taken + size <= wanted + ROUNDING
        if not fits and (taken >= wanted - ROUNDING or side_of(key, share) is not Side.SEALED):
            break
        found.add(key)
        taken += size
    return found
