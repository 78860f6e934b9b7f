"""Draws in the ledger: which answers of a model are audited, in the order in which they were recorded."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from understudy.domain.answer import Answer
from understudy.domain.decision import Draw
from understudy.domain.task import AnswerKind
from understudy.store.database import Database
from understudy.store.decisions import draw_from
from understudy.store.projects import require
from understudy.store.records import answer_from
from understudy.store.schema import decisions
from understudy.store.service_schema import draws


@dataclass(frozen=True)
class DrawnCase:
    """An answer of a model with its draw.

    Attributes:
        seq: Its place; later recorded ones have larger numbers.
        decision: The decision's id.
        at: When it was decided, UTC.
        answer: What the model said.
        draw: Whether it is audited, and with which chance.
        error: Chance that the answer is wrong, 0..1, as it was known before it was served.
        due_at: Until when the audit is due, UTC; None when it is not audited.
    """

    seq: int
    decision: str
    at: datetime
    answer: Answer
    draw: Draw
    error: float
    due_at: datetime | None


@dataclass(frozen=True)
class Said:
    """The little of an answer that is watched for drift.

    Attributes:
        seq: Its place; later recorded ones have larger numbers.
        label: As it is kept.
        probability: That it is right, 0..1.
        kind: What the answer is.
    """

    seq: int
    label: str
    probability: float
    kind: AnswerKind


def said_after(database: Database, project: str, model: str, seq: int, *, since_stage: int, limit: int) -> list[Said]:
    """What a model said after one of its answers, in order; see `Ledger.said_after`."""
    # The database takes the answers apart, while other threads of this process go on.
    answer = decisions.c.answer
    parts = (answer["label"].as_string(), answer["probability"].as_string(), answer["kind"].as_string())
    query = (
        select(draws.c.seq, *parts)
        .join(decisions, decisions.c.id == draws.c.decision)
        .where(draws.c.project == project, draws.c.model == model, draws.c.seq > seq, draws.c.stage >= since_stage)
        .order_by(draws.c.seq)
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        found = _together(connection, query)
    return [Said(place, label, float(sure), _KINDS[kind]) for place, label, sure, kind in found]


def _together(connection: Connection, query: Select[Any]) -> Sequence[Sequence[Any]]:
    """A query's rows, in the order of their first column, without stopping other threads at each of them.

    SQLite's driver lets go of the interpreter and takes it back once a row; so there the rows come as one.
    """
    if connection.dialect.name != "sqlite":
        return connection.execute(query).all()
    rows = query.subquery()
    whole = connection.execute(select(func.json_group_array(func.json_array(*rows.c)))).scalar_one()
    return sorted(json.loads(whole))


_KINDS: dict[str | None, AnswerKind] = {None: AnswerKind.LABEL, **{kind.value: kind for kind in AnswerKind}}


def after(
    database: Database,
    project: str,
    model: str,
    seq: int,
    *,
    since_stage: int,
    limit: int,
    beyond: float | None = None,
) -> list[DrawnCase]:
    """Draws after one, in order; see `Ledger.draws_after`."""
    query = (
        select(draws, decisions.c.at, decisions.c.answer)
        .join(decisions, decisions.c.id == draws.c.decision)
        .where(draws.c.project == project, draws.c.model == model, draws.c.seq > seq, draws.c.stage >= since_stage)
        .order_by(draws.c.seq)
        .limit(limit)
    )
    if beyond is not None:
        query = query.where(or_(draws.c.audited, draws.c.error > beyond))
    with database.reading() as connection:
        require(connection, project)
        return [
            DrawnCase(
                seq=row["seq"],
                decision=row["decision"],
                at=row["at"],
                answer=answer_from(row["answer"]),
                draw=draw_from(row),
                error=row["error"],
                due_at=row["due_at"],
            )
            for row in connection.execute(query).mappings()
        ]
