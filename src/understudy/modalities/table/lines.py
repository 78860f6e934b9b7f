"""JSON lines, an object a row, and files that hold one list of such objects, by itself or within an object."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from understudy.domain.finding import Finding
from understudy.domain.texts import json_in
from understudy.modalities.table.cells import cell_of
from understudy.modalities.table.frame import BadRow, Frame, Numbered, named
from understudy.modalities.table.source import opened, size_of
from understudy.modalities.table.unreadable import empty_table, no_table, remark

_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
LONGEST_LINE: Final = 64 << 20
WHOLE: Final = 256 << 20
"""Bytes of the longest file that is one list: it has to be read as a whole."""


def open_table(name: str, data: bytes | Path) -> Frame:
    """Opens JSON lines; see `read_frame`. The file is read once to learn which columns there are."""
    one = _one(name, data)
    if one is not None:
        return _within(name, one)
    given: dict[str, None] = {}
    for _, item in _objects(name, data):
        if isinstance(item, dict):
            given.update(dict.fromkeys(str(key) for key in item))
    if not given:
        raise empty_table(name)
    columns, remarks = named(name, list(given))
    keys = list(given)
    return Frame(name, columns, lambda: _rows(name, data, keys), remarks)


def _one(name: str, data: bytes | Path) -> dict[str, Any] | None:
    """The object that a file is as a whole; None where it is anything else, such as lines of JSON."""
    if not name.lower().removesuffix(".gz").endswith(".json") or size_of(data) > WHOLE:
        return None
    try:
        with opened(data) as raw:
            lines = (line for line in iter(lambda: raw.readline(LONGEST_LINE), b"") if line.strip())
            first = next(lines, b"")
            if not first.lstrip(_BLANK).startswith(b"{") or (_is_object(first) and any(lines)):
                return None
            raw.seek(0)
            value = json_in(raw.read(4 * WHOLE).decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError, EOFError, zlib.error):
        return None
    return value if isinstance(value, dict) else None


def _is_object(line: bytes) -> bool:
    return isinstance(_object(0, line), dict)


def _within(name: str, one: dict[str, Any]) -> Frame:
    """The only list of objects in an object; the object itself as the only row where there is none.

    Raises:
        TableUnreadable: There are several, or the object is no row, since all that it holds has parts.
    """
    lists = {key: each for key, each in one.items() if isinstance(each, list) and each and _are_objects(each)}
    if len(lists) > 1:
        told = ", ".join(f"“{key[:40]}”" for key in list(lists)[:5])
        raise no_table(name, f"It is one object with several lists of rows: {told}.", "Save one of them by itself.")
    if one and not lists and all(isinstance(each, dict | list) for each in one.values()):
        raise no_table(
            name,
            "It is one object of nothing but lists or objects, as where a table is written column by column.",
            'Save it as a list of rows, with pandas by to_json(path, orient="records").',
        )
    key, items = next(iter(lists.items()), ("", [one]))
    keys = list(dict.fromkeys(each for item in items for each in item))
    if not keys:
        raise empty_table(name)
    columns, remarks = named(name, keys)
    if lists:
        remarks.append(_which(name, key))
    return Frame(name, columns, lambda: enumerate(([cell_of(each.get(k)) for k in keys] for each in items), 1), remarks)


def _are_objects(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


def _which(name: str, key: str) -> Finding:
    return remark(
        name,
        f"“{name}” is one object, whose list “{key[:40]}” was read.",
        "It is the only list of objects in it, so its objects are the rows; what else stands beside it is left out.",
        "Nothing needs doing if these are the rows; otherwise save the rows as a list by themselves.",
    )


def _rows(name: str, data: bytes | Path, keys: list[str]) -> Iterator[Numbered | BadRow]:
    for number, item in _objects(name, data):
        yield item if isinstance(item, BadRow) else (number, [cell_of(item.get(key)) for key in keys])


def _objects(name: str, data: bytes | Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    try:
        with opened(data) as raw:
            if raw.read(64).lstrip(_BLANK).startswith(b"["):
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
