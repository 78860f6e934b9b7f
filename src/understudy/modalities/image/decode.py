"""From the bytes of a photo to the square of pixels that a model sees.

The preprocessing is part of the model, so it is defined exactly and holds for every photo:

1. The first picture of the file is decoded; a JPEG is decoded at 1/2, 1/4 or 1/8 scale (`Image.draft`) where that is
   still at least 448 pixels on both sides (or the size asked for, if that is larger).
2. Pictures that are not plain RGB, grey or CMYK become so (`pixels.py`).
3. The whole picture is squashed to `size` by `size`, never cropped: Pillow's antialiased BILINEAR, `reducing_gap=2.0`.
4. Transparency is laid on white, grey and CMYK become RGB.
5. The square is turned as the EXIF orientation says. Turning last is the same picture, and a hundred times cheaper.

Pillow's plug-ins are called by name rather than through `Image.open`: that one compares sizes with a setting of the
whole process and warns, and a library must not change either for its host. The limits here are arguments.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, JpegImagePlugin

from understudy.modalities.image import formats, pixels
from understudy.modalities.image.fingerprint import SIDE, fingerprint_of
from understudy.modalities.image.unreadable import PhotoUnreadable, unreadable
from understudy.modalities.unreadable import empty, too_heavy, too_wide

MAX_PIXELS = 200_000_000
"""Width times height of the largest picture that is decoded; the largest phone cameras give as much."""

MAX_BYTES = 100_000_000
"""Size of the largest file that is looked at."""

DRAFT_SIDE = 448
"""A JPEG is decoded to no less than this, whatever is asked for, so that sizes up to it do not depend on each other."""

DRAFT = 4
"""Fingerprints are taken of a JPEG decoded at this many times their side: closer to it, sizes tell on the hash."""

REDUCING_GAP = 2.0
ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What the values of the EXIF orientation tag ask for (1 asks for nothing)."""


@dataclass(frozen=True)
class PhotoFacts:
    """What is known of a photo once it has been decoded.

    Attributes:
        width: As shown (orientation applied), in pixels.
        height: As shown, in pixels.
        format: "JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP" or "HEIF".
        fingerprint: Perceptual hash in hex; see `fingerprint.py`.
    """

    width: int
    height: int
    format: str
    fingerprint: str


def decode_photo(
    data: bytes, sizes: Sequence[int], *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES
) -> list[npt.NDArray[np.uint8]]:
    """Decodes a photo to the squares that a model sees. Thread-safe; Pillow works without the interpreter lock.

    Args:
        data: The file's bytes.
        sizes: Sides of the squares, in pixels. Up to `DRAFT_SIDE`, what one gets does not depend on the others.
        max_pixels: Width times height above which the picture is refused before it is decoded.
        max_bytes: Length of `data` above which it is refused.

    Returns:
        For each size red, green and blue, 0..255, shape (size, size, 3); read-only.

    Raises:
        PhotoUnreadable: The bytes are no photo, or one that is damaged or too large.
    """
    with reading(data, max_bytes) as kind:
        image = opened(data, kind, max_pixels)
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            image.draft("RGB", (max(DRAFT_SIDE, *sizes),) * 2)
        image.load()
        return [np.asarray(square(image, size)) for size in sizes]


def inspect_photo(data: bytes, *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> PhotoFacts:
    """Reads a photo to its last row, so that a file that was cut off is noticed, and measures it.

    Args:
        data: The file's bytes.
        max_pixels: Width times height above which the picture is refused before it is decoded.
        max_bytes: Length of `data` above which it is refused.

    Raises:
        PhotoUnreadable: The bytes are no photo, or one that is damaged or too large.
    """
    with reading(data, max_bytes) as kind:
        image = opened(data, kind, max_pixels)
        raw_size = image.size
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            image.draft("L", (DRAFT * SIDE, DRAFT * SIDE))
            image.load()
        else:
            image.load()
            raw_size = image.size
        width, height = raw_size[::-1] if orientation(image) >= 5 else raw_size
        return PhotoFacts(width, height, kind, fingerprint_of(np.asarray(square(image, SIDE).convert("L"))))


def sniff(data: bytes) -> str | None:
    """Names the format by the first bytes ("JPEG", "PNG", ...), or None where it is no photo that can be read."""
    return formats.sniff(data)


@contextmanager
def reading(data: bytes, max_bytes: int) -> Iterator[str]:
    """Yields the format; whatever a decoder raises on a damaged file becomes `PhotoUnreadable`."""
    if not data:
        raise empty(PhotoUnreadable)
    if len(data) > max_bytes:
        raise too_heavy(PhotoUnreadable, len(data), max_bytes, "Save a smaller version and add that.")
    kind = formats.sniff(data)
    if kind is None:
        raise formats.not_a_photo(data)
    try:
        yield kind
    except PhotoUnreadable:
        raise
    except Exception as error:
        # Decoders meet damaged bytes with anything from struct.error to ZeroDivisionError: no list would be complete.
        raise unreadable(data, kind, error) from error


def opened(data: bytes, kind: str, max_pixels: int) -> ImageFile.ImageFile:
    """Reads the header only."""
    image = formats.OPENERS[kind](io.BytesIO(data))
    width, height = image.size
    if width * height > max_pixels:
        raise too_wide(PhotoUnreadable, width, height, max_pixels)
    return image


def orientation(image: Image.Image) -> int:
    """The EXIF orientation that is left to apply, 1..8. After loading: a PNG may say it behind its pixels."""
    value = image.getexif().get(ORIENTATION_TAG, 1)
    return value if value in TURNS else 1


def square(image: Image.Image, size: int) -> Image.Image:
    """Squashes a loaded picture to a square in RGB, orientation applied."""
    turn = TURNS.get(orientation(image))
    plain = pixels.resizable(image)
    small = plain.resize((size, size), Image.Resampling.BILINEAR, reducing_gap=REDUCING_GAP)
    small = pixels.to_rgb(small)
    return small if turn is None else small.transpose(turn)
