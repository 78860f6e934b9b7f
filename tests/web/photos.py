"""Photos for the tests of the web face."""

import io

import numpy as np
from PIL import Image


def grey(level: int, *, size: tuple[int, int] = (48, 32), kind: str = "PNG") -> bytes:
    """An encoded photo of one grey."""
    out = io.BytesIO()
    Image.new("RGB", size, (level,) * 3).save(out, kind)
    return out.getvalue()


def noisy(size: tuple[int, int]) -> bytes:
    """A photo that hardly compresses."""
    pixels = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def sideways() -> bytes:
    """A photo 60 wide and 30 high in the file, whose EXIF orientation turns it upright."""
    picture = Image.new("RGB", (60, 30), "white")
    exif = picture.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
