"""Pixel modes: palettes, transparency, 16 bits and CMYK on their way to RGB.

`resizable` does before resizing what cannot wait (a palette has no averages); `to_rgb` does the rest afterwards, on
the small picture, where it costs next to nothing.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

BIT_DEPTHS = (8, 10, 12, 14, 16)
"""Depths that sensors deliver, whatever the file stores them in."""


def resizable(image: Image.Image) -> Image.Image:
    """Brings a picture to a mode that can be averaged: L, LA, RGB, RGBA, CMYK or another of 8 bits a channel.

    Depths above 8 bits come down by the range in use: the depth is the least of 8, 10, 12, 14 and 16 bits that
    holds the largest value, and its upper 8 bits stay. So a 12-bit X-ray stored in 16 bits is not black, exposure
    within a depth is kept, and the same picture always gives the same pixels. Numbers with a point or beyond 16 bits
    have no depth: those within 0..1 are multiplied by 255, those within 0..255 stay, others are stretched from their
    least to their greatest.
    """
    mode = image.mode
    if mode.startswith("I;16"):
        return Image.fromarray(_from_depth(np.asarray(image).astype(np.uint16)))
    if mode in ("I", "F"):
        return Image.fromarray(_from_numbers(np.asarray(image)))
    if mode == "PA" or (mode in ("P", "1", "L", "RGB") and "transparency" in image.info):
        return image.convert("RGBA")
    if mode == "P":
        return image.convert("RGB")
    return image.convert("L") if mode == "1" else image


def to_rgb(image: Image.Image) -> Image.Image:
    """Lays transparency on white and gives RGB."""
    if image.mode == "RGB":
        return image
    if image.mode in ("LA", "La", "RGBa"):
        image = image.convert({"LA": "RGBA", "La": "LA", "RGBa": "RGBA"}[image.mode]).convert("RGBA")
    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _from_depth(values: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    """Keeps the upper 8 bits of the depth in use."""
    needed = int(values.max(initial=0)).bit_length()
    depth = next(depth for depth in BIT_DEPTHS if depth >= needed)
    return (values >> (depth - 8)).astype(np.uint8)


def _from_numbers(values: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Brings 32-bit whole numbers and floats to 0..255; what is not a number counts as the least."""
    numbers = values.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    whole = np.issubdtype(values.dtype, np.integer)
    if whole and low >= 0 and high < 2**16:
        return _from_depth(values.astype(np.uint16))
    numbers = np.nan_to_num(numbers, nan=low, posinf=high, neginf=low)
    if low < 0 or high > 255:
        numbers = (numbers - low) * (255 / (high - low)) if high > low else numbers * 0
    elif high <= 1 and not whole:
        numbers = numbers * 255
    return np.clip(np.rint(numbers), 0, 255).astype(np.uint8)
