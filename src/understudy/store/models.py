"""Models in the ledger: which file, from which trials, on which data."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from understudy.domain.model import ModelRecord
from understudy.store.database import Database
from understudy.store.projects import hold, require
from understudy.store.records import trial_records, trials_from
from understudy.store.schema import models


def record(database: Database, project: str, model: ModelRecord) -> None:
    """Records a model; see `Ledger.record_model`."""
    row: dict[str, Any] = {
        "project": project,
        "version": model.version,
        "blob": model.blob,
        "trials": trial_records(model.trials),
        "data_version": model.data_version,
        "at": model.at,
        "synthetic": model.synthetic,
    }
    with database.writing() as connection:
        hold(connection, project)
        last = _latest(connection, project)
        if last is None or replace(last, at=model.at) != model:
            connection.execute(insert(models), row)


def of(database: Database, project: str) -> list[ModelRecord]:
    """Every model, oldest first."""
    query = select(models).where(models.c.project == project).order_by(models.c.id)
    with database.reading() as connection:
        require(connection, project)
        return [_model(row) for row in connection.execute(query).mappings()]


def latest(database: Database, project: str) -> ModelRecord | None:
    """The model recorded last, or None."""
    with database.reading() as connection:
        require(connection, project)
        return _latest(connection, project)


def _latest(connection: Connection, project: str) -> ModelRecord | None:
    query = select(models).where(models.c.project == project).order_by(models.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _model(row)


def _model(row: RowMapping) -> ModelRecord:
    return ModelRecord(
        version=row["version"],
        blob=row["blob"],
        trials=trials_from(row["trials"]),
        data_version=row["data_version"],
        at=row["at"],
        synthetic=row["synthetic"],
    )
