"""What is measured of a photo without asking a model."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from understudy.modalities.image.facts import ORIGIN, facts_of
from understudy.modalities.image.unreadable import PhotoUnreadable


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("RGB", size, colour)


def test_size_and_format_are_those_of_the_file() -> None:
    """Width, height, bytes, format and mode are as in the file, and the ratios follow from them."""
    data = encoded(plain((9, 9, 9)))
    facts = facts_of(data)
    assert (facts["width"], facts["height"], facts["format"], facts["mode"]) == (60.0, 40.0, "PNG", "RGB")
    assert facts["bytes"] == len(data)
    assert facts["aspect"] == 1.5
    assert facts["bytes per pixel"] == pytest.approx(len(data) / 2400, abs=1e-4)
    assert facts["quality"] is None


def test_size_is_as_shown() -> None:
    """A photo that the camera held upright is measured upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    facts = facts_of(encoded(plain((9, 9, 9)), "JPEG", exif=exif))
    assert (facts["width"], facts["height"]) == (40.0, 60.0)


def test_camera_and_day_are_read() -> None:
    """Make and model become one camera, the day becomes ISO 8601, and what a file does not say is None."""
    exif = Image.Exif()
    exif[271], exif[272], exif[305], exif[306] = "Canon", "Canon EOS R5", "Gimp\x00\x01 2", "2024:05:01 10:00:07"
    facts = facts_of(encoded(plain((9, 9, 9)), "JPEG", exif=exif))
    assert (facts["camera"], facts["software"], facts["taken"]) == ("Canon EOS R5", "Gimp 2", "2024-05-01T10:00:07")
    bare = facts_of(encoded(plain((9, 9, 9))))
    assert (bare["camera"], bare["software"], bare["taken"]) == (None, None, None)


def test_a_day_that_is_none_is_left_out() -> None:
    """A camera without a battery writes zeros where the day should be."""
    exif = Image.Exif()
    exif[306] = "0000:00:00 00:00:00"
    assert facts_of(encoded(plain((9, 9, 9)), "JPEG", exif=exif))["taken"] is None


@pytest.mark.parametrize("quality", [30, 60, 75, 90])
def test_quality_is_that_of_libjpeg(quality: int) -> None:
    """The quality that a JPEG was saved with is found again, within two."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    assert facts_of(encoded(Image.fromarray(noise), "JPEG", quality=quality))["quality"] == pytest.approx(
        quality, abs=2
    )


def test_looks_rise_with_what_they_name() -> None:
    """White is brighter than black, a board has contrast, red has colour, and a blurred board is less sharp."""
    white, black, red = (facts_of(encoded(plain(colour))) for colour in ((255,) * 3, (0,) * 3, (255, 0, 0)))
    board = np.kron(np.indices((8, 8)).sum(axis=0) % 2 * 255, np.ones((16, 16))).astype(np.uint8)
    sharp = facts_of(encoded(Image.fromarray(board).convert("RGB")))
    soft = facts_of(encoded(Image.fromarray(board).resize((8, 8)).resize((128, 128)).convert("RGB")))
    assert (white["brightness"], black["brightness"]) == (1.0, 0.0)
    assert sharp["contrast"] > white["contrast"] == 0.0
    assert red["colourfulness"] > white["colourfulness"] == 0.0
    assert sharp["sharpness"] > soft["sharpness"]


def test_facts_survive_json() -> None:
    """What the ledger keeps comes back as it was measured."""
    facts = facts_of(encoded(plain((1, 2, 3)), "JPEG"))
    assert json.loads(json.dumps(facts)) == facts
    assert set(facts) > ORIGIN


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_bytes_that_are_no_photo_are_refused(data: bytes) -> None:
    """Whatever the bytes, there are facts or a reason."""
    with pytest.raises(PhotoUnreadable):
        facts_of(data)


def test_real_photos_are_measured(shared_data: Path) -> None:
    """Photos of several cameras and formats all give every fact that their files hold."""
    for path in sorted((shared_data / "chest_xray3").glob("*/*.*"))[::6]:
        facts = facts_of(path.read_bytes())
        assert facts["bytes"] == path.stat().st_size
        assert 0 <= float(facts["brightness"] or 0) <= 1
