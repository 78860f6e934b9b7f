"""The index over packs: where each of many small blobs lies, some 60 bytes each.

It is kept in runs, each sorted by digest. A new run is merged with the one before it once it is half as long, so
that a blob is moved a few times in all, however many packs are written one after the other; and what is met at once, as
when a store is opened, is one run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

ENTRY: Final = np.dtype([("digest", "V32"), ("key", "<u8"), ("place", "<u8"), ("length", "<u4")])
"""A blob in a pack: its digest, the first eight bytes of that as a number, where it begins, and its length."""

Entries = npt.NDArray[Any]


@dataclass(frozen=True)
class Place:
    """Where a blob lies."""

    pack: str
    start: int
    length: int


@dataclass(frozen=True)
class _Run:
    """Blobs of some packs.

    Attributes:
        keys: Rising.
        entries: In the same order.
        pack: Number of each one's pack.
    """

    keys: npt.NDArray[np.uint64]
    entries: Entries
    pack: npt.NDArray[np.int32]

    @classmethod
    def of(cls, parts: Sequence[tuple[Entries, npt.NDArray[np.int32]]]) -> "_Run":
        """One run of the entries of several and their packs' numbers."""
        keys = np.concatenate([entries["key"] for entries, _ in parts])
        order = np.argsort(keys, kind="stable")
        entries = np.concatenate([entries for entries, _ in parts])[order]
        return cls(keys[order], entries, np.concatenate([pack for _, pack in parts])[order])

    def found(self, digest: bytes) -> Iterator[int]:
        """At which places the blob stands."""
        key = np.uint64(key_of(digest))  # of the array's own kind, or the whole array is converted to find one
        at = int(np.searchsorted(self.keys, key))
        while at < len(self.keys) and self.keys[at] == key:
            if self.entries[at]["digest"].tobytes() == digest:
                yield at
            at += 1


class PackIndex:
    """Where blobs lie. What `settled` gives never changes, so threads may read it while packs are added."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._runs: tuple[_Run, ...] = ()
        self._waiting: list[tuple[Entries, npt.NDArray[np.int32]]] = []

    def add(self, name: str, entries: Entries) -> None:
        """Adds a pack; its blobs are sorted in when somebody asks for one."""
        self._waiting.append((entries, np.full(len(entries), len(self._names), np.int32)))
        self._names.append(name)

    def settled(self) -> "Settled":
        """The index with all packs sorted in."""
        if self._waiting:
            runs = [*self._runs, _Run.of(self._waiting)]
            self._waiting = []
            while len(runs) > 1 and 2 * len(runs[-1].keys) >= len(runs[-2].keys):
                last, before = runs.pop(), runs.pop()
                runs.append(_Run.of([(before.entries, before.pack), (last.entries, last.pack)]))
            self._runs = tuple(runs)
        return Settled(self._names, self._runs)


@dataclass(frozen=True)
class Settled:
    """An index as it stood at some moment.

    Attributes:
        names: Packs by number; more may be added at the end.
        runs: See the module.
    """

    names: Sequence[str]
    runs: tuple[_Run, ...]

    def places(self, digest: bytes) -> Iterator[Place]:
        """Where a blob lies; in several packs, perhaps."""
        for run in self.runs:
            for at in run.found(digest):
                entry = run.entries[at]
                yield Place(self.names[int(run.pack[at])], int(entry["place"]), int(entry["length"]))

    def held(self, digests: Sequence[bytes]) -> set[bytes]:
        """Which of some blobs there are."""
        keys = np.array([key_of(digest) for digest in digests], np.uint64)
        maybe = np.zeros(len(keys), np.bool_)
        for run in self.runs:
            at = np.minimum(np.searchsorted(run.keys, keys), max(len(run.keys) - 1, 0))
            maybe |= run.keys[at] == keys if len(run.keys) else False
        likely = (digests[int(place)] for place in np.flatnonzero(maybe))
        return {digest for digest in likely if next(self.places(digest), None) is not None}


def key_of(digest: bytes) -> int:
    """What blobs are sorted by."""
    return int.from_bytes(digest[:8], "little")
