"""Answers given in the dark: what a model says about requests that people answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from understudy.domain.answer import Answer
from understudy.domain.opinion import QuestionKind
from understudy.store import locks
from understudy.store.database import Database, insert_missing
from understudy.store.inputs import is_erased
from understudy.store.projects import require
from understudy.store.questions import holds
from understudy.store.records import answer_from, answer_record
from understudy.store.schema import decisions
from understudy.store.service_schema import opinions, shadow_answers

Pending = tuple[str, Answer | None]
"""A decision's id and what the model says; None when it fails on the input."""


@dataclass(frozen=True)
class PendingCase:
    """A request that people answered and the model in shadow has not.

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
        truth: The person's label.
        by: Who that was.
        at: When the person's answer settled, UTC.
    """

    seq: int
    decision: str
    input_digest: str
    answer: Answer
    truth: str
    by: str
    at: datetime


def pending(
    database: Database, project: str, model: str, *, since_stage: int, now: datetime, limit: int
) -> list[PendingCase]:
    """What the model has still to answer; see `Ledger.shadow_pending`."""
    answered = exists().where(shadow_answers.c.decision == opinions.c.decision, shadow_answers.c.model == model)
    query = (
        select(decisions.c.id, decisions.c.input_digest)
        .join(opinions, opinions.c.decision == decisions.c.id)
        .where(
            opinions.c.project == project,
            opinions.c.kind == QuestionKind.ANSWER.value,
            opinions.c.value.is_not(None),
            opinions.c.settles_at <= now,
            holds(),
            decisions.c.stage >= since_stage,
            ~answered,
            ~is_erased(),
        )
        .order_by(opinions.c.seq)
        .limit(limit)
    )
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
    database: Database, project: str, model: str, *, since_stage: int, after_seq: int, limit: int
) -> list[ShadowPair]:
    """The model's answers beside people's; see `Ledger.shadow_pairs`."""
    query = (
        select(
            shadow_answers.c.seq,
            shadow_answers.c.decision,
            decisions.c.input_digest,
            shadow_answers.c.answer,
            opinions.c.value,
            opinions.c.by,
            opinions.c.settles_at,
        )
        .join(decisions, decisions.c.id == shadow_answers.c.decision)
        .join(opinions, opinions.c.decision == shadow_answers.c.decision)
        .where(
            shadow_answers.c.project == project,
            shadow_answers.c.model == model,
            shadow_answers.c.seq > after_seq,
            shadow_answers.c.answer.is_not(None),
            decisions.c.stage >= since_stage,
            opinions.c.kind == QuestionKind.ANSWER.value,
            opinions.c.value.is_not(None),
            holds(),
        )
        .order_by(shadow_answers.c.seq)
        .limit(limit)
    )
    with database.reading() as connection:
        require(connection, project)
        return [
            ShadowPair(seq, decision, digest, answer_from(record), truth, by, at)
            for seq, decision, digest, record, truth, by, at in connection.execute(query)
        ]
