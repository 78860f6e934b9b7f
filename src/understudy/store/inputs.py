"""Inputs in the ledger: small ones themselves, and what was deleted of inputs that lie anywhere.

Neither inputs nor decisions have an index of digests (see `service_schema`). Whoever deletes by digest reads the
decisions once from end to end, before it takes the writer's place; what was recorded meanwhile it finds by its time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, literal, or_, select, tuple_, update

from understudy.domain.example import Provenance
from understudy.domain.opinion import ERASED, QuestionKind
from understudy.store import locks
from understudy.store.database import Database, insert_missing
from understudy.store.decisions import in_chunks
from understudy.store.findings import settle
from understudy.store.forgotten_names import forget_examples
from understudy.store.projects import hold, require
from understudy.store.schema import decisions, examples, facts, labels
from understudy.store.service_schema import erasures, inputs, leftovers, opinions, questions, subjects

AT_ONCE = 10_000
"""Digests that are looked for in one reading."""

UNDER_WAY = timedelta(minutes=10)
"""A request is recorded within this of its time."""


class Erasure(NamedTuple):
    """That an input was deleted: by whom, why and when (UTC)."""

    by: str
    reason: str
    at: datetime


class Use(NamedTuple):
    """A decision that is about one of the wanted inputs."""

    decision: str
    project: str
    digest: str
    erased: bool


def find(database: Database, decision: str) -> bytes | None:
    """The bytes of a small input; see `Ledger.input`."""
    with database.reading() as connection:
        query = select(inputs.c.data).where(inputs.c.decision == decision)
        data = connection.execute(query).scalar_one_or_none()
    return None if data is None else bytes(data)


def erase(
    database: Database, project: str, digests: Sequence[str], *, by: str, reason: str, at: datetime, secret: bytes
) -> set[str]:
    """Deletes what the ledger holds of inputs; see `Ledger.erase`."""
    free: set[str] = set()
    wanted = sorted(set(digests))
    with database.reading() as connection:
        require(connection, project)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        with database.reading() as connection:
            uses = _uses(connection, part)
        with database.writing() as connection:
            hold(connection, project)
            locks.take(connection, locks.serving(project))
            uses |= _uses(connection, part, decisions.c.project == project, decisions.c.at >= at - UNDER_WAY)
            again = {use.digest for use in uses if use.project == project and not use.erased}
            gone = _erased_among(connection, project, part) - again
            made_up = _made_up(connection, project, part) - {use.digest for use in uses if use.project == project}
            new = [one for one in part if one not in gone | made_up]
            if new:
                rows = [{"project": project, "digest": one, "by": by, "reason": reason, "at": at} for one in new]
                connection.execute(insert(erasures), rows)
            here = sorted(use.decision for use in uses if use.project == project)
            for ids in in_chunks(here):
                _end_questions(connection, ids, by=by, at=at)
                connection.execute(delete(inputs).where(inputs.c.decision.in_(ids)))
                connection.execute(delete(subjects).where(subjects.c.decision.in_(ids)))
            for chunk in in_chunks(part):
                forget_examples(connection, project, chunk, secret)
                settle(connection, project, chunk)
            _drop(connection, project, sorted(made_up))
            shared = {use.digest for use in uses if use.project != project and not use.erased}
            alone = set(part) - shared - _learned(connection, part, examples.c.project != project)
            for chunk in in_chunks(sorted(alone)):
                connection.execute(delete(facts).where(facts.c.digest.in_(chunk)))
                connection.execute(insert_missing(connection, leftovers), [{"digest": one} for one in chunk])
            free |= alone
    return free


def erased(database: Database, project: str, digests: Sequence[str]) -> dict[str, datetime]:
    """When inputs were deleted last; see `Ledger.erased`."""
    found: dict[str, datetime] = {}
    with database.reading() as connection:
        require(connection, project)
        for chunk in in_chunks(digests):
            query = (
                select(erasures.c.digest, func.max(erasures.c.at))
                .where(erasures.c.project == project, erasures.c.digest.in_(chunk))
                .group_by(erasures.c.digest)
            )
            found |= dict(connection.execute(query).all())
    return found


def erased_since(database: Database, project: str, at: datetime) -> set[str]:
    """Which inputs were deleted at a moment or later; see `Ledger.erased_since`."""
    query = select(erasures.c.digest).where(erasures.c.project == project, erasures.c.at >= at)
    with database.reading() as connection:
        require(connection, project)
        return set(connection.execute(query).scalars())


def erasures_of(database: Database, project: str, digests: Sequence[str]) -> dict[str, Erasure]:
    """By whom, why and when inputs were deleted last; see `Ledger.erasures`."""
    found: dict[str, Erasure] = {}
    with database.reading() as connection:
        for chunk in in_chunks(digests):
            query = (
                select(erasures.c.digest, erasures.c.by, erasures.c.reason, erasures.c.at)
                .where(erasures.c.project == project, erasures.c.digest.in_(chunk))
                .order_by(erasures.c.at)
            )
            found |= {digest: Erasure(*told) for digest, *told in connection.execute(query)}
    return found


def among(database: Database, project: str, digests: Sequence[str]) -> set[str]:
    """Those that belong to the project; see `Ledger.inputs_among`."""
    found: set[str] = set()
    with database.reading() as connection:
        require(connection, project)
        for start in range(0, len(digests), AT_ONCE):
            chunk = digests[start : start + AT_ONCE]
            asked = select(decisions.c.input_digest).where(
                decisions.c.project == project, decisions.c.input_digest.in_(chunk)
            )
            learned = select(examples.c.digest).where(examples.c.project == project, examples.c.digest.in_(chunk))
            found |= set(connection.execute(asked.union(learned)).scalars())
    return found


def asked_about(database: Database, project: str, digests: Sequence[str]) -> set[str]:
    """Those that requests brought; see `Ledger.inputs_asked_about`."""
    found: set[str] = set()
    with database.reading() as connection:
        require(connection, project)
        for start in range(0, len(digests), AT_ONCE):
            uses = _uses(connection, digests[start : start + AT_ONCE], decisions.c.project == project)
            found |= {use.digest for use in uses if not use.erased}
    return found


def older_than(database: Database, project: str, before: datetime, limit: int, *, at_once: int = AT_ONCE) -> list[str]:
    """Inputs that nothing needs any more, read `at_once` at a time; see `Ledger.inputs_older_than`."""
    waits = exists().where(questions.c.decision == decisions.c.id, questions.c.closed.is_(False))
    learned = exists().where(examples.c.project == project, examples.c.digest == decisions.c.input_digest)
    of_project = decisions.c.project == project
    old = (
        select(decisions.c.at, decisions.c.id, decisions.c.input_digest)
        .where(of_project, decisions.c.at < before, ~waits, ~learned, ~is_erased())
        .order_by(decisions.c.at, decisions.c.id)
        .limit(at_once)
    )
    still = select(decisions.c.input_digest).where(of_project, or_(decisions.c.at >= before, waits))
    found: dict[str, None] = {}
    with database.reading() as connection:
        require(connection, project)
        page = connection.execute(old).all()
        while page and len(found) < limit:
            digests = dict.fromkeys(digest for _, _, digest in page)
            needed = set(connection.execute(still.where(decisions.c.input_digest.in_(digests))).scalars())
            found.update((digest, None) for digest in digests if digest not in needed)
            last = tuple_(literal(page[-1][0], decisions.c.at.type), literal(page[-1][1]))
            page = connection.execute(old.where(tuple_(decisions.c.at, decisions.c.id) > last)).all()
    return list(found)[:limit]


def is_erased() -> ColumnElement[bool]:
    """Whether the input of a row of `decisions` was deleted since, as a condition for a query over that table."""
    return exists().where(
        erasures.c.project == decisions.c.project,
        erasures.c.digest == decisions.c.input_digest,
        erasures.c.at >= decisions.c.at,
    )


def in_use(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Those that some project has and has not deleted, or that came to it again since."""
    asked = {use.digest for use in _uses(connection, digests) if not use.erased}
    return asked | _learned(connection, digests)


def _uses(connection: Connection, digests: Sequence[str], *conditions: ColumnElement[bool]) -> set[Use]:
    query = select(decisions.c.id, decisions.c.project, decisions.c.input_digest, is_erased())
    found = connection.execute(query.where(decisions.c.input_digest.in_(digests), *conditions))
    return {Use(decision, project, digest, bool(gone)) for decision, project, digest, gone in found}


def _end_questions(connection: Connection, ids: Sequence[str], *, by: str, at: datetime) -> None:
    """Ends what nobody can answer any more, in the name of whoever deleted the input."""
    waiting = select(questions).where(questions.c.decision.in_(ids), questions.c.closed.is_(False))
    rows: list[dict[str, Any]] = [
        {
            "id": f"{ERASED}{row['decision']}-{row['kind']}",
            "project": row["project"],
            "decision": row["decision"],
            "kind": row["kind"],
            "value": None,
            "by": by,
            "at": at,
            "settles_at": at,
            "seconds": 0.0,
            "ends": True,
        }
        for row in connection.execute(waiting.order_by(questions.c.decision).with_for_update()).mappings()
    ]
    if rows:
        connection.execute(insert(opinions), rows)
        ended = update(questions).where(questions.c.decision.in_([row["decision"] for row in rows]))
        connection.execute(ended.values(closed=True, claimed_by=None, claimed_until=None))


def waiting(database: Database, project: str, digests: Sequence[str]) -> list[tuple[str, QuestionKind]]:
    """Questions about inputs that nobody has answered; see `Ledger.waiting_on`."""
    found: list[tuple[str, QuestionKind]] = []
    with database.reading() as connection:
        require(connection, project)
        for chunk in in_chunks(digests):
            about = (questions.c.project == project, questions.c.input_digest.in_(chunk), questions.c.closed.is_(False))
            query = select(questions.c.decision, questions.c.kind).where(*about).order_by(questions.c.asked_at)
            found += [(decision, QuestionKind(kind)) for decision, kind in connection.execute(query)]
    return found


def _erased_among(connection: Connection, project: str, digests: Sequence[str]) -> set[str]:
    query = select(erasures.c.digest).where(erasures.c.project == project)
    return {
        digest
        for chunk in in_chunks(digests)
        for digest in connection.execute(query.where(erasures.c.digest.in_(chunk))).scalars()
    }


def _made_up(connection: Connection, project: str, digests: Sequence[str]) -> set[str]:
    """Those that are nobody's: to delete one of them is no erasure, and the same may come again from somebody."""
    told = select(examples.c.digest).where(
        examples.c.project == project, examples.c.provenance == Provenance.SYNTHETIC.value
    )
    chunks = (connection.execute(told.where(examples.c.digest.in_(chunk))).scalars() for chunk in in_chunks(digests))
    return {digest for chunk in chunks for digest in chunk}


def _drop(connection: Connection, project: str, digests: Sequence[str]) -> None:
    for chunk in in_chunks(digests):
        for table in (labels, examples):
            connection.execute(delete(table).where(table.c.project == project, table.c.digest.in_(chunk)))


def _learned(connection: Connection, digests: Sequence[str], *conditions: ColumnElement[bool]) -> set[str]:
    """Inputs that are examples of projects which have not deleted them."""
    gone = exists().where(erasures.c.project == examples.c.project, erasures.c.digest == examples.c.digest)
    query = select(examples.c.digest).where(~gone, *conditions)
    return {
        digest
        for chunk in in_chunks(digests)
        for digest in connection.execute(query.where(examples.c.digest.in_(chunk))).scalars()
    }
