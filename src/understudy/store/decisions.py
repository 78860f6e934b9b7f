"""Decisions in the ledger: each served request, recorded before it is acknowledged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select

from understudy.domain.decision import AnsweredBy, Because, Decision, Draw
from understudy.store.database import Database
from understudy.store.errors import unknown_decision
from understudy.store.projects import require
from understudy.store.records import answer_from
from understudy.store.schema import decisions
from understudy.store.service_schema import draws, subjects

CHUNK = 500
"""Ids that one query names."""


@dataclass(frozen=True)
class Asked:
    """What a request was about.

    Attributes:
        decision: The decision's id.
        input_digest: SHA-256 of the input's bytes, in hex.
        at: When it was decided, UTC.
    """

    decision: str
    input_digest: str
    at: datetime


_WHOLE = (
    select(decisions, subjects.c.subject, draws.c.audited, draws.c.propensity, draws.c.uniform, draws.c.seed)
    .outerjoin(subjects, subjects.c.decision == decisions.c.id)
    .outerjoin(draws, draws.c.decision == decisions.c.id)
)


def find(database: Database, decision_id: str) -> Decision:
    """One decision; see `Ledger.decision`."""
    with database.reading() as connection:
        found = by_ids(connection, [decision_id])
    if not found:
        raise unknown_decision(decision_id)
    return found[0]


def by_key(database: Database, project: str, key: str) -> Decision | None:
    """The decision that bears a client's key; see `Ledger.decision_by_key`."""
    query = _WHOLE.where(decisions.c.project == project, decisions.c.key == key)
    with database.reading() as connection:
        require(connection, project)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else decision_from(row)


def by_ids(connection: Connection, ids: Sequence[str]) -> list[Decision]:
    """The decisions of these ids that there are, in any order."""
    return [
        decision_from(row)
        for chunk in in_chunks(ids)
        for row in connection.execute(_WHOLE.where(decisions.c.id.in_(chunk))).mappings()
    ]


def newest(database: Database, project: str, limit: int) -> list[Decision]:
    """The latest decisions, newest first; see `Ledger.decisions`."""
    query = (
        _WHOLE.where(decisions.c.project == project).order_by(decisions.c.at.desc(), decisions.c.id.desc()).limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        return [decision_from(row) for row in connection.execute(query).mappings()]


def asked_from(database: Database, project: str, moment: datetime) -> Asked | None:
    """The first request at a moment or after it; see `Ledger.asked_from`."""
    columns = decisions.c.id, decisions.c.input_digest, decisions.c.at
    query = select(*columns).where(decisions.c.project == project, decisions.c.at >= moment)
    with database.reading() as connection:
        row = connection.execute(query.order_by(decisions.c.at, decisions.c.id).limit(1)).one_or_none()
    return None if row is None else Asked(*row)


def of_subject(database: Database, project: str, subject: str) -> list[Decision]:
    """Everything that was decided about one subject, oldest first; see `Ledger.decisions_of_subject`."""
    query = _WHOLE.where(subjects.c.project == project, subjects.c.subject == subject)
    with database.reading() as connection:
        require(connection, project)
        rows = connection.execute(query.order_by(decisions.c.at, decisions.c.id)).mappings()
        return [decision_from(row) for row in rows]


def count(database: Database, project: str) -> int:
    """How many were recorded."""
    query = select(func.count()).select_from(decisions).where(decisions.c.project == project)
    with database.reading() as connection:
        require(connection, project)
        return int(connection.execute(query).scalar_one())


def in_chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in parts that one query can name."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def decision_from(row: RowMapping) -> Decision:
    """The decision that a row of `decisions` with its subject and its draw tells of."""
    answered_by = AnsweredBy(row["answered_by"])
    return Decision(
        id=row["id"],
        project=row["project"],
        input_digest=row["input_digest"],
        answer=None if row["answer"] is None else answer_from(row["answer"]),
        answered_by=answered_by,
        model=row["model"],
        at=row["at"],
        seconds=row["seconds"],
        because=_because(row["because"], answered_by),
        stage=row["stage"],
        draw=draw_from(row) if row["audited"] is not None else None,
        key=row["key"],
        subject=row["subject"],
    )


def draw_from(row: RowMapping) -> Draw:
    """The draw that a row of `draws` tells of."""
    return Draw(row["audited"], row["propensity"], row["uniform"], int(row["seed"]))


def _because(said: str | None, answered_by: AnsweredBy) -> Because:
    """Before reasons were kept, a model answered what it was sure enough of and left the rest to people."""
    if said is not None:
        return Because(said)
    return Because.CONFIDENT if answered_by is AnsweredBy.MODEL else Because.BELOW_THRESHOLD
