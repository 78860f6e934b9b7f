"""Opinions in the ledger: what people said, what they took back, and the one answer that each request ends in."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from understudy.domain.decision import AnsweredBy
from understudy.domain.opinion import Opinion, Question, QuestionKind, Resolution
from understudy.store import deliveries, questions, settings
from understudy.store.database import Database
from understudy.store.decisions import in_chunks
from understudy.store.deliveries import Notice
from understudy.store.errors import AlreadyAnswered, NotYours, Settled, UnknownOpinion
from understudy.store.projects import require
from understudy.store.questions import holds
from understudy.store.records import answer_from
from understudy.store.schema import decisions, labels
from understudy.store.service_schema import opinions, undos

WRITING = timedelta(seconds=0.1)
"""What an undo is given to be written: one that comes later than this before the settling is refused."""


def answer(database: Database, opinion: Opinion, *, cannot_tell_limit: int, notices: Sequence[Notice]) -> Opinion:
    """Records what a person said; see `Ledger.answer`."""
    with database.writing() as connection:
        question = questions.held_open(connection, opinion.decision, opinion.kind, by=opinion.by, now=opinion.at)
        ends = opinion.value is not None or _unable(connection, opinion) + 1 >= cannot_tell_limit
        row: dict[str, Any] = {name: getattr(opinion, name) for name in Opinion.__dataclass_fields__}
        row |= {"kind": opinion.kind.value, "project": question.project, "ends": ends}
        connection.execute(insert(opinions), row)
        if ends:
            questions.close(connection, opinion.decision, opinion.kind)
            deliveries.send(connection, question.project, notices, opinion=opinion.id)
        else:
            questions.let_go(connection, opinion.decision, opinion.kind, opinion.by)
    return opinion


def undo(database: Database, opinion_id: str, by: str, at: datetime, stopwatch: Callable[[], float]) -> Question:
    """Takes an opinion back; see `Ledger.undo`."""
    began = stopwatch()
    with database.writing() as connection:
        opinion, ends = _find(connection, opinion_id)
        if opinion.by != by:
            raise NotYours(
                fact=f"{by} cannot take this answer back.",
                reason=f"It was given by {opinion.by}.",
                remedy=f"Ask {opinion.by} to take it back.",
            )
        question, closed = questions.locked(connection, opinion.decision, opinion.kind)
        if connection.execute(select(undos.c.opinion).where(undos.c.opinion == opinion_id)).first() is not None:
            return question
        if closed and not ends:
            raise _ended_by_another(opinion)
        _require_unsettled(opinion, at)
        connection.execute(insert(undos), {"opinion": opinion_id, "by": by, "at": at})
        deliveries.withdraw(connection, opinion_id, at)
        if question.claimed_by in (None, by) or question.claimed_until is None or question.claimed_until <= at:
            minutes = settings.standing(connection, question.project).claim_minutes
            question = questions.claim(connection, question, by, at + timedelta(minutes=minutes))
        # The database may have been waited for. Whoever asked meanwhile must not have been told the answer.
        _require_unsettled(opinion, at + timedelta(seconds=stopwatch() - began) + WRITING)
        return question


def of_decision(database: Database, decision: str) -> list[Opinion]:
    """What people said about a decision; see `Ledger.opinions_of`."""
    query = select(opinions).where(opinions.c.decision == decision, holds()).order_by(opinions.c.seq)
    with database.reading() as connection:
        return [opinion_from(row) for row in connection.execute(query).mappings()]


def last(database: Database, by: str, now: datetime) -> Opinion | None:
    """What somebody said last and can still take back; see `Ledger.last_opinion`."""
    query = (
        select(opinions)
        .where(opinions.c.by == by, opinions.c.settles_at > now, holds())
        .order_by(opinions.c.seq.desc())
        .limit(1)
    )
    with database.reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else opinion_from(row)


def resolutions(database: Database, ids: Sequence[str], now: datetime) -> dict[str, Resolution]:
    """The answers that requests ended in; see `Ledger.resolutions`."""
    ended: dict[str, Resolution] = {}
    with database.reading() as connection:
        for chunk in in_chunks(ids):
            ended |= _by_model(connection, chunk)
            ended |= _by_people(connection, [one for one in chunk if one not in ended], now)
    return ended


def agreement_pairs(database: Database, project: str) -> list[tuple[str, str]]:
    """What two people said about the same; see `Ledger.agreement_pairs`."""
    second = opinions.alias()
    undone = select(undos.c.opinion)
    query = (
        select(opinions.c.value, second.c.value)
        .join(second, second.c.decision == opinions.c.decision)
        .where(
            opinions.c.project == project,
            opinions.c.kind == QuestionKind.ANSWER.value,
            second.c.kind == QuestionKind.DOUBLE.value,
            *(each.c.value.is_not(None) for each in (opinions, second)),
            *(each.c.id.not_in(undone) for each in (opinions, second)),
        )
        .order_by(second.c.seq)
    )
    with database.reading() as connection:
        require(connection, project)
        return [(one, other) for one, other in connection.execute(query)]


def labels_begun(database: Database, project: str) -> dict[str, datetime]:
    """When each label was given first; see `Ledger.labels_begun`."""
    said = (opinions.c.project == project, opinions.c.value.is_not(None), holds())
    found: dict[str, datetime] = {}
    with database.reading() as connection:
        require(connection, project)
        for table, conditions in ((opinions, said), (labels, (labels.c.project == project,))):
            query = select(table.c.value, func.min(table.c.at)).where(*conditions).group_by(table.c.value)
            for value, at in connection.execute(query):
                found[value] = min(at, found.get(value, at))
    return found


def opinion_from(row: RowMapping) -> Opinion:
    """The opinion that a row tells of."""
    return Opinion(**{**{name: row[name] for name in Opinion.__dataclass_fields__}, "kind": QuestionKind(row["kind"])})


def _unable(connection: Connection, opinion: Opinion) -> int:
    """How many people could not tell so far."""
    query = select(func.count()).where(
        opinions.c.decision == opinion.decision, opinions.c.kind == opinion.kind.value, holds()
    )
    return int(connection.execute(query).scalar_one())


def _find(connection: Connection, opinion_id: str) -> tuple[Opinion, bool]:
    row = connection.execute(select(opinions).where(opinions.c.id == opinion_id)).mappings().one_or_none()
    if row is None:
        raise UnknownOpinion(
            fact=f"There is no answer “{opinion_id[:80]}”.",
            reason="Nobody gave an answer with this id.",
            remedy="Use the id that came when the answer was given.",
        )
    return opinion_from(row), row["ends"]


def _require_unsettled(opinion: Opinion, at: datetime) -> None:
    if at >= opinion.settles_at:
        raise Settled(
            fact="This answer cannot be taken back any more.",
            reason=f"It holds since {opinion.settles_at:%H:%M:%S} UTC, and its client may have it.",
            remedy="Record what is true as the decision's outcome instead.",
        )


def _ended_by_another(opinion: Opinion) -> AlreadyAnswered:
    return AlreadyAnswered(
        fact=f"Decision “{opinion.decision[:80]}” has ended meanwhile.",
        reason="Somebody else answered after you could not tell.",
        remedy="Take the next question from the queue.",
    )


def _by_model(connection: Connection, ids: Sequence[str]) -> dict[str, Resolution]:
    query = select(decisions.c.id, decisions.c.answer, decisions.c.at).where(
        decisions.c.id.in_(ids), decisions.c.answered_by == AnsweredBy.MODEL.value
    )
    return {
        decision: Resolution(answer_from(record).label, "model", at)
        for decision, record, at in connection.execute(query)
        if record is not None
    }


def _by_people(connection: Connection, ids: Sequence[str], now: datetime) -> dict[str, Resolution]:
    query = select(opinions.c.decision, opinions.c.value, opinions.c.by, opinions.c.settles_at).where(
        opinions.c.decision.in_(ids),
        opinions.c.kind == QuestionKind.ANSWER.value,
        opinions.c.ends,
        opinions.c.settles_at <= now,
        holds(),
    )
    return {decision: Resolution(value, by, at) for decision, value, by, at in connection.execute(query)}
