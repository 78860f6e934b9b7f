"""Harvests: people's answers that have become labels of examples, and those that have yet to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from understudy.domain.decision import Decision
from understudy.domain.opinion import Opinion
from understudy.store import decisions as decision_rows
from understudy.store.database import Database, insert_missing
from understudy.store.inputs import is_erased
from understudy.store.opinions import opinion_from
from understudy.store.projects import require
from understudy.store.questions import holds
from understudy.store.schema import decisions
from understudy.store.service_schema import harvests, opinions


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
