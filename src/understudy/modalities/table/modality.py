"""Tables as a modality: a row is an input."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from understudy.domain.errors import UnderstudyError
from understudy.domain.rule import Fact
from understudy.modalities.protocol import Encoder, Measured, Pair, Preparer
from understudy.modalities.table.cells import text_of
from understudy.modalities.table.row import cells_in

LONGEST_FACT = 2000
"""Characters of a cell that the audit looks at."""


class NoEncoder(UnderstudyError):
    """Rows have no encoder of features: their search reads the cells themselves."""


class TableModality:
    """Rows of tables, as canonical JSON objects."""

    name = "table"
    plural = "rows"
    suffixes: frozenset[str] = frozenset()
    formats = "a row of a CSV, TSV, JSON-lines, Parquet or Excel table, or of a database query"
    search = "understudy.search.tables.job:run"
    curve = "understudy.search.tables.learning_job:run"
    facts_kind = "table/1"
    origin_facts: frozenset[str] = frozenset()
    look_facts: frozenset[str] = frozenset()
    watched_facts: frozenset[str] = frozenset()

    def media_type(self, data: bytes) -> str:  # noqa: ARG002
        """Always JSON."""
        return "application/json"

    def inspect(self, data: bytes) -> Measured:
        """Reads a row; see `Modality`."""
        cells = cells_in(data)
        missing = sum(cell is None for cell in cells.values())
        return Measured(remark="all cells are empty" if cells and missing == len(cells) else "")

    def pairs(self, fingerprints: Sequence[str], *, newcomers: int) -> Iterable[Pair]:  # noqa: ARG002
        """None: rows that are the same have the same bytes, and rows that are nearly the same may well be two."""
        return ()

    def facts(self, data: bytes) -> dict[str, Fact]:
        """The row's own cells; flags as words."""
        return {name: _fact(cell) for name, cell in cells_in(data).items()}

    def encoder(self, name: str | None) -> Encoder:
        """There is none.

        Raises:
            NoEncoder: Always.
        """
        raise NoEncoder(
            fact=f"Rows of a table take no encoder{f' “{name}”' if name else ''}.",
            reason="Their search reads the cells themselves.",
            remedy="Leave the encoder out.",
        )

    def preparer(self, described: Mapping[str, Any], assets: Mapping[str, bytes]) -> Preparer:
        """There is none; models of tables are no graphs.

        Raises:
            ValueError: Always.
        """
        raise ValueError(f"rows have no preparer, and this asks for one: {sorted(described)}, {sorted(assets)}")

    def golden(self) -> tuple[bytes, ...]:
        """A row without cells, which every model can answer; a model adds rows of its own columns."""
        return (json.dumps({}).encode(),)


def _fact(cell: str | float | bool | None) -> Fact:
    if isinstance(cell, bool):
        return text_of(cell)
    return cell[:LONGEST_FACT] if isinstance(cell, str) else cell


MODALITY = TableModality()
