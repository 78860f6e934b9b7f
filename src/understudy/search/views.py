"""Views: which features of a photo a candidate sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.modalities.image.backbone import LAYERS, TEXTURE
from understudy.modalities.image.extractor import BuiltIn, Extractor

SMALL, LARGE = 224, 448
"""Sides, in pixels: what the backbone learned from, and twice that for small defects."""
DEFAULT_SIZES = (SMALL, LARGE)


@dataclass(frozen=True)
class Part:
    """The first `depth` features of photos at one size."""

    size: int
    depth: int


@dataclass(frozen=True)
class View:
    """Features that a candidate sees together.

    Attributes:
        name: For people ("photos at 224 px").
        parts: What it is made of, by rising size.
    """

    name: str
    parts: tuple[Part, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes at which photos must be seen."""
        return tuple(sorted({part.size for part in self.parts}))

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return sum(part.depth for part in self.parts)


def depths_of(views: Sequence[View]) -> dict[int, int]:
    """How deep the features of every size must be, by rising size."""
    return dict(sorted((part.size, part.depth) for view in views for part in view.parts))


def thrifty(views: Sequence[View]) -> tuple[View, ...]:
    """The views without those that look at the larger photos with more layers than another of the same size needs.

    The layers of texture take two thirds of the time of all layers.
    """
    small = views[0].sizes
    larger = [part.depth for view in views for part in view.parts if part.size not in small]
    return tuple(view for view in views if all(part.size in small or part.depth == min(larger) for part in view.parts))


def views_of(extractor: Extractor, sizes: tuple[int, ...] = DEFAULT_SIZES) -> tuple[View, ...]:
    """The views worth trying with an extractor, cheapest first.

    Args:
        extractor: Where it can see photos at certain sizes only, those are used.
        sizes: Sides at which photos may be seen, rising.

    For the built-in backbone texture is a view of its own: small defects on a busy board are seen by the early
    layers at high resolution (99% right on bare circuit boards where all layers together reach 95%).
    """
    sizes = extractor.sizes or sizes
    small, large = sizes[0], sizes[-1]
    views = [View(f"photos at {small} px", (Part(small, extractor.width),))]
    if not isinstance(extractor, BuiltIn):
        others = [View(f"photos at {size} px", (Part(size, extractor.width),)) for size in sizes[1:]]
        return (*views, *others)
    if large == small:
        return (*views, View(f"layers below the last at {small} px", (Part(small, LAYERS),)))
    return (
        *views,
        View(f"layers below the last at {small} px", (Part(small, LAYERS),)),
        View(f"texture at {large} px", (Part(large, TEXTURE),)),
        View(f"photos at {large} px", (Part(large, extractor.width),)),
        View(f"photos at {small} px and texture at {large} px", (Part(small, extractor.width), Part(large, TEXTURE))),
    )
