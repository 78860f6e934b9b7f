"""Looks at the sealed set, and the judgement that each one led to.

A look spends error budget whatever comes of it, so it is committed before the first label is read: whoever crashes
half-way has looked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from understudy.domain.evidence import Judgement
from understudy.domain.example import Example
from understudy.store.database import Database
from understudy.store.errors import JudgementExists, UnknownLook
from understudy.store.examples import stream_sealed
from understudy.store.projects import hold, require
from understudy.store.records import judgement_from, judgement_record
from understudy.store.schema import judgements, looks, sealed_answers


@dataclass(frozen=True)
class Look:
    """One opening of the sealed set.

    Attributes:
        number: How often this project's sealed labels have been opened, this time included; 1 is the first.
        model: The version of the model that is to be judged.
        at: When, UTC.
        examples: Every sealed example with the label that stands on it (None where nobody has labelled it), by
            digest. It can be read once, in bounded memory.
    """

    number: int
    model: str
    at: datetime
    examples: Iterator[Example]


@dataclass(frozen=True)
class LookRecord:
    """A look as the ledger knows it.

    Attributes:
        number: 1 is the first.
        model: The version of the model that was judged.
        at: When, UTC.
        answers: Under which digest the blob store holds the answers it was given, or None.
    """

    number: int
    model: str
    at: datetime
    answers: str | None


def open_sealed(database: Database, project: str, *, model: str, at: datetime) -> Look:
    """Records a look, then lets its labels be read; see `Ledger.open_sealed`."""
    with database.writing() as connection:
        hold(connection, project)
        number = _count(connection, project) + 1
        connection.execute(insert(looks), {"project": project, "number": number, "model": model, "at": at})
    return Look(number, model, at, stream_sealed(database, project))


def count(database: Database, project: str) -> int:
    """How often the sealed set was opened."""
    with database.reading() as connection:
        require(connection, project)
        return _count(connection, project)


def _count(connection: Connection, project: str) -> int:
    last = select(func.coalesce(func.max(looks.c.number), 0)).where(looks.c.project == project)
    return int(connection.execute(last).scalar_one())


def record_judgement(database: Database, project: str, judgement: Judgement, *, at: datetime) -> None:
    """Records what a look showed; see `Ledger.record_judgement`."""
    record = judgement_record(judgement)
    with database.writing() as connection:
        hold(connection, project)
        _require_look(connection, project, judgement)
        of_look = (judgements.c.project == project, judgements.c.look == judgement.look)
        recorded = connection.execute(select(judgements.c.judgement).where(*of_look)).scalar_one_or_none()
        if recorded is None:
            row = {"project": project, "look": judgement.look, "judgement": record, "at": at}
            connection.execute(insert(judgements), row)
        elif recorded != record:
            raise JudgementExists(
                fact=f"Look {judgement.look} of “{project}” has another judgement already.",
                reason="A look shows one thing, and what was recorded is never changed.",
                remedy="Review the model again: that is a new look, with its own judgement.",
            )


def record_answers(database: Database, project: str, *, look: int, blob: str, at: datetime) -> None:
    """Records where a look's answers are stored; see `Ledger.record_answers`."""
    with database.writing() as connection:
        hold(connection, project)
        connection.execute(insert(sealed_answers), {"project": project, "look": look, "blob": blob, "at": at})


def answers_of(database: Database, project: str, *, look: int) -> str | None:
    """Where a look's answers are stored, or None."""
    return next((each.answers for each in every(database, project) if each.number == look), None)


def every(database: Database, project: str) -> list[LookRecord]:
    """Every look, oldest first."""
    stored = (sealed_answers.c.project == looks.c.project) & (sealed_answers.c.look == looks.c.number)
    query = (
        select(looks.c.number, looks.c.model, looks.c.at, sealed_answers.c.blob)
        .outerjoin(sealed_answers, stored)
        .where(looks.c.project == project)
        .order_by(looks.c.number)
    )
    with database.reading() as connection:
        require(connection, project)
        return [LookRecord(*row) for row in connection.execute(query)]


def _require_look(connection: Connection, project: str, judgement: Judgement) -> None:
    asked = select(looks.c.model).where(looks.c.project == project, looks.c.number == judgement.look)
    model = connection.execute(asked).scalar_one_or_none()
    if model != judgement.model:
        raise UnknownLook(
            fact=f"Look {judgement.look} of “{project}” was not made for model {judgement.model[:12]}.",
            reason="No such look was recorded." if model is None else f"It was made for model {model[:12]}.",
            remedy="Open the sealed set for the model that is to be judged, and record what that look shows.",
        )


def latest_judgement(database: Database, project: str) -> Judgement | None:
    """The judgement of the latest look that has one, or None."""
    query = (
        select(judgements.c.judgement)
        .where(judgements.c.project == project)
        .order_by(judgements.c.look.desc())
        .limit(1)
    )
    with database.reading() as connection:
        require(connection, project)
        record = connection.execute(query).scalar_one_or_none()
    return None if record is None else judgement_from(record)
