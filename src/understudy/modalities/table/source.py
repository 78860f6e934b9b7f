"""The bytes of a file, from memory or from disk, unpacked on the way where they are compressed."""

import gzip
import io
from pathlib import Path
from typing import IO, Final

_GZIP: Final = b"\x1f\x8b"


def opened(data: bytes | Path) -> IO[bytes]:
    """A stream of the bytes; what gzip packed comes unpacked, never more in memory than is read.

    Raises:
        OSError: The file cannot be opened.
    """
    raw: IO[bytes] = io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")
    first = raw.read(2)
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw, mode="rb") if first == _GZIP else raw  # type: ignore[return-value]


def size_of(data: bytes | Path) -> int:
    """How many bytes there are, as they lie."""
    return len(data) if isinstance(data, bytes) else data.stat().st_size
