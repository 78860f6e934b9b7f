"""Photos for people are upright, in proportion, and never larger than asked for."""

import io

import pytest
from PIL import Image

from understudy.modalities.image.preview import upright
from understudy.modalities.image.unreadable import PhotoUnreadable


def encoded(size: tuple[int, int], *, turned: bool = False) -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6 if turned else 1
    Image.new("RGB", size, (200, 120, 40)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_photo_keeps_its_proportions_and_is_never_enlarged() -> None:
    """Small photos keep their size, large ones shrink in proportion, and the camera's turn is applied."""
    assert upright(encoded((40, 20)), 100).size == (40, 20)
    assert upright(encoded((400, 200)), 100).size == (100, 50)
    assert upright(encoded((60, 30), turned=True), 100).size == (30, 60)


def test_what_is_no_photo_is_said() -> None:
    """Bytes that are no photo are refused as everywhere."""
    with pytest.raises(PhotoUnreadable):
        upright(b"no photo", 100)
