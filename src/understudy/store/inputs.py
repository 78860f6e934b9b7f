"""Inputs in the ledger: small ones themselves, and what was deleted of inputs that lie anywhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update

from understudy.domain.opinion import QuestionKind
from understudy.store import locks
from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.projects import hold, require
from understudy.store.schema import decisions, examples
from understudy.store.service_schema import erasures, inputs, opinions, questions, subjects


def find(database: Database, digest: str) -> bytes | None:
    """The bytes of a small input; see `Ledger.input`."""
    with database.reading() as connection:
        data = connection.execute(select(inputs.c.data).where(inputs.c.digest == digest)).scalar_one_or_none()
    return None if data is None else bytes(data)


def erase(database: Database, project: str, digests: Sequence[str], *, by: str, reason: str, at: datetime) -> set[str]:
    """Deletes what the ledger holds of inputs; see `Ledger.erase`."""
    free: set[str] = set()
    wanted = sorted(set(digests))
    with database.reading() as connection:
        require(connection, project)
    for chunk in in_chunks(wanted):
        with database.writing() as connection:
            hold(connection, project)
            locks.take(connection, locks.INPUTS)
            rows = [{"project": project, "digest": one, "by": by, "reason": reason, "at": at} for one in chunk]
            connection.execute(insert(erasures), rows)
            _end_questions(connection, project, chunk, by=by, at=at)
            _blank(connection, project, chunk)
            free |= _delete_unshared(connection, project, chunk)
    return free


def erased(database: Database, project: str) -> set[str]:
    """Inputs that are gone; see `Ledger.erased`."""
    later = exists().where(
        decisions.c.project == project, decisions.c.input_digest == erasures.c.digest, decisions.c.at > erasures.c.at
    )
    query = select(erasures.c.digest).where(erasures.c.project == project, ~later)
    with database.reading() as connection:
        require(connection, project)
        return set(connection.execute(query).scalars())


def among(database: Database, project: str, digests: Sequence[str]) -> set[str]:
    """Those that belong to the project; see `Ledger.inputs_among`."""
    found: set[str] = set()
    with database.reading() as connection:
        require(connection, project)
        for chunk in in_chunks(digests):
            asked = select(decisions.c.input_digest).where(
                decisions.c.project == project, decisions.c.input_digest.in_(chunk)
            )
            learned = select(examples.c.digest).where(examples.c.project == project, examples.c.digest.in_(chunk))
            found |= set(connection.execute(asked.union(learned)).scalars())
    return found


def older_than(database: Database, project: str, before: datetime, limit: int) -> list[str]:
    """Inputs that nothing needs any more; see `Ledger.inputs_older_than`."""
    again = decisions.alias()
    needed = (
        exists().where(
            again.c.project == project, again.c.input_digest == decisions.c.input_digest, again.c.at >= before
        ),
        exists().where(
            questions.c.project == project,
            questions.c.input_digest == decisions.c.input_digest,
            questions.c.closed.is_(False),
        ),
        exists().where(examples.c.project == project, examples.c.digest == decisions.c.input_digest),
        is_erased(),
    )
    query = (
        select(decisions.c.input_digest)
        .where(decisions.c.project == project, decisions.c.at < before, *(~each for each in needed))
        .distinct()
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        return list(connection.execute(query).scalars())


def is_erased() -> ColumnElement[bool]:
    """Whether the input of a row of `decisions` was deleted since, as a condition for a query over that table."""
    return exists().where(
        erasures.c.project == decisions.c.project,
        erasures.c.digest == decisions.c.input_digest,
        erasures.c.at >= decisions.c.at,
    )


def _end_questions(connection: Connection, project: str, digests: Sequence[str], *, by: str, at: datetime) -> None:
    """Ends what nobody can answer any more, in the name of whoever deleted the input."""
    waiting = (
        select(questions.c.decision, questions.c.kind)
        .where(questions.c.project == project, questions.c.input_digest.in_(digests), questions.c.closed.is_(False))
        .with_for_update()
    )
    ended = connection.execute(waiting).all()
    rows: list[dict[str, Any]] = [
        {
            "id": f"erased-{decision}-{kind}",
            "project": project,
            "decision": decision,
            "kind": QuestionKind(kind).value,
            "value": None,
            "by": by,
            "at": at,
            "settles_at": at,
            "seconds": 0.0,
            "ends": True,
        }
        for decision, kind in ended
    ]
    if rows:
        connection.execute(insert(opinions), rows)
        of_input = (questions.c.project == project, questions.c.input_digest.in_(digests))
        connection.execute(update(questions).where(*of_input).values(closed=True, claimed_by=None, claimed_until=None))


def _blank(connection: Connection, project: str, digests: Sequence[str]) -> None:
    """Forgets file names and whose data it was."""
    known = (examples.c.project == project, examples.c.digest.in_(digests))
    connection.execute(update(examples).where(*known).values(name=""))
    made = select(decisions.c.id).where(decisions.c.project == project, decisions.c.input_digest.in_(digests))
    connection.execute(delete(subjects).where(subjects.c.decision.in_(made)))


def _delete_unshared(connection: Connection, project: str, digests: Sequence[str]) -> set[str]:
    """Deletes the inputs that no other project holds, and tells which those are."""
    other_examples = select(examples.c.digest).where(
        examples.c.project != project,
        examples.c.digest.in_(digests),
        ~exists().where(erasures.c.project == examples.c.project, erasures.c.digest == examples.c.digest),
    )
    other_decisions = select(decisions.c.input_digest).where(
        decisions.c.project != project, decisions.c.input_digest.in_(digests), ~is_erased()
    )
    shared = set(connection.execute(other_examples.union(other_decisions)).scalars())
    free = [digest for digest in digests if digest not in shared]
    connection.execute(delete(inputs).where(inputs.c.digest.in_(free)))
    return set(free)
