"""What a file is by its first bytes, in words, where it is not what it was taken for."""

from typing import Final

SNIFFED: Final = 16
"""First bytes that are looked at."""
_BEGINNINGS: Final = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive, as documents and sheets of an office are, too"),
    (b"\xd0\xcf\x11\xe0", "a document of an office"),
    (b"\x1f\x8b", "a file that gzip compressed"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"Rar!", "an archive (RAR)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite", "a database (SQLite)"),
    (b"ID3", "a recording (MP3)"),
    (b"fLaC", "a recording (FLAC)"),
    (b"OggS", "a recording (Ogg)"),
    (b"\x1aE\xdf\xa3", "a clip (Matroska)"),
    (b"\x7fELF", "a program"),
)
_INSIDE: Final = {b"WAVE": "a recording (WAV)", b"WEBP": "a picture (WebP)", b"AVI ": "a clip (AVI)"}
"""What a RIFF file says it holds, from its ninth byte on."""


_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_READABLE: Final = (b"%PDF", b"GIF8")
"""Beginnings that look like a text's."""


def wide_encoding(head: bytes) -> str | None:
    """The encoding of a text whose letters take two or four bytes each; None for any other.

    Args:
        head: Its first `SNIFFED` bytes. Without a mark in front, a NUL among the first two tells: the first letter of a
            text is hardly ever beyond Latin.
    """
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if marked is None and b"\0" in head[:2] and len(head) > 1:
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    return marked


def known_kind(head: bytes) -> str | None:
    """What a file is that is no text, or None where nothing tells.

    Args:
        head: Its first `SNIFFED` bytes.

    Returns:
        Words to follow "It is", such as "a picture (PNG)".
    """
    if _printable(head) and not head.startswith(_READABLE):
        return None
    if head[:4] == b"RIFF" and head[8:12] in _INSIDE:
        return _INSIDE[head[8:12]]
    if head[4:8] == b"ftyp":
        return "a clip (MP4 or its like)"
    return next((what for beginning, what in _BEGINNINGS if head.startswith(beginning)), None)


def what_it_is(head: bytes) -> str:
    """The same where nothing tells, too: "a text", "empty", or that it is neither.

    Args:
        head: Its first `SNIFFED` bytes.
    """
    if not head:
        return "empty"
    return known_kind(head) or ("a text" if _printable(head) else "no text, and nothing that is known here")


def _printable(head: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\n\r\x0b\x0c" for byte in head)
