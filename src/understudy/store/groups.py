"""Groups that came into the family of another, whose key their examples bear."""

from collections.abc import Iterable

from sqlalchemy import select

from understudy.store.database import Database
from understudy.store.examples import add_beside
from understudy.store.projects import require
from understudy.store.schema import other_groups


def add(database: Database, project: str, groups: Iterable[tuple[str, str]]) -> None:
    """Adds groups; see `Ledger.add_groups`."""
    add_beside(database, other_groups, project, ({"name": name, "family": family} for name, family in groups))


def of(database: Database, project: str) -> tuple[tuple[str, str], ...]:
    """All of a project; see `Ledger.other_groups`."""
    wanted = select(other_groups.c.name, other_groups.c.family).where(other_groups.c.project == project)
    with database.reading() as connection:
        require(connection, project)
        found = connection.execute(wanted.order_by(other_groups.c.name, other_groups.c.family))
        return tuple((row.name, row.family) for row in found)
