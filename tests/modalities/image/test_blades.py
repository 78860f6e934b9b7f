"""Drawn photos of turbine blades."""

import hashlib
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from understudy.modalities.image.blades import SIZES, Condition, draw_blade, draw_blades

PER_CLASS = 30


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blades")
    draw_blades(folder, per_class=PER_CLASS, seed=11)
    return folder


def digests(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.jpg"))
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def one_threshold_rule(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float:
    """Balanced accuracy, on the second halves, of the threshold that tells the first halves apart best."""
    (a, a_new), (b, b_new) = np.array_split(first, 2), np.array_split(second, 2)
    cuts = np.concatenate([a, b])
    gains = [np.mean(a >= cut) - np.mean(b >= cut) for cut in cuts]
    best = int(np.argmax(np.abs(gains)))
    return float(0.5 + np.sign(gains[best]) * (np.mean(a_new >= cuts[best]) - np.mean(b_new >= cuts[best])) / 2)


def test_same_seed_same_bytes(photos: Path, tmp_path: Path) -> None:
    """The same seed draws the same bytes, and a smaller set is the beginning of a larger one."""
    draw_blades(tmp_path, per_class=2, seed=11)
    again = digests(tmp_path)
    assert len(again) == 6
    assert again.items() <= digests(photos).items()


def test_every_photo_is_new(photos: Path, tmp_path: Path) -> None:
    """No two photos are alike, and another seed draws others."""
    draw_blades(tmp_path, per_class=1, seed=12)
    known = list(digests(photos).values())
    assert len(set(known)) == 3 * PER_CLASS
    assert set(known).isdisjoint(digests(tmp_path).values())


def test_a_folder_a_class(photos: Path) -> None:
    """There is a folder for each condition, with as many photos as were asked for, and nothing else."""
    assert {place.name: len(list(place.iterdir())) for place in photos.iterdir()} == dict.fromkeys(Condition, PER_CLASS)


def test_files_are_plain_photos(photos: Path) -> None:
    """Each file is an RGB JPEG of a known size, without EXIF data that could give its class away."""
    seen = set()
    for file in photos.rglob("*.jpg"):
        with Image.open(file) as photo:
            assert (photo.format, photo.mode) == ("JPEG", "RGB")
            assert "exif" not in photo.info
            seen.add(photo.size)
    assert len(seen) > 2
    assert seen <= set(SIZES)


@pytest.mark.parametrize(("first", "second"), list(combinations(Condition, 2)))
def test_no_shortcut(photos: Path, first: Condition, second: Condition) -> None:
    """Neither mean brightness nor file size tells two conditions apart: whoever does must look at the blade."""
    bright = [
        np.array([np.asarray(Image.open(file).convert("L")).mean() for file in sorted((photos / name).iterdir())])
        for name in (first, second)
    ]
    sizes = [
        np.array([float(file.stat().st_size) for file in sorted((photos / name).iterdir())]) for name in (first, second)
    ]
    assert one_threshold_rule(bright[0], bright[1]) < 0.65
    assert one_threshold_rule(sizes[0], sizes[1]) < 0.65


@pytest.mark.parametrize("condition", [Condition.CRACK, Condition.EROSION])
def test_damage_is_drawn_on_the_same_blade(condition: Condition) -> None:
    """From one state of chance, a damaged photo differs from the healthy one by its damage alone."""
    for seed in range(8):
        healthy = np.asarray(draw_blade(np.random.default_rng(seed), Condition.HEALTHY), np.float32)
        damaged = np.asarray(draw_blade(np.random.default_rng(seed), condition), np.float32)
        changed = np.abs(damaged - healthy).max(axis=2) > 8
        assert 0.0002 < changed.mean() < 0.35
