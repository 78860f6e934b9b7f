"""Facts in the ledger: what was measured of an input, by its digest, so that it is measured once."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from understudy.domain.rule import Fact
from understudy.store.database import Database, insert_missing
from understudy.store.schema import facts

CHUNK = 500


def record(database: Database, kind: str, measured: Mapping[str, Mapping[str, Fact]]) -> None:
    """Keeps facts by digest; what is kept already stays as it is."""
    rows: list[dict[str, Any]] = [
        {"digest": digest, "kind": kind, "facts": dict(found)} for digest, found in sorted(measured.items())
    ]
    with database.writing() as connection:
        for start in range(0, len(rows), CHUNK):
            connection.execute(insert_missing(connection, facts), rows[start : start + CHUNK])


def of(database: Database, kind: str, digests: Iterable[str]) -> dict[str, dict[str, Fact]]:
    """The facts that are kept, by digest; an input that was never measured is missing."""
    found: dict[str, dict[str, Fact]] = {}
    wanted = list(digests)
    with database.reading() as connection:
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            query = select(facts.c.digest, facts.c.facts).where(facts.c.kind == kind, facts.c.digest.in_(chunk))
            found.update((digest, kept) for digest, kept in connection.execute(query))
    return found
