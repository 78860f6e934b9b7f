"""Tables to which a project's rows are only ever added: data audits, acceptances, rules, curves and reviews.

One is told anew in its place only to take out names of what was forgotten.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, delete, insert, select

from understudy.store.database import Database
from understudy.store.projects import hold, require

Row = Mapping[str, Any]


def append(database: Database, table: Table, project: str, **values: Any) -> None:
    """Adds a row."""
    with database.writing() as connection:
        hold(connection, project)
        connection.execute(insert(table), {"project": project, **values})


def rewrite(database: Database, table: Table, project: str, number: int, **values: Any) -> None:
    """Puts a row with other values in the place of one, 1 for the oldest: a row of these tables is never updated."""
    with database.writing() as connection:
        hold(connection, project)
        query = _of(table, project).order_by(table.c.id).offset(number - 1).limit(1)
        row = dict(connection.execute(query).mappings().one())
        connection.execute(delete(table).where(table.c.id == row["id"]))
        connection.execute(insert(table), {**row, **values})


def rows(database: Database, table: Table, project: str) -> list[Row]:
    """Every row, oldest first."""
    with database.reading() as connection:
        require(connection, project)
        return [dict(row) for row in connection.execute(_of(table, project).order_by(table.c.id)).mappings()]


def latest(
    database: Database, table: Table, project: str, *, until: datetime | None = None, **wanted: Any
) -> Row | None:
    """The row added last, among those with the wanted values and of no later moment, or None."""
    query = _of(table, project).where(*(table.c[name] == value for name, value in wanted.items()))
    query = query if until is None else query.where(table.c.at <= until)
    with database.reading() as connection:
        require(connection, project)
        row = connection.execute(query.order_by(table.c.id.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else dict(row)


def _of(table: Table, project: str) -> Select[Any]:
    return select(table).where(table.c.project == project)
