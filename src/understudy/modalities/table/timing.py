"""The column that says when rows came about: read as moments or numbers, or refused."""

from collections.abc import Sequence
from dataclasses import replace

from understudy.modalities.table.cells import ISO, Cell, is_month, present, style_of, text_of, way_of
from understudy.modalities.table.fit import misfits, short
from understudy.modalities.table.inferring import MOSTLY, tell_months
from understudy.modalities.table.schema import AS_WRITTEN, MEASURED, Column, Kind, Role, SchemaError, TableSchema


def timed(schema: TableSchema, name: str, cells: Sequence[Cell]) -> TableSchema:
    """The schema with a column that says when rows came about.

    It becomes a date or a number if it is none yet: running numbers look like ids, and a few quarters like words.
    Months such as 3.2024 become dates: as numbers all of one month come before all of the next, whatever the year.

    Args:
        schema: As it stands.
        name: The column's.
        cells: Some of its cells.

    Raises:
        SchemaError: There is no such column, or its cells do not follow one another.
    """
    column = schema[name]
    read = _read(column, [cell for cell in cells if present(cell)])
    said = schema.corrected(name, kind=read.kind.value, role=Role.TIME.value)
    kept = AS_WRITTEN if read.kind is Kind.DATE else said[name].kept
    styled = replace(said[name], decimal=read.decimal, way=read.way, kept=kept)
    return replace(said, columns=tuple(styled if each.name == name else each for each in said.columns))


def _read(column: Column, given: Sequence[Cell]) -> Column:
    if given and column.kind is not Kind.DATE:
        if tell_months(given):
            return replace(column, kind=Kind.DATE, way=ISO)
        _check_months(column, given)
    return column if column.kind in MEASURED else _measured(column, given)


def _check_months(column: Column, given: Sequence[Cell]) -> None:
    """Refuses months that were read as numbers, of which October 2020 is 10.202; those of one year are in order."""
    months = [cell for cell in given if is_month(cell if isinstance(cell, str) else f"{float(cell or 0):.4f}")]
    whole = [cell for cell in months if isinstance(cell, float) and is_month(text_of(cell)) and round(cell, 4) == cell]
    if whole and len(months) >= MOSTLY * len(given):
        raise SchemaError(
            fact=f"“{column.name}” cannot say when a row came about.",
            reason=f"{len(months):,} of {len(given):,} values look like months and are numbers, such as "
            f"{text_of(whole[0])}, by which December of a year would come after all other months of the next.",
            remedy="Write all of them like 2026-03 and begin a project with that table, name another column, or leave "
            "the time out.",
        )


def _measured(column: Column, given: Sequence[Cell]) -> Column:
    """A column as dates or numbers, whichever reads more of its cells."""
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
