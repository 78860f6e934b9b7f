"""Golden photos: drawn by rule, answered once when a model is made, answered again whenever it is loaded."""

import io

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 160, 120
SEED = 20_000


def golden_photos() -> tuple[bytes, ...]:
    """Three small JPEG files of drawn scenes; nobody's photos, so a model file gives none away.

    They differ in what they exercise: soft shades, hard edges and fine grain.
    """
    rng = np.random.default_rng(SEED)
    return tuple(_jpeg(picture) for picture in (_shades(), _shapes(rng), _grain(rng)))


def _shades() -> Image.Image:
    across, down = np.linspace(0, 255, WIDTH), np.linspace(255, 0, HEIGHT)[:, None]
    red, green = np.broadcast_to(across, (HEIGHT, WIDTH)), np.broadcast_to(down, (HEIGHT, WIDTH))
    return Image.fromarray(np.stack([red, green, (red + green) / 2], axis=-1).astype(np.uint8))


def _shapes(rng: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), (206, 214, 220))
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y, size = (int(value) for value in rng.integers((0, 0, 8), (WIDTH, HEIGHT, 60)))
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        draw.ellipse((x, y, x + size, y + size // 2), fill=colour, outline=(20, 20, 20))
        draw.line((y, x // 2, x, y), fill=colour, width=2)
    return picture


def _grain(rng: np.random.Generator) -> Image.Image:
    return Image.fromarray(rng.integers(60, 190, (HEIGHT, WIDTH, 3)).astype(np.uint8))


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()
