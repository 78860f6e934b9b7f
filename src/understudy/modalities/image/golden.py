"""Golden photos: drawn by rule, answered once when a model is made, answered again whenever it is loaded."""

import io

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 160, 120
LARGER = 8
"""Times as wide and high is the one that is decoded at a smaller scale, as photos are."""
STRIPES = 5
"""Pixels from one of its fine stripes to the next: they look different wherever photos are scaled in another way."""
ORIENTATION, TURNED = 0x0112, 6
"""The tag that says how a photo was held, and a value of it: turned by a quarter."""
SEED = 20_000


def golden_photos() -> tuple[bytes, ...]:
    """Three JPEG files of drawn scenes; nobody's photos, so a model file gives none away.

    They differ in what they exercise: soft shades, hard edges of a large photo, and fine grain of one that was turned.
    """
    rng = np.random.default_rng(SEED)
    return _jpeg(_shades()), _jpeg(_shapes(rng), quality=50), _jpeg(_grain(rng), orientation=TURNED)


def _shades() -> Image.Image:
    across, down = np.linspace(0, 255, WIDTH), np.linspace(255, 0, HEIGHT)[:, None]
    red, green = np.broadcast_to(across, (HEIGHT, WIDTH)), np.broadcast_to(down, (HEIGHT, WIDTH))
    return Image.fromarray(np.stack([red, green, (red + green) / 2], axis=-1).astype(np.uint8))


def _shapes(rng: np.random.Generator) -> Image.Image:
    width, height = WIDTH * LARGER, HEIGHT * LARGER
    picture = Image.new("RGB", (width, height), (206, 214, 220))
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y, size = (int(value) for value in rng.integers((0, 0, 8 * LARGER), (width, height, 60 * LARGER)))
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        draw.ellipse((x, y, x + size, y + size // 2), fill=colour, outline=(20, 20, 20))
        draw.line((y, x // 2, x, y), fill=colour, width=2)
    for x in range(0, width // 3, STRIPES):
        draw.line((x, 0, x, height // 2), fill=(30, 30, 30), width=2)
    return picture


def _grain(rng: np.random.Generator) -> Image.Image:
    return Image.fromarray(rng.integers(60, 190, (HEIGHT, WIDTH, 3)).astype(np.uint8))


def _jpeg(picture: Image.Image, *, orientation: int = 1, quality: int = 90) -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif[ORIENTATION] = orientation
    picture.save(file, "JPEG", quality=quality, exif=exif)
    return file.getvalue()
