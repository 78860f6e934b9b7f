"""Feature extractors: what turns a photo of one size into a row of numbers, as part of any graph."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy.typing as npt

from understudy.modalities.graph import FLOAT, UINT8, GraphBuilder
from understudy.modalities.image.backbone import FEATURES, add_backbone

DECODING = "1"
"""Raised when the way photos are decoded or scaled changes, so that cached features are made anew."""


class Extractor(Protocol):
    """Turns photos of one size into features."""

    @property
    def key(self) -> str:
        """Names weights and architecture exactly; part of the cache's address."""

    @property
    def width(self) -> int:
        """Numbers in a row."""

    @property
    def sizes(self) -> tuple[int, ...] | None:
        """The only sides of photos that it can see, in pixels, rising; None where any will do."""

    def add_to(self, graph: GraphBuilder, pixels: str, *, depth: int | None = None) -> str:
        """Appends the extractor to a graph.

        Args:
            graph: Receives the nodes.
            pixels: Name of a float tensor, (n, size, size, 3), 0..255, RGB.
            depth: Only the first so many numbers of a row are wanted; layers after them may be left out.

        Returns:
            Name of the features, (n, `depth` or `width`).
        """


@dataclass(frozen=True)
class BuiltIn:
    """EfficientNet-Lite0, several layers pooled three ways."""

    weights: Mapping[str, npt.NDArray[Any]] = field(repr=False)

    @cached_property
    def key(self) -> str:  # noqa: D102
        digest = hashlib.sha256(DECODING.encode())
        for name in sorted(self.weights):
            digest.update(name.encode() + self.weights[name].tobytes())
        return digest.hexdigest()[:24]

    @property
    def width(self) -> int:  # noqa: D102
        return FEATURES

    @property
    def sizes(self) -> tuple[int, ...] | None:  # noqa: D102
        return None

    def add_to(self, graph: GraphBuilder, pixels: str, *, depth: int | None = None) -> str:  # noqa: D102
        return add_backbone(graph, pixels, self.weights, depth=depth or FEATURES)


def input_name(size: int) -> str:
    """Name of the graph input that takes photos scaled to `size` by `size` pixels."""
    return f"photo_{size}"


def add_photo_input(graph: GraphBuilder, size: int) -> str:
    """Declares the input for one size, uint8 (n, size, size, 3), and returns its pixels as floats."""
    photo = graph.input(input_name(size), UINT8, ["n", size, size, 3])
    return graph.node("Cast", [photo], to=FLOAT)


def output_name(size: int) -> str:
    """Name of the extraction graph's output for one size."""
    return f"features_{size}"


def extraction_graph(extractor: Extractor, depths: Mapping[int, int]) -> bytes:
    """A graph from `photo_<size>` to `features_<size>`, (n, depth), for each size with its depth, as ONNX bytes."""
    graph = GraphBuilder()
    for size, depth in depths.items():
        features = extractor.add_to(graph, add_photo_input(graph, size), depth=depth)
        graph.output(features, output_name(size), FLOAT, ["n", depth])
    return graph.model("features")
