"""Cells of tables as numbers and times, in the ways people write them."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from understudy.modalities.interactions.question import moment
from understudy.modalities.table.cells import ISO, is_month, moment_of, number_of, style_of, way_of
from understudy.modalities.table.inferring import MOSTLY

MISSING: Final = frozenset({"", "?", "na", "n/a", "nan", "null", "none", "-", "--", "\\n"})
OFTEN: Final = 1024
"""Cells of a column that are remembered: ratings are few, and come by the million."""
_DAY: Final = 86_400.0
"""Seconds."""


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or a usual sign for that."""
    return cell.strip().lower() in MISSING


def reader_of_numbers(sample: Sequence[str]) -> Callable[[str], float | None]:
    """How a column writes its numbers, as a sample of it tells; they are read as those of every table are."""
    style = style_of(sample)

    @lru_cache(OFTEN)
    def read(cell: str) -> float | None:
        found = number_of(cell, style)
        return None if math.isnan(found) else found

    return read


def plain_number(cell: str) -> float | None:
    """The finite number in a cell that holds nothing else, with a decimal point or comma; None where there is none.

    As seconds are written: beside letters, as in “MAY 2024”, a number may be part of a date.
    """
    text = cell if "." in cell else cell.replace(",", ".")
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and "_" not in text else None


def reader_of_moments(sample: Sequence[str]) -> Callable[[str], float | None]:
    """How a column writes its times: the one way that reads most of a sample.

    Months before their year, such as 3.2024, are read as such, though they are numbers. Other numbers count seconds, or
    parts of them where they are too large for that; else ISO 8601, else a usual way to write dates.
    """
    filled = [cell for cell in sample if not is_missing(cell)]
    if filled and sum(map(is_month, filled)) >= MOSTLY * len(filled):
        return _written(ISO)
    ways: list[Callable[[str], float | None]] = [_epoch, moment, _written(way_of(filled, share=0.5) or ISO)]
    return max(ways, key=lambda way: sum(way(cell) is not None for cell in filled))


def moments(cells: Sequence[str]) -> list[float | None]:
    """The times in a column, in seconds since the epoch."""
    read = reader_of_moments(cells)
    return [read(cell) for cell in cells]


def _epoch(cell: str) -> float | None:
    found = plain_number(cell)
    if found is None:
        return None
    for factor in (1e9, 1e6, 1e3):  # nano-, micro-, milliseconds: seconds this large lie beyond the year 5000
        if abs(found) >= 1e11 * factor / 1e3:
            return found / factor
    return found


def _written(way: str) -> Callable[[str], float | None]:
    def read(cell: str) -> float | None:
        days = moment_of(cell.strip(), way)
        return None if math.isnan(days) else days * _DAY

    return read
