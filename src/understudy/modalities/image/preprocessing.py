"""How a foreign extractor wants its pixels scaled, as `preprocessor_config.json` beside it says."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from understudy.modalities.graph import GraphBuilder
from understudy.modalities.image.foreign import unusable

CONFIG = "preprocessor_config.json"
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Preprocessing:
    """Pixels 0..255 become (pixels * `factor` - `mean`) / `std`.

    Attributes:
        mean: Of red, green and blue.
        std: Likewise, above 0.
        factor: What pixels are multiplied by first.
        side: Side of the photos that the extractor was made with, in pixels, if it is told.
    """

    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD
    factor: float = 1 / 255
    side: int | None = None

    def add_to(self, graph: GraphBuilder, pixels: str) -> str:
        """Appends the scaling to a graph: float (n, height, width, 3) in and out."""
        mean = graph.constant("foreign pixel mean", (np.array(self.mean) / self.factor).astype(np.float32))
        std = graph.constant("foreign pixel scale", (np.array(self.std) / self.factor).astype(np.float32))
        return graph.node("Div", [graph.node("Sub", [pixels, mean]), std])


def read_preprocessing(path: Path | None) -> Preprocessing:
    """Reads the file; what it leaves out, or no file at all, means ImageNet's mean and deviation on 0..1.

    Raises:
        ExtractorUnusable: The file cannot be understood.
    """
    if path is None or not path.is_file():
        return Preprocessing()
    try:
        return _from_config(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        reason = f"It does not say how pixels are scaled ({error})."
        raise unusable(path.name, reason, "Correct it, or remove it to use ImageNet's scaling.") from error


def _from_config(config: dict[str, Any]) -> Preprocessing:
    factor = float(config.get("rescale_factor", 1 / 255)) if config.get("do_rescale", True) else 1.0
    normalised = config.get("do_normalize", True)
    mean = _channels(config.get("image_mean", IMAGENET_MEAN)) if normalised else (0.0,) * 3
    std = _channels(config.get("image_std", IMAGENET_STD)) if normalised else (1.0,) * 3
    if not np.isfinite([*mean, *std, factor]).all() or min(*std, factor) <= 0:
        raise ValueError("its numbers are out of range")
    return Preprocessing(mean, std, factor, _side(config.get("crop_size") or config.get("size")))


def _channels(given: Any) -> tuple[float, ...]:
    values = (float(given),) * 3 if isinstance(given, int | float) else tuple(float(value) for value in given)
    if len(values) != 3:
        raise ValueError("it is not for three colours")
    return values


def _side(given: Any) -> int | None:
    """The side of a square, however it is told; a rectangle leaves it open."""
    if isinstance(given, dict):
        height, width = (given.get(key, given.get("shortest_edge")) for key in ("height", "width"))
        given = height if height == width else None
    return int(given) if given else None
