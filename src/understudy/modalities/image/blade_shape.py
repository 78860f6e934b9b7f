"""The shape of a drawn wind-turbine blade in its photo: where it lies, how it curves, how light falls on it."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from understudy.modalities.image.scenery import Field, smoothstep

_TABLE = 256
_TRIES = 60


@dataclass(frozen=True)
class BladeShape:
    """A blade's outline in a photo.

    Every point of it has two coordinates: `along`, in pixels towards the tip from the middle of the photo, and
    `across`, from -1 at one edge of the outline to 1 at the other.

    Attributes:
        height: Of the photo, in pixels.
        width: Of the photo, in pixels.
        middle: Where `along` is 0, right and down, in pixels.
        angle: Direction of the tip, in radians.
        half: Half the blade's width in the middle, in pixels.
        taper: How much of its width it loses over the photo's diagonal towards the tip, by shape and perspective.
        bend: Sideways deflection over the diagonal, in pixels.
        tip: Where the blade ends, in pixels along it; infinite when outside the photo.
        nose: Where the leading edge lies, across.
    """

    height: int
    width: int
    middle: tuple[float, float]
    angle: float
    half: float
    taper: float
    bend: float
    tip: float
    nose: float

    @classmethod
    def at_random(cls, rng: np.random.Generator, height: int, width: int) -> "BladeShape":
        """Places a blade so that it fills a fair part of the photo."""
        diagonal = math.hypot(height, width)
        return cls(
            height,
            width,
            middle=(width * rng.normal(0.5, 0.07), height * rng.normal(0.5, 0.07)),
            angle=rng.uniform(0, 2 * math.pi),
            half=min(height, width) * rng.uniform(0.24, 0.42),
            taper=rng.uniform(0.0, 0.5),
            bend=diagonal * rng.normal(0, 0.03),
            tip=diagonal * rng.uniform(0.15, 0.42) if rng.random() < 0.3 else math.inf,
            nose=float(rng.choice([-1, 1]) * rng.uniform(0.25, 0.92)),
        )

    @property
    def diagonal(self) -> float:
        """Of the photo, in pixels."""
        return math.hypot(self.height, self.width)

    @property
    def scale(self) -> float:
        """Pixels for each pixel of a photo 480 high: fine details keep their size in the world."""
        return min(self.height, self.width) / 480

    @cached_property
    def _plane(self) -> tuple[Field, Field]:
        x = np.arange(self.width, dtype=np.float32) - np.float32(self.middle[0])
        y = (np.arange(self.height, dtype=np.float32) - np.float32(self.middle[1]))[:, None]
        cos, sin = np.float32(math.cos(self.angle)), np.float32(math.sin(self.angle))
        along = x * cos + y * sin
        aside = y * cos - x * sin - along * along * np.float32(self.bend / self.diagonal**2)
        return along, aside

    @property
    def along(self) -> Field:
        """Pixels towards the tip, (height, width)."""
        return self._plane[0]

    @cached_property
    def halves(self) -> Field:
        """Half the blade's width at each pixel, in pixels, (height, width)."""
        half = self.along * np.float32(-self.half * self.taper / self.diagonal) + np.float32(self.half)
        if math.isfinite(self.tip):
            rest = np.clip((np.float32(self.tip) - self.along) * np.float32(1 / (1.6 * self.half)), 0, 1)
            half *= np.sqrt(1 - (1 - rest) ** 2)
        return np.asarray(np.maximum(half, np.float32(0.01)), np.float32)

    @cached_property
    def across(self) -> Field:
        """-1 to 1 on the blade, beyond that beside it, (height, width)."""
        return np.asarray(self._plane[1] / self.halves, np.float32)

    @cached_property
    def from_nose(self) -> Field:
        """Distance from the leading edge in pixels, (height, width)."""
        return np.asarray(np.abs(self.across - np.float32(self.nose)) * self.halves, np.float32)

    def cover(self) -> Field:
        """How much of each pixel the blade covers, 0..1, (height, width)."""
        cover = np.clip((1 - np.abs(self.across)) * self.halves + np.float32(0.5), 0, 1)
        return np.asarray(cover * (self.along < np.float32(self.tip)), np.float32)

    def halved(self) -> "BladeShape":
        """The same blade in a photo of half the size, for what is smooth anyway."""
        x, y = self.middle
        half, bend, tip = self.half / 2, self.bend / 2, self.tip / 2
        size = {"height": -(-self.height // 2), "width": -(-self.width // 2)}
        return replace(self, **size, middle=(x / 2, y / 2), half=half, bend=bend, tip=tip)

    def table(self, values: Field) -> Field:
        """Spreads 256 values, from one edge to the other, over the photo."""
        index = (np.clip(self.across, -1, 1) * np.float32(127.5) + np.float32(127.5)).astype(np.uint8)
        return np.asarray(np.asarray(values, np.float32)[index], np.float32)

    def pixel(self, along: float, across: float) -> tuple[float, float]:
        """Where a point of the blade lies in the photo, right and down."""
        half = self.half * (1 - self.taper * along / self.diagonal)
        if math.isfinite(self.tip):
            rest = min(1.0, max(0.0, (self.tip - along) / (1.6 * self.half)))
            half *= math.sqrt(1 - (1 - rest) ** 2)
        aside = across * half + self.bend * (along / self.diagonal) ** 2
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return self.middle[0] + along * cos - aside * sin, self.middle[1] + along * sin + aside * cos

    def visible_point(self, rng: np.random.Generator, *, low: float = -0.8, high: float = 0.8) -> tuple[float, float]:
        """Picks a point of the blade that lies well inside the photo.

        Args:
            rng: Source of chance.
            low: Smallest value across.
            high: Largest value across.

        Returns:
            Along and across.
        """
        end = min(self.tip - 0.6 * self.half, 0.5 * self.diagonal)
        for _ in range(_TRIES):
            along, across = rng.uniform(-0.5 * self.diagonal, end), rng.uniform(low, high)
            x, y = self.pixel(along, across)
            if 0.1 * self.width < x < 0.9 * self.width and 0.1 * self.height < y < 0.9 * self.height:
                return along, across
        return 0.0, (low + high) / 2


def shading(rng: np.random.Generator, shape: BladeShape) -> Field:
    """How bright the blade is: a curved section under one sun and a sky, and perhaps a shadow that falls on it.

    Returns:
        Factors near 1, (height, width).
    """
    across = np.linspace(-1, 1, _TABLE, dtype=np.float32)
    turn = 0.25 + rng.uniform(1, 4) * np.exp(-(((across - shape.nose) / rng.uniform(0.12, 0.4)) ** 2))
    normal = np.cumsum(turn) / turn.sum() * math.radians(165) - math.radians(82)
    sun = rng.uniform(-1.2, 1.2)
    lit = np.maximum(np.cos(normal - sun), 0)
    ambient = rng.uniform(0.35, 0.7)
    bright = ambient + (1.05 - ambient) * lit + rng.uniform(0, 0.15) * lit ** rng.uniform(12, 60)
    bright -= rng.uniform(0, 0.25) * np.exp((np.abs(across) - 1) * 25)
    slope = shape.along * np.float32(rng.normal(0, 0.12) / shape.diagonal) + 1
    shaded = np.asarray(shape.table(bright) * slope, np.float32)
    return shaded * _cast_shadow(rng, shape) if rng.random() < 0.3 else shaded


def _cast_shadow(rng: np.random.Generator, shape: BladeShape) -> Field:
    """The shadow of a tower or of another blade: a straight band with soft edges."""
    lean, curve = rng.normal(0, 0.7, 2) * shape.half
    place = shape.along + shape.across * (np.float32(lean) + shape.across * np.float32(0.4 * curve))
    place -= np.float32(shape.diagonal * rng.uniform(-0.4, 0.4))
    soft = rng.uniform(2, 14) * shape.scale
    reach = shape.diagonal * rng.uniform(0.03, 0.3)
    inside = smoothstep(-soft, soft, np.float32(reach) - np.abs(place))
    return np.asarray(1 - inside * np.float32(rng.uniform(0.15, 0.4)), np.float32)
