"""Many rows in one statement, for what is written with every request.

A driver that runs one statement a row lets go of the interpreter at each, and then waits for a busy event loop to hand
it back; one statement a table waits once. Values go to the database as they are, past the column types of the schema:
whoever uses this says what a row looks like in the database.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table

from understudy.store.driver import Driver
from understudy.store.errors import no_zone

MOST = 64
"""Rows of one statement."""

Row = tuple[Any, ...]


class RowWriter:
    """Adds rows within a transaction.

    Args:
        connection: Of the transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._driver = Driver(connection)
        self._zone = "" if self._driver.sqlite else "+00"

    def insert(self, table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        """Adds rows whose values are texts, numbers, bytes or None, in the order of `columns`."""
        start = 0
        for size in _sizes(len(rows), exact=self._driver.sqlite):
            values = tuple(chain.from_iterable(rows[start : start + size]))
            self._driver.run(_statement(table.name, columns, size, self._driver.mark), values)
            start += size

    def moment(self, at: datetime) -> str:
        """A moment as the database reads it; SQLite keeps this very text, in UTC and without a zone.

        Raises:
            NaiveTime: It has no time zone.
        """
        if at.tzinfo is None:
            raise no_zone(at)
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds") + self._zone


def _sizes(count: int, *, exact: bool) -> Iterator[int]:
    """Rows of each statement. SQLite keeps one prepared for every size; PostgreSQL few, so there in powers of two."""
    size = MOST
    while count:
        while size > count:
            size = count if exact else size // 2
        yield size
        count -= size


@lru_cache(maxsize=512)
def _statement(table: str, columns: tuple[str, ...], size: int, mark: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    row = f"({', '.join([mark] * len(columns))})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * size)}"  # noqa: S608 - all of it is our own
