"""Draws photos of wind-turbine blades, so that the product can be shown without anyone's data.

What is drawn says nothing about the world; every project made from it is marked as drawn.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from understudy.modalities.image.blade_shape import BladeShape, shading
from understudy.modalities.image.scenery import (
    Colour,
    Field,
    as_mask,
    background,
    blank_mask,
    noise,
    photograph,
    smoothstep,
)

SIZES = ((640, 480), (640, 480), (640, 427), (720, 480), (600, 600), (480, 640))
_TEXELS = 128
_UNIT = 190
"""The value that stands for full light in the light mask; brighter is left for gleams."""
_RED: Colour = (0.64, 0.14, 0.12)
_GRIME: Colour = (0.36, 0.30, 0.20)
_FILLER: Colour = (0.60, 0.57, 0.50)


class Condition(StrEnum):
    """What is the matter with a blade; also the name of its folder."""

    HEALTHY = "healthy"
    CRACK = "crack"
    EROSION = "erosion"


@dataclass
class _Surface:
    """The blade's surface as it is built up: its colours, and how much light each pixel sends back."""

    colours: Image.Image
    light: Image.Image

    def stain(self, colour: Colour, mask: Image.Image) -> None:
        """Lays a colour over the surface where the mask says so."""
        self.colours.paste(_rgb(colour), (0, 0), mask)

    def darken(self, mask: Image.Image) -> None:
        """Takes light away where the mask says so."""
        self.light = ImageChops.multiply(self.light, ImageChops.invert(mask))

    def scale(self, factors: Field) -> None:
        """Multiplies the light."""
        light = np.asarray(self.light, np.float32) * factors
        self.light = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))

    def seen(self) -> Image.Image:
        """The surface as an RGB image."""
        lit = ImageChops.multiply(self.colours, self.light.convert("RGB"))
        return lit.point([min(255, round(value * 255 / _UNIT)) for value in range(256)] * 3)


def draw_blades(folder: Path, *, per_class: int, seed: int) -> None:
    """Writes a folder of JPEG photos for each condition.

    Args:
        folder: Receives `healthy/`, `crack/` and `erosion/`; made if absent, files of the same names are replaced.
        per_class: Photos of each condition.
        seed: The same seed gives the same bytes, and a larger set begins with the smaller one.
    """
    for number, condition in enumerate(Condition):
        place = folder / condition
        place.mkdir(parents=True, exist_ok=True)
        for index in range(per_class):
            rng = np.random.default_rng([seed, number, index])
            photo = draw_blade(rng, condition)
            photo.save(place / f"{condition}-{index + 1:04}.jpg", quality=int(rng.integers(60, 95)))


def draw_blade(rng: np.random.Generator, condition: Condition) -> Image.Image:
    """Draws one photo, as a drone takes it: part of a blade before sky, land or sea.

    Args:
        rng: Source of chance; the same state gives the same photo.
        condition: What is the matter with the blade. Scene and camera do not depend on it.

    Returns:
        An RGB image of one of the sizes of `SIZES`.
    """
    (camera,) = rng.spawn(1)
    width, height = SIZES[rng.integers(len(SIZES))]
    scene = background(rng, height, width)
    shape = BladeShape.at_random(rng, height, width)
    surface = _coated(rng, shape)
    mask, draw = blank_mask(height, width)
    _draw_fittings(rng, _Pen(draw, shape))
    _draw_dirt(rng, _Pen(draw, shape))
    surface.darken(mask.reduce(2))
    if rng.random() < 0.6:
        _add_grime(rng, shape, surface)
    if condition is Condition.CRACK:
        _add_cracks(rng, shape, surface)
    elif condition is Condition.EROSION:
        _add_erosion(rng, shape, surface)
    scene.paste(surface.seen(), (0, 0), as_mask(shape.cover()))
    return photograph(camera, scene)


def _coated(rng: np.random.Generator, shape: BladeShape) -> _Surface:
    """The coating: nearly white, a little uneven, perhaps with a protective tape or a red band."""
    size, half = (shape.width, shape.height), shape.halved()
    tint = rng.uniform(0.78, 0.93) * (1 + rng.normal(0, 0.008, 3))
    light = shading(rng, half) * (1 + np.float32(rng.uniform(0.004, 0.02)) * _on_blade(rng, half, cell=(15, 15)))
    lit = as_mask(light * np.float32(_UNIT / 255)).resize(size, Image.Resampling.BILINEAR)
    surface = _Surface(Image.new("RGB", size, _rgb((tint[0], tint[1], tint[2]))), lit)
    if rng.random() < 0.35:
        tape = smoothstep(-1, 1, np.float32(shape.half * rng.uniform(0.15, 0.4)) - shape.from_nose)
        surface.scale(1 + np.float32(rng.choice([-0.1, -0.05, 0.04])) * tape)
    if rng.random() < 0.12:
        start, length = shape.diagonal * rng.uniform(-0.4, 0.3), shape.diagonal * rng.uniform(0.08, 0.25)
        surface.stain(_RED, as_mask(smoothstep(-1, 1, np.float32(length) - np.abs(shape.along - np.float32(start)))))
    return surface


def _draw_fittings(rng: np.random.Generator, pen: "_Pen") -> None:
    """Seams, lightning receptors and vortex generators: lines and dots that are no damage."""
    shape = pen.shape
    if rng.random() < 0.4:
        along = shape.visible_point(rng)[0]
        pen.line([(along, v) for v in np.linspace(-1, 1, 24)], rng.uniform(1, 2), rng.uniform(0.08, 0.3))
    if rng.random() < 0.35:
        across, reach = rng.uniform(-0.8, 0.8), shape.diagonal * 0.6
        pen.line([(a, across) for a in np.linspace(-reach, reach, 24)], rng.uniform(1, 2), rng.uniform(0.06, 0.2))
    for _ in range(rng.poisson(0.4)):
        pen.dot(shape.visible_point(rng), rng.uniform(2, 7), rng.uniform(0.15, 0.5))
    if rng.random() < 0.15:
        start, across = shape.visible_point(rng)
        for step in range(rng.integers(5, 14)):
            here = start + step * 14 * shape.scale
            pen.line([(here, across), (here + 5, across + 0.07)], rng.uniform(1.5, 2.5), 0.35)


def _draw_dirt(rng: np.random.Generator, pen: "_Pen") -> None:
    """Insects and scratches: what a cloth or some paint would take away."""
    shape = pen.shape
    for _ in range(rng.poisson(rng.choice([0, 6, 20]))):
        along, across = rng.uniform(-0.5, 0.5) * shape.diagonal, np.clip(rng.normal(shape.nose, 0.25), -1, 1)
        pen.dot((along, across), rng.gamma(2, 0.55), rng.uniform(0.1, 0.6))
    for _ in range(rng.poisson(0.5)):
        along, across = shape.visible_point(rng)
        there = along + rng.normal(0, 60), across + rng.normal(0, 0.25)
        pen.line([(along, across), there], rng.uniform(0.5, 1.3), rng.uniform(0.05, 0.25))


def _add_grime(rng: np.random.Generator, shape: BladeShape, surface: _Surface) -> None:
    """Smudges and streaks that rain would take away."""
    half = shape.halved()
    streaks = _on_blade(rng, half, cell=(rng.uniform(1.5, 6), rng.uniform(30, 100)))
    smudges = _on_blade(rng, half, cell=(30, 30))
    grime = smoothstep(-0.3, 3.2, streaks * np.float32(rng.uniform(0.3, 0.9)) + smudges)
    mask = as_mask(grime * np.float32(rng.uniform(0.15, 0.6)))
    surface.stain(_GRIME, mask.resize(surface.light.size, Image.Resampling.BILINEAR))


def _add_cracks(rng: np.random.Generator, shape: BladeShape, surface: _Surface) -> None:
    """One or two cracks that wander and branch, dark inside, lighter at one lip, perhaps stained around."""
    mask, draw = blank_mask(shape.height, shape.width)
    for _ in range(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15])):
        heading = rng.normal(rng.choice([0, math.pi / 2]), 0.5)
        length = float(np.clip(rng.lognormal(math.log(190), 0.4), 80, 420))
        crack = _Crack(float(np.clip(rng.lognormal(math.log(2.1), 0.3), 1.1, 4.5)), rng.uniform(0.55, 0.95))
        crack.grow(rng, _Pen(draw, shape), shape.visible_point(rng), heading, length)
    opening = mask.reduce(2)
    if rng.random() < 0.4:
        stain = mask.reduce(4).filter(ImageFilter.GaussianBlur(rng.uniform(1, 4))).resize(opening.size)
        surface.stain(_GRIME, stain)
    lip = ImageChops.offset(opening, *(int(step) for step in rng.choice([-1, 1], 2)))
    surface.light = ImageChops.add(surface.light, lip.point([value // 8 for value in range(256)]))
    surface.darken(opening)


def _add_erosion(rng: np.random.Generator, shape: BladeShape, surface: _Surface) -> None:
    """Pits along the leading edge that lay the filler bare, in relief, denser towards the edge."""
    fine, coarse = rng.uniform(2.5, 5) * shape.scale, rng.uniform(14, 40) * shape.scale
    pits = 0.75 * noise(rng, shape.height, shape.width, cell=(fine, fine))
    pits += 0.8 * noise(rng, shape.height, shape.width, cell=(coarse, coarse), octaves=2)
    start = shape.visible_point(rng, low=shape.nose, high=shape.nose)[0]
    reach = shape.diagonal * rng.uniform(0.18, 0.6)
    away = shape.from_nose * np.float32(1 / (shape.half * rng.uniform(0.15, 0.38)))
    beyond = (shape.along - np.float32(start)) * np.float32(1 / reach)
    away += np.square(np.square(beyond))
    threshold = rng.uniform(0.1, 1.0)
    worn = smoothstep(threshold, threshold + 0.5, pits + np.float32(1.2) - np.float32(1.3) * away)
    worn *= np.float32(rng.uniform(0.45, 0.95))
    surface.stain(_FILLER, as_mask(worn))
    relief = worn - np.roll(worn, rng.choice([-1, 1], 2), (0, 1))
    surface.scale(1 + np.float32(0.35) * relief)


@dataclass(frozen=True)
class _Pen:
    """Draws on a mask of twice the photo's size, in the blade's coordinates."""

    draw: ImageDraw.ImageDraw
    shape: BladeShape

    def line(self, points: list[tuple[float, float]], width: float, depth: float) -> None:
        """Draws a line; `width` is in pixels of a photo 480 high, `depth` in 0..1."""
        pixels = [(2 * x, 2 * y) for x, y in (self.shape.pixel(*point) for point in points)]
        self.draw.line(pixels, fill=round(255 * depth), width=max(1, round(2 * width * self.shape.scale)))

    def dot(self, point: tuple[float, float], radius: float, depth: float) -> None:
        """Draws a filled circle."""
        (x, y), reach = self.shape.pixel(*point), radius * self.shape.scale
        box = (2 * (x - reach), 2 * (y - reach), 2 * (x + reach), 2 * (y + reach))
        self.draw.ellipse(box, fill=round(255 * depth))


@dataclass(frozen=True)
class _Crack:
    """How wide and how dark a crack is where it begins."""

    width: float
    depth: float

    def grow(
        self, rng: np.random.Generator, pen: _Pen, start: tuple[float, float], heading: float, length: float
    ) -> None:
        """Lets the crack wander from a point, in steps of a few pixels, and lets branches leave it."""
        shape, (along, across), drift, walked = pen.shape, start, heading, 0.0
        while walked < length:
            step = rng.uniform(3, 8)
            drift = 0.8 * drift + 0.2 * heading + rng.normal(0, 0.33)
            aside = step * shape.scale * math.sin(drift) / shape.half
            there = along + step * shape.scale * math.cos(drift), across + aside
            if abs(there[1]) > 0.96:
                return
            thinner = 1 - 0.7 * walked / length
            pen.line([(along, across), there], self.width * thinner, self.depth * (0.4 + 0.6 * thinner))
            (along, across), walked = there, walked + step
            if rng.random() < 0.06 and length > 30:
                turned = drift + rng.choice([-1, 1]) * rng.uniform(0.4, 1.1)
                _Crack(0.7 * self.width, 0.8 * self.depth).grow(rng, pen, there, turned, 0.5 * (length - walked))


def _on_blade(rng: np.random.Generator, shape: BladeShape, *, cell: tuple[float, float]) -> Field:
    """Noise that follows the blade: `cell` is along and across, in 1/128 of the diagonal and of the width."""
    texture = noise(rng, _TEXELS, _TEXELS, cell=cell, octaves=2)
    along = np.clip(shape.along * np.float32(_TEXELS / shape.diagonal) + np.float32(_TEXELS / 2), 0, _TEXELS - 1)
    across = np.clip((shape.across + 1) * np.float32(_TEXELS / 2), 0, _TEXELS - 1)
    return np.asarray(texture[along.astype(np.uint8), across.astype(np.uint8)], np.float32)


def _rgb(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(255 * min(1.0, part)) for part in colour)
    return red, green, blue
