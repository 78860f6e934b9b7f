"""Decisions in the ledger: each served request, recorded before it is acknowledged."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, insert, select
from sqlalchemy.exc import IntegrityError

from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.errors import UnderstudyError
from understudy.store.database import Database
from understudy.store.errors import DecisionExists, UnknownDecision
from understudy.store.projects import missing, require
from understudy.store.records import answer_from, answer_record
from understudy.store.schema import decisions, projects


def record(database: Database, made: Sequence[Decision]) -> None:
    """Records decisions in one transaction; see `Ledger.record_decisions`."""
    if not made:
        return
    rows = [
        {
            "id": decision.id,
            "project": decision.project,
            "input_digest": decision.input_digest,
            "answer": answer_record(decision.answer),
            "answered_by": decision.answered_by.value,
            "model": decision.model,
            "at": decision.at,
            "seconds": decision.seconds,
        }
        for decision in made
    ]
    try:
        with database.writing() as connection:
            connection.execute(insert(decisions), rows)
    except IntegrityError as error:
        with database.reading() as connection:
            raise _refusal(connection, made) from error


def find(database: Database, decision_id: str) -> Decision:
    """One decision; see `Ledger.decision`."""
    with database.reading() as connection:
        row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).mappings().one_or_none()
    if row is None:
        raise UnknownDecision(
            fact=f"There is no decision “{decision_id[:80]}”.",
            reason="No request was acknowledged with this id.",
            remedy="Use the id that came with the answer.",
        )
    return _decision(row)


def newest(database: Database, project: str, limit: int) -> list[Decision]:
    """The latest decisions, newest first; see `Ledger.decisions`."""
    query = (
        select(decisions)
        .where(decisions.c.project == project)
        .order_by(decisions.c.at.desc(), decisions.c.id.desc())
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        return [_decision(row) for row in connection.execute(query).mappings()]


def count(database: Database, project: str) -> int:
    """How many were recorded."""
    query = select(func.count()).select_from(decisions).where(decisions.c.project == project)
    with database.reading() as connection:
        require(connection, project)
        return int(connection.execute(query).scalar_one())


def _refusal(connection: Connection, made: Sequence[Decision]) -> UnderstudyError:
    """Why the database took none of the decisions."""
    known = set(connection.execute(select(projects.c.name)).scalars())
    for decision in made:
        if decision.project not in known:
            return missing(connection, decision.project)
    return DecisionExists(
        fact=f"None of {len(made)} decisions was recorded.",
        reason="One of them bears the id of another decision, and a recorded decision is never changed.",
        remedy="Give each decision an id of its own, and record them again.",
    )


def _decision(row: RowMapping) -> Decision:
    return Decision(
        id=row["id"],
        project=row["project"],
        input_digest=row["input_digest"],
        answer=answer_from(row["answer"]),
        answered_by=AnsweredBy(row["answered_by"]),
        model=row["model"],
        at=row["at"],
        seconds=row["seconds"],
    )
