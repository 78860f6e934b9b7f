"""Features of many inputs that go by in time: prepared ahead on all cores, kept on disk by content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from understudy.engine.ahead import prepared_ahead
from understudy.engine.inference import Graph, batched
from understudy.modalities.cache import FeatureCache
from understudy.modalities.protocol import Array, Indices, Input, Matrix, Part, Preparer, ReadRows, Told, View

PRECISION: Final = "f32"
"""Of the arithmetic, as models answer: statistics would suffer in fewer bits, and decoding takes most of the time."""
AHEAD: Final = 2
"""Batches being prepared ahead, for each core."""


@dataclass(frozen=True)
class Extraction:
    """How an encoder's features are computed.

    Attributes:
        key: Of the encoder.
        graph: Makes the ONNX bytes of a graph whose outputs are named as the parts.
        preparer: Makes the inputs of that graph.
    """

    key: str
    graph: Callable[[Sequence[Part]], bytes]
    preparer: Callable[[Sequence[Part]], Preparer]


def read_rows(
    extraction: Extraction, inputs: Sequence[Input], view: View, plan: Sequence[View], cache: Path, told: Told
) -> ReadRows:
    """Makes sure that the features of a view are on disk; arguments as for `Encoder.features`.

    An input is decoded once for all views that may come: that takes longer than their graphs.
    """
    digests = [each.digest for each in inputs]
    parts = sorted({part for each in (view, *plan) for part in each.parts}, key=lambda part: part.name)
    caches = {part: _cache(extraction, cache, part) for part in parts}
    if any(caches[part].missing(digests) for part in view.parts):
        _extract(extraction, inputs, caches, told)

    def read(rows: Indices) -> Matrix:
        wanted = [digests[row] for row in rows]
        return np.hstack([caches[part].read(wanted) for part in view.parts])

    return read


def _cache(extraction: Extraction, folder: Path, part: Part) -> FeatureCache:
    return FeatureCache(folder, f"{extraction.key} {part.name} {PRECISION}", part.width)


def _extract(extraction: Extraction, inputs: Sequence[Input], caches: dict[Part, FeatureCache], told: Told) -> None:
    digests = [each.digest for each in inputs]
    lacking = {part: set(cache.missing(digests)) for part, cache in caches.items()}
    parts = [part for part in caches if lacking[part]]
    places = sorted(set().union(*lacking.values()))
    preparer = extraction.preparer(parts)
    done = 0

    def arrays(one: Input) -> Mapping[str, Array]:
        return preparer.arrays(one.read())

    wanted = (inputs[place] for place in places)
    with prepared_ahead(wanted, preparer.rows, part=arrays, batch=preparer.stacked, ahead=AHEAD) as prepared:
        graph = Graph(extraction.graph(parts), rows=preparer.rows, precision=PRECISION)
        for at, result in zip(batched(places, preparer.rows), graph.stream(prepared), strict=True):
            for part in parts:
                mine = [row for row, place in enumerate(at) if place in lacking[part]]
                if mine:
                    caches[part].add([digests[at[row]] for row in mine], result[part.name][mine])
            done += len(at)
            told(done, len(places))
