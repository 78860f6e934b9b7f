"""The column that says when rows came about: read as moments or numbers, or refused."""

from collections.abc import Sequence
from dataclasses import replace

from understudy.modalities.table.cells import ISO, Cell, present, style_of, text_of, way_of
from understudy.modalities.table.fit import misfits, short
from understudy.modalities.table.inferring import MOSTLY
from understudy.modalities.table.schema import MEASURED, Column, Kind, Role, SchemaError, TableSchema


def timed(schema: TableSchema, name: str, cells: Sequence[Cell]) -> TableSchema:
    """The schema with a column that says when rows came about.

    It becomes a date or a number if it is none yet: running numbers look like ids, and a few quarters like words.

    Args:
        schema: As it stands.
        name: The column's.
        cells: Some of its cells.

    Raises:
        SchemaError: There is no such column, or its cells do not follow one another.
    """
    column = schema[name]
    read = column if column.kind in MEASURED else _read(column, [cell for cell in cells if present(cell)])
    said = schema.corrected(name, kind=read.kind.value, role=Role.TIME.value)
    styled = replace(said[name], decimal=read.decimal, way=read.way)
    return replace(said, columns=tuple(styled if each.name == name else each for each in said.columns))


def _read(column: Column, given: Sequence[Cell]) -> Column:
    if not given:
        raise SchemaError(
            fact=f"“{column.name}” cannot say when a row came about.",
            reason="It is empty in all rows that were looked at.",
            remedy="Name another column, or leave the time out.",
        )
    texts = [cell for cell in given if isinstance(cell, str)]
    date = replace(column, kind=Kind.DATE, way=way_of(texts, share=0.5) or ISO)
    number = replace(column, kind=Kind.NUMBER, decimal=style_of(texts, column.decimal).decimal)
    odd = {read: [cell for cell in given if _says_nothing(cell, read)] for read in (date, number)}
    read = min(odd, key=lambda read: len(odd[read]))
    if len(odd[read]) <= (1 - MOSTLY) * len(given):
        return read
    raise SchemaError(
        fact=f"“{column.name}” cannot say when a row came about.",
        reason=f"{len(odd[read]):,} of {len(given):,} values cannot be read as dates in one way or as numbers, such as "
        f"{short(text_of(odd[read][0]))}.",
        remedy="Write all of them like 2026-03-31, 2026-03 or 2026-Q1, name another column, or leave the time out.",
    )


def _says_nothing(cell: Cell, read: Column) -> bool:
    """Whether a cell says no moment, read as a date or a number; a flag and a number among dates say none."""
    if isinstance(cell, bool):
        return True
    return misfits(cell, read) if isinstance(cell, str) else read.kind is Kind.DATE
