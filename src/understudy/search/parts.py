"""A model file of parts, for models that no single ONNX graph can hold: a zip archive, the same for the same parts."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MANIFEST: Final = "understudy.json"
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
MAX_BYTES: Final = 4 * 10**9
"""Of all parts unpacked."""


@dataclass(frozen=True)
class Parts:
    """A model file that was read.

    Attributes:
        data: The whole file's bytes.
        version: SHA-256 of them, in hex.
        manifest: What it says of itself; "kind" names what it is.
        files: Its parts by name.
    """

    data: bytes
    version: str
    manifest: dict[str, Any]
    files: dict[str, bytes]


def looks_like_parts(data: bytes) -> bool:
    """Whether the bytes begin like a file that `write_parts` made."""
    return data.startswith(b"PK\x03\x04")


def write_parts(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Makes the file. The same manifest and files give the same bytes."""
    out = io.BytesIO()
    said = json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in [(MANIFEST, said), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def read_parts(data: bytes) -> Parts:
    """Reads what `write_parts` made.

    Raises:
        ValueError: It is damaged, something else, or unpacks to more than is safe.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise ValueError("it unpacks to more than is safe")
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        manifest = json.loads(files.pop(MANIFEST))
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise ValueError(f"it is no model file ({type(error).__name__})") from error
    if not isinstance(manifest, dict):
        raise ValueError("what it says of itself is no object")  # noqa: TRY004 - one error for all that is wrong
    return Parts(data, hashlib.sha256(data).hexdigest(), manifest, files)
