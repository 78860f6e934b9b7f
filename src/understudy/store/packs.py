"""Packs: many small blobs in one file, since a file for each row of a table would cost more than the row.

A pack begins with its index, so that one short read tells what is in it: eight letters, the number of blobs, and for
each its digest, place and length; then the blobs. Packs are never changed: to delete a blob is to write its pack anew
without it, under another name. Whoever still holds the old index finds the file gone, and looks again.
"""

import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from fsspec.implementations.local import LocalFileSystem

SMALL: Final = 16_384
"""Bytes up to which a blob is packed."""
FULL: Final = 4_000_000
"""Bytes of a pack: as much as has to be written anew when one of its blobs is deleted."""
MANY: Final = 10_000
"""Blobs of a pack."""
_MAGIC: Final = b"packs/1\n"
_HEAD: Final = struct.Struct("<8sQ")
_ENTRY: Final = np.dtype([("digest", "V32"), ("key", "<u8"), ("place", "<u8"), ("length", "<u4")])


@dataclass(frozen=True)
class Place:
    """Where a blob lies."""

    pack: str
    start: int
    length: int


@dataclass
class _Index:
    """The places of many blobs, some 60 bytes each.

    Attributes:
        keys: First eight bytes of each digest, rising.
        entries: In the same order.
        pack: Number of each one's pack.
        names: Packs by number; None for those that are gone.
    """

    keys: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    entries: npt.NDArray[Any] = field(default_factory=lambda: np.zeros(0, _ENTRY))
    pack: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    names: list[str] = field(default_factory=list)

    def with_pack(self, name: str, entries: npt.NDArray[Any]) -> "_Index":
        """The index with one more pack."""
        keys = np.concatenate([self.keys, entries["key"]])
        order = np.argsort(keys, kind="stable")
        whole = np.concatenate([self.entries, entries])[order]
        number = np.full(len(entries), len(self.names), np.int32)
        return _Index(keys[order], whole, np.concatenate([self.pack, number])[order], [*self.names, name])

    def places(self, digest: bytes) -> Iterator[Place]:
        """Where a blob lies; in several packs, perhaps."""
        key = np.uint64(_key(digest))  # of the array's own kind, or the whole array is converted to find one
        at = int(np.searchsorted(self.keys, key))
        while at < len(self.keys) and self.keys[at] == key:
            entry = self.entries[at]
            if entry["digest"].tobytes() == digest:
                yield Place(self.names[int(self.pack[at])], int(entry["place"]), int(entry["length"]))
            at += 1


class Packs:
    """The packs of a blob store. Threads may share them.

    Args:
        files: The file system.
        root: The folder in which packs lie; it need not be there.
    """

    def __init__(self, files: Any, root: str) -> None:
        self._files, self._root = files, root
        self._local = isinstance(files, LocalFileSystem)
        self._lock = threading.Lock()
        self._index = _Index()
        self._waiting: list[tuple[str, npt.NDArray[Any]]] = []
        self._known: set[str] = set()

    def write(self, blobs: Sequence[tuple[str, bytes]]) -> None:
        """Writes blobs as one pack, all of them or none.

        Args:
            blobs: Digest in hex and bytes of each.

        Raises:
            OSError: They cannot be written.
        """
        if not blobs:
            return
        entries = np.zeros(len(blobs), _ENTRY)
        place = _HEAD.size + len(blobs) * _ENTRY.itemsize
        for entry, (digest, data) in zip(entries, blobs, strict=True):
            raw = bytes.fromhex(digest)
            entry["digest"], entry["key"], entry["place"], entry["length"] = raw, _key(raw), place, len(data)
            place += len(data)
        head = _HEAD.pack(_MAGIC, len(blobs)) + entries.tobytes()
        whole = b"".join((head, *(data for _, data in blobs)))
        name = sha256(whole).hexdigest()
        beside = f"{self._root}/{name}.{uuid4().hex}.part"
        self._files.makedirs(self._root, exist_ok=True)
        try:
            self._files.pipe_file(beside, whole)
            self._files.mv(beside, f"{self._root}/{name}.pack")
        except BaseException:
            if self._files.exists(beside):
                self._files.rm_file(beside)
            raise
        with self._lock:
            self._add(f"{name}.pack", entries)

    def holds(self, digest: str) -> bool:
        """Whether a pack that was met already holds the blob."""
        return next(self._places(digest), None) is not None

    def get(self, digest: str) -> bytes | None:
        """A blob's bytes, or None where no pack that was met holds it.

        Raises:
            OSError: The store does not answer.
        """
        for place in self._places(digest):
            try:
                return self._part(f"{self._root}/{place.pack}", place.start, place.length)
            except FileNotFoundError:
                continue
        return None

    def look(self) -> None:
        """Looks for packs that were written since, by other processes too.

        Raises:
            OSError: The store does not answer.
        """
        there = self._listed()
        with self._lock:
            gone, new = self._known - there, sorted(there - self._known)
            if gone:
                self._index, self._waiting, self._known, new = _Index(), [], set(), sorted(there)
            for name in new:
                self._add(name, self._entries(name))

    def remove(self, digest: str) -> bool:
        """Deletes a blob from every pack for good; returns whether there was one.

        Raises:
            OSError: It could not be deleted.
        """
        self.look()
        packs = {place.pack for place in self._places(digest)}
        for name in packs:
            left = [(other, data) for other, data in self._content(name) if other != digest]
            self.write(left)
            self._files.rm_file(f"{self._root}/{name}")
        if packs:
            self.look()
        return bool(packs)

    def _part(self, path: str, start: int, length: int) -> bytes:
        """Some bytes of a file; straight from the disk where it lies on one, in a tenth of the time."""
        if not self._local:
            found: bytes = self._files.cat_file(path, start=start, end=start + length)
            return found
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - opening by name costs half of what a path does
            file.seek(start)
            return file.read(length)

    def _places(self, digest: str) -> Iterator[Place]:
        with self._lock:
            for name, entries in self._waiting:
                self._index = self._index.with_pack(name, entries)
            self._waiting = []
            index = self._index
        yield from index.places(bytes.fromhex(digest))

    def _add(self, name: str, entries: npt.NDArray[Any]) -> None:
        if name not in self._known:
            self._known.add(name)
            self._waiting.append((name, entries))

    def _listed(self) -> set[str]:
        try:
            listed = self._files.ls(self._root, detail=False)
        except FileNotFoundError:
            return set()
        names = {str(path).rpartition("/")[2] for path in listed}
        return {name for name in names if name.endswith(".pack")}

    def _entries(self, name: str) -> npt.NDArray[Any]:
        path = f"{self._root}/{name}"
        magic, count = _HEAD.unpack(self._files.cat_file(path, start=0, end=_HEAD.size))
        if magic != _MAGIC:
            raise OSError(f"{path} is no pack")
        table = self._files.cat_file(path, start=_HEAD.size, end=_HEAD.size + count * _ENTRY.itemsize)
        return np.frombuffer(table, _ENTRY)

    def _content(self, name: str) -> list[tuple[str, bytes]]:
        whole: bytes = self._files.cat_file(f"{self._root}/{name}")
        return [
            (entry["digest"].tobytes().hex(), whole[int(entry["place"]) : int(entry["place"]) + int(entry["length"])])
            for entry in self._entries(name)
        ]


def _key(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "little")
