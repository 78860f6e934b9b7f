"""Projects in the ledger, and the hold that one writer takes on a project."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.database import Database
from understudy.store.errors import ProjectExists, UnknownProject, unknown_project
from understudy.store.schema import projects


def create(database: Database, project: Project) -> None:
    """Adds a project; see `Ledger.create_project`."""
    row = {
        "name": project.name,
        "created_at": project.created_at,
        "sealed_share": project.sealed_share,
        "drawn": project.drawn,
        "group_rule": project.group_rule,
        "columns": dict(project.columns),
        "separator": project.separator,
        **_task_row(project.task),
    }
    try:
        with database.writing() as connection:
            connection.execute(insert(projects), row)
    except IntegrityError as error:
        raise ProjectExists(
            fact=f"A project “{project.name}” exists already.",
            reason="A name stands for one project.",
            remedy="Go on with that project, or choose another name.",
        ) from error


def set_task(database: Database, name: str, task: Task) -> None:
    """Changes what a project decides about; see `Ledger.set_task`."""
    with database.writing() as connection:
        hold(connection, name)
        connection.execute(update(projects).where(projects.c.name == name).values(**_task_row(task)))


def set_group_rule(database: Database, name: str, rule: str) -> None:
    """Says by what a project's examples are grouped; see `Ledger.set_group_rule`."""
    with database.writing() as connection:
        hold(connection, name)
        connection.execute(update(projects).where(projects.c.name == name).values(group_rule=rule))


def set_columns(database: Database, name: str, columns: Mapping[str, str], separator: str | None) -> None:
    """Says how a project's latest table was read; see `Ledger.set_columns`."""
    with database.writing() as connection:
        hold(connection, name)
        values = {"columns": dict(columns), "separator": separator}
        connection.execute(update(projects).where(projects.c.name == name).values(**values))


def find(database: Database, name: str) -> Project:
    """One project; see `Ledger.project`."""
    with database.reading() as connection:
        row = connection.execute(select(projects).where(projects.c.name == name)).one_or_none()
        if row is None:
            raise missing(connection, name)
    return _project(row)


def every(database: Database) -> list[Project]:
    """All projects, by name."""
    with database.reading() as connection:
        return [_project(row) for row in connection.execute(select(projects).order_by(projects.c.name))]


def require(connection: Connection, name: str) -> None:
    """Raises `UnknownProject` unless there is such a project."""
    if connection.execute(select(projects.c.name).where(projects.c.name == name)).first() is None:
        raise missing(connection, name)


def hold(connection: Connection, name: str) -> None:
    """Keeps other writers off a project until the transaction ends, so that what it reads still holds when it writes.

    SQLite lets in one writer at a time anyway. In PostgreSQL the project's row is locked, in a way that does not
    disturb the recording of decisions.

    Raises:
        UnknownProject: No project has this name.
    """
    held = select(projects.c.name).where(projects.c.name == name).with_for_update(key_share=True)
    if connection.execute(held).first() is None:
        raise missing(connection, name)


def missing(connection: Connection, name: str) -> UnknownProject:
    """The error for a name that no project has."""
    return unknown_project(name, connection.execute(select(projects.c.name)).scalars())


def _project(row: Row[tuple[object, ...]]) -> Project:
    found = row._mapping
    task = Task(found["modality"], AnswerKind(found["answers"]), found["tolerance"], found["unit"])
    told = found["group_rule"], found["columns"], found["separator"]
    return Project(found["name"], found["created_at"], found["sealed_share"], found["drawn"], task, *told)


def _task_row(task: Task) -> dict[str, Any]:
    return {
        "modality": task.modality,
        "answers": task.answers.value,
        "tolerance": task.tolerance,
        "unit": task.unit,
    }
