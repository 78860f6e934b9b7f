"""Features of many photos: computed as fast as the graph runs, kept on disk by content."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.engine.ahead import prepared_ahead
from understudy.engine.inference import Graph, batched
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
    batch = BATCH if max(sizes) <= SMALL else BATCH // 2
    with _decoded(wanted, sizes, batch) as decoded:  # under way while the graph is compiled
        graph = Graph(extraction_graph(extractor, {size: caches[size].width for size in sizes}), rows=batch)
        for rows in batched(zip(wanted, _by_photo(_features(graph, decoded, sizes)), strict=True), _CHUNK):
            for place, size in enumerate(sizes):
                features = np.stack([each[place] for _, each in rows])
                caches[size].add([photo.digest for photo, _ in rows], features)
            done += len(rows)
            report(done, len(wanted))


def stream_features(graph: Graph, photos: Sequence[Input], sizes: Sequence[int]) -> Iterator[list[Rows]]:
    """Yields batches in order, (rows, width) for each size; decoding and the graph share all cores."""
    with _decoded(photos, sizes, graph.rows) as decoded:
        yield from _features(graph, decoded, sizes)


def _features(graph: Graph, decoded: Iterator[Decoded], sizes: Sequence[int]) -> Iterator[list[Rows]]:
    names = [output_name(size) for size in sizes]
    for result in graph.stream(decoded):
        yield [result[name] for name in names]


def decode_batch(photos: Sequence[Input], sizes: Sequence[int]) -> Decoded:
    """Decodes photos into the inputs of a graph."""
    return _stacked([decode_photo(photo.read(), sizes) for photo in photos], sizes)


def _stacked(squares: Sequence[Sequence[npt.NDArray[np.uint8]]], sizes: Sequence[int]) -> Decoded:
    return {input_name(size): np.stack([each[place] for each in squares]) for place, size in enumerate(sizes)}


def _by_photo(batches: Iterator[list[Rows]]) -> Iterator[tuple[Rows, ...]]:
    for batch in batches:
        yield from zip(*batch, strict=True)


def _decoded(photos: Sequence[Input], sizes: Sequence[int], rows: int) -> AbstractContextManager[Iterator[Decoded]]:
    """Decodes ahead of whoever takes the batches."""

    def decoded(photo: Input) -> Sequence[npt.NDArray[np.uint8]]:
        return decode_photo(photo.read(), sizes)

    return prepared_ahead(photos, rows, part=decoded, batch=lambda squares: _stacked(squares, sizes), ahead=_WINDOW)
