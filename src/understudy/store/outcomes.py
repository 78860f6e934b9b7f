"""Outcomes in the ledger, and the truth about a decision: what became known of it first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Outcome, QuestionKind
from understudy.domain.texts import is_storable
from understudy.store import locks
from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.errors import OutcomeConflict, unknown_decision, unstorable
from understudy.store.projects import require
from understudy.store.questions import holds
from understudy.store.schema import decisions
from understudy.store.service_schema import opinions, outcomes, questions


@dataclass(frozen=True)
class Truth:
    """What is known to be true of a decision.

    Attributes:
        value: The label, or None when the people who were to audit it could not tell.
        at: Since when it is known, UTC.
        by: Who or what said so.
    """

    value: str | None
    at: datetime
    by: str


def record(database: Database, arrived: Sequence[Outcome]) -> list[Outcome | UnderstudyError]:
    """Records outcomes, each with its own result; see `Ledger.record_outcomes`."""
    results: list[Outcome | UnderstudyError] = []
    for start in range(0, len(arrived), 500):
        chunk = arrived[start : start + 500]
        with database.writing() as connection:
            locks.take(connection, locks.OUTCOMES)
            results += _record_chunk(connection, chunk)
    return results


def of(database: Database, decision: str) -> Outcome | None:
    """The outcome of a decision; see `Ledger.outcome`."""
    with database.reading() as connection:
        return _known(connection, [decision]).get(decision)


def truths(database: Database, ids: Sequence[str], now: datetime) -> dict[str, Truth]:
    """What is known of decisions; see `Ledger.truths`."""
    known: dict[str, Truth] = {}
    with database.reading() as connection:
        for chunk in in_chunks(ids):
            audits = _audits(connection, chunk)
            said = select(outcomes).where(outcomes.c.decision.in_(chunk))
            for row in connection.execute(said).mappings():
                audit = audits.get(row["decision"])
                if audit is None or audit["id"] != row["behind"]:
                    known[row["decision"]] = Truth(row["value"], row["at"], row["by"])
            for decision, audit in audits.items():
                if decision not in known and audit["settles_at"] <= now:
                    known[decision] = Truth(audit["value"], audit["settles_at"], audit["by"])
    return known


def _record_chunk(connection: Connection, arrived: Sequence[Outcome]) -> list[Outcome | UnderstudyError]:
    ids = [each.decision for each in arrived]
    project_of: dict[str, str] = dict(
        connection.execute(select(decisions.c.id, decisions.c.project).where(decisions.c.id.in_(ids))).all()
    )
    known = _known(connection, ids)
    # Whoever audits one of these just now has to wait, so that either the opinion or the outcome is the first.
    audited = select(questions.c.decision).where(
        questions.c.decision.in_(ids), questions.c.kind == QuestionKind.AUDIT.value
    )
    connection.execute(audited.order_by(questions.c.decision).with_for_update()).all()
    audits = _audits(connection, ids)
    results: list[Outcome | UnderstudyError] = []
    rows: list[dict[str, Any]] = []
    for outcome in arrived:
        result = _result(outcome, project_of, known)
        if result is outcome:
            known[outcome.decision] = outcome
            audit = audits.get(outcome.decision)
            behind = None if audit is None else audit["id"]
            rows.append(_row(outcome, project_of[outcome.decision], behind))
        results.append(result)
    if rows:
        connection.execute(insert(outcomes), rows)
    return results


def _result(outcome: Outcome, project_of: dict[str, str], known: dict[str, Outcome]) -> Outcome | UnderstudyError:
    """The outcome itself if it is to be recorded, the same one on record, or why it cannot be."""
    if outcome.decision not in project_of:
        return unknown_decision(outcome.decision)
    for text in (outcome.value, outcome.by):
        if not is_storable(text):
            return unstorable(text)
    before = known.get(outcome.decision)
    if before is None:
        return outcome
    if before.value == outcome.value:
        return before
    return OutcomeConflict(
        fact=f"The outcome of decision “{outcome.decision[:80]}” is “{before.value[:80]}” already.",
        reason=f"“{outcome.value[:80]}” says otherwise, and what was recorded is never changed.",
        remedy="Find out which of the two is true, and leave the other one out.",
    )


def values(database: Database, project: str) -> set[str]:
    """Every label that an outcome of a project has; see `Ledger.outcome_values`."""
    with database.reading() as connection:
        require(connection, project)
        return set(
            connection.execute(select(outcomes.c.value).where(outcomes.c.project == project).distinct()).scalars()
        )


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, Outcome]:
    query = select(outcomes).where(outcomes.c.decision.in_(ids))
    return {row["decision"]: outcome_from(row) for row in connection.execute(query).mappings()}


def outcome_from(row: RowMapping) -> Outcome:
    """The outcome in a row."""
    return Outcome(row["decision"], row["value"], row["by"], row["source"], row["at"])


def _audits(connection: Connection, ids: Sequence[str]) -> dict[str, RowMapping]:
    """The opinion that each audit ended with, settled or not."""
    query = select(opinions).where(
        opinions.c.decision.in_(ids), opinions.c.kind == QuestionKind.AUDIT.value, opinions.c.ends, holds()
    )
    return {row["decision"]: row for row in connection.execute(query).mappings()}


def _row(outcome: Outcome, project: str, behind: str | None) -> dict[str, Any]:
    return {
        "decision": outcome.decision,
        "project": project,
        "value": outcome.value,
        "by": outcome.by,
        "source": outcome.source,
        "at": outcome.at,
        "behind": behind,
    }
