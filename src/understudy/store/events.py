"""Events in the ledger: what happened to models in service besides changes of stage."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select

from understudy.domain.stage import Event, EventKind
from understudy.store.database import Database
from understudy.store.deliveries import Notice, send
from understudy.store.projects import hold, require
from understudy.store.records import plain
from understudy.store.service_schema import events


def record(database: Database, project: str, event: Event, notices: Sequence[Notice]) -> Event:
    """Records an event; see `Ledger.record_event`."""
    with database.writing() as connection:
        hold(connection, project)
        recorded = insert_event(connection, project, event)
        send(connection, project, notices)
    return recorded


def insert_event(connection: Connection, project: str, event: Event) -> Event:
    """Adds an event to a project that the transaction holds."""
    last = select(func.coalesce(func.max(events.c.number), 0)).where(events.c.project == project)
    numbered = replace(event, number=int(connection.execute(last).scalar_one()) + 1, evidence=plain(event.evidence))
    row = {
        "project": project,
        "number": numbered.number,
        "kind": event.kind.value,
        "model": event.model,
        "fact": event.fact,
        "evidence": numbered.evidence,
        "at": event.at,
    }
    connection.execute(insert(events), row)
    return numbered


def after(database: Database, project: str, number: int, limit: int) -> list[Event]:
    """Events after one, oldest first; see `Ledger.events`."""
    query = (
        select(events)
        .where(events.c.project == project, events.c.number > number)
        .order_by(events.c.number)
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        return [
            Event(EventKind(row["kind"]), row["model"], row["fact"], row["at"], row["evidence"], row["number"])
            for row in connection.execute(query).mappings()
        ]
