"""Views: which features of a photo a candidate sees."""

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
