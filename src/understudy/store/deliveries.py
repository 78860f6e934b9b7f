"""Deliveries in the ledger: what is to be posted or mailed, every attempt at it, and what is still to be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Subquery, case, delete, func, insert, select, update

from understudy.store.database import Database
from understudy.store.errors import UnknownDelivery
from understudy.store.projects import require
from understudy.store.records import plain
from understudy.store.service_schema import attempts, deliveries, outbox


@dataclass(frozen=True)
class Notice:
    """Something that is to be delivered.

    Attributes:
        channel: "webhook" or "mail".
        event: The event's name, for whoever receives it.
        payload: What it says, as plain JSON.
        at: When it came to be, UTC.
        due_at: Not to be delivered before, UTC; None for at once.
    """

    channel: str
    event: str
    payload: Mapping[str, Any]
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """A notice that is on record.

    Attributes:
        id: Its number.
        project: The project's name.
        channel: "webhook" or "mail".
        event: The event's name.
        payload: What it says.
        at: When it came to be, UTC.
        attempts: How often it was tried.
    """

    id: int
    project: str
    channel: str
    event: str
    payload: Mapping[str, Any] = field(repr=False)
    at: datetime
    attempts: int

    @property
    def receiver(self) -> str:
        """Who is to be reached: a project's webhook by its name, or with an empty text the mail server of all."""
        return "" if self.channel == "mail" else self.project


def add(database: Database, project: str, notice: Notice) -> int:
    """Records a notice; see `Ledger.add_delivery`."""
    with database.writing() as connection:
        require(connection, project)
        return send(connection, project, [notice])[0]


def send(connection: Connection, project: str, notices: Sequence[Notice], *, opinion: str | None = None) -> list[int]:
    """Puts notices on record and into the outbox, as part of a transaction.

    Args:
        connection: Of the transaction.
        project: The project's name.
        notices: What is to be delivered.
        opinion: Id of the opinion that they tell of; they are withdrawn if it is taken back.
    """
    numbers = []
    for notice in notices:
        row = {
            "project": project,
            "channel": notice.channel,
            "event": notice.event,
            "payload": plain(notice.payload),
            "at": notice.at,
            "opinion": opinion,
        }
        (number,) = connection.execute(insert(deliveries), row).inserted_primary_key or (0,)
        connection.execute(insert(outbox), {"delivery": number, "due_at": notice.due_at or notice.at})
        numbers.append(int(number))
    return numbers


def withdraw(connection: Connection, opinion: str, at: datetime) -> None:
    """Gives up what tells of an opinion that was taken back."""
    of_opinion = select(deliveries.c.id).where(deliveries.c.opinion == opinion)
    waiting = select(outbox.c.delivery).where(outbox.c.delivery.in_(of_opinion))
    for number in connection.execute(waiting).scalars().all():
        _attempt(connection, number, at=at, ok=False, detail="taken back", next_at=None)


def due(database: Database, now: datetime, limit: int, each: int | None) -> list[Delivery]:
    """What is to be delivered now; see `Ledger.due_deliveries`."""
    tried = select(func.count()).where(attempts.c.delivery == deliveries.c.id).scalar_subquery().label("attempts")
    order = (outbox.c.due_at, deliveries.c.id)
    query = (
        select(deliveries, tried)
        .join(outbox, outbox.c.delivery == deliveries.c.id)
        .where(outbox.c.due_at <= now)
        .limit(limit)
    )
    if each is not None:
        ranked = _ranked(now)
        query = query.join(ranked, ranked.c.delivery == deliveries.c.id).where(ranked.c.place <= each)
        query = query.order_by(ranked.c.place)
    with database.reading() as connection:
        return [
            Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})
            for row in connection.execute(query.order_by(*order)).mappings()
        ]


def _ranked(now: datetime) -> Subquery:
    """The place of everything that is due among what is due to the same receiver, from 1."""
    receiver = case((deliveries.c.channel == "mail", ""), else_=deliveries.c.project)  # as `Delivery.receiver` says
    place = func.row_number().over(partition_by=receiver, order_by=(outbox.c.due_at, deliveries.c.id))
    query = select(outbox.c.delivery, place.label("place")).join(deliveries, deliveries.c.id == outbox.c.delivery)
    return query.where(outbox.c.due_at <= now).subquery()


def record_attempt(
    database: Database, number: int, *, at: datetime, ok: bool, detail: str, next_at: datetime | None
) -> None:
    """Records an attempt; see `Ledger.record_attempt`."""
    with database.writing() as connection:
        held = select(deliveries.c.id).where(deliveries.c.id == number).with_for_update(key_share=True)
        if connection.execute(held).first() is None:
            raise UnknownDelivery(
                fact=f"There is no delivery {number}.",
                reason="Deliveries are counted when they are put on record, and none has this number.",
                remedy="Ask for the deliveries that are due.",
            )
        _attempt(connection, number, at=at, ok=ok, detail=detail, next_at=next_at)


def _attempt(
    connection: Connection, number: int, *, at: datetime, ok: bool, detail: str, next_at: datetime | None
) -> None:
    last = select(func.coalesce(func.max(attempts.c.number), 0)).where(attempts.c.delivery == number)
    count = int(connection.execute(last).scalar_one()) + 1
    row = {"delivery": number, "number": count, "at": at, "ok": ok, "detail": detail, "next_at": next_at}
    connection.execute(insert(attempts), row)
    of_delivery = outbox.c.delivery == number
    if ok or next_at is None:
        connection.execute(delete(outbox).where(of_delivery))
    else:
        connection.execute(update(outbox).where(of_delivery).values(due_at=next_at))
