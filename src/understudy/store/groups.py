"""Groups that came into the family of another, whose key their examples bear."""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import select

from understudy.store.database import Database, insert_missing
from understudy.store.examples import CHUNK
from understudy.store.projects import hold, require
from understudy.store.schema import other_groups


def add(database: Database, project: str, groups: Iterable[tuple[str, str]]) -> None:
    """Adds groups; see `Ledger.add_groups`."""
    rest = iter(groups)
    while chunk := list(islice(rest, CHUNK)):
        with database.writing() as connection:
            hold(connection, project)
            rows = [{"project": project, "name": name, "family": family} for name, family in chunk]
            connection.execute(insert_missing(connection, other_groups), rows)


def of(database: Database, project: str) -> tuple[tuple[str, str], ...]:
    """All of a project; see `Ledger.other_groups`."""
    wanted = select(other_groups.c.name, other_groups.c.family).where(other_groups.c.project == project)
    with database.reading() as connection:
        require(connection, project)
        found = connection.execute(wanted.order_by(other_groups.c.name, other_groups.c.family))
        return tuple((row.name, row.family) for row in found)
