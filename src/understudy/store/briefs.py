"""Briefs in the ledger: every version, who wrote it, when and why."""

from datetime import datetime

from sqlalchemy import RowMapping, func, insert, select

from understudy.domain.brief import Brief, BriefVersion
from understudy.store.codec import as_json, from_json
from understudy.store.database import Database
from understudy.store.projects import hold, require
from understudy.store.schema import briefs


def add(database: Database, project: str, brief: Brief, *, by: str, reason: str, at: datetime) -> BriefVersion:
    """Adds a version; see `Ledger.add_brief`."""
    latest = select(briefs).where(briefs.c.project == project).order_by(briefs.c.number.desc()).limit(1)
    with database.writing() as connection:
        hold(connection, project)
        row = connection.execute(latest).mappings().one_or_none()
        last = None if row is None else _version(row)
        if last is not None and last.brief == brief:
            return last
        version = BriefVersion(1 if last is None else last.number + 1, brief, by, at, reason)
        values = {"project": project, "number": version.number, "brief": as_json(Brief, brief)}
        connection.execute(insert(briefs), {**values, "by": by, "reason": reason, "at": at})
    return version


def every(database: Database, project: str) -> list[BriefVersion]:
    """Every version, oldest first."""
    query = select(briefs).where(briefs.c.project == project).order_by(briefs.c.number)
    with database.reading() as connection:
        require(connection, project)
        return [_version(row) for row in connection.execute(query).mappings()]


def latest(database: Database, project: str) -> BriefVersion | None:
    """The version that stands, or None."""
    newest = select(func.max(briefs.c.number)).where(briefs.c.project == project).scalar_subquery()
    query = select(briefs).where(briefs.c.project == project, briefs.c.number == newest)
    with database.reading() as connection:
        require(connection, project)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _version(row)


def _version(row: RowMapping) -> BriefVersion:
    return BriefVersion(row["number"], from_json(Brief, row["brief"]), row["by"], row["at"], row["reason"])
