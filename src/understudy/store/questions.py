"""Questions in the ledger: what waits for people, in which order, and who has it in hand.

The next question is the one that is overdue, then the one at which most is at stake, then the oldest. Nobody is
offered what another has in hand, what they skipped, or a decision on which they have had their say. A second person
is asked for a double only once the first answer is settled, so that it cannot keep a client waiting.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, exists, func, or_, select, update

from understudy.domain.opinion import Question, QuestionKind
from understudy.store.database import Database, insert_missing
from understudy.store.decisions import in_chunks
from understudy.store.errors import AlreadyAnswered, ClaimedByOther, UnknownQuestion
from understudy.store.projects import require
from understudy.store.service_schema import opinions, questions, skips, undos

ALL = frozenset(QuestionKind)
"""Every kind of question."""


@dataclass(frozen=True)
class QueueCounts:
    """What waits for people now.

    Attributes:
        answer: Requests that nobody has answered.
        audit: Answers of models that are to be given again.
        double: Answers of people that another is to give too.
        overdue: Of all of these, how many are past their time.
        oldest: Since when the oldest of them waits, UTC; None when nothing waits.
    """

    answer: int
    audit: int
    double: int
    overdue: int
    oldest: datetime | None


def claim_next(
    database: Database,
    project: str | None,
    by: str,
    now: datetime,
    until: datetime,
    kinds: Collection[QuestionKind],
    besides: Collection[str],
) -> Question | None:
    """Takes the next question in hand; see `Ledger.claim_question`."""
    query = (
        select(questions)
        .where(
            _waits(project, now),
            questions.c.kind.in_([kind.value for kind in kinds]),
            questions.c.decision.not_in(besides),
            _is_for(by, now),
        )
        .order_by(case((_held_by(by, now), 0), else_=1), *_order(now))
        .limit(1)
        .with_for_update(skip_locked=True, of=questions)
    )
    with database.writing() as connection:
        if project is not None:
            require(connection, project)
        row = connection.execute(query).mappings().one_or_none()
        return None if row is None else claim(connection, question_from(row), by, until)


def claim_this(
    database: Database, decision: str, kind: QuestionKind, by: str, now: datetime, until: datetime
) -> Question:
    """Takes one question in hand; see `Ledger.claim_this`."""
    with database.writing() as connection:
        question = held_open(connection, decision, kind, by=by, now=now)
        return claim(connection, question, by, until)


def release(database: Database, decision: str, kind: QuestionKind, by: str) -> None:
    """Lets go of a question; see `Ledger.release`."""
    with database.writing() as connection:
        let_go(connection, decision, kind, by)


def skip(database: Database, decision: str, kind: QuestionKind, by: str, at: datetime) -> None:
    """Never offers a question to somebody again; see `Ledger.skip`."""
    with database.writing() as connection:
        _locked(connection, decision, kind)
        row = {"decision": decision, "kind": kind.value, "by": by, "at": at}
        connection.execute(insert_missing(connection, skips), row)
        let_go(connection, decision, kind, by)


def waiting(database: Database, project: str | None, now: datetime, limit: int) -> list[Question]:
    """What waits, in the order in which it is offered; see `Ledger.open_questions`."""
    query = select(questions).where(_waits(project, now)).order_by(*_order(now)).limit(limit)
    with database.reading() as connection:
        if project is not None:
            require(connection, project)
        return [question_from(row) for row in connection.execute(query).mappings()]


def open_kinds(database: Database, ids: Sequence[str], now: datetime) -> dict[str, frozenset[QuestionKind]]:
    """What people are still to say, or may still take back; see `Ledger.open_kinds`."""
    unsettled = exists().where(
        opinions.c.decision == questions.c.decision,
        opinions.c.kind == questions.c.kind,
        opinions.c.settles_at > now,
        holds(),
    )
    found: dict[str, set[QuestionKind]] = {}
    with database.reading() as connection:
        for chunk in in_chunks(ids):
            query = select(questions.c.decision, questions.c.kind).where(
                questions.c.decision.in_(chunk), or_(questions.c.closed.is_(False), unsettled)
            )
            for decision, kind in connection.execute(query):
                found.setdefault(decision, set()).add(QuestionKind(kind))
    return {decision: frozenset(kinds) for decision, kinds in found.items()}


def count(database: Database, project: str | None, now: datetime) -> QueueCounts:
    """How much waits; see `Ledger.queue_counts`."""
    overdue = func.sum(case((questions.c.due_at <= now, 1), else_=0))
    query = (
        select(questions.c.kind, func.count(), overdue, func.min(questions.c.asked_at))
        .where(_waits(project, now))
        .group_by(questions.c.kind)
    )
    with database.reading() as connection:
        if project is not None:
            require(connection, project)
        rows = connection.execute(query).all()
    number = {kind: int(many) for kind, many, _, _ in rows}
    return QueueCounts(
        answer=number.get(QuestionKind.ANSWER.value, 0),
        audit=number.get(QuestionKind.AUDIT.value, 0),
        double=number.get(QuestionKind.DOUBLE.value, 0),
        overdue=sum(int(late) for _, _, late, _ in rows),
        oldest=min((oldest for _, _, _, oldest in rows), default=None),
    )


def held_open(connection: Connection, decision: str, kind: QuestionKind, *, by: str, now: datetime) -> Question:
    """The question, locked, if it is open to this person now.

    Raises:
        UnknownQuestion: It was never asked, or is not asked yet.
        AlreadyAnswered: It is closed, or this person has had their say on the decision.
        ClaimedByOther: Another person has it in hand.
    """
    row = _locked(connection, decision, kind)
    if row["closed"]:
        raise _answered(decision, "Each question is answered once.")
    if kind is QuestionKind.DOUBLE and not connection.execute(select(_is_settled(decision, now))).scalar_one():
        raise _unknown(decision, kind)
    if row["claimed_by"] not in (None, by) and row["claimed_until"] > now:
        raise ClaimedByOther(
            fact=f"{row['claimed_by']} has this question in hand.",
            reason="Two people never answer the same question by accident.",
            remedy="Take another one, or wait until it is free again.",
        )
    if connection.execute(select(_had_say(decision, by))).scalar_one():
        raise _answered(decision, f"{by} has had their say on it, and one person says one thing.")
    return question_from(row)


def claim(connection: Connection, question: Question, by: str, until: datetime) -> Question:
    """Puts a question that the transaction holds into somebody's hand."""
    connection.execute(_one(question.decision, question.kind).values(claimed_by=by, claimed_until=until, closed=False))
    claimed = {"claimed_by": by, "claimed_until": until}
    return Question(**{**_fields(question), **claimed})


def let_go(connection: Connection, decision: str, kind: QuestionKind, by: str) -> None:
    """Takes a question out of somebody's hand, if it is there."""
    mine = _one(decision, kind).where(questions.c.claimed_by == by)
    connection.execute(mine.values(claimed_by=None, claimed_until=None))


def close(connection: Connection, decision: str, kind: QuestionKind) -> None:
    """Offers a question to nobody any more."""
    connection.execute(_one(decision, kind).values(closed=True, claimed_by=None, claimed_until=None))


def locked(connection: Connection, decision: str, kind: QuestionKind) -> tuple[Question, bool]:
    """The question, held until the transaction ends, and whether it is closed.

    Raises:
        UnknownQuestion: It was never asked.
    """
    row = _locked(connection, decision, kind)
    return question_from(row), row["closed"]


def holds() -> ColumnElement[bool]:
    """Whether a row of `opinions` was not taken back, as a condition for a query over that table."""
    return ~exists().where(undos.c.opinion == opinions.c.id)


def question_from(row: RowMapping) -> Question:
    """The question that a row tells of."""
    return Question(
        **{**{name: row[name] for name in Question.__dataclass_fields__}, "kind": QuestionKind(row["kind"])}
    )


def _fields(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in Question.__dataclass_fields__}


def _one(decision: str, kind: QuestionKind) -> Any:
    return update(questions).where(questions.c.decision == decision, questions.c.kind == kind.value)


def _locked(connection: Connection, decision: str, kind: QuestionKind) -> RowMapping:
    query = select(questions).where(questions.c.decision == decision, questions.c.kind == kind.value)
    row = connection.execute(query.with_for_update()).mappings().one_or_none()
    if row is None:
        raise _unknown(decision, kind)
    return row


def _waits(project: str | None, now: datetime) -> ColumnElement[bool]:
    """Whether a question is to be answered now."""
    ready = or_(questions.c.kind != QuestionKind.DOUBLE.value, _is_settled(questions.c.decision, now))
    of_project = () if project is None else (questions.c.project == project,)
    return and_(questions.c.closed.is_(False), *of_project, ready)


def _is_for(by: str, now: datetime) -> ColumnElement[bool]:
    """Whether a question may be offered to somebody."""
    free = or_(questions.c.claimed_until.is_(None), questions.c.claimed_until <= now, questions.c.claimed_by == by)
    skipped = exists().where(
        skips.c.decision == questions.c.decision, skips.c.kind == questions.c.kind, skips.c.by == by
    )
    return and_(free, ~skipped, ~_had_say(questions.c.decision, by))


def _held_by(by: str, now: datetime) -> ColumnElement[bool]:
    return and_(questions.c.claimed_by == by, questions.c.claimed_until > now)


def _order(now: datetime) -> tuple[Any, ...]:
    overdue = case((questions.c.due_at <= now, 0), else_=1)
    return overdue, questions.c.stake.desc(), questions.c.asked_at, questions.c.decision, questions.c.kind


def _had_say(decision: Any, by: str) -> ColumnElement[bool]:
    return exists(select(opinions.c.seq).where(opinions.c.decision == decision, opinions.c.by == by, holds()))


def _is_settled(decision: Any, now: datetime) -> ColumnElement[bool]:
    """Whether a person's answer to a decision names a label and can no longer be taken back."""
    return exists(
        select(opinions.c.seq).where(
            opinions.c.decision == decision,
            opinions.c.kind == QuestionKind.ANSWER.value,
            opinions.c.value.is_not(None),
            opinions.c.settles_at <= now,
            holds(),
        )
    )


def _unknown(decision: str, kind: QuestionKind) -> UnknownQuestion:
    return UnknownQuestion(
        fact=f"Nobody is asked for this now: {kind.value} of decision “{decision[:80]}”.",
        reason="It was never put to people, or another answer comes first.",
        remedy="Take the next question from the queue.",
    )


def _answered(decision: str, reason: str) -> AlreadyAnswered:
    return AlreadyAnswered(
        fact=f"Decision “{decision[:80]}” needs no answer here any more.",
        reason=reason,
        remedy="Take the next question from the queue.",
    )
