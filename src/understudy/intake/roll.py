"""A roll: inputs of which nothing is known but their bytes, their name, their label and what they are like.

Most rows and texts of a large table are such inputs: like no other, in no group, with nothing to remark. A record and
an example of each would take a kilobyte; on a roll it takes some eighty bytes and its fingerprint, so that millions fit
in the memory of a laptop.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, overload

import numpy as np
import numpy.typing as npt

from understudy.domain.example import Example, Provenance, Side
from understudy.intake.reading import NOTHING, Record
from understudy.modalities.protocol import Measured, Modality

DIGEST: Final = 32
"""Bytes of a digest."""
SIDES: Final = tuple(Side)

Places = npt.NDArray[np.int64]


class Strings:
    """Many strings one behind the other, in a few bytes each; strings are added and never changed."""

    def __init__(self) -> None:
        self._letters, self._ends = bytearray(), array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> str:
        start = self._ends[place - 1] if place else 0
        return self._letters[start : self._ends[place]].decode("utf-8", "surrogatepass")

    def holds(self, place: int) -> bool:
        """Whether one is not empty."""
        return self._ends[place] > (self._ends[place - 1] if place else 0)

    def append(self, text: str) -> None:
        """Adds one at the end."""
        self._letters += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._letters))


class Roll:
    """Plain inputs as they are read, in the order of their source."""

    def __init__(self) -> None:
        self._digests = bytearray()
        self._names, self._labels, self._prints = Strings(), Strings(), Strings()

    def __len__(self) -> int:
        return len(self._names)

    @staticmethod
    def takes(record: Record) -> bool:
        """Whether nothing is known of an input but what a roll keeps."""
        seen = record.measured
        return seen is not None and record.group is None and seen == Measured(seen.fingerprint)

    def add(self, record: Record) -> None:
        """Adds an input."""
        self._digests += bytes.fromhex(record.digest)
        self._names.append(record.name)
        self._labels.append(record.label or "")
        self._prints.append(record.measured.fingerprint if record.measured else "")

    def digest(self, place: int) -> str:
        """The digest of a row, in hex."""
        return self._digests[place * DIGEST : (place + 1) * DIGEST].hex()

    def name(self, place: int) -> str:
        """The name of a row."""
        return self._names[place]

    def label(self, place: int) -> str | None:
        """The label of a row, or None."""
        return self._labels[place] or None

    def fingerprint(self, place: int) -> str:
        """The fingerprint of an input; empty where it has none."""
        return self._prints[place]

    def record(self, place: int) -> Record:
        """An input as it was added."""
        fingerprint = self.fingerprint(place)
        seen = Measured(fingerprint) if fingerprint else NOTHING
        return Record(self.name(place), self.label(place), None, self.digest(place), seen)

    def sorted_out(
        self, others: Mapping[str, str], known: Sequence[str], modality: Modality
    ) -> tuple["PlainRows", list[Record]]:
        """The inputs whose bytes come once and that are like no other, and the records of all others.

        Args:
            others: Fingerprints of inputs that come with these and are not on the roll, by digest in hex.
            known: Fingerprints of what the project has already.
            modality: What they are, which finds those that resemble each other.
        """
        keys = self.keys()
        order = np.argsort(keys, kind="stable")
        same = keys[order][1:] == keys[order][:-1]
        repeated = np.zeros(len(order), np.bool_)
        repeated[1:] |= same
        repeated[:-1] |= same
        repeated |= np.isin(keys[order], _keys_of(others))
        repeated |= self._alike([*known, *others.values()], modality)[order]
        shared = [self.record(int(place)) for place in np.sort(order[repeated])]
        return PlainRows(self, order[~repeated]), shared

    def _alike(self, others: Sequence[str], modality: Modality) -> npt.NDArray[np.bool_]:
        """Which inputs resemble another on the roll, or one of the others."""
        alike = np.zeros(len(self), np.bool_)
        places = [place for place in range(len(self)) if self._prints.holds(place)]
        prints = [each for each in others if each]
        first = len(prints)
        prints += [self.fingerprint(place) for place in places]
        for pair in modality.pairs(prints, newcomers=len(places)) if places else ():
            for at in (pair.first, pair.second):
                if at >= first:
                    alike[places[at - first]] = True
        return alike

    def keys(self) -> npt.NDArray[np.uint64]:
        """The first eight bytes of each digest: enough to tell rows apart but for one chance in millions of tables."""
        words = np.frombuffer(self._digests, ">u8").reshape(-1, DIGEST // 8)
        return words[:, 0].astype(np.uint64)


class PlainRows:
    """Rows of a roll, in the order of digests.

    Args:
        roll: All rows.
        places: Those that are meant.
    """

    def __init__(self, roll: Roll, places: Places) -> None:
        self._roll, self._places = roll, places

    def __len__(self) -> int:
        return len(self._places)

    def labelled(self) -> Iterator[tuple[str, str | None]]:
        """Digest and label of each."""
        for place in self._places.tolist():
            yield self._roll.digest(place), self._roll.label(place)

    def labels(self) -> Iterator[str | None]:
        """The label of each."""
        return map(self._roll.label, self._places.tolist())

    def unlabelled(self) -> Iterator[tuple[str, str]]:
        """Name and digest of each that has no label."""
        for place in self._places.tolist():
            if self._roll.label(place) is None:
                yield self._roll.name(place), self._roll.digest(place)

    def sides(self, side_of: Callable[[str, str | None], Side]) -> bytes:
        """The side of each, as its place among `SIDES`; to be told from its digest and its label."""
        codes = {side: code for code, side in enumerate(SIDES)}
        return bytes(codes[side_of(digest, label)] for digest, label in self.labelled())

    def counted(self, sides: bytes) -> Counter[tuple[str, Side]]:
        """How many of each label lie on each side."""
        told: Counter[tuple[str | None, int]] = Counter(zip(self.labels(), sides, strict=True))
        return Counter({(label, SIDES[code]): often for (label, code), often in told.items() if label is not None})

    def keys(self) -> npt.NDArray[np.uint64]:
        """What their digests begin with, rising."""
        return self._roll.keys()[self._places]

    def example(self, at: int, side: Side, provenance: Provenance) -> Example:
        """One of them as an example; a family of its own."""
        place = int(self._places[at])
        digest = self._roll.digest(place)
        told = self._roll.name(place), provenance, digest, side, self._roll.label(place)
        return Example(digest, *told, 0, 0, self._roll.fingerprint(place))


class Examples(Sequence[Example]):
    """Examples in the order of digests; those of plain rows are made when they are asked for.

    Args:
        told: Examples that were made.
        plain: Plain rows.
        sides: Of each plain row, as `PlainRows.sides` gives them.
        provenance: Where plain rows came from.
    """

    def __init__(self, told: Sequence[Example], plain: PlainRows, sides: bytes, provenance: Provenance) -> None:
        self._told, self._plain, self._sides, self._provenance = told, plain, sides, provenance
        own = _keys_of(each.digest for each in told)
        self._order = np.argsort(np.concatenate([own, plain.keys()]), kind="stable")

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Example: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Example]: ...
    def __getitem__(self, at: int | slice) -> Example | Sequence[Example]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = int(self._order[at])
        if place < len(self._told):
            return self._told[place]
        row = place - len(self._told)
        return self._plain.example(row, SIDES[self._sides[row]], self._provenance)


def _keys_of(digests: Iterable[str]) -> npt.NDArray[np.uint64]:
    return np.fromiter((int(digest[:16], 16) for digest in digests), np.uint64)
