"""Clips as an encoder sees them: in colour, by what moves, and by statistics of motion."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.modalities.graph import FLOAT, UINT8, GraphBuilder
from understudy.modalities.image.backbone import LAYERS
from understudy.modalities.image.extractor import BuiltIn, Extractor
from understudy.modalities.media.parts import PartsEncoder
from understudy.modalities.media.pooling import (
    all_of,
    change_over,
    deviation_over,
    lasting,
    mean_over,
    peak_over,
)
from understudy.modalities.media.scanning import one_by_one
from understudy.modalities.protocol import Part, View
from understudy.modalities.video.decode import SIDE
from understudy.modalities.video.motion import STATISTICS, STEPS
from understudy.modalities.video.seeing import COLOUR, FRAMES, MEASURES, MOVING, TRACES, WHEN, ClipPreparer, shapes

VERSION: Final = "1"
"""Raised when the way clips are decoded or prepared changes, so that cached features are made anew."""

SEEN, CHANGES, STEPPED, TRACED, NUMBERS = "pictures", "changes", "steps", "traces", "numbers"
"""Names of the parts."""
_INPUT: Final = {SEEN: FRAMES, CHANGES: FRAMES, STEPPED: MOVING, TRACED: TRACES, NUMBERS: MEASURES}
_COUNT: Final = {FRAMES: COLOUR, MOVING: STEPS, TRACES: 1}


@dataclass(frozen=True)
class ClipEncoder(PartsEncoder[ClipPreparer]):
    """Features of clips.

    Attributes:
        extractor: Looks at pictures and at pictures of motion; made for photos.
    """

    extractor: Extractor

    @property
    def key(self) -> str:  # noqa: D102
        return hashlib.sha256(f"video {VERSION} {self.extractor.key}".encode()).hexdigest()[:24]

    def views(self, count: int, *, thorough: bool) -> tuple[View, ...]:
        """The views worth trying, cheapest first; decoding takes most of the time of each."""
        del count, thorough
        seen, changes, stepped, traced, numbers = self._parts()
        return (
            View("motion", (stepped, traced, numbers)),
            View("pictures", (seen,)),
            View("pictures and motion", (seen, stepped, traced, numbers)),
            View("pictures, their changes and motion", (seen, changes, stepped, traced, numbers)),
        )

    def _parts(self) -> tuple[Part, Part, Part, Part, Part]:
        width = self.extractor.width
        return (
            Part(SEEN, width),
            Part(CHANGES, 3 * self._inner),
            Part(STEPPED, width),
            Part(TRACED, width),
            Part(NUMBERS, 3 * STATISTICS),
        )

    @property
    def _inner(self) -> int:
        """Of how many numbers changes are told: the layers below the last tell most of them."""
        return LAYERS if isinstance(self.extractor, BuiltIn) else self.extractor.width

    def add_parts(self, graph: GraphBuilder, parts: Sequence[Part]) -> dict[str, str]:  # noqa: D102
        named, shape = {part.name for part in parts}, shapes()
        mask = lasting(graph, graph.input(WHEN, FLOAT, shape[WHEN]))
        made: dict[str, str] = {}
        if named & {SEEN, CHANGES}:
            rows, there = self._looked(graph, FRAMES, mask)
            made[SEEN] = mean_over(graph, rows, there)
            if CHANGES in named:
                made[CHANGES] = self._changes(graph, rows, there)
        for name in (STEPPED, TRACED):
            if name in named:
                made[name] = mean_over(graph, *self._looked(graph, _INPUT[name], mask))
        if NUMBERS in named:
            made[NUMBERS] = all_of(graph, graph.input(MEASURES, FLOAT, shape[MEASURES]), mask)
        return made

    def preparer_of(self, parts: Sequence[Part]) -> ClipPreparer:  # noqa: D102
        named = {_INPUT[part.name] for part in parts}
        return ClipPreparer(tuple(name for name in (FRAMES, MOVING, TRACES, MEASURES) if name in named))

    def _looked(self, graph: GraphBuilder, name: str, mask: str) -> tuple[str, str]:
        """What the extractor sees in each picture, (n, pictures, width), and which of them are there."""
        pictures, width = graph.input(name, UINT8, shapes()[name]), self.extractor.width
        ones = graph.constant(f"{_COUNT[name]} each", np.ones((1, 1, _COUNT[name]), np.float32))
        window = graph.node("Unsqueeze", [mask, graph.constant("axis 2", np.array([2], np.int64))])
        there = graph.node("Flatten", [graph.node("Mul", [window, ones])], axis=1)
        row = graph.constant("pictures in a row", np.array([0, -1, SIDE, SIDE, 3], np.int64))

        def look(inner: GraphBuilder, picture: str) -> str:
            return self.extractor.add_to(inner, inner.node("Cast", [picture], to=FLOAT), depth=width)

        each = graph.node("Reshape", [pictures, row])
        return one_by_one(graph, each, UINT8, [SIDE, SIDE, 3], [width], look), there

    def _changes(self, graph: GraphBuilder, rows: str, there: str) -> str:
        """Peak, deviation and mean change from picture to picture of the first numbers, (n, 3 * inner)."""
        bounds = [
            graph.constant(f"{name} inner", np.array([at], np.int64)) for name, at in (("no", 0), ("all", self._inner))
        ]
        inner = graph.node("Slice", [rows, *bounds, graph.constant("axis 2", np.array([2], np.int64))])
        mean = mean_over(graph, inner, there)
        spread = [peak_over(graph, inner, there), deviation_over(graph, inner, there, mean)]
        return graph.node("Concat", [*spread, change_over(graph, inner, there)], axis=1)
