"""A row as bytes: one JSON object, the same for the same cells, and what any such object says."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from understudy.domain.finding import FindingKind
from understudy.domain.texts import json_in
from understudy.modalities.table.cells import Cell, number_of, present, reckonable, style_with
from understudy.modalities.table.schema import AS_WRITTEN, Column
from understudy.modalities.table.unreadable import RowUnreadable

LARGEST: Final = 16 << 20
"""Bytes of the largest row."""
_WRITER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def row_bytes(cells: Mapping[str, Cell], columns: Sequence[Column]) -> bytes:
    """The canonical bytes of a row: the same cells give the same bytes.

    Args:
        cells: As read, by column; what stands for a missing value becomes null.
        columns: Which columns to keep, in order (`TableSchema.seen`). Numbers written as text become numbers.
    """
    kept = {column.name: kept_cell(cells.get(column.name), column) for column in columns}
    return _WRITER.encode(kept).encode("utf-8", "replace")


def kept_cell(cell: Cell, column: Column) -> Cell:
    """A cell as rows keep it: nothing where it says nothing, and a number where its column is kept as numbers."""
    if not present(cell):
        return None
    if column.keeping != AS_WRITTEN and not isinstance(cell, bool):
        number = number_of(cell, style_with(column.keeping))
        if math.isnan(number):
            return cell
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return cell.strip() if isinstance(cell, str) else cell


def cells_in(data: bytes) -> dict[str, Cell]:
    """The cells of a row, by column.

    Args:
        data: A JSON object in UTF-8; numbers that cannot be reckoned with count as missing.

    Raises:
        RowUnreadable: It is no JSON object, or a cell is a list or an object.
    """
    if not data.strip():
        raise RowUnreadable(
            FindingKind.EMPTY_FILE,
            "is empty",
            reason="It holds no bytes.",
            remedy="Give a JSON object with a value for each column.",
        )
    if len(data) > LARGEST:
        raise RowUnreadable(
            FindingKind.TOO_LARGE,
            f"takes {len(data) / 1e6:,.0f} MB",
            reason=f"A row may take at most {LARGEST >> 20} MB, so that none can fill the memory.",
            remedy="Shorten its longest cell.",
        )
    try:
        given = parsed(data)
    except (ValueError, RecursionError) as error:
        raise RowUnreadable(
            FindingKind.CORRUPT,
            "is no JSON",
            reason=f"It cannot be read as JSON in UTF-8 ({type(error).__name__}).",
            remedy="Give a JSON object with a value for each column.",
        ) from error
    return checked(given)


def parsed(data: bytes) -> Any:
    """What JSON in UTF-8 says, with numbers that cannot be reckoned with as they are.

    Raises:
        ValueError, RecursionError: It is none, or nested too deeply.
    """
    return json_in(data.decode("utf-8-sig"))


def checked(given: Any) -> dict[str, Cell]:
    """The cells of what JSON gave.

    Raises:
        RowUnreadable: It is no object, or a cell is a list or an object.
    """
    if not isinstance(given, dict):
        raise RowUnreadable(
            FindingKind.CORRUPT,
            f"is {'a list' if isinstance(given, list) else 'a single value'}, not an object",
            reason="A row is a JSON object: the name of each column with its value.",
            remedy='Write it as {"column": value, …}.',
        )
    for name, cell in given.items():
        if isinstance(cell, list | dict):
            raise RowUnreadable(
                FindingKind.CORRUPT,
                f"has {'a list' if isinstance(cell, list) else 'an object'} in the column “{name[:80]}”",
                reason="A cell is a text, a number, true, false or null.",
                remedy="Give each part a column of its own.",
            )
        if isinstance(cell, int | float) and not reckonable(cell):
            given[name] = None
    return given
