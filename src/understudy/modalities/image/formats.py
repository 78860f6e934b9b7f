"""The photo formats that are admitted, known by their first bytes and never by their names."""

from collections.abc import Callable
from io import BytesIO
from typing import cast

from PIL import BmpImagePlugin, GifImagePlugin, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from understudy.modalities.image.unreadable import PhotoUnreadable, not_an_image

Opener = Callable[[BytesIO], ImageFile.ImageFile]

OPENERS: dict[str, Opener] = {
    # A JPEG of several pictures (MPO, from phones) starts with a plain one, which is the one people see.
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "HEIF": cast("Opener", HeifImageFile),
}
"""By format: reads the header of a file and returns the picture, not yet decoded."""

SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .apng .webp .gif .tif .tiff .bmp .dib .heic .heif .hif .mpo".split()  # noqa: SIM905
)
"""Endings of names that promise a photo."""

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"BM", "BMP"),
)
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"))

_OTHER_MAGIC = (
    (b"%PDF", "a PDF document", "Save its pages as JPEG or PNG and add those."),
    (b"PK\x03\x04", "a zip archive or an office document", "Unpack it and add the photos in it."),
    (b"\x00\x00\x01\x00", "an icon", "Save it as PNG and add that."),
    (b"8BPS", "a Photoshop document", "Export it as JPEG or PNG and add that."),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture", "Save it as JPEG or PNG and add that."),
    (b"RIFF", "a sound or a video", "Add photos; a still from a video can be saved as JPEG."),
    (b"\x1aE\xdf\xa3", "a video", "Add photos; a still from a video can be saved as JPEG."),
)
_EXPORT = "Save it as JPEG or PNG and add that."


def sniff(data: bytes) -> str | None:
    """Names the format by the first bytes, or None where it is no photo that can be read."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


def not_a_photo(data: bytes) -> PhotoUnreadable:
    """Says what the bytes are instead of a photo, where that is known."""
    for magic, what, remedy in _OTHER_MAGIC:
        if data.startswith(magic):
            return not_an_image(what, remedy)
    if data[4:8] == b"ftyp":
        avif = data[8:12] in (b"avif", b"avis")
        return not_an_image("an AVIF picture" if avif else "a video", _EXPORT if avif else _OTHER_MAGIC[-1][2])
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"svg" in head:
        return not_an_image("a drawing (SVG), not pixels", _EXPORT)
    if head.startswith((b"<!doctype html", b"<html")):
        return not_an_image("a web page", "Download the picture itself rather than the page that shows it.")
    if b"\x00" not in data[:1024] and _is_text(data[:1024]):
        return not_an_image("text", "Leave it out, or add the photo it stands for.")
    return not_an_image("of no kind that is known here", "Add JPEG, PNG, WebP, GIF, TIFF, BMP or HEIC photos.")


def _is_text(head: bytes) -> bool:
    """Whether these bytes are readable text (a character cut in half at their end is forgiven)."""
    try:
        text = head[:-3].decode("utf-8") if len(head) == 1024 else head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)
