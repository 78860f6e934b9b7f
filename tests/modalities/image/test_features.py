"""Features are computed once for each photo and survive whatever ends the process."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from onnx_files import CHANNELS, conv_pool
from understudy.modalities.cache import LARGEST, FeatureCache, FeaturesNotFinite, forget_features
from understudy.modalities.image.external import External
from understudy.modalities.image.features import extract, photo_cache
from understudy.modalities.image.unreadable import PhotoUnreadable
from understudy.modalities.protocol import Input

SIDE = 32


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> External:
    return External.from_file(conv_pool(tmp_path_factory.mktemp("onnx") / "small.onnx", side=SIDE))


@pytest.fixture
def cache(tmp_path: Path, extractor: External) -> FeatureCache:
    return photo_cache(tmp_path, extractor, SIDE, "f32")


def digests(count: int, start: int = 0) -> list[str]:
    return [hashlib.sha256(b"%d" % number).hexdigest() for number in range(start, start + count)]


def rows(count: int, seed: int = 0) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(count, CHANNELS)).astype(np.float16).astype(np.float32)


def photo(shade: int) -> Input:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 255 - shade, 90)).save(file, "PNG")
    data = file.getvalue()
    return Input(hashlib.sha256(data).hexdigest(), lambda: data)


def test_what_was_added_is_read_in_any_order(cache: FeatureCache, tmp_path: Path, extractor: External) -> None:
    """Rows come back as they were asked for, to this reader and to the next."""
    names, values = digests(9), rows(9)
    cache.add(names[:4], values[:4])
    cache.add(names[4:], values[4:])
    order = [7, 8, 0, 3, 3, 1]
    for reader in (cache, photo_cache(tmp_path, extractor, SIDE, "f32")):
        np.testing.assert_array_equal(reader.read([names[place] for place in order]), values[order])
        np.testing.assert_array_equal(reader.read(names, depth=5), values[:, :5])
    assert cache.read([]).shape == (0, CHANNELS)


def test_missing_photos_are_named_once(cache: FeatureCache) -> None:
    """A photo that occurs twice is missing once; a known one is not missing."""
    names = digests(3)
    cache.add(names[:1], rows(1))
    assert cache.missing([names[0], names[1], names[2], names[1]]) == [1, 2]
    with pytest.raises(KeyError):
        cache.read([names[1]])


@pytest.mark.parametrize("cut", [1, 31, 33])
def test_a_cut_off_tail_loses_only_itself(tmp_path: Path, extractor: External, cut: int) -> None:
    """After a process died while it wrote, the whole rows are there and the rest is computed again."""
    names, values = digests(6), rows(6)
    photo_cache(tmp_path, extractor, SIDE, "f32").add(names[:4], values[:4])
    (keys,) = tmp_path.glob("*.digests")
    with keys.open("r+b") as file:
        file.truncate(4 * 32 - cut)
    (numbers,) = tmp_path.glob("*.rows")
    with numbers.open("ab") as file:
        file.write(b"half a row")
    again = photo_cache(tmp_path, extractor, SIDE, "f32")
    left = again.missing(names)
    assert left == ([3, 4, 5] if cut < 32 else [2, 3, 4, 5])
    again.add([names[place] for place in left], values[left])
    for reader in (again, photo_cache(tmp_path, extractor, SIDE, "f32")):
        np.testing.assert_array_equal(reader.read(names), values)


def test_two_processes_may_add_at_once(tmp_path: Path, extractor: External) -> None:
    """Rows that two processes add at the same time all find their way back."""
    program = f"""
import sys; sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[2])]!r}
from pathlib import Path
from test_features import digests, rows, SIDE, CHANNELS
from understudy.modalities.image.features import photo_cache
class Named:
    key, width = {extractor.key!r}, CHANNELS
cache = photo_cache(Path({str(tmp_path)!r}), Named(), SIDE, "f32")
start = int(sys.argv[1])
for place in range(0, 200, 4):
    cache.add(digests(4, start + place), rows(4, seed=start + place))
"""
    running = [subprocess.Popen([sys.executable, "-c", program, str(start)], env=os.environ) for start in (0, 1000)]
    assert [process.wait(60) for process in running] == [0, 0]
    cache = photo_cache(tmp_path, extractor, SIDE, "f32")
    for start in (0, 1000):
        for place in range(0, 200, 4):
            np.testing.assert_array_equal(cache.read(digests(4, start + place)), rows(4, seed=start + place))


def test_numbers_too_large_for_half_floats_are_cut(cache: FeatureCache) -> None:
    """A feature beyond what a half float holds becomes the largest one, never infinity."""
    cache.add(digests(1), np.full((1, CHANNELS), 1e9, np.float32))
    cache.add(digests(1, 1), np.full((1, CHANNELS), -np.inf, np.float32))
    assert (cache.read(digests(2)) == np.array([[LARGEST], [-LARGEST]])).all()


def test_features_that_are_no_numbers_are_refused(cache: FeatureCache) -> None:
    """No row with a hole in it is ever kept."""
    with pytest.raises(FeaturesNotFinite):
        cache.add(digests(1), np.full((1, CHANNELS), np.nan, np.float32))
    assert cache.missing(digests(1)) == [0]


def test_extraction_computes_what_is_missing_and_tells_how_far_it_is(cache: FeatureCache, extractor: External) -> None:
    """Known photos and repeated ones are not computed again, and progress ends at all of them."""
    photos = [photo(shade) for shade in (10, 60, 110, 60, 210)]
    seen: list[tuple[int, int]] = []
    extract(photos[:2], extractor, {SIDE: cache}, lambda done, total: seen.append((done, total)))
    extract(photos, extractor, {SIDE: cache}, lambda done, total: seen.append((done, total)))
    assert seen == [(2, 2), (2, 2)]
    given = cache.read([each.digest for each in photos])
    np.testing.assert_array_equal(given[1], given[3])
    assert len(np.unique(given, axis=0)) == 4


def test_extraction_does_not_depend_on_neighbours(tmp_path: Path, extractor: External) -> None:
    """A photo's features are the same alone and among others."""
    photos = [photo(shade) for shade in range(0, 250, 50)]
    together, alone = (photo_cache(tmp_path / name, extractor, SIDE, "f32") for name in ("together", "alone"))
    extract(photos, extractor, {SIDE: together}, lambda *_: None)
    for each in reversed(photos):
        extract([each], extractor, {SIDE: alone}, lambda *_: None)
    names = [each.digest for each in photos]
    np.testing.assert_array_equal(together.read(names), alone.read(names))


def test_a_photo_that_became_unreadable_says_so(cache: FeatureCache, extractor: External) -> None:
    """A photo that can no longer be read ends the extraction with its reason; what was done is kept."""
    broken = Input("ab" * 32, lambda: b"no photo")
    with pytest.raises(PhotoUnreadable):
        extract([*(photo(shade) for shade in range(130)), broken], extractor, {SIDE: cache}, lambda *_: None)
    assert cache.missing([photo(shade).digest for shade in range(64)]) == []


def test_forgotten_features_are_gone_and_the_rest_stays(
    tmp_path: Path, extractor: External, cache: FeatureCache
) -> None:
    """Of a forgotten photo neither row nor digest is left on disk; it counts as missing, and others read as before."""
    names, values = digests(5), rows(5)
    cache.add(names, values)
    assert forget_features(tmp_path, [names[1], names[3], "ff" * 32]) == 2
    later = photo_cache(tmp_path, extractor, SIDE, "f32")
    assert later.missing(names) == [1, 3]
    kept = [0, 2, 4]
    np.testing.assert_array_equal(later.read([names[place] for place in kept]), values[kept])
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert bytes.fromhex(names[1]) not in on_disk
    assert values[3].astype(np.float16).tobytes() not in on_disk
    later.add([names[1]], values[1:2])
    np.testing.assert_array_equal(later.read(names[:3]), values[:3])
    assert forget_features(tmp_path / "nowhere", names) == 0


def test_a_cache_that_does_not_say_its_width_is_deleted(tmp_path: Path, cache: FeatureCache) -> None:
    """An early cache that holds a forgotten photo goes as a whole, and one that does not is left alone."""
    cache.add(digests(3), rows(3))
    (width,) = tmp_path.glob("*.width")
    width.unlink()
    assert forget_features(tmp_path, digests(1, start=9)) == 0
    assert len(list(tmp_path.iterdir())) == 2
    assert forget_features(tmp_path, digests(1)) == 1
    assert list(tmp_path.iterdir()) == []
