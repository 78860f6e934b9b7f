"""Stages in the ledger: every change, in order, without a gap."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Select, func, insert, select

from understudy.domain.stage import Event, StageChange
from understudy.store import events, locks
from understudy.store.codec import as_json, from_json
from understudy.store.database import Database
from understudy.store.deliveries import Notice, send
from understudy.store.driver import Driver
from understudy.store.errors import StageMoved
from understudy.store.projects import hold, require
from understudy.store.records import plain
from understudy.store.service_schema import stage_changes

_PRESENT = (
    "SELECT COALESCE((SELECT MAX(number) FROM stage_changes WHERE project = projects.name), 0) "
    "FROM projects WHERE name = {}"
)

_LAST = "SELECT COALESCE(MAX(id), 0) FROM {}"


def change(
    database: Database, project: str, to: StageChange, happened: Sequence[Event], notices: Sequence[Notice]
) -> StageChange:
    """Records a change of stage; see `Ledger.change_stage`."""
    kept = replace(to, evidence=plain(to.evidence))
    with database.writing() as connection:
        hold(connection, project)
        locks.take(connection, locks.STANDING)
        locks.take(connection, locks.serving(project))
        last = present(connection, [project])[project]
        if to.number != last + 1:
            raise moved(project, decided_under=to.number - 1, present=last)
        row = {"project": project, "number": to.number, "change": as_json(StageChange, kept), "at": to.at}
        connection.execute(insert(stage_changes), row)
        for event in happened:
            events.insert_event(connection, project, event)
        send(connection, project, notices)
    return kept


def present(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """The number of the present stage of each project, 0 before the first; an unknown project is missing."""
    driver = Driver(connection)
    query = _PRESENT.format(driver.mark)
    found = {name: driver.number(query, (name,)) for name in names}
    return {name: number for name, number in found.items() if number is not None}


def latest(database: Database, project: str) -> StageChange | None:
    """The change that holds now; see `Ledger.stage`."""
    with database.reading() as connection:
        require(connection, project)
        record = connection.execute(_of(project).order_by(stage_changes.c.number.desc()).limit(1)).scalar_one_or_none()
    return None if record is None else from_json(StageChange, record)


def every(database: Database, project: str) -> list[StageChange]:
    """Every change, oldest first; see `Ledger.stages`."""
    with database.reading() as connection:
        require(connection, project)
        records = connection.execute(_of(project).order_by(stage_changes.c.number)).scalars()
        return [from_json(StageChange, record) for record in records]


def standings(database: Database) -> dict[str, StageChange]:
    """The change that holds now, by project; see `Ledger.standings`."""
    last = select(stage_changes.c.project, func.max(stage_changes.c.number).label("number"))
    newest = last.group_by(stage_changes.c.project).subquery()
    query = select(stage_changes.c.project, stage_changes.c.change).join(
        newest, (newest.c.project == stage_changes.c.project) & (newest.c.number == stage_changes.c.number)
    )
    with database.reading() as connection:
        return {project: from_json(StageChange, record) for project, record in connection.execute(query)}


def mark(database: Database) -> tuple[int, int]:
    """What changes with every change of a stage or a setting; see `Ledger.mark`."""
    with database.reading() as connection:
        driver = Driver(connection)
        stage, setting = driver.number(_LAST.format("stage_changes")), driver.number(_LAST.format("settings_log"))
    return stage or 0, setting or 0


def moved(project: str, *, decided_under: int, present: int) -> StageMoved:
    """The error for what was decided under a stage that is past."""
    return StageMoved(
        fact=f"The stage of “{project}” has moved on.",
        reason=f"This was decided under stage change {decided_under}, and the present one is {present}.",
        remedy="Look at the present stage, and decide again.",
    )


def _of(project: str) -> Select[tuple[object]]:
    return select(stage_changes.c.change).where(stage_changes.c.project == project)
