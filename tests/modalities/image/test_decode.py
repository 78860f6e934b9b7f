"""What becomes of the bytes of a photo."""

import io
import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from understudy.domain.finding import FindingKind
from understudy.modalities.image.decode import DRAFT_SIDE, decode_photo, inspect_photo, sniff
from understudy.modalities.image.unreadable import PhotoUnreadable

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF")


def square(data: bytes, size: int, **limits: int) -> np.ndarray:
    return decode_photo(data, [size], **limits)[0]


def picture(width: int = 96, height: int = 64, seed: int = 0) -> Image.Image:
    """Smooth colours, red to the left and green to the bottom, so that turning it shows."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 120, (5, 7, 3)).astype(np.uint8)
    coarse[:, :2, 0] = 250
    coarse[-2:, :, 1] = 250
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def reference(data: bytes, size: int) -> np.ndarray:
    """The preprocessing as a short script has it that knows nothing of this product."""
    image = Image.open(io.BytesIO(data))
    image.draft("RGB", (max(size, DRAFT_SIDE),) * 2)
    orientation = image.getexif().get(0x0112, 1)
    small = image.resize((size, size), Image.Resampling.BILINEAR, reducing_gap=2.0).convert("RGB")
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
    return np.asarray(small.transpose(turns[orientation]) if orientation in turns else small)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_picture(kind: str) -> None:
    """A photo looks the same to the model in whichever admitted format it comes."""
    data = encoded(picture(), kind)
    pixels = square(data, 32)
    assert pixels.shape == (32, 32, 3)
    assert pixels.dtype == np.uint8
    assert sniff(data) == kind
    assert inspect_photo(data).format == kind
    assert difference(pixels, square(encoded(picture()), 32)) < 12


@pytest.mark.parametrize("size", [24, 64, 224])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_preprocessing_can_be_reproduced_by_a_short_script(size: int, orientation: int) -> None:
    """The pixels of a JPEG are exactly those of a few lines of Pillow."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(picture(1200, 900), "JPEG", exif=exif, quality=90)
    assert np.array_equal(square(data, size), reference(data, size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_seen_the_way_up_that_people_see_them(kind: str, orientation: int) -> None:
    """The EXIF orientation is applied once, whatever the format keeps it in."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = picture()
    image.info["exif"] = exif.tobytes()  # The HEIF encoder turns this into the rotation that its format prescribes.
    options = {"HEIF": {}, "TIFF": {"exif": exif, "compression": "tiff_lzw"}}.get(kind, {"exif": exif})
    data = encoded(image, kind, **options)
    turned = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded(picture(), "PNG", exif=exif))))
    facts = inspect_photo(data)
    assert (facts.width, facts.height) == turned.size
    assert difference(square(data, 32), np.asarray(turned.convert("RGB").resize((32, 32), 2))) < 12


def test_sizes_come_from_one_decoding() -> None:
    """Asking for two sizes gives what asking for each gives."""
    data = encoded(picture(900, 700), "JPEG")
    both = decode_photo(data, [64, 224])
    assert [one.shape[0] for one in both] == [64, 224]
    assert all(np.array_equal(one, square(data, one.shape[0])) for one in both)


def test_jpegs_are_never_decoded_below_the_size_asked_for() -> None:
    """The quick way of decoding a JPEG keeps what the model sees close to the slow way."""
    data = encoded(picture(1000, 900), "JPEG", quality=95)
    slow = np.asarray(Image.open(io.BytesIO(data)).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR))
    assert difference(square(data, 224), slow) < 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_becomes_red_green_and_blue(mode: str) -> None:
    """Grey, palette, transparent, CMYK and deep pictures are all seen as colours."""
    kind = "TIFF" if mode in ("CMYK", "I", "F", "I;16") else "PNG"
    image = picture().convert("L").convert(mode) if mode in ("I", "F") else picture().convert("RGB")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(picture().convert("L")).astype(np.uint16) * 257)
    elif mode == "PA":
        image = image.convert("P")
        image.info["transparency"] = 3
    elif mode not in ("I", "F"):
        image = image.convert(mode)
    pixels = square(encoded(image, kind), 32)
    assert pixels.shape == (32, 32, 3)
    assert 20 < pixels.mean() < 235


@pytest.mark.parametrize(("bits", "kind"), [(10, "PNG"), (12, "PNG"), (12, "TIFF"), (14, "TIFF"), (16, "PNG")])
def test_deep_greys_come_down_by_the_range_in_use(bits: int, kind: str) -> None:
    """A 12-bit X-ray in a 16-bit file is as bright as it was taken, not black."""
    grey = np.linspace(0, 255, 64 * 64).reshape(64, 64).astype(np.uint16)
    deep = encoded(Image.fromarray((grey << (bits - 8)).astype(np.uint16)), kind)
    assert np.array_equal(square(deep, 64)[:, :, 0], grey.astype(np.uint8))


def test_transparency_is_laid_on_white() -> None:
    """What shines through is white, and colours that nobody sees do not bleed in."""
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 32, 64))
    pixels = square(encoded(image), 16)
    assert tuple(pixels[8, 15]) == (255, 255, 255)
    assert tuple(pixels[8, 0]) == (0, 0, 255)
    assert (pixels[:, :, 2] == 255).all(), "blue and white are full of blue; a bleeding red would not be"


def test_a_transparent_palette_is_laid_on_white() -> None:
    """The transparent entry of a palette is white."""
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 200, 0, 0])
    for kind in ("PNG", "GIF"):
        assert (square(encoded(image, kind, transparency=1), 8) == 255).all()


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "MPO"])
def test_the_first_picture_of_several_counts(kind: str) -> None:
    """Animations and documents of several pages are seen by their first."""
    blue, red = Image.new("RGB", (40, 40), (0, 0, 255)), Image.new("RGB", (40, 40), (255, 0, 0))
    data = encoded(blue, kind, save_all=True, append_images=[red])
    assert difference(square(data, 8), np.asarray(blue.resize((8, 8)))) < 6


def problem(data: bytes, **limits: int) -> PhotoUnreadable:
    with pytest.raises(PhotoUnreadable) as caught:
        inspect_photo(data, **limits)
    with pytest.raises(PhotoUnreadable):
        square(data, 32, **limits)
    return caught.value


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", FindingKind.EMPTY_FILE, "is empty"),
        (b"%PDF-1.7 ...", FindingKind.NOT_AN_IMAGE, "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FindingKind.NOT_AN_IMAGE, "SVG"),
        (b'<?xml version="1.0"?><svg/>', FindingKind.NOT_AN_IMAGE, "SVG"),
        (b"<!DOCTYPE html><html>", FindingKind.NOT_AN_IMAGE, "web page"),
        (b"PK\x03\x04rest", FindingKind.NOT_AN_IMAGE, "zip"),
        (b"label,path\ncat,a.jpg\n", FindingKind.NOT_AN_IMAGE, "text"),
        (b"\x00\x00\x00\x20ftypisom0000", FindingKind.NOT_AN_IMAGE, "video"),
        (b"\x00\x00\x01\x00\x01\x00", FindingKind.NOT_AN_IMAGE, "icon"),
        (b"\x93\x01\x88\x00\xff", FindingKind.NOT_AN_IMAGE, "no kind"),
    ],
)
def test_what_is_no_photo_is_named(data: bytes, kind: FindingKind, words: str) -> None:
    """The error says what the file is, and what to do."""
    error = problem(data)
    assert error.kind is kind
    assert words in str(error)
    assert error.remedy


@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_that_was_cut_off_is_noticed(kind: str) -> None:
    """Half a file is an error, never half a picture."""
    random = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    data = encoded(Image.fromarray(random), kind)
    assert problem(data[: len(data) // 2]).kind in (FindingKind.TRUNCATED, FindingKind.CORRUPT)
    if kind in ("JPEG", "PNG", "WEBP", "GIF"):
        assert problem(data[: len(data) // 2]).kind is FindingKind.TRUNCATED


def test_a_progressive_jpeg_that_was_cut_off_is_noticed() -> None:
    """Its first scans show a whole, blurred picture; it is an error all the same."""
    data = encoded(picture(400, 300), "JPEG", progressive=True)
    assert problem(data[: len(data) * 2 // 3]).kind is FindingKind.TRUNCATED


def huge_png(width: int, height: int) -> bytes:
    def chunk(tag: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [20_000, 100_000, 2**31 - 1])
def test_a_decompression_bomb_is_refused_by_its_header(side: int) -> None:
    """Nothing is decoded of a picture that claims too many pixels."""
    assert problem(huge_png(side, side)).kind is FindingKind.TOO_LARGE


def test_limits_are_arguments() -> None:
    """The limits hold for pixels and bytes, and no setting of the process is read or changed."""
    before = Image.MAX_IMAGE_PIXELS
    data = encoded(picture())
    assert problem(data, max_pixels=96 * 64 - 1).kind is FindingKind.TOO_LARGE
    assert problem(data, max_bytes=len(data) - 1).kind is FindingKind.TOO_LARGE
    assert inspect_photo(data, max_pixels=96 * 64, max_bytes=len(data)).width == 96
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.filterwarnings("error")
def test_a_picture_of_a_hundred_million_pixels_is_read_without_a_warning() -> None:
    """Large photos from large cameras are fine."""
    data = encoded(Image.new("L", (10_000, 10_000), 200), "JPEG")
    assert (square(data, 16) == 200).all()
    assert inspect_photo(data).height == 10_000


def test_a_text_bomb_in_a_png_is_an_error() -> None:
    """A comment that unpacks to gigabytes is not unpacked."""
    data = encoded(picture())
    body = b"comment\0\0" + zlib.compress(b"\0" * 50_000_000)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    assert problem(data[:33] + chunk + data[33:]).kind is FindingKind.CORRUPT


SAMPLES = {kind: encoded(picture(), kind) for kind in FORMATS}


@settings(max_examples=250)
@given(st.sampled_from(FORMATS), st.data())
def test_damage_never_raises_anything_else(kind: str, data: st.DataObject) -> None:
    """Cut anywhere, with any bytes changed, a photo is read or refused in words."""
    raw = bytearray(SAMPLES[kind])
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[place] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    for read in (inspect_photo, lambda one: square(one, 16)):
        assert read_or_refused(read, cut)


def read_or_refused(read: Callable[[bytes], object], data: bytes) -> bool:
    try:
        return read(data) is not None
    except PhotoUnreadable as error:
        return bool(error.what and error.remedy)


def test_threads_give_what_one_thread_gives() -> None:
    """Decoding in parallel changes nothing."""
    files = [encoded(picture(seed=seed), kind) for seed in range(4) for kind in ("JPEG", "PNG", "HEIF")]
    with ThreadPoolExecutor(4) as pool:
        parallel = list(pool.map(lambda data: square(data, 32), files))
    assert all(np.array_equal(one, square(data, 32)) for one, data in zip(parallel, files, strict=True))


def test_real_photos_are_read(shared_data: Path) -> None:
    """Photos that nobody here made are read, and the corrupt one is refused."""
    for path in sorted((shared_data / "near_dup_images").rglob("*.jpg")):
        if "corrupt" in path.name:
            assert problem(path.read_bytes()).kind is FindingKind.NOT_AN_IMAGE
        else:
            assert square(path.read_bytes(), 64).std() > 10
