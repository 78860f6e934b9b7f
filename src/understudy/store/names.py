"""Names of examples: the one under which each arrived, and others that stand for the same input."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.examples import CHUNK, add_beside, is_there
from understudy.store.projects import require
from understudy.store.schema import examples, other_names


def add(database: Database, project: str, names: Iterable[tuple[str, str]]) -> None:
    """Adds other names; see `Ledger.add_names`."""
    add_beside(database, other_names, project, ({"name": name, "digest": digest} for name, digest in names))


def named(database: Database, project: str, name: str) -> set[str]:
    """Digests of the examples with a name; see `Ledger.named`."""
    first = select(examples.c.digest).where(examples.c.project == project, examples.c.name == name, is_there())
    joined = (other_names.c.project == examples.c.project) & (other_names.c.digest == examples.c.digest)
    others = select(examples.c.digest).join(other_names, joined).where(examples.c.project == project, is_there())
    with database.reading() as connection:
        require(connection, project)
        found = set(connection.execute(first).scalars())
        return found or set(connection.execute(others.where(other_names.c.name == name)).scalars())


def bearers(database: Database, project: str, names: Collection[str]) -> dict[str, str]:
    """By name, the digest of the example that alone bears it; see `Ledger.bearers`."""
    found: dict[str, list[str]] = {}
    query = select(examples.c.name, examples.c.digest).where(examples.c.project == project, is_there())
    with database.reading() as connection:
        require(connection, project)
        for some in in_chunks(sorted(names)):
            for name, digest in connection.execute(query.where(examples.c.name.in_(some))):
                found.setdefault(name, []).append(digest)
    return {name: digests[0] for name, digests in found.items() if len(digests) == 1}


def of(database: Database, project: str, digests: Sequence[str]) -> set[str]:
    """All names of some examples; see `Ledger.names_of`."""
    found: set[str] = set()
    with database.reading() as connection:
        require(connection, project)
        for table in (examples, other_names):
            for start in range(0, len(digests), CHUNK):
                known = (table.c.project == project, table.c.digest.in_(digests[start : start + CHUNK]))
                found |= set(connection.execute(select(table.c.name).where(*known)).scalars())
    return found - {""}
