"""Leftovers: inputs that the ledger has forgotten, and of which something may still lie beside it.

They go on the list in the transaction that forgets them, so nothing is lost where what comes after it fails or breaks
off.
"""

from collections.abc import Collection

from sqlalchemy import delete, func, select

from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.inputs import in_use
from understudy.store.service_schema import leftovers


def some(database: Database, limit: int) -> list[str]:
    """Some of the list; see `Ledger.leftovers`."""
    with database.reading() as connection:
        query = select(leftovers.c.digest).order_by(func.random()).limit(limit)
        return list(connection.execute(query).scalars())


def used_again(database: Database, digests: Collection[str]) -> set[str]:
    """Those that came again; see `Ledger.used_again`."""
    found: set[str] = set()
    with database.reading() as connection:
        for chunk in in_chunks(sorted(digests)):
            found |= in_use(connection, chunk)
    return found


def strike(database: Database, digests: Collection[str]) -> None:
    """Takes some off the list; see `Ledger.strike_leftovers`."""
    with database.writing() as connection:
        for chunk in in_chunks(sorted(digests)):
            connection.execute(delete(leftovers).where(leftovers.c.digest.in_(chunk)))
