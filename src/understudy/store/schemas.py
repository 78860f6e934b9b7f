"""Schemas in the ledger: what the columns of a project's table hold, each version with who wrote it and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from understudy.store.database import Database
from understudy.store.projects import hold, require
from understudy.store.schema import schemas


def add(database: Database, project: str, schema: Mapping[str, Any], *, by: str, at: datetime) -> int:
    """Adds a version; see `Ledger.record_schema`."""
    newest = _versions(project).limit(1)
    with database.writing() as connection:
        hold(connection, project)
        row = connection.execute(newest).one_or_none()
        if row is not None and row.json == dict(schema):
            return int(row.number)
        number = 1 if row is None else int(row.number) + 1
        values = {"project": project, "number": number, "json": dict(schema), "by": by, "at": at}
        connection.execute(insert(schemas), values)
    return number


def latest(database: Database, project: str, at: datetime | None = None) -> dict[str, Any] | None:
    """The version that stands, or that stood at a moment; None where there was none."""
    versions = _versions(project) if at is None else _versions(project).where(schemas.c.at <= at)
    with database.reading() as connection:
        require(connection, project)
        row = connection.execute(versions.limit(1)).one_or_none()
    return None if row is None else dict(row.json)


def _versions(project: str) -> Any:
    return select(schemas).where(schemas.c.project == project).order_by(schemas.c.number.desc())
