"""Processes in the ledger: who serves just now, and who has what only one may do at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_in_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite

from understudy.store.database import Database
from understudy.store.service_schema import leases, workers


@dataclass(frozen=True)
class Worker:
    """A process that serves.

    Attributes:
        id: Its own, never used again.
        pid: Its number on its machine.
        host: That machine.
        started_at: UTC.
        beat_at: When it was last heard of, UTC; None before the first time.
    """

    id: str
    pid: int
    host: str
    started_at: datetime
    beat_at: datetime | None = None


def take_lease(database: Database, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Takes or prolongs a lease; see `Ledger.take_lease`."""
    row = {"name": name, "holder": holder, "until": until}
    free = or_(leases.c.holder == holder, leases.c.until <= now)
    with database.writing() as connection:
        insertion = _insertion(leases, connection.dialect.name)
        taking = insertion.on_conflict_do_update(index_elements=["name"], set_=row, where=free)
        return connection.execute(taking.returning(leases.c.name), row).first() is not None


def beat(database: Database, worker: Worker, now: datetime) -> None:
    """Says that a worker lives; see `Ledger.beat`."""
    row = {
        "id": worker.id,
        "pid": worker.pid,
        "host": worker.host,
        "started_at": worker.started_at,
        "beat_at": now,
    }
    with database.writing() as connection:
        insertion = _insertion(workers, connection.dialect.name)
        connection.execute(insertion.on_conflict_do_update(index_elements=["id"], set_={"beat_at": now}), row)


def living(database: Database, since: datetime) -> list[Worker]:
    """Who was heard of since then; see `Ledger.workers`."""
    query = select(workers).where(workers.c.beat_at >= since).order_by(workers.c.started_at, workers.c.id)
    with database.reading() as connection:
        return [Worker(**row) for row in connection.execute(query).mappings()]


def part(database: Database, worker: Worker) -> None:
    """Says that a worker ends; see `Ledger.part`."""
    with database.writing() as connection:
        connection.execute(delete(workers).where(workers.c.id == worker.id))
        connection.execute(delete(leases).where(leases.c.holder == worker.id))


def _insertion(table: Table, dialect: str) -> Any:
    return insert_in_postgresql(table) if dialect == "postgresql" else insert_in_sqlite(table)
