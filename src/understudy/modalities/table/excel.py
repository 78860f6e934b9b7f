"""Sheets of Excel and OpenDocument files: the first sheet that holds a table, or the columns that were named."""

import io
import math
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import python_calamine

from understudy.domain.finding import Finding
from understudy.modalities.table.cells import Cell, cell_of, number_of, present
from understudy.modalities.table.frame import Frame, Numbered, named
from understudy.modalities.table.schema import nearest
from understudy.modalities.table.source import opened, size_of
from understudy.modalities.table.unreadable import TableUnreadable, empty_table, no_table, passed_over, remark

LARGEST: Final = 512 << 20
"""Bytes of the largest file; a sheet is held in memory as a whole."""
LOOKED: Final = 30
"""Rows among which the one that names the columns is looked for."""
UNPACKED: Final = 2 << 30
"""Bytes it may unpack to, so that no archive made for the purpose can fill the memory."""


def open_table(name: str, data: bytes | Path, holding: Sequence[str] = ()) -> Frame:
    """Opens a sheet; see `read_frame`.

    Args:
        name: For people.
        data: The file's bytes, or where it lies.
        holding: Columns that somebody named; of several sheets the first that has them is read, and said.

    Raises:
        TableUnreadable: It is empty or damaged, or of several sheets none has the columns.
    """
    _check_size(name, data)
    with opened(data) as raw:
        whole = raw.read()
    sheets = _sheets(name, whole)
    filled = {sheet: [row for row in rows if any(present(cell) for cell in row[1])] for sheet, rows in sheets}
    titles = {sheet: _titles([row for _, row in rows[:LOOKED]]) for sheet, rows in filled.items()}
    full = {sheet: rows[titles[sheet] :] for sheet, rows in filled.items()}
    tables = {sheet: _header(rows[0][1]) for sheet, rows in full.items() if len(rows) > 1}
    wanted = {sheet: header for sheet, header in tables.items() if all(column in header for column in holding)}
    if len(tables) > 1 and not wanted:
        raise _nowhere(name, holding, tables)
    sheet = next(iter([*wanted, *tables, *(each for each, rows in full.items() if rows)]), "")
    kept = full.get(sheet)
    if not kept:
        raise empty_table(name)
    columns, remarks = named(name, _header(kept[0][1]))
    if titles[sheet]:
        remarks.append(passed_over(name, titles[sheet]))
    if len(sheets) > 1:
        remarks.append(_which(name, sheet, [each for each, _ in sheets], holding, wanted))
    return Frame(name, columns, lambda: _fitted(kept[1:], len(columns)), remarks)


def _titles(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows stand above the one that names the columns: they have few cells, and it has words in most."""
    counts = [sum(present(cell) for cell in row) for row in rows]
    usual, _ = max(Counter(counts).items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    first = next((place for place, count in enumerate(counts) if 2 * count > usual), 0)
    names = [cell for cell in rows[first] if present(cell)] if rows else []
    return first if 2 * sum(math.isnan(number_of(cell)) for cell in names) >= len(names) else 0


def _header(row: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else " ".join(str(cell).split()) for cell in row]


def _which(
    name: str, sheet: str, sheets: Sequence[str], holding: Sequence[str], wanted: Mapping[str, Sequence[str]]
) -> Finding:
    """Which of several sheets was read, why, and how another one is."""
    others = ", ".join(f"“{each}”" for each in sheets if each != sheet)
    why = "It is the first that holds a table."
    if holding:
        first = "the first" if len(wanted) > 1 else "the one"
        why = f"It is {first} that has {', '.join(f'“{column}”' for column in holding)}."
    return remark(
        name,
        f"Of the {len(sheets)} sheets of “{name}”, “{sheet}” was read; {others} {'were' if len(sheets) > 2 else 'was'} "
        "not.",
        why,
        "To read another, name a column that only it has, for example with --target, or save it as its own file.",
    )


def _nowhere(name: str, holding: Sequence[str], tables: Mapping[str, Sequence[str]]) -> TableUnreadable:
    columns = "; ".join(
        f"“{sheet}” has {', '.join(f'“{column}”' for column in header[:12])}" for sheet, header in tables.items()
    )
    lacking = [column for column in holding if not any(column in header for header in tables.values())]
    what = f"a column “{lacking[0]}”" if lacking else f"all of {', '.join(f'“{each}”' for each in holding)}"
    every = [column for header in tables.values() for column in header]
    hint = nearest((lacking or holding)[0], every)
    return no_table(name, f"None of its {len(tables)} sheets has {what}: {columns}.", hint)


def _sheets(name: str, whole: bytes) -> list[tuple[str, list[Numbered]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(whole))
        return [(each, _cells(book.get_sheet_by_name(each))) for each in book.sheet_names]
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise no_table(
            name, f"It is no sheet that can be read ({error}).", "Open it and save it again as .xlsx or as CSV."
        ) from error


def _cells(sheet: Any) -> list[Numbered]:
    """The rows of a sheet, from the first that holds something on, each with its number in the sheet."""
    first = sheet.start[0] + 1 if sheet.start else 1
    return [
        (number, [cell_of(value) if value != "" else None for value in row])
        for number, row in enumerate(sheet.to_python(), start=first)
    ]


def _fitted(rows: Sequence[Numbered], width: int) -> Iterator[Numbered]:
    for number, row in rows:
        yield number, [*row, *[None] * (width - len(row))][:width]


def _check_size(name: str, data: bytes | Path) -> None:
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        unpacked = 0  # the older format of Excel is no archive
    if size_of(data) > LARGEST or unpacked > UNPACKED:
        raise no_table(name, "It is larger than a sheet that can be held in memory.", "Save the sheet as CSV.")
