"""Many rows in one statement, for what is written with every request.

A driver that runs one statement a row lets go of the interpreter at each, and then waits for a busy event loop to hand
it back; one statement a table waits once. Values go to the database as they are, past the column types of the schema:
whoever uses this says what a row looks like in the database.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from understudy.store.driver import Driver
from understudy.store.errors import no_zone

MOST = 64
"""Rows of one statement in SQLite."""

Row = tuple[Any, ...]


class RowWriter:
    """Adds rows within a transaction.

    Args:
        connection: Of the transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._driver = Driver(connection)
        self._dialect = connection.dialect
        self._zone = "" if self._driver.sqlite else "+00"

    def insert(self, table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        """Adds rows whose values are texts, numbers, bytes or None, in the order of `columns`."""
        if self._driver.sqlite:
            for start in range(0, len(rows), MOST):
                part = rows[start : start + MOST]
                self._driver.run(_values(table.name, columns, len(part)), tuple(chain.from_iterable(part)))
        elif rows:
            self._driver.run(
                _arrays(table, columns, self._dialect), [list(column) for column in zip(*rows, strict=True)]
            )

    def moment(self, at: datetime) -> str:
        """A moment as the database reads it; SQLite keeps this very text, in UTC and without a zone.

        Raises:
            NaiveTime: It has no time zone.
        """
        if at.tzinfo is None:
            raise no_zone(at)
        moment = at if at.tzinfo is UTC else at.astimezone(UTC)
        return moment.replace(tzinfo=None).isoformat(" ", "microseconds") + self._zone


@lru_cache(maxsize=512)
def _values(table: str, columns: tuple[str, ...], size: int) -> str:
    """For SQLite, which keeps one prepared for every size."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({_names(columns)}) VALUES {', '.join([row] * size)}"  # noqa: S608 - all of it is our own


@lru_cache(maxsize=64)
def _arrays(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """For PostgreSQL, which is handed each column whole: the same statement for any number of rows, in their order."""
    kinds = [table.c[column].type.compile(dialect=dialect) for column in columns]
    arrays = ", ".join(f"%b::{kind}[]" for kind in kinds)
    return f"INSERT INTO {table.name} ({_names(columns)}) SELECT * FROM unnest({arrays})"  # noqa: S608 - all of it is our own


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
