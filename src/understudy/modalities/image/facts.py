"""Facts of a photo: how it came about, and what it looks like at a glance. No model is asked.

What says how a photo came about (its size, format, camera, program, day) should tell nothing about what it shows. Where
it does, a model will learn it instead of the thing itself.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, JpegImagePlugin

from understudy.domain.rule import Fact
from understudy.modalities.image.decode import MAX_BYTES, MAX_PIXELS, opened, orientation, reading, square

KIND: Final = "image/1"
"""Names this way of measuring; raised when a fact changes its meaning."""

SIDE: Final = 128
"""What a photo looks like is measured on a square of so many pixels."""

ORIGIN: Final = frozenset(
    {
        "width",
        "height",
        "aspect",
        "megapixels",
        "bytes",
        "bytes per pixel",
        "quality",
        "format",
        "mode",
        "camera",
        "taken",
        "software",
    }
)
"""Facts that say how a photo came about, not what it shows."""

LOOKS: Final = frozenset({"brightness", "contrast", "colourfulness", "sharpness"})
"""Facts that say what a photo looks like at a glance."""

MAKE, MODEL, SOFTWARE, CHANGED, EXIF, TAKEN = 271, 272, 305, 306, 0x8769, 36867
LONGEST: Final = 80
_STANDARD_LUMINANCE: Final = 57.625
"""Mean of the JPEG standard's example table for luminance, which libjpeg calls quality 50."""

Square = npt.NDArray[np.floating]


def facts_of(data: bytes, *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> dict[str, Fact]:
    """Measures a photo. Thread-safe; a small decode, about 2 ms for a photo of a few hundred pixels.

    Args:
        data: The file's bytes.
        max_pixels: Width times height above which the picture is refused before it is decoded.
        max_bytes: Length of `data` above which it is refused.

    Returns:
        By name: `width` and `height` (as shown, in pixels), `aspect` (width by height), `megapixels`, `bytes`,
        `bytes per pixel`, `quality` (of a JPEG, 1..100 on libjpeg's scale), `format`, `mode`, `camera`, `taken` (ISO
        8601, without a zone), `software`; and `brightness`, `contrast`, `colourfulness`, `sharpness`, each 0 for none,
        about 1 for the most there can be. None where the file does not say.

    Raises:
        PhotoUnreadable: The bytes are no photo, or one that is damaged or too large.
    """
    with reading(data, max_bytes) as kind:
        image = opened(data, kind, max_pixels)
        raw, mode, quality = image.size, image.mode, _quality(image)
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            image.draft("RGB", (SIDE, SIDE))
            image.load()
        else:
            image.load()
            raw, mode = image.size, image.mode
        width, height = raw[::-1] if orientation(image) >= 5 else raw
        seen = np.asarray(square(image, SIDE)) / 255
        return {
            "width": float(width),
            "height": float(height),
            "aspect": round(width / height, 4),
            "megapixels": round(width * height / 1e6, 4),
            "bytes": float(len(data)),
            "bytes per pixel": round(len(data) / (width * height), 4),
            "quality": quality,
            "format": kind,
            "mode": mode,
            **_told_by(image),
            **_looks(seen),
        }


def _quality(image: Image.Image) -> Fact:
    """The quality a JPEG was saved with, on libjpeg's scale, as far as its table of steps tells."""
    tables = getattr(image, "quantization", None)
    if not tables:
        return None
    scale = 100 * float(np.mean(next(iter(tables.values())))) / _STANDARD_LUMINANCE
    quality = 100 - scale / 2 if scale <= 100 else 5000 / scale
    return float(min(max(round(quality), 1), 100))


def _told_by(image: Image.Image) -> dict[str, Fact]:
    """What camera and programs wrote into the file."""
    exif = image.getexif()
    make, model = _text(exif.get(MAKE)), _text(exif.get(MODEL))
    named = (
        model if make and model and model.lower().startswith(make.lower()) else " ".join(filter(None, (make, model)))
    )
    within: Mapping[int, object] = exif.get_ifd(EXIF)
    return {
        "camera": named or None,
        "taken": _moment(_text(within.get(TAKEN)) or _text(exif.get(CHANGED))),
        "software": _text(exif.get(SOFTWARE)),
    }


def _text(value: object) -> str | None:
    """A tag as text that can be kept and shown, or None."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return None
    shown = "".join(sign if sign.isprintable() else " " for sign in value)
    return " ".join(shown.split())[:LONGEST] or None


def _moment(text: str | None) -> str | None:
    """An EXIF date ("2024:05:01 10:00:00") as ISO 8601, or None where it is none."""
    found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)", text or "")
    if found is None:
        return None
    try:
        return datetime(*(int(part) for part in found.groups())).isoformat()  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        return None


def _looks(seen: Square) -> dict[str, Fact]:
    """What it looks like at a glance.

    Source:
        Hasler and Süsstrunk, Measuring colourfulness in natural images (2003); sharpness is the mean size of the
        Laplacian.
    """
    grey = seen @ np.array([0.299, 0.587, 0.114])
    red_green, yellow_blue = seen[..., 0] - seen[..., 1], seen[..., :2].mean(axis=2) - seen[..., 2]
    colour = np.hypot(red_green.std(), yellow_blue.std()) + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean())
    edges = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return {
        "brightness": round(float(grey.mean()), 4),
        "contrast": round(float(grey.std()), 4),
        "colourfulness": round(float(colour), 4),
        "sharpness": round(float(np.abs(edges).mean()), 4),
    }
