"""Facts in the ledger: what was measured of an input, by its digest, so that it is measured once."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, exists, select

from understudy.domain.rule import Fact
from understudy.store.database import Database, insert_missing
from understudy.store.decisions import in_chunks
from understudy.store.examples import is_there
from understudy.store.projects import hold
from understudy.store.schema import examples, facts
from understudy.store.service_schema import erasures


def record(database: Database, project: str, kind: str, measured: Mapping[str, Mapping[str, Fact]]) -> None:
    """Keeps facts by digest; what is kept already stays as it is, and nothing is kept of what was deleted meanwhile."""
    with database.writing() as connection:
        hold(connection, project)
        for digests in in_chunks(sorted(measured)):
            deleted = _deleted(connection, digests)
            rows = [
                {"digest": digest, "kind": kind, "facts": dict(measured[digest])}
                for digest in digests
                if digest not in deleted
            ]
            if rows:
                connection.execute(insert_missing(connection, facts), rows)


def _deleted(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Which inputs somebody deleted, and no project has as an example any more."""
    kept = exists().where(examples.c.digest == erasures.c.digest, is_there())
    query = select(erasures.c.digest).where(erasures.c.digest.in_(digests), ~kept)
    return set(connection.execute(query).scalars())


def of(database: Database, kind: str, digests: Iterable[str]) -> dict[str, dict[str, Fact]]:
    """The facts that are kept, by digest; an input that was never measured is missing."""
    found: dict[str, dict[str, Fact]] = {}
    with database.reading() as connection:
        for chunk in in_chunks(list(digests)):
            query = select(facts.c.digest, facts.c.facts).where(facts.c.kind == kind, facts.c.digest.in_(chunk))
            found.update((digest, kept) for digest, kept in connection.execute(query))
    return found
