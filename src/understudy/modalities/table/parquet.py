"""Parquet files, read in batches."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as arrow
import pyarrow.parquet as format_of

from understudy.modalities.table.cells import Cell, cell_of
from understudy.modalities.table.frame import Frame, Numbered, named
from understudy.modalities.table.unreadable import no_table

BATCH: Final = 4096


def open_table(name: str, data: bytes | Path) -> Frame:
    """Opens a Parquet file; see `read_frame`."""
    with _file(name, data) as file:
        columns, remarks = named(name, list(file.schema_arrow.names))
    return Frame(name, columns, lambda: _rows(name, data), remarks)


def _file(name: str, data: bytes | Path) -> Any:
    try:
        return format_of.ParquetFile(io.BytesIO(data) if isinstance(data, bytes) else str(data))
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise _damaged(name, error) from error


def _rows(name: str, data: bytes | Path) -> Iterator[Numbered]:
    with _file(name, data) as file:
        number = 1
        try:
            for batch in file.iter_batches(batch_size=BATCH):
                yield from enumerate(zip(*map(_cells, batch.columns), strict=True), start=number)
                number += batch.num_rows
        except (arrow.ArrowException, OSError, ValueError) as error:
            raise _damaged(name, error) from error


def _cells(column: Any) -> list[Cell]:
    try:
        return [cell_of(value) for value in column.to_pylist()]
    except (OverflowError, ValueError):  # a moment, somewhere in it, that Python's calendar has not
        return [_read(scalar) for scalar in column]


def _read(scalar: Any) -> Cell:
    """A value; a moment outside the years 1 to 9999 as a text, so that it is told as a cell that is no date."""
    try:
        return cell_of(scalar.as_py())
    except (OverflowError, ValueError):
        return cell_of(scalar.cast(arrow.string()).as_py())


def _damaged(name: str, error: Exception) -> Exception:
    return no_table(name, f"It is no Parquet file that can be read ({error}).", "Write it again from where it came.")
