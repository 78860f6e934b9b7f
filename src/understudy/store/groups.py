"""Groups that came into the family of another, whose key their examples bear, and whose each of these is."""

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import Connection, select

from understudy.store.database import Database, insert_missing
from understudy.store.examples import CHUNK, add_beside
from understudy.store.projects import hold, require
from understudy.store.schema import examples, other_groups, own_groups


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


def add_own(database: Database, project: str, owners: Iterable[tuple[str, str]]) -> None:
    """Adds whose examples are; see `Ledger.add_own_groups`."""
    rest = iter(owners)
    while chunk := list(islice(rest, CHUNK)):
        with database.writing() as connection:
            hold(connection, project)
            rows = [{"project": project, "digest": digest, "name": name} for digest, name in chunk]
            rows += _told_before(connection, project, [digest for digest, _ in chunk])
            connection.execute(insert_missing(connection, own_groups), rows)


def _told_before(connection: Connection, project: str, digests: Sequence[str]) -> list[dict[str, str]]:
    """Of examples whose group alone said whose they are: that group, which now stands beside others."""
    theirs = (own_groups.c.project == project, own_groups.c.digest.in_(digests))
    told = set(connection.execute(select(own_groups.c.digest).where(*theirs)).scalars())
    here = (examples.c.project == project, examples.c.digest.in_([each for each in digests if each not in told]))
    rows = connection.execute(select(examples.c.digest, examples.c.group).where(*here)).all()
    return [{"project": project, "digest": digest, "name": group} for digest, group in rows if group != digest]
