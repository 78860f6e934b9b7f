"""Infers a table's schema from some of its rows."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.table.cells import (
    Cell,
    NumberStyle,
    endless,
    is_month,
    mixed_dates,
    moment_of,
    number_of,
    present,
    spread,
    style_of,
    text_of,
    way_of,
)
from understudy.modalities.table.schema import MEASURED, Column, Kind, Role, TableSchema

ENOUGH: Final = 10_000
"""Rows from which a schema is inferred; more of them, drawn from all over a table, would say the same."""
MOSTLY: Final = 0.97
"""Share of cells that have to be numbers or dates for their column to be one; the rest counts as missing."""
HALF: Final = 0.5
"""Share of cells that have to be numbers for their column to be one, where the others are numbers without end."""
FEW_CODES: Final = 12
"""Different whole numbers up to which written codes (“01”) are categories."""
ID_SHARE: Final = 0.98
ID_ROWS: Final = 50
"""Rows from which a column can be told to be an id."""
TEXT_WORDS: Final = 3.5
TEXT_SHARE: Final = 0.5
"""Different cells by rows, from which several words make a text."""
SOME_DATES: Final = 60
"""Cells from which it is told that dates are written in several ways."""
MIXED_DATES: Final = "dates written in several ways"
_ID_WORDS: Final = frozenset(
    [
        "id",
        "ids",
        "uuid",
        "guid",
        "key",
        "no",
        "nr",
        "num",
        "nummer",
        "kennung",
        "numéro",
        "identifiant",
        "codigo",
        "código",
        "codice",
        "serial",
        "ref",
        "index",
        "row",
        "instant",
        "policynumber",
        "customerid",
        "番号",
        "编号",
    ]
)
_ID_SHAPE: Final = re.compile(r"(?=.*\d)[\w./:#-]+")


def infer_schema(
    rows: Sequence[Mapping[str, Cell]], *, target: str | None = None, run: Sequence[Mapping[str, Cell]] | None = None
) -> TableSchema:
    """Guesses what the columns are.

    The order of the rows says one thing: numbers that count up with it, row for row, tell rows apart and no more. The
    same numbers in any other order may be ranks, from which there is something to learn. All else means the same in
    whatever order rows stand.

    Args:
        rows: Some rows, as `Frame.rows` gives them; all of a small table, thousands from all over a large one.
        target: Which column is to be answered, or None if none of them is.
        run: Rows of a large table that stand one after the other: only there an id is seen to count up, or what is none
            to come again at once. None where these are all rows.

    Returns:
        Columns in the order of their first appearance. Ids and constants are held out; all else is a feature.

    Raises:
        SchemaError: The target is none of the columns.
    """
    some = rows[:ENOUGH]
    names = list(dict.fromkeys(name for row in some for name in row))
    columns = [
        _inferred(name, [row.get(name) for row in some], run=None if run is None else [row.get(name) for row in run])
        for name in names
    ]
    schema = TableSchema(tuple(columns))
    if target is None:
        return schema
    found = schema[target]
    column = replace(found, role=Role.TARGET, why="what is to be answered")
    return TableSchema(tuple(column if each.name == target else each for each in columns))


def kind_of(cell: Cell) -> Kind:
    """What a column seems to hold of which one cell is known."""
    if not present(cell):
        return Kind.CONSTANT
    if isinstance(cell, bool):
        return Kind.FLAG
    if not isinstance(cell, str) or math.isfinite(number_of(cell)):
        return Kind.NUMBER
    if way_of([cell]) is not None:
        return Kind.DATE
    return Kind.TEXT if len(cell.split()) >= TEXT_WORDS else Kind.CATEGORY


def infer_anew(schema: TableSchema, rows: Sequence[Mapping[str, Cell]], *, more: bool) -> TableSchema:
    """What columns are by the rows that there are now, as far as nobody said it.

    What a person corrected stays, and so do the answer, what says what belongs together or when, and what is held out
    for another reason than what it holds. What differed once is no constant; an id stays one while its cells differ.
    What says when stays a number or a date.

    Args:
        schema: As it stands.
        rows: Some of the rows as they are kept, drawn by chance: the answer is not among their cells.
        more: Whether columns that only the rows have are columns of the table, too.
    """
    some = rows[:ENOUGH]
    known = {column.name for column in schema.columns}
    names = dict.fromkeys(name for row in some for name in row if name not in known) if more else ()
    found = [_inferred(name, [row.get(name) for row in some]) for name in names]
    anew = [_anew(column, [row.get(column.name) for row in some]) for column in schema.columns]
    return replace(schema, columns=(*anew, *found))


def _anew(column: Column, cells: Sequence[Cell]) -> Column:
    if _stays(column):
        return column
    found = _inferred(column.name, cells, column.decimal)
    if found.kind is Kind.CONSTANT or (column.role is Role.TIME and not _follow(found, column, cells)):
        return column
    if column.kind is Kind.ID and _all_differ(cells):
        return column
    found = replace(found, kept="" if found.keeping == column.keeping else column.keeping)
    named = column.by_person or column.role in {Role.GROUP, Role.TIME}
    return replace(found, role=column.role, why=column.why) if named else found


def _follow(found: Column, before: Column, cells: Sequence[Cell]) -> bool:
    """Whether what cells are found to be says when, as well as what they were taken for before."""
    months = before.kind is Kind.DATE and tell_months([cell for cell in cells if present(cell)])
    return found.kind in MEASURED and not (months and found.kind is Kind.NUMBER)


def tell_months(cells: Sequence[Cell]) -> bool:
    """Whether nearly all of some cells are texts such as 3.2024: numbers, too, but not in the order of months."""
    return sum(isinstance(cell, str) and is_month(cell) for cell in cells) >= MOSTLY * len(cells)


def _stays(column: Column) -> bool:
    """Whether a column is what it is for another reason than its cells; who let a constant count said no kind."""
    if column.by_person:
        return column.role is Role.HELD_OUT or column.kind is not Kind.CONSTANT
    held_out = column.role is Role.HELD_OUT and column.kind not in {Kind.CONSTANT, Kind.ID}
    return held_out or column.role is Role.TARGET


def _all_differ(cells: Sequence[Cell]) -> bool:
    given = [text_of(cell) for cell in cells if present(cell)]
    return len(set(given)) >= ID_SHARE * len(given)


def _inferred(name: str, cells: Sequence[Cell], decimal: str = ".", run: Sequence[Cell] | None = None) -> Column:
    # Each different cell is understood once. 1, 1.0 and True are equal and do not read alike.
    counts = Counter(zip(map(type, cells), cells, strict=True))
    known = {(kind, cell): (cell, count) for (kind, cell), count in counts.items() if present(cell)}
    total = sum(count for _, count in known.values())
    different: Counter[str] = Counter()
    for cell, count in known.values():
        different[text_of(cell)] += count
    if len(different) <= 1:
        return Column(name, Kind.CONSTANT, Role.HELD_OUT, "the same in all rows" if different else "empty in all rows")
    if len(different) == 2 and total > 2:
        return Column(name, Kind.FLAG, Role.FEATURE, f"“{min(different)}” or “{max(different)}”")
    given = [cell for cell in cells if (type(cell), cell) in known]
    return _of_many(name, given, different, decimal, None if run is None else [cell for cell in run if present(cell)])


def _of_many(
    name: str, given: Sequence[Cell], different: Mapping[str, int], decimal: str, run: Sequence[Cell] | None
) -> Column:
    """What a column of many values is.

    Args:
        name: The column's.
        given: Its cells that say something.
        different: How often each text is there.
        decimal: What stands before the fraction of its numbers, where none of them tells.
        run: Those of rows that stand one after the other, where the others do not.
    """
    texts = [cell for cell in given if isinstance(cell, str)]
    style = style_of(texts, decimal)
    finite = [cell for cell in given if not endless(cell)]
    numbers = _numbers(finite, style)
    enough = np.isfinite(numbers).sum() >= max(MOSTLY * len(finite), HALF * len(given))
    if enough and not _codes(texts, different):
        return _number(name, finite, numbers, different, style, run)
    way = way_of(texts) if len(texts) >= MOSTLY * len(given) else None
    if way is not None and _all_dates(texts, way):
        return Column(name, Kind.DATE, Role.FEATURE, "dates", way=way)
    if way is None and len(texts) >= MOSTLY * len(given) and mixed_dates(spread(texts, SOME_DATES)):
        return Column(name, Kind.CATEGORY, Role.FEATURE, MIXED_DATES)
    return _words(name, given, different, run)


def _numbers(given: Sequence[Cell], style: NumberStyle) -> npt.NDArray[np.float64]:
    """The number in each cell; NaN where there is none."""
    found = {key: number_of(key[1], style) for key in set(zip(map(type, given), given, strict=True))}
    return np.array([found[type(cell), cell] for cell in given])


def _all_dates(texts: Sequence[str], way: str) -> bool:
    dates = sum(not math.isnan(moment_of(text, way)) for text in texts)
    return dates >= MOSTLY * len(texts)


def _codes(texts: Sequence[str], different: Mapping[str, int]) -> bool:
    """Whether numbers are names, with zeros in front, of one length, as postal codes are; or months, as in 03.2024."""
    if tell_months(texts) and any(text.startswith("0") for text in texts):
        return True
    padded = sum(text.startswith("0") and text.isdigit() and len(text) > 1 for text in texts)
    return padded > 0 and all(text.isdigit() for text in texts) and (
        len({len(text) for text in texts}) == 1 or len(different) <= FEW_CODES
    )  # fmt: skip


def _number(
    name: str,
    given: Sequence[Cell],
    numbers: npt.NDArray[np.float64],
    different: Mapping[str, int],
    style: NumberStyle,
    run: Sequence[Cell] | None,
) -> Column:
    known = numbers[np.isfinite(numbers)]
    whole = bool(np.all(known == np.round(known)))
    counting = known if run is None else _numbers(run, style)
    if whole and _own(given, different, run) and (_named_id(name) or _counts_up(counting)):
        return Column(name, Kind.ID, Role.HELD_OUT, "a number of its own for every row", decimal=style.decimal)
    written = any(isinstance(cell, str) and not _plain(cell) for cell in given)
    why = "numbers, written as text" if written else "whole numbers" if whole else "numbers"
    return Column(name, Kind.NUMBER, Role.FEATURE, why, decimal=style.decimal)


def _own(given: Sequence[Cell], different: Mapping[str, int], run: Sequence[Cell] | None) -> bool:
    """Whether nearly every row has a value of its own, also among those that stand one after the other."""
    unique = len(different) >= ID_SHARE * len(given) and len(given) >= ID_ROWS
    return unique and (run is None or _all_differ(run))


def _counts_up(numbers: npt.NDArray[np.float64]) -> bool:
    """Whether numbers count rows as they stand, from the first or from the last."""
    steps = np.diff(numbers)
    return len(numbers) >= ID_ROWS and bool(np.all(steps == 1.0) or np.all(steps == -1.0))


def _plain(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d*\.?\d+([eE][-+]?\d+)?", cell.strip()) is not None


def _words(name: str, given: Sequence[Cell], different: Mapping[str, int], run: Sequence[Cell] | None) -> Column:
    share = len(different) / len(given)
    words = sum(len(text.split()) * count for text, count in different.items()) / len(given)
    if words >= TEXT_WORDS and share >= TEXT_SHARE and len(different) > FEW_CODES:
        return Column(name, Kind.TEXT, Role.FEATURE, f"text of about {words:.0f} words")
    shaped = sum(_ID_SHAPE.fullmatch(text) is not None for text in different) >= MOSTLY * len(different)
    own = _own(given, different, run)
    if own and (shaped or (_named_id(name) and words < 2)):
        return Column(name, Kind.ID, Role.HELD_OUT, "a value of its own for nearly every row")
    if own:
        return Column(name, Kind.TEXT, Role.FEATURE, "words that hardly come again")
    return Column(name, Kind.CATEGORY, Role.FEATURE, f"{len(different):,} different values")


def _named_id(name: str) -> bool:
    parts = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    words = {part.lower() for part in parts} | {name.lower().replace("_", "").replace(" ", "")}
    return not words.isdisjoint(_ID_WORDS) or any(
        word.endswith(("number", "nummer")) and len(parts) > 1 for word in words
    )
