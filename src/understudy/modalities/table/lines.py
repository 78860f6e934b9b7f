"""JSON lines, an object a row, and files that hold one list of such objects."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from understudy.domain.texts import json_in
from understudy.modalities.table.cells import cell_of
from understudy.modalities.table.frame import BadRow, Frame, Numbered, named
from understudy.modalities.table.source import opened, size_of
from understudy.modalities.table.unreadable import empty_table, no_table

LONGEST_LINE: Final = 64 << 20
WHOLE: Final = 256 << 20
"""Bytes of the longest file that is one list: it has to be read as a whole."""


def open_table(name: str, data: bytes | Path) -> Frame:
    """Opens JSON lines; see `read_frame`. The file is read once to learn which columns there are."""
    given: dict[str, None] = {}
    for _, item in _objects(name, data):
        if isinstance(item, dict):
            given.update(dict.fromkeys(str(key) for key in item))
    if not given:
        raise empty_table(name)
    columns, remarks = named(name, list(given))
    keys = list(given)
    return Frame(name, columns, lambda: _rows(name, data, keys), remarks)


def _rows(name: str, data: bytes | Path, keys: list[str]) -> Iterator[Numbered | BadRow]:
    for number, item in _objects(name, data):
        yield item if isinstance(item, BadRow) else (number, [cell_of(item.get(key)) for key in keys])


def _objects(name: str, data: bytes | Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    try:
        with opened(data) as raw:
            if raw.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
                yield from _listed(name, data)
                return
            raw.seek(0)
            for number, line in enumerate(iter(lambda: raw.readline(LONGEST_LINE), b""), start=1):
                if line.strip():
                    yield number, _object(number, line)
    except (EOFError, zlib.error) as error:
        raise no_table(name, f"It breaks off ({error}).", "Copy it again from where it came.") from error


def _object(number: int, line: bytes) -> dict[str, Any] | BadRow:
    try:
        value = json_in(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else BadRow(number, "is no JSON object")


def _listed(name: str, data: bytes | Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    if size_of(data) > WHOLE:
        raise no_table(
            name, "It is one list of more than 256 MB, which has to be read as a whole.", "Save it as JSON lines."
        )
    with opened(data) as raw:
        try:
            items = json_in(raw.read(4 * WHOLE).decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError) as error:
            raise no_table(name, f"It is no valid JSON ({error}).", "Export it again.") from error
    for number, item in enumerate(items, start=1):
        yield number, item if isinstance(item, dict) else BadRow(number, "is no JSON object")
