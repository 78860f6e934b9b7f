"""Photos as an encoder sees them: at one or several sizes, by all layers or by those of texture alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from understudy.engine.inference import best_precision
from understudy.modalities.cache import FeatureCache
from understudy.modalities.graph import GraphBuilder
from understudy.modalities.image.backbone import LAYERS, TEXTURE
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.extractor import BuiltIn, Extractor, add_photo_input, input_name
from understudy.modalities.image.features import extract, photo_cache
from understudy.modalities.protocol import Array, Indices, Input, Matrix, Part, ReadRows, Told, View

SMALL: Final = 224
LARGE: Final = 448
"""Sides, in pixels: what the backbone learned from, and twice that for small defects."""
DEFAULT_SIZES: Final = (SMALL, LARGE)
SOME_PHOTOS: Final = 150
"""Photos above which the larger ones are seen by the layers of texture alone, unless somebody gives a budget: measured
on 210 to 407 photos, the layers after those found nothing in them that small photos had not shown."""
MANY_PHOTOS: Final = 10_000
"""Photos above which larger ones are looked at only for those who give a budget: 100,000 of them take 20 minutes."""
BATCH: Final = 4
PATCHES: Final = 7
"""A photo is hidden patch by patch, so many across and down, to see which of them mattered."""
PREPROCESSING: Final = (
    "First picture of the file; a JPEG at the smallest DCT scale of 1, 1/2, 1/4, 1/8 that leaves both sides at least "
    "448; 16-bit to 8-bit; resized to size x size (not cropped) by Pillow's BILINEAR with reducing_gap 2; transparency "
    "on white; RGB; EXIF orientation applied; uint8, rows first, channels last."
)


@dataclass(frozen=True)
class PhotoEncoder:
    """An extractor's features of photos.

    Attributes:
        extractor: Where it can see photos at certain sizes only, those are used.
        wanted: Sides at which photos may be seen, in pixels, rising.
    """

    extractor: Extractor
    wanted: tuple[int, ...] = DEFAULT_SIZES

    @property
    def key(self) -> str:  # noqa: D102
        if self.wanted == DEFAULT_SIZES:
            return self.extractor.key
        return hashlib.sha256(f"{self.extractor.key} {self.wanted}".encode()).hexdigest()[:24]

    def views(self, count: int, *, thorough: bool) -> tuple[View, ...]:
        """The views worth trying, cheapest first.

        For the built-in backbone texture is a view of its own: small defects on a busy board are seen by the early
        layers at high resolution (99% right on bare circuit boards where all layers together reach 95%).
        """
        views = self._all_views()
        if not thorough and count > SOME_PHOTOS:
            views = _thrifty(views)
        if not thorough and count > MANY_PHOTOS:
            views = tuple(view for view in views if not view.demand)
        return views

    def features(self, inputs: Sequence[Input], view: View, plan: Sequence[View], cache: Path, told: Told) -> ReadRows:  # noqa: D102
        digests = [photo.digest for photo in inputs]
        depths = _depths(plan)
        caches = {size_of(part): self._cache(cache, size_of(part), depths, digests) for part in view.parts}
        extract(inputs, self.extractor, caches, told)

        def read(rows: Indices) -> Matrix:
            wanted = [digests[row] for row in rows]
            return np.hstack([caches[size_of(part)].read(wanted, depth=part.width) for part in view.parts])

        return read

    def add_to(self, graph: GraphBuilder, views: Sequence[View]) -> dict[str, str]:  # noqa: D102
        depths = _depths(views)
        features = {
            size: self.extractor.add_to(graph, add_photo_input(graph, size), depth=depth)
            for size, depth in depths.items()
        }
        return {view.name: _joined(graph, features, view) for view in views}

    def preparer(self, views: Sequence[View]) -> "PhotoPreparer":  # noqa: D102
        return PhotoPreparer(tuple(_depths(views)))

    def _all_views(self) -> tuple[View, ...]:
        sizes = self.extractor.sizes or self.wanted
        small, large, width = sizes[0], sizes[-1], self.extractor.width
        views = [View(f"photos at {small} px", (_part(small, width),))]
        if not isinstance(self.extractor, BuiltIn):
            return (*views, *(View(f"photos at {size} px", (_part(size, width),), 1) for size in sizes[1:]))
        views.append(View(f"layers below the last at {small} px", (_part(small, LAYERS),)))
        if large == small:
            return tuple(views)
        return (
            *views,
            View(f"texture at {large} px", (_part(large, TEXTURE),), 1),
            View(f"photos at {large} px", (_part(large, width),), 1),
            View(f"photos at {small} px and texture at {large} px", (_part(small, width), _part(large, TEXTURE)), 2),
        )

    def _cache(self, folder: Path, size: int, depths: Mapping[int, int], digests: Sequence[str]) -> FeatureCache:
        """Where features of that size are: with all layers if these are known already, else with those wanted."""
        precision, depth = best_precision(), depths[size]
        whole = photo_cache(folder, self.extractor, size, precision)
        if depth == self.extractor.width or not whole.missing(digests):
            return whole
        return photo_cache(folder, self.extractor, size, precision, depth=depth)


@dataclass(frozen=True)
class PhotoPreparer:
    """Photos scaled to the sizes that a model's graph takes.

    Attributes:
        sizes: Sides, in pixels, rising.
    """

    sizes: tuple[int, ...]

    @property
    def rows(self) -> int:  # noqa: D102
        return BATCH

    def arrays(self, data: bytes) -> dict[str, Array]:  # noqa: D102
        squares = decode_photo(data, self.sizes)
        return {input_name(size): square[None] for size, square in zip(self.sizes, squares, strict=True)}

    def stacked(self, several: Sequence[Mapping[str, Array]]) -> dict[str, Array]:  # noqa: D102
        return {name: np.concatenate([each[name] for each in several]) for name in several[0]}

    def described(self) -> dict[str, Any]:  # noqa: D102
        return {"sizes": list(self.sizes), "preprocessing": PREPROCESSING}

    def assets(self) -> dict[str, bytes]:  # noqa: D102
        return {}

    def patched(self, data: bytes) -> list[dict[str, Array]]:
        """The photo with each of its patches hidden in turn by the photo's mean colour, row by row."""
        whole = self.arrays(data)
        places = [(row, column) for row in range(PATCHES) for column in range(PATCHES)]
        return [{name: _hidden(square[0], *place)[None] for name, square in whole.items()} for place in places]


def size_of(part: Part) -> int:
    """At which size a part sees photos, in pixels."""
    return int(part.name)


def _part(size: int, depth: int) -> Part:
    return Part(str(size), depth)


def _depths(views: Sequence[View]) -> dict[int, int]:
    """How deep the features of every size must be, by rising size."""
    depths: dict[int, int] = {}
    for view in views:
        for part in view.parts:
            depths[size_of(part)] = max(part.width, depths.get(size_of(part), 0))
    return dict(sorted(depths.items()))


def _thrifty(views: Sequence[View]) -> tuple[View, ...]:
    """The views without those that look at the larger photos with more layers than another of the same size needs.

    The layers of texture take two thirds of the time of all layers.
    """
    small = views[0].parts[0].name
    larger = [part.width for view in views for part in view.parts if part.name != small]
    return tuple(view for view in views if all(part.name == small or part.width == min(larger) for part in view.parts))


def _joined(graph: GraphBuilder, features: Mapping[int, str], view: View) -> str:
    start = graph.constant("start", np.array([0], np.int64))
    axis = graph.constant("axis", np.array([1], np.int64))
    parts = []
    for part in view.parts:
        end = graph.constant(f"depth_{part.width}", np.array([part.width], np.int64))
        parts.append(graph.node("Slice", [features[size_of(part)], start, end, axis]))
    return graph.node("Concat", parts, axis=1) if len(parts) > 1 else parts[0]


def _hidden(square: Array, row: int, column: int) -> Array:
    edges = np.linspace(0, len(square), PATCHES + 1).round().astype(int)
    hidden = square.copy()
    hidden[edges[row] : edges[row + 1], edges[column] : edges[column + 1]] = square.mean(axis=(0, 1)).astype(np.uint8)
    return hidden
