"""From a file in any usual encoding to the bytes that a text is kept as, which are UTF-8."""

from typing import Final

from understudy.modalities.sniffing import SNIFFED, known_kind, wide_encoding
from understudy.modalities.text.reading import MAX_BYTES, MUCH, count_controls

WIDEST: Final = 4
"""Bytes that a letter takes at most."""
WIDE_BYTES: Final = WIDEST * MAX_BYTES
"""Size of the largest file in which a text may be short enough, whatever its encoding."""


def as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8.

    Args:
        data: A file's bytes: UTF-8, UTF-16, UTF-32, or else Windows-1252, as tables are read.

    Returns:
        UTF-8; or the bytes as they came, where they are no text in one of these encodings. UTF-8 that is cut off or
        damaged is not taken for another encoding.
    """
    if len(data) > WIDE_BYTES:
        return data
    text = _text_of(data)
    return data if text is None or count_controls(text) > MUCH * len(text) else text.encode()


def _text_of(data: bytes) -> str | None:
    """What the bytes say in another encoding than UTF-8; None where they say nothing."""
    encoding = wide_encoding(data[:SNIFFED])
    try:
        if encoding is not None:
            return data.decode(encoding)
        if known_kind(data[:SNIFFED]) is not None or not data.decode("utf-8", "ignore").isascii():
            return None
        return None if data.isascii() else data.decode("cp1252")
    except UnicodeDecodeError:
        return None
