"""Features of many photos: computed as fast as the graph runs, kept on disk by content."""

import fcntl
import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Graph, batched, cores
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import Extractor, extraction_graph, input_name, output_name

Rows = npt.NDArray[np.float32]
Decoded = dict[str, npt.NDArray[np.uint8]]
"""Photos as the inputs of a graph."""

BATCH = 4
"""Photos in a run of the graph; measured best between 1 and 16 at 224 pixels."""
SMALL = 256
"""Side of photos, in pixels, up to which a full batch fits the processor's cache."""
LARGEST = float(np.finfo(np.float16).max)
"""Rows are kept as half floats; what is larger, either way, becomes this."""
_CHUNK = 64
_DIGEST_BYTES = 32
_WIDTH = ".width"
_WINDOW = 4
"""Batches being decoded ahead, for each core: enough that the graph never waits, few enough to stay small."""


@dataclass(frozen=True)
class Photo:
    """A photo by its content.

    Attributes:
        digest: SHA-256 of the file's bytes, in hex.
        read: Returns those bytes; called from a worker thread.
    """

    digest: str
    read: Callable[[], bytes]


class FeaturesNotFinite(UnderstudyError):
    """An extractor gave something that is no number."""


class FeatureCache:
    """Rows of features on disk, found by the photo's digest. Memory holds the digests, never the rows.

    Two files: rows as half floats, and the digests they belong to. A row counts once its digest is written, so a
    process that dies in between leaves nothing wrong behind; a lock lets several processes add.

    Args:
        folder: Where caches live; made if missing.
        extractor: Whose features these are.
        size: Side of the photos, in pixels.
        precision: Of the arithmetic; features of different precision are kept apart.
        depth: Only the first so many numbers of each row, kept apart too; None for all of them.
    """

    def __init__(
        self, folder: Path, extractor: Extractor, size: int, precision: str, *, depth: int | None = None
    ) -> None:
        self.width = depth or extractor.width
        first = "" if self.width == extractor.width else f" first {depth}"
        address = hashlib.sha256(f"{extractor.key} {size} {precision}{first}".encode()).hexdigest()[:24]
        self._row_bytes = 2 * self.width
        folder.mkdir(parents=True, exist_ok=True)
        self._rows, self._digests = folder / f"{address}.rows", folder / f"{address}.digests"
        self._rows.touch()
        self._digests.touch()
        (folder / f"{address}{_WIDTH}").write_text(str(self.width), encoding="ascii")
        self._index: dict[bytes, int] = {}
        self._known = 0
        self._load_index()

    def missing(self, digests: Sequence[str]) -> list[int]:
        """Positions in `digests` whose rows are not there yet; each missing photo once."""
        self._load_index()
        seen: set[bytes] = set()
        positions = []
        for position, digest in enumerate(digests):
            key = bytes.fromhex(digest)
            if key not in self._index and key not in seen:
                seen.add(key)
                positions.append(position)
        return positions

    def add(self, digests: Sequence[str], rows: Rows) -> None:
        """Keeps rows, (n, width), under their digests.

        Raises:
            FeaturesNotFinite: A row holds something that is no number; infinity becomes the largest one.
        """
        if np.isnan(rows).any():
            raise _not_finite()
        with self._digests.open("ab") as keys, self._rows.open("r+b") as values:
            fcntl.flock(keys, fcntl.LOCK_EX)
            end = self._digests.stat().st_size // _DIGEST_BYTES
            keys.truncate(end * _DIGEST_BYTES)
            values.seek(end * self._row_bytes)
            values.write(np.clip(rows, -LARGEST, LARGEST).astype(np.float16).tobytes())
            values.flush()
            keys.write(b"".join(bytes.fromhex(digest) for digest in digests))
        self._load_index()

    def read(self, digests: Sequence[str], *, depth: int | None = None) -> Rows:
        """Returns the rows, (n, width), or their first `depth` numbers.

        Raises:
            KeyError: One of them was never added.
        """
        width = depth or self.width
        places = np.array([self._index[bytes.fromhex(digest)] for digest in digests], np.int64)
        rows = np.empty((len(digests), width), np.float32)
        with self._rows.open("rb", buffering=0) as file:
            for start, end in _runs(places):
                file.seek(int(places[start]) * self._row_bytes)
                run = np.fromfile(file, np.float16, (end - start) * self.width)
                rows[start:end] = run.reshape(end - start, self.width)[:, :width]
        return rows

    def _load_index(self) -> None:
        """Learns of rows that were added since, by this process or another."""
        if self._digests.stat().st_size // _DIGEST_BYTES <= self._known:
            return
        with self._digests.open("rb") as file:
            file.seek(self._known * _DIGEST_BYTES)
            while len(key := file.read(_DIGEST_BYTES)) == _DIGEST_BYTES:
                self._index.setdefault(key, self._known)
                self._known += 1


def forget_features(folder: Path, digests: Collection[str]) -> int:
    """Wipes what the caches in a folder know of photos: rows and digests become zeros, and all else stays.

    A cache that does not say how wide its rows are, as early ones did not, is deleted; it can be made again.

    Args:
        folder: Where caches live; it need not be there.
        digests: Of the photos' bytes, SHA-256 in hex.

    Returns:
        How many rows are gone.
    """
    wanted = {bytes.fromhex(digest) for digest in digests}
    return sum(_wiped(path, wanted) for path in sorted(folder.glob("*.digests"))) if wanted else 0


def _wiped(path: Path, wanted: Collection[bytes]) -> int:
    rows, width = path.with_suffix(".rows"), path.with_suffix(_WIDTH)
    with path.open("r+b") as keys:
        fcntl.flock(keys, fcntl.LOCK_EX)
        known = keys.read()
        starts = range(0, len(known) - _DIGEST_BYTES + 1, _DIGEST_BYTES)
        places = [start // _DIGEST_BYTES for start in starts if known[start : start + _DIGEST_BYTES] in wanted]
        if places and not (width.is_file() and rows.is_file()):
            rows.unlink(missing_ok=True)
            path.unlink()
        elif places:
            row_bytes = 2 * int(width.read_text(encoding="ascii"))
            with rows.open("r+b") as values:
                for place in places:
                    values.seek(place * row_bytes)
                    values.write(bytes(row_bytes))
                    keys.seek(place * _DIGEST_BYTES)
                    keys.write(bytes(_DIGEST_BYTES))
    return len(places)


def _runs(places: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Stretches of `places` that rise one by one, as (start, end): neighbours in the file are read in one go."""
    if not len(places):
        return []
    cuts = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist(), len(places)]
    return list(pairwise(cuts))


def _not_finite() -> FeaturesNotFinite:
    return FeaturesNotFinite(
        fact="The features of a photo are not numbers.",
        reason="The extractor divides by zero or overflows on it.",
        remedy="Use the built-in extractor, or another one.",
    )


Caches = Mapping[int, FeatureCache]
"""A cache for each size."""


def extract(photos: Sequence[Photo], extractor: Extractor, caches: Caches, report: Callable[[int, int], None]) -> None:
    """Computes the features that the caches lack; a photo is decoded once for all its sizes.

    Args:
        photos: Any number; memory does not grow with it.
        extractor: What to compute.
        caches: Receive the rows of their sizes.
        report: Called with photos done and photos in all.

    Raises:
        PhotoUnreadable: A photo that was readable on arrival no longer is.
    """
    digests = [photo.digest for photo in photos]
    missing = {place for cache in caches.values() for place in cache.missing(digests)}
    wanted = [photos[place] for place in sorted(missing)]
    if not wanted:
        return
    sizes, done = tuple(sorted(caches)), 0
    with ThreadPoolExecutor(cores()) as pool:
        batch = BATCH if max(sizes) <= SMALL else BATCH // 2
        decoded = _decoded(pool, wanted, sizes, batch)  # under way while the graph is compiled
        graph = Graph(extraction_graph(extractor, {size: caches[size].width for size in sizes}), rows=batch)
        for rows in batched(zip(wanted, _by_photo(_features(graph, decoded, sizes)), strict=True), _CHUNK):
            for place, size in enumerate(sizes):
                features = np.stack([each[place] for _, each in rows])
                caches[size].add([photo.digest for photo, _ in rows], features)
            done += len(rows)
            report(done, len(wanted))


def stream_features(graph: Graph, photos: Sequence[Photo], sizes: Sequence[int]) -> Iterator[list[Rows]]:
    """Yields batches in order, (rows, width) for each size; decoding and the graph share all cores."""
    with ThreadPoolExecutor(cores()) as pool:
        yield from _features(graph, _decoded(pool, photos, sizes, graph.rows), sizes)


def _features(graph: Graph, decoded: Iterator[Decoded], sizes: Sequence[int]) -> Iterator[list[Rows]]:
    names = [output_name(size) for size in sizes]
    for result in graph.stream(decoded):
        yield [result[name] for name in names]


def decode_batch(photos: Sequence[Photo], sizes: Sequence[int]) -> Decoded:
    """Decodes photos into the inputs of a graph."""
    squares = [decode_photo(photo.read(), sizes) for photo in photos]
    return {input_name(size): np.stack([each[place] for each in squares]) for place, size in enumerate(sizes)}


def _by_photo(batches: Iterator[list[Rows]]) -> Iterator[tuple[Rows, ...]]:
    for batch in batches:
        yield from zip(*batch, strict=True)


def _decoded(pool: ThreadPoolExecutor, photos: Sequence[Photo], sizes: Sequence[int], rows: int) -> Iterator[Decoded]:
    """Decodes ahead of whoever takes the batches, a bounded number of them; begins at once."""
    batches = batched(photos, rows)
    waiting = deque(pool.submit(decode_batch, batch, sizes) for batch in islice(batches, _WINDOW * cores()))
    return _in_order(waiting, (pool.submit(decode_batch, batch, sizes) for batch in batches))


def _in_order(waiting: deque[Future[Decoded]], coming: Iterator[Future[Decoded]]) -> Iterator[Decoded]:
    """Results in order; as each one is taken, the next is set to work."""
    while waiting:
        taken = waiting.popleft()
        waiting.extend(islice(coming, 1))
        yield taken.result()
