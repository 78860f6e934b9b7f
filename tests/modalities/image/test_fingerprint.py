"""Perceptual hashes."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps

from understudy.modalities.image.decode import inspect_photo
from understudy.modalities.image.fingerprint import NEAR, SIDE, distance, fingerprint_of, orientations, packed


def scene(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """A picture of blobs at several scales, as photos are."""
    random = np.random.default_rng(seed)
    layers = [
        np.asarray(
            Image.fromarray(random.integers(0, 255, (n, n, 3)).astype(np.uint8)).resize((width, height), 3), float
        )
        for n in (3, 8, 20)
    ]
    return Image.fromarray((0.5 * layers[0] + 0.3 * layers[1] + 0.2 * layers[2]).clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, kind: str = "JPEG", **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def print_of(image: Image.Image, kind: str = "JPEG", **options: int) -> str:
    return inspect_photo(saved(image, kind, **options)).fingerprint


@pytest.mark.parametrize("seed", range(3))
def test_the_same_picture_keeps_its_fingerprint(seed: int) -> None:
    """Re-encoding, resizing, brightness and contrast leave a photo a twin of itself."""
    image = scene(seed)
    own = print_of(image, "PNG")
    changed = {
        "worse": print_of(image, quality=30),
        "smaller": print_of(image.resize((150, 110))),
        "larger": print_of(image.resize((800, 600))),
        "brighter": print_of(ImageEnhance.Brightness(image).enhance(1.15)),
        "harder": print_of(ImageEnhance.Contrast(image).enhance(1.2)),
        "cropped": print_of(image.crop((3, 2, 318, 238))),
    }
    assert {name: bits for name, one in changed.items() if (bits := distance(own, one)) > NEAR} == {}


@pytest.mark.parametrize("turn", list(Image.Transpose))
def test_mirrored_and_turned_pictures_are_twins(turn: Image.Transpose) -> None:
    """All eight orientations of a photo count as near-identical."""
    image = scene(5)
    assert distance(print_of(image, "PNG"), print_of(image.transpose(turn), "PNG")) <= 8


def test_different_pictures_are_far_apart() -> None:
    """No two of forty different scenes come near each other."""
    prints = [print_of(scene(seed), "PNG") for seed in range(40)]
    nearest = min(distance(a, b) for i, a in enumerate(prints) for b in prints[:i])
    assert nearest > NEAR


def test_pictures_that_show_nothing_are_twins_by_their_brightness() -> None:
    """A white picture is a twin of another white one, not of a black one and not of a photo."""
    white = [print_of(Image.new("RGB", size, "white"), kind) for size, kind in (((50, 50), "PNG"), ((99, 70), "JPEG"))]
    black = print_of(Image.new("L", (64, 64), 0), "PNG")
    assert distance(*white) == 0
    assert distance(white[0], black) > NEAR
    assert distance(white[0], print_of(scene(1))) > NEAR


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_orientations_follow_from_one_fingerprint(seed: int) -> None:
    """The eight fingerprints computed from one are those of the pictures turned."""
    grey = np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE)).astype(np.uint8)
    turned = [grey, grey[:, ::-1], grey[::-1], grey[::-1, ::-1]]
    turned += [one.T for one in turned]
    computed = {row.tobytes() for row in orientations(packed([fingerprint_of(grey)]))[:, 0]}
    assert {bytes.fromhex(fingerprint_of(np.ascontiguousarray(one))) for one in turned} == computed


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_distance_is_symmetric(one: bytes, other: bytes) -> None:
    """It does not matter which of two photos is turned."""
    assert distance(one.hex(), other.hex()) == distance(other.hex(), one.hex())
    assert distance(one.hex(), one.hex()) == 0


def test_mirror_is_a_twin_of_a_real_photo_format() -> None:
    """A mirrored copy saved again as JPEG is found."""
    image = scene(9)
    assert distance(print_of(image, quality=90), print_of(ImageOps.mirror(image), quality=60)) <= NEAR


def test_something_else_than_a_fingerprint_is_refused() -> None:
    """Comparing what is no fingerprint is an error, not a wrong answer."""
    with pytest.raises(ValueError, match="64 hex digits"):
        packed(["00"])
