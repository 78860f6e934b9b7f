"""Sheets of Excel and OpenDocument files: the first sheet that holds a table."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import python_calamine

from understudy.modalities.table.cells import Cell, cell_of, present
from understudy.modalities.table.frame import BadRow, Frame, named
from understudy.modalities.table.source import opened, size_of
from understudy.modalities.table.unreadable import empty_table, no_table, remark

LARGEST: Final = 512 << 20
"""Bytes of the largest file; a sheet is held in memory as a whole."""
UNPACKED: Final = 2 << 30
"""Bytes it may unpack to, so that no archive made for the purpose can fill the memory."""


def open_table(name: str, data: bytes | Path) -> Frame:
    """Opens a sheet; see `read_frame`."""
    _check_size(name, data)
    with opened(data) as raw:
        whole = raw.read()
    sheets = _sheets(name, whole)
    full = [(sheet, [row for row in rows if any(present(cell) for cell in row)]) for sheet, rows in sheets]
    sheet, kept = max(full, key=lambda each: len(each[1]) > 1, default=("", []))
    if not kept:
        raise empty_table(name)
    columns, remarks = named(name, ["" if cell is None else str(cell) for cell in kept[0]])
    if len(sheets) > 1:
        remarks.append(
            remark(
                name,
                f"Of the {len(sheets)} sheets of “{name}”, “{sheet}” was read.",
                "It is the first that holds a table.",
                "Save another sheet as a file of its own to read that one.",
            )
        )
    return Frame(name, columns, lambda: _fitted(kept[1:], len(columns)), remarks)


def _sheets(name: str, whole: bytes) -> list[tuple[str, list[list[Cell]]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(whole))
        return [(each, _cells(book.get_sheet_by_name(each).to_python())) for each in book.sheet_names]
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise no_table(
            name, f"It is no sheet that can be read ({error}).", "Open it and save it again as .xlsx or as CSV."
        ) from error


def _cells(rows: Sequence[Sequence[Any]]) -> list[list[Cell]]:
    return [[cell_of(value) if value != "" else None for value in row] for row in rows]


def _fitted(rows: Sequence[Sequence[Cell]], width: int) -> Iterator[Sequence[Cell] | BadRow]:
    for row in rows:
        yield [*row, *[None] * (width - len(row))][:width]


def _check_size(name: str, data: bytes | Path) -> None:
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        unpacked = 0  # the older format of Excel is no archive
    if size_of(data) > LARGEST or unpacked > UNPACKED:
        raise no_table(name, "It is larger than a sheet that can be held in memory.", "Save the sheet as CSV.")
