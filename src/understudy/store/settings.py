"""Settings in the ledger: every change of one, and what holds now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from understudy.domain.settings import Settings, setting_named, settings_from
from understudy.store import locks
from understudy.store.database import Database
from understudy.store.projects import hold, require
from understudy.store.service_schema import settings_log

HIDDEN = "…"
"""Stands for the value of a secret."""


@dataclass(frozen=True)
class SettingChange:
    """One setting that somebody changed.

    Attributes:
        name: Its name ("audit-hours").
        value: What it is from then on; None for its default. A secret's value is shown as "…".
        by: Who changed it.
        at: When, UTC.
    """

    name: str
    value: float | str | None
    by: str
    at: datetime


def change(database: Database, project: str, name: str, value: float | str | None, *, by: str, at: datetime) -> None:
    """Records a setting; see `Ledger.set_setting`."""
    setting_named(name)
    with database.writing() as connection:
        hold(connection, project)
        locks.take(connection, locks.STANDING)
        row: dict[str, Any] = {"project": project, "name": name, "value": value, "by": by, "at": at}
        connection.execute(insert(settings_log), row)


def of(database: Database, project: str) -> Settings:
    """The settings as they stand; see `Ledger.settings`."""
    with database.reading() as connection:
        require(connection, project)
        return standing(connection, project)


def standing(connection: Connection, project: str) -> Settings:
    """The settings as a transaction sees them."""
    said = (
        select(settings_log.c.name, settings_log.c.value)
        .where(settings_log.c.project == project)
        .order_by(settings_log.c.id)
    )
    return settings_from(dict(connection.execute(said).all()))


def history(database: Database, project: str) -> list[SettingChange]:
    """Every change, oldest first; see `Ledger.settings_history`."""
    query = select(settings_log).where(settings_log.c.project == project).order_by(settings_log.c.id)
    with database.reading() as connection:
        require(connection, project)
        return [
            SettingChange(row["name"], _shown(row["name"], row["value"]), row["by"], row["at"])
            for row in connection.execute(query).mappings()
        ]


def _shown(name: str, value: float | str | None) -> float | str | None:
    return HIDDEN if value is not None and setting_named(name).secret else value
