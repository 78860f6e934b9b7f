"""External extractors: any other ONNX graph that turns photos into features."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.image.extractor import DECODING, add_photo_input, input_name, output_name
from understudy.modalities.image.foreign import ExtractorUnusable, ForeignGraph, read_foreign, unusable
from understudy.modalities.image.preprocessing import CONFIG, Preprocessing, read_preprocessing

USUAL_SIDE = 224
LARGEST = 60_000.0
"""Features beyond this, either way, are cut to it: they are kept as half floats, which end at 65,504."""


@dataclass(frozen=True)
class External:
    """A feature extractor that somebody else made.

    Attributes:
        key: Hash of the file and of how pixels are scaled for it.
        width: Numbers in a row.
        sizes: Sides of photos that it can see, in pixels, rising.
        foreign: Its graph.
        preprocessing: How it wants its pixels.
    """

    key: str
    width: int
    sizes: tuple[int, ...]
    foreign: ForeignGraph = field(repr=False)
    preprocessing: Preprocessing

    @classmethod
    def from_file(cls, path: Path, config: Path | None = None) -> "External":
        """Reads an ONNX file and tries it on two drawn photos.

        Args:
            path: The file.
            config: Its `preprocessor_config.json`; None looks beside the file and in the folder above.

        Raises:
            ExtractorUnusable: It cannot be read, run, or give features for photos.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            reason, remedy = f"{error.strerror or error}.", "Give the path of an ONNX file."
            raise unusable(str(path), reason, remedy) from error
        preprocessing = read_preprocessing(config or _config_near(path))
        foreign = read_foreign(data, path.name)
        told = json.dumps([DECODING, asdict(preprocessing)], sort_keys=True)
        key = hashlib.sha256(told.encode() + data).hexdigest()[:24]
        side = foreign.side or preprocessing.side or USUAL_SIDE
        widths = _try(cls(key, 0, (side,), foreign, preprocessing), path.name)
        trial = cls(key, widths, (side,), foreign, preprocessing)
        return trial if foreign.side else cls(key, widths, _free_sizes(trial, side, path.name), foreign, preprocessing)

    def add_to(self, graph: GraphBuilder, pixels: str, *, depth: int | None = None) -> str:
        """See `Extractor.add_to`."""
        features = self.uncut(graph, pixels)
        bounds = [graph.constant("least", np.float32(-LARGEST)), graph.constant("largest", np.float32(LARGEST))]
        cut = graph.node("Clip", [features, *bounds])
        if depth is None or depth == self.width:
            return cut
        ends = [graph.constant(name, np.array([end], np.int64)) for name, end in (("first", 0), (f"to_{depth}", depth))]
        return graph.node("Slice", [cut, *ends, graph.constant("axis", np.array([1], np.int64))])

    def uncut(self, graph: GraphBuilder, pixels: str) -> str:
        """Appends it without the cut at `LARGEST`, which hides what is no number."""
        return self.foreign.add_to(graph, self.preprocessing.add_to(graph, pixels))


def _config_near(path: Path) -> Path | None:
    """Where hubs put it: beside the file, or above the folder "onnx"."""
    places = [path.parent / CONFIG, *([path.parent.parent / CONFIG] if path.parent.name == "onnx" else [])]
    return next((place for place in places if place.is_file()), None)


def _free_sizes(extractor: External, side: int, name: str) -> tuple[int, ...]:
    """The usual side, and twice that where the graph truly takes any."""
    double = External(extractor.key, extractor.width, (2 * side,), extractor.foreign, extractor.preprocessing)
    try:
        return (side, 2 * side) if _try(double, name) == extractor.width else (side,)
    except ExtractorUnusable:
        return (side,)


def _try(extractor: External, name: str) -> int:
    """Answers for two drawn photos, then for the second one alone, and returns how many numbers a row has.

    Raises:
        ExtractorUnusable: The engine cannot run it, or a photo's features depend on its neighbour.
    """
    (side,) = extractor.sizes
    try:
        graph = Graph(_trial_graph(extractor, side), rows=2, goal="latency", precision="f32")
        first, second = (_run(graph, side, photos) for photos in (_drawn(side), _drawn(side)[[1, 1]]))
    except (RuntimeError, onnx.checker.ValidationError) as error:
        reason = f"The engine cannot run it on photos of {side} pixels ({_short(error)})."
        raise unusable(name, reason, "Export it with a free batch size and standard operators only.") from error
    if not np.isfinite(first).all():
        raise unusable(name, "Its features are not finite numbers.", f"Check how {CONFIG} scales the pixels.")
    off = np.abs(second - first[1]).max() if first.ndim == 2 else np.inf
    if off > 0.01 * np.abs(first).max():
        reason = "Its answer for a photo depends on the other photos of the batch."
        raise unusable(name, reason, "Export it with a free batch size.")
    return int(first.shape[1])


def _trial_graph(extractor: External, side: int) -> bytes:
    graph = GraphBuilder()
    graph.output(extractor.uncut(graph, add_photo_input(graph, side)), output_name(side), FLOAT, ["n", "width"])
    return graph.model("trial")


def _run(graph: Graph, side: int, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    features: npt.NDArray[np.float32] = graph.run({input_name(side): photos})[output_name(side)]
    return features


def _drawn(side: int) -> npt.NDArray[np.uint8]:
    """Two photos, (2, side, side, 3): a shade and a grain."""
    shade = np.broadcast_to(np.linspace(0, 255, side).astype(np.uint8)[:, None], (side, side, 3))
    grain = np.random.default_rng(0).integers(0, 255, (side, side, 3)).astype(np.uint8)
    return np.stack([shade, grain])


def _short(error: Exception) -> str:
    """The last line that says something."""
    lines: Sequence[Any] = [line.strip() for line in str(error).splitlines() if line.strip()]
    return str(lines[-1])[:160] if lines else type(error).__name__
