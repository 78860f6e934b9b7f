"""The driver below SQLAlchemy, for the few statements that go with every request.

To put such a statement together and to wrap its result takes SQLAlchemy ten times as long as the database takes to run
it. Here it goes to the driver as it is, within the same transaction, and with the same errors.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


class Driver:
    """Runs statements of our own making within a transaction.

    Args:
        connection: Of the transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor = connection.connection.cursor()
        self.sqlite = connection.dialect.name == "sqlite"
        self.mark = "?" if self.sqlite else "%s"

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Runs a statement whose values are marked by `mark`.

        Raises:
            DBAPIError: As SQLAlchemy raises it, `IntegrityError` where a constraint forbids.
        """
        dialect = self._connection.dialect
        base: type[Exception] = dialect.loaded_dbapi.Error
        try:
            self._cursor.execute(statement, values)
        except base as error:
            raise DBAPIError.instance(statement, None, error, base, dialect=dialect) from error

    def number(self, statement: str, values: Sequence[Any] = ()) -> int | None:
        """The one number that a query gives, or None where it gives no row; see `run`."""
        self.run(statement, values)
        row = self._cursor.fetchone()
        return None if row is None else int(row[0])

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row that a query gives; see `run`."""
        self.run(statement, values)
        return list(self._cursor.fetchall())
