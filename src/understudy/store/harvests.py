"""Harvests: people's answers and outcomes that have become labels of examples, and those that have yet to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from understudy.domain.decision import Decision
from understudy.domain.opinion import Opinion, Outcome
from understudy.store import decisions as decision_rows
from understudy.store.database import Database, insert_missing
from understudy.store.inputs import is_erased
from understudy.store.opinions import opinion_from
from understudy.store.outcomes import outcome_from
from understudy.store.projects import require
from understudy.store.questions import holds
from understudy.store.schema import decisions
from understudy.store.service_schema import harvests, opinions, outcome_harvests, outcomes


def waiting(database: Database, project: str, now: datetime, limit: int) -> list[tuple[Decision, Opinion]]:
    """What has yet to become an example; see `Ledger.unharvested`."""
    query = (
        select(opinions)
        .join(decisions, decisions.c.id == opinions.c.decision)
        .where(
            opinions.c.project == project,
            opinions.c.value.is_not(None),
            opinions.c.settles_at <= now,
            holds(),
            ~exists().where(harvests.c.opinion == opinions.c.id),
            ~is_erased(),
        )
        .order_by(opinions.c.seq)
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        said = [opinion_from(row) for row in connection.execute(query).mappings()]
        made = {each.id: each for each in decision_rows.by_ids(connection, [each.decision for each in said])}
    return [(made[opinion.decision], opinion) for opinion in said]


def record(database: Database, project: str, ids: Sequence[str]) -> None:
    """Records that opinions became labels; see `Ledger.record_harvest`."""
    with database.writing() as connection:
        require(connection, project)
        if ids:
            rows = [{"opinion": opinion, "project": project} for opinion in ids]
            connection.execute(insert_missing(connection, harvests), rows)


def outcomes_waiting(database: Database, project: str, limit: int) -> list[tuple[Decision, Outcome]]:
    """Outcomes that have yet to become labels; see `Ledger.unharvested_outcomes`."""
    query = (
        select(outcomes)
        .join(decisions, decisions.c.id == outcomes.c.decision)
        .where(
            outcomes.c.project == project,
            ~exists().where(outcome_harvests.c.decision == outcomes.c.decision),
            ~is_erased(),
        )
        .order_by(outcomes.c.at, outcomes.c.decision)
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        known = [outcome_from(row) for row in connection.execute(query).mappings()]
        made = {each.id: each for each in decision_rows.by_ids(connection, [each.decision for each in known])}
    return [(made[outcome.decision], outcome) for outcome in known]


def outcomes_learned(database: Database, ids: Sequence[str]) -> dict[str, Outcome]:
    """Outcomes that are labels already; see `Ledger.learned_outcomes`."""
    query = select(outcomes).join(outcome_harvests, outcome_harvests.c.decision == outcomes.c.decision)
    with database.reading() as connection:
        return {
            row["decision"]: outcome_from(row)
            for chunk in decision_rows.in_chunks(ids)
            for row in connection.execute(query.where(outcomes.c.decision.in_(chunk))).mappings()
        }


def record_outcomes(database: Database, project: str, ids: Sequence[str]) -> None:
    """Records that outcomes became labels; see `Ledger.record_outcome_harvest`."""
    with database.writing() as connection:
        require(connection, project)
        if ids:
            rows = [{"decision": decision, "project": project} for decision in ids]
            connection.execute(insert_missing(connection, outcome_harvests), rows)
