"""Answers given in the dark: what a model says about requests that are put to people.

A model answers in the order of the requests, whether people have answered or not, and its answers are read in that
order. So nothing that people do, and above all not how long they take, has a say in which evidence comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union

from understudy.domain.answer import Answer
from understudy.domain.opinion import ERASED, QuestionKind
from understudy.store import locks
from understudy.store.database import Database, insert_missing
from understudy.store.inputs import is_erased
from understudy.store.projects import require
from understudy.store.questions import holds
from understudy.store.records import answer_from, answer_record
from understudy.store.schema import decisions
from understudy.store.service_schema import opinions, questions, shadow_answers, undos

Pending = tuple[str, Answer | None]
"""A decision's id and what the model says; None when it fails on the input."""


@dataclass(frozen=True)
class PendingCase:
    """A request that was put to people and that the model in shadow has not answered.

    Attributes:
        decision: The decision's id.
        input_digest: SHA-256 of the input's bytes, in hex.
    """

    decision: str
    input_digest: str


@dataclass(frozen=True)
class ShadowPair:
    """What the model said in the dark and what a person said.

    Attributes:
        seq: Its place; later recorded ones have larger numbers.
        decision: The decision's id.
        input_digest: SHA-256 of the input's bytes, in hex.
        answer: The model's.
        truth: The person's label, or None while none has settled.
        by: Who that was, or None.
        at: When the person's answer settled, UTC, or None.
    """

    seq: int
    decision: str
    input_digest: str
    answer: Answer
    truth: str | None
    by: str | None
    at: datetime | None


def pending(database: Database, project: str, model: str, *, since_stage: int, limit: int) -> list[PendingCase]:
    """What the model has still to answer; see `Ledger.shadow_pending`."""
    answered = exists().where(shadow_answers.c.decision == decisions.c.id, shadow_answers.c.model == model)
    asked = select(decisions.c.id, decisions.c.input_digest, decisions.c.at).where(
        decisions.c.stage >= since_stage, ~answered, ~is_erased()
    )
    waits = asked.join(questions, questions.c.decision == decisions.c.id).where(
        questions.c.project == project, questions.c.kind == QuestionKind.ANSWER.value, questions.c.closed.is_(False)
    )
    told = asked.join(opinions, opinions.c.decision == decisions.c.id).where(
        opinions.c.project == project, _tells(), holds()
    )
    found = union(waits, told).subquery()
    query = select(found.c.id, found.c.input_digest).order_by(found.c.at, found.c.id).limit(limit)
    with database.reading() as connection:
        require(connection, project)
        return [PendingCase(*row) for row in connection.execute(query)]


def record(database: Database, project: str, model: str, given: Sequence[Pending], at: datetime) -> None:
    """Records answers given in the dark; see `Ledger.record_shadow_answers`."""
    rows: list[dict[str, Any]] = [
        {
            "project": project,
            "decision": decision,
            "model": model,
            "answer": None if answer is None else answer_record(answer),
            "at": at,
        }
        for decision, answer in given
    ]
    with database.writing() as connection:
        require(connection, project)
        locks.take(connection, locks.shadow(project))
        if rows:
            connection.execute(insert_missing(connection, shadow_answers), rows)


def pairs(
    database: Database, project: str, model: str, *, since_stage: int, now: datetime, after_seq: int, limit: int
) -> list[ShadowPair]:
    """The model's answers beside people's; see `Ledger.shadow_pairs`."""
    columns = (
        shadow_answers.c.seq,
        shadow_answers.c.decision,
        decisions.c.input_digest,
        shadow_answers.c.answer,
        opinions.c.value,
        opinions.c.by,
        opinions.c.settles_at,
    )
    query = (
        _beside(select(*columns), project, model, since_stage, now)
        .where(shadow_answers.c.seq > after_seq)
        .order_by(shadow_answers.c.seq)
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        return [
            ShadowPair(seq, decision, digest, answer_from(record), truth, by, at)
            for seq, decision, digest, record, truth, by, at in connection.execute(query)
        ]


def count_told(database: Database, project: str, model: str, *, since_stage: int, now: datetime) -> int:
    """How many of the model's answers have a person's beside them; see `Ledger.shadow_told`."""
    query = _beside(select(func.count(opinions.c.value)), project, model, since_stage, now)
    with database.reading() as connection:
        require(connection, project)
        return int(connection.execute(query).scalar_one())


def _beside(query: Select[Any], project: str, model: str, since_stage: int, now: datetime) -> Select[Any]:
    """The query over a model's answers, each beside what people said for good, if they have said anything.

    Without those in which people could not tell. What was deleted before anybody told stays: it waits for ever.
    """
    unable = opinions.alias()
    given_up = exists().where(
        unable.c.decision == shadow_answers.c.decision,
        unable.c.kind == QuestionKind.ANSWER.value,
        unable.c.value.is_(None),
        unable.c.ends,
        unable.c.settles_at <= now,
        ~exists().where(undos.c.opinion == unable.c.id),
        ~unable.c.id.startswith(ERASED, autoescape=True),
    )
    said = and_(opinions.c.decision == shadow_answers.c.decision, _tells(), opinions.c.settles_at <= now, holds())
    return (
        query.select_from(shadow_answers)
        .join(decisions, decisions.c.id == shadow_answers.c.decision)
        .outerjoin(opinions, said)
        .where(
            shadow_answers.c.project == project,
            shadow_answers.c.model == model,
            shadow_answers.c.answer.is_not(None),
            decisions.c.stage >= since_stage,
            ~given_up,
        )
    )


def _tells() -> ColumnElement[bool]:
    """Whether a row of `opinions` is the label that a request was answered with."""
    return and_(opinions.c.kind == QuestionKind.ANSWER.value, opinions.c.value.is_not(None))
