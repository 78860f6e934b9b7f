"""How a row that is asked about fits the columns that are known: what it lacks, has besides, or writes otherwise."""

import difflib
import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from understudy.domain.finding import FindingKind
from understudy.modalities.table.cells import Cell, moment_of, number_of, present, reckonable, style_with
from understudy.modalities.table.row import cells_in, parsed
from understudy.modalities.table.schema import Column, Kind, TableSchema
from understudy.modalities.table.unreadable import RowUnreadable

MOST_NAMED: Final = 5
"""Columns that are told one by one; of more, how many there are."""
LONGEST: Final = 40
"""Letters of a name or a cell that are shown."""
NEAR: Final = 0.7
"""How alike two words are, 0..1, for one to be offered for the other."""

Said = TypeVar("Said")


def fitted(data: bytes, schema: TableSchema) -> tuple[dict[str, Cell], tuple[str, ...]]:
    """Reads a row that is asked about.

    Args:
        data: A JSON object in UTF-8.
        schema: The columns that are known.

    Returns:
        Its cells by column, and remarks on what does not fit, a sentence each: a decision can be made all the same.

    Raises:
        RowUnreadable: It is no JSON object, a cell is a list or an object, or it has none of the columns.
    """
    given = cells_in(data)
    meant = _meant(given, schema)
    cells = _renamed(given, meant)
    check_known(cells, schema)
    boundless = {meant.get(name, name) for name in _boundless(given, data)}
    told = (*meant_words(meant), *_repeated(given, data), *_lacking(cells, schema), *_besides(cells, schema))
    return cells, (*told, *_written(cells, boundless, schema))


def known_cells(data: bytes, schema: TableSchema) -> dict[str, Cell]:
    """The cells of a row under the names that are known; see `cells_in`.

    Raises:
        RowUnreadable: It is no JSON object, or a cell is a list or an object.
    """
    return under_known_names(cells_in(data), schema)


def under_known_names(row: dict[str, Said], schema: TableSchema) -> dict[str, Said]:
    """What a row says by column, under the names that are known; see `meant_by`."""
    return _renamed(row, _meant(row, schema))


def meant_by(given: Iterable[str], missing: Sequence[str]) -> dict[str, str]:
    """Which names are known ones but for capitals or blanks: from a name to the known one.

    Args:
        given: Names that are not known as they are.
        missing: Known names that are not among those given.
    """
    folded = {folded_name(name): name for name in reversed(missing)}
    meant: dict[str, str] = {}
    for name in given:
        known = folded.pop(folded_name(name), None)
        if known is not None:
            meant[name] = known
    return meant


def meant_words(meant: Mapping[str, str]) -> tuple[str, ...]:
    """What was taken for what, in a sentence; nothing where nothing was."""
    if not meant:
        return ()
    told = [f"{short(name)} is taken for {short(known)}" for name, known in islice(meant.items(), MOST_NAMED)]
    more = f", and {len(meant) - MOST_NAMED} more so" if len(meant) > MOST_NAMED else ""
    return (f"{', '.join(told)}{more}.",)


def folded_name(name: str) -> str:
    """A column's name without what is easily written otherwise."""
    return " ".join(name.split()).casefold()


def _meant(row: Mapping[str, object], schema: TableSchema) -> dict[str, str]:
    """Columns that a model sees come first, where others differ from them in capitals alone."""
    if row.keys() <= schema.names:
        return {}
    others = [name for name in row if name not in schema.names]
    return meant_by(others, [column.name for column in (*schema.seen, *schema.columns) if column.name not in row])


def _renamed(row: dict[str, Said], meant: Mapping[str, str]) -> dict[str, Said]:
    return {meant.get(name, name): said for name, said in row.items()} if meant else row


def check_known(cells: Mapping[str, Cell], schema: TableSchema) -> None:
    """Refuses a row about which nothing could be said.

    Raises:
        RowUnreadable: It has none of the columns that a model sees.
    """
    if any(column.name in cells for column in schema.seen) or not schema.seen:
        return
    known = [short(column.name) for column in schema.seen]
    near = [(name, _near(name, schema)) for name in cells]
    slips = [f"{short(name)} may mean {short(meant)}" for name, meant in near[:MOST_NAMED] if meant]
    meant = f" {', '.join(slips)}." if slips else ""
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    raise RowUnreadable(
        FindingKind.WRONG_KIND,
        "has none of the columns that are known",
        reason=f"Those are {', '.join(known[:MOST_NAMED])}{more}.{meant}",
        remedy='Write it as {"column": value, …}, with columns named as in the table that was added.',
    )


def _near(name: str, schema: TableSchema) -> str:
    """A column that is written alike; empty where none is."""
    return next(iter(difflib.get_close_matches(name[:LONGEST], [column.name for column in schema.seen], 1, NEAR)), "")


def _lacking(cells: Mapping[str, Cell], schema: TableSchema) -> Iterator[str]:
    missing = [column.name for column in schema.seen if column.name not in cells]
    if len(missing) > MOST_NAMED:
        yield f"It lacks {len(missing)} of the {len(schema.seen)} columns, which count as not known."
        return
    for name in missing:
        yield f"It lacks {short(name)}, which counts as not known."


def _besides(cells: Mapping[str, Cell], schema: TableSchema) -> Iterator[str]:
    """Columns that were never heard of; those that a model may not see are passed over without a word."""
    missing = [column.name for column in schema.seen if column.name not in cells]
    besides = [name for name in cells if name not in schema.names]
    for name in besides[:MOST_NAMED]:
        near = difflib.get_close_matches(name[:LONGEST], missing, 1, NEAR)
        meant = f"; perhaps {short(near[0])} is meant" if near else ", so it is passed over"
        yield f"{short(name)} is no column that is known{meant}."
    if len(besides) > MOST_NAMED:
        yield f"{len(besides) - MOST_NAMED} more of its columns are not known, so they are passed over."


def _repeated(given: Mapping[str, Cell], data: bytes) -> Iterator[str]:
    """Names that stand in the row more than once, of which JSON keeps the last."""
    if data.count(b":") <= len(given):
        return
    often: Counter[str] = Counter()
    json.loads(data.decode("utf-8-sig"), object_pairs_hook=lambda pairs: often.update(name for name, _ in pairs))
    for name in [name for name, count in often.items() if count > 1][:MOST_NAMED]:
        yield f"{short(name)} stands in it more than once; the last one counts."


def _written(cells: Mapping[str, Cell], boundless: Collection[str], schema: TableSchema) -> Iterator[str]:
    """Cells that say something else than their column does."""
    wrong = [column for column in schema.seen if misfits(cells.get(column.name), column)]
    for column in wrong[:MOST_NAMED]:
        what = "number" if column.kind is Kind.NUMBER else "date"
        shown = short(str(cells[column.name]))
        yield f"{short(column.name)} holds {shown}, which is no {what} and counts as not known."
    if len(wrong) > MOST_NAMED:
        yield f"{len(wrong) - MOST_NAMED} more cells are no numbers or dates where one belongs, and count as not known."
    numbers = [column.name for column in schema.seen if column.kind is Kind.NUMBER]
    for name in [name for name in numbers if isinstance(cells.get(name), bool)][:MOST_NAMED]:
        yield f"{short(name)} holds {'true, which counts as 1' if cells[name] else 'false, which counts as 0'}."
    for name in [column.name for column in schema.seen if column.name in boundless][:MOST_NAMED]:
        yield f"{short(name)} holds no number, or one too large to reckon with, which counts as not known."


def misfits(cell: Cell, column: Column) -> bool:
    """Whether a cell says something else than its column does, and so counts as not known."""
    if not isinstance(cell, str) or not present(cell):
        return False
    if column.kind is Kind.NUMBER:
        return math.isnan(number_of(cell, style_with(column.decimal)))
    return column.kind is Kind.DATE and math.isnan(moment_of(cell, column.way or "iso"))


def _boundless(cells: Mapping[str, Cell], data: bytes) -> frozenset[str]:
    """Columns whose number cannot be reckoned with, which became nothing when the row was read."""
    if all(cell is not None for cell in cells.values()):
        return frozenset()
    given: dict[str, Any] = parsed(data)
    return frozenset(name for name, cell in given.items() if isinstance(cell, int | float) and not reckonable(cell))


def short(text: str) -> str:
    """A name or a cell in quotation marks, on one line and not too long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= LONGEST else f'{line[: LONGEST - 1]}…'}”"
