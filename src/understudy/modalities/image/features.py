"""Features of many photos: computed as fast as the graph runs, kept on disk by content."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.engine.inference import Graph, batched, cores
from understudy.modalities.cache import FeatureCache
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import Extractor, extraction_graph, input_name, output_name
from understudy.modalities.protocol import Input

Rows = npt.NDArray[np.float32]
Decoded = dict[str, npt.NDArray[np.uint8]]
"""Photos as the inputs of a graph."""

BATCH = 4
"""Photos in a run of the graph; measured best between 1 and 16 at 224 pixels."""
SMALL = 256
"""Side of photos, in pixels, up to which a full batch fits the processor's cache."""
_CHUNK = 64
_WINDOW = 4
"""Batches being decoded ahead, for each core: enough that the graph never waits, few enough to stay small."""


def photo_cache(
    folder: Path, extractor: Extractor, size: int, precision: str, *, depth: int | None = None
) -> FeatureCache:
    """Where the features of photos are kept.

    Args:
        folder: Where caches live; made if missing.
        extractor: Whose features these are.
        size: Side of the photos, in pixels.
        precision: Of the arithmetic; features of different precision are kept apart.
        depth: Only the first so many numbers of each row, kept apart too; None for all of them.
    """
    width = depth or extractor.width
    first = "" if width == extractor.width else f" first {depth}"
    return FeatureCache(folder, f"{extractor.key} {size} {precision}{first}", width)


Caches = Mapping[int, FeatureCache]
"""A cache for each size."""


def extract(photos: Sequence[Input], extractor: Extractor, caches: Caches, report: Callable[[int, int], None]) -> None:
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


def stream_features(graph: Graph, photos: Sequence[Input], sizes: Sequence[int]) -> Iterator[list[Rows]]:
    """Yields batches in order, (rows, width) for each size; decoding and the graph share all cores."""
    with ThreadPoolExecutor(cores()) as pool:
        yield from _features(graph, _decoded(pool, photos, sizes, graph.rows), sizes)


def _features(graph: Graph, decoded: Iterator[Decoded], sizes: Sequence[int]) -> Iterator[list[Rows]]:
    names = [output_name(size) for size in sizes]
    for result in graph.stream(decoded):
        yield [result[name] for name in names]


def decode_batch(photos: Sequence[Input], sizes: Sequence[int]) -> Decoded:
    """Decodes photos into the inputs of a graph."""
    squares = [decode_photo(photo.read(), sizes) for photo in photos]
    return {input_name(size): np.stack([each[place] for each in squares]) for place, size in enumerate(sizes)}


def _by_photo(batches: Iterator[list[Rows]]) -> Iterator[tuple[Rows, ...]]:
    for batch in batches:
        yield from zip(*batch, strict=True)


def _decoded(pool: ThreadPoolExecutor, photos: Sequence[Input], sizes: Sequence[int], rows: int) -> Iterator[Decoded]:
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
